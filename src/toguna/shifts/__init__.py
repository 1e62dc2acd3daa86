"""What changed: fronts, spread, reach, tactics, targets, settings, tempo, alliances.

Enters: an event frame whose actors are resolved, a theatre, a registry and a date.
Leaves: `toguna.core.types.Shift` values, each with effect, p, q and false alarms per year.
"""
