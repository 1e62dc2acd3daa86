"""What may come, as far as the past says: chances of further attacks, and attacks like the gravest ones.

Enters: what was collected, a theatre, the windows, a seed. Leaves: plain values for the assessment. Called by
`toguna.room.view`; the statements of analysts are held against it, and the briefing tells it.
"""
