"""Events counted by area and month, and what a month knew of its past.

Enters: an event frame, or a table of counts by unit and month. Leaves: `Panel`, and features as of a
month. Called by `toguna.forecasts` and the benches.
"""
