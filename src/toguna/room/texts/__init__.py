"""Texts that are read in the room: their drafts wait in the register until a person decides on each.

Nothing read by a machine leaves this package unreviewed: an accepted incident becomes a report of the review
queue, an accepted relation an addition to the registry, an accepted measure a row to download.
"""
