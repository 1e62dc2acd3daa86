"""Attacks alike: for one incident the most similar earlier ones, why, and what that tells about who.

Enters: events with resolved actors, a registry, a date. Leaves: `Answer`s, series of linked attacks, and the
`Record` of how well likeness did on held-out attacks. Called by the command line and `toguna.room`.
"""
