"""One file per kind of generated page; see `docs/generate.py`."""
