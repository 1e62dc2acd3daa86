"""Proper scoring rules and checks of calibration: pure numpy and numba, no I/O, no frames.

Enters: draws (..., S) or probabilities, and what was observed (...). Leaves: arrays of scores, one
for each forecast. Smaller is better for every score; averages are the caller's. Called by
`toguna.forecasts`, `toguna.replay` and the scored benches.
"""
