"""What was done about the violence, and what was advised.

Enters: the response table of a theatre. Leaves: `Response` values as of a date.
"""
