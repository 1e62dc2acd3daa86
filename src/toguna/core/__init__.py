"""Words, units, time and places that every other package shares.

Nothing in here reads a store, decides anything or knows a theatre.
"""
