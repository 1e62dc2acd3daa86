"""Names to read of organisations that the reader knows beyond a theatre's registry.

Enters: an id. Leaves: its name in a language. Called by the room's pages of reading.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["titles"]


@cache
def titles() -> Mapping[str, Mapping[str, str]]:
    """Return by id the name of every organisation in each language.

    Examples
    --------
    >>> titles()["MNJTF"]["en"]
    'Multinational Joint Task Force'
    """
    text = files("toguna.reading").joinpath("data/actors.csv").read_text(encoding="utf-8")
    return {row["id"]: {"en": row["name"], "fr": row["name_fr"]} for row in csv.DictReader(text.splitlines())}
