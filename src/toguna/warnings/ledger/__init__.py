"""The audit chain: entries that are only ever added, each sealed with the one before.

Called by the command line and the room, through `toguna.warnings.ledger.book`.
"""
