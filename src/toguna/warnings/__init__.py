"""The ledger: warning -> options -> decision (or the decision not to act) -> action -> outcome -> lesson.

Enters: what tests and chances say, and what people write. Leaves: warnings with their record, an audit chain,
messages, a report of how warnings were answered. Called by the replay, the room and the command line.
"""
