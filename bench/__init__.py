"""Slow timed and scored runs, each `python -m bench.NAME`; recorded results lie in `results/`."""
