"""From raw rows to events that may be counted: checks, admission, what was visible at a date.

Enters: theatres, archives, files. Leaves: `Gathered` and `Account`. Used by `toguna.actors` and below.
"""
