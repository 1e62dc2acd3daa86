"""How fast and how reliable the room is; see `bench.room.__main__`."""
