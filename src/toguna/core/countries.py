"""Countries: Gleditsch-Ward numbers (as UCDP uses them), ISO 3166-1 alpha-3 codes and names.

Read by `toguna.sources` to give every event its `country`. States that no longer exist carry the
code of the state that follows them (South Yemen: YEM; Yugoslavia: SRB).

References
----------
Gleditsch and Ward (1999), doi 10.1080/03050629908434958; ISO 3166-1.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from toguna.core.text import fold

__all__ = ["by_gwno", "by_name", "by_number", "iso3_codes"]


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files("toguna.core").joinpath("countries.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def by_gwno() -> dict[int, str]:
    """Map Gleditsch-Ward numbers to ISO codes."""
    return {int(row["gwno"]): row["iso3"] for row in _rows()}


@cache
def by_name() -> dict[str, str]:
    """Map folded names, current and former, to ISO codes."""
    names: dict[str, str] = {}
    for row in _rows():
        for name in (row["name"], *row["other_names"].split(";")):
            if name:
                names[fold(name)] = row["iso3"]
    return names


@cache
def by_number() -> dict[int, str]:
    """Map the numbers of ISO 3166-1 (466) to its codes; territories that are no states included."""
    text = files("toguna.core").joinpath("country_numbers.csv").read_text(encoding="utf-8")
    return {int(row["number"]): row["iso3"] for row in csv.DictReader(text.splitlines())}


@cache
def iso3_codes() -> frozenset[str]:
    """Every code known here."""
    return frozenset(row["iso3"] for row in _rows())
