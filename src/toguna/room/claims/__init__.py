"""What the analysts said, held against what the data say.

A theatre's claims.toml lists statements, each with a measure and what it should show. Enters: a
theatre, its events, registry and detection. Leaves: one verdict per statement, with the numbers and
events it rests on.
"""

from toguna.room.claims.evaluate import Evidence, evaluate

__all__ = ["Evidence", "evaluate"]
