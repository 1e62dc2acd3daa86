"""How a name of a place sounds: one key for its spellings ("Tin Zawaten", "Tinzaouatene").

Enters: a folded name. Leaves: its key. Called by `toguna.reading.scenes`, which counts spellings as one name,
and by `toguna.reading.gazetteer`, which looks up names that it lacks.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["sound"]

SHORTEST = 5
"""Letters of a key under which only the very spelling counts."""
SPELT = (
    ("ch", "s"), ("sh", "s"), ("dj", "j"), ("dg", "j"), ("ph", "f"), ("gue", "ge"), ("gui", "gi"),
    ("qu", "k"), ("ck", "k"), ("ou", "u"), ("w", "u"), ("oo", "u"), ("y", "i"), ("c", "k"), ("q", "k"),
    ("z", "s"), ("h", ""), ("x", "ks"), ("ee", "i"),
)  # fmt: skip
"""Letters that spellings of one name exchange, in this order."""
_DOUBLE = re.compile(r"(.)\1")


@lru_cache(maxsize=50_000)
def sound(name: str) -> str:
    """Return the key of a folded name; names too short for one are their own."""
    said = name.replace(" ", "").replace("'", "").replace("-", "")
    for a, b in SPELT:
        said = said.replace(a, b)
    said = _DOUBLE.sub(r"\1", said)
    said = said.removesuffix("e")
    return said if len(said) >= SHORTEST else name
