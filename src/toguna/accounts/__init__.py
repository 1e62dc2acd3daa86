"""Who may do what: roles, rights, and (in its files) users, sessions, tokens and the audit of reads.

Enters: what a person or a program shows of itself. Leaves: a `Principal`. Called by `toguna.room.web` and by
``toguna user``.
"""
