"""Who the armed organisations are, under which names, and how they hang together at a date.

Enters: the actor and relation tables of a theatre, and what users added. Leaves: a `Registry` as of
a date (names, families, relations, changes), events with actor ids, and accounts of who is
responsible. Organisations only: no person is ever recorded.
"""
