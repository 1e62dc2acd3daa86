"""The units of a theatre at a level, what each counted by month, and which larger unit each is part of.

Enters: events of one source, a theatre, months. Leaves: `Layer` values whose counts add up exactly: what no
area of a larger unit holds is a unit of its own. Called by `outlook`.

A country is the ISO code of the theatre. "XYZ/Upper" is a first-level area, "XYZ/Upper/Bend" a second-level
one, "XYZ/147585" the part of a PRIO-GRID cell that lies in a country. A name that ends in "/" is what was
recorded in the larger unit and not placed in a smaller one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from shapely import STRtree

from toguna.core.errors import UnknownNameError
from toguna.panels.counting import count_events
from toguna.panels.panel import LEVELS, Panel
from toguna.store.areas import Area
from toguna.store.theatre import Theatre

__all__ = ["ABOVE", "TARGETS", "Layer", "layers_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TARGETS = {
    "deaths": "deaths",
    "deaths_sb": "deaths_sb",
    "deaths_ns": "deaths_ns",
    "deaths_os": "deaths_os",
    "incidents": "events",
    "attacks_civilians": "attacks_civilians",
}
"""What can be forecast, and the column of a panel that counts it."""
ABOVE = {"country": None, "admin1": "country", "admin2": "admin1", "grid": "country"}
"""Level -> the level whose units its own add up to."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Units of one level.

    Parameters
    ----------
    level : str
        "country", "admin1", "admin2" or "grid".
    units : tuple of str, length U
        Sorted within each parent, what is not placed last.
    parent : (U,) int
        Index of the unit of the level above; all 0 for countries.
    counts : mapping
        Target -> (U, T) counts.
    beside : (U, U) bool
        Whether two units lie side by side; False for what is not placed.
    """

    level: str
    units: tuple[str, ...]
    parent: Ints
    counts: Mapping[str, Floats]
    beside: NDArray[np.bool_]


def layers_of(
    events: pl.DataFrame, theatre: Theatre, *, months: tuple[int, int], level: str
) -> tuple[Layer, ...]:
    """Count the events of a theatre for a level and the levels above it, the largest first.

    Parameters
    ----------
    events : event frame
        Of one source, as of a date; events of other countries than the theatre's are left out.
    theatre : Theatre
        Its countries are the units of the first level, its outlines name areas that have seen no event.
    months : (first, last)
        Month numbers.
    level : str
        The smallest level.
    """
    if level not in LEVELS:
        raise UnknownNameError("level", level, LEVELS)
    chain: list[str] = []
    wanted: str | None = level
    while wanted is not None:
        chain.insert(0, wanted)
        wanted = ABOVE[wanted]
    own = events.filter(pl.col("country").is_in(list(theatre.countries)))
    found = [_countries(own, theatre, months)]
    for name in chain[1:]:
        found.append(_parts(own, theatre, found[-1], name, months))
    return tuple(found)


def _countries(events: pl.DataFrame, theatre: Theatre, months: tuple[int, int]) -> Layer:
    panel = count_events(events, level="country", months=months)
    units = tuple(sorted(set(theatre.countries)))
    counts = _counts(panel, {u: u for u in panel.units}, units)
    size = len(units)
    return Layer("country", units, np.zeros(size, np.int64), counts, np.zeros((size, size), bool))


def _counts(panel: Panel, names: Mapping[str, str], units: Sequence[str]) -> dict[str, Floats]:
    """Counts by unit; a unit that the panel does not know counts 0, one that is not asked for is left out."""
    place = {unit: i for i, unit in enumerate(units)}
    kept = [i for i, u in enumerate(panel.units) if names[u] in place]
    rows = [place[names[panel.units[i]]] for i in kept]
    out = {}
    for target, column in TARGETS.items():
        out[target] = np.zeros((len(units), len(panel.months)))
        out[target][rows] = panel.counts(column)[kept]
    return out


def _parts(
    events: pl.DataFrame, theatre: Theatre, above: Layer, level: str, months: tuple[int, int]
) -> Layer:
    """Count by the parts of each unit above; the last part of each is what no other part holds."""
    per = [events] if level != "grid" else [events.filter(country=c) for c in above.units]
    panels = [count_events(part, level=level, months=months) for part in per]
    marks = [""] if level != "grid" else [f"{c}/" for c in above.units]
    names = [{u: mark + u for u in panel.units} for mark, panel in zip(marks, panels, strict=True)]
    named = {n for each in names for n in each.values()} | set(_outlined(theatre, level))
    units = sorted(
        ((at, name) for name in named if (at := _parent_of(name, above)) is not None),
        key=lambda pair: (pair[0], pair[1]),
    )
    ordered: list[tuple[int, str]] = []
    for i, unit in enumerate(above.units):
        ordered += [pair for pair in units if pair[0] == i] + [(i, f"{unit}/")]
    titles = [name for _, name in ordered]
    parent = np.array([i for i, _ in ordered], dtype=np.int64)
    counts: dict[str, Floats] = {}
    for panel, said in zip(panels, names, strict=True):
        for target, table in _counts(panel, said, titles).items():
            counts[target] = counts.get(target, 0.0) + table
    for target, table in counts.items():
        rest = above.counts[target].copy()
        np.subtract.at(rest, parent, table)
        table[[titles.index(f"{unit}/") for unit in above.units]] = rest
    return Layer(level, tuple(titles), parent, counts, _beside(theatre, level, titles))


def _parent_of(name: str, above: Layer) -> int | None:
    parent = name.rpartition("/")[0]
    return above.units.index(parent) if parent in above.units else None


def _outlined(theatre: Theatre, level: str) -> dict[str, Area]:
    """Areas that have an outline, by the name of their unit."""
    if level not in ("admin1", "admin2"):
        return {}
    found = {}
    for area in theatre.areas("adm1"):
        country = area.country or (theatre.countries[0] if len(theatre.countries) == 1 else "")
        if country in theatre.countries:
            found[f"{country}/{area.name}"] = area
    if level == "admin1":
        return found
    titles = list(found)
    tree = STRtree([area.geometry for area in found.values()])
    smaller = {}
    for area in theatre.areas("adm2"):
        held = tree.query(area.geometry.representative_point(), predicate="intersects")
        if len(held):
            smaller[f"{titles[int(held.min())]}/{area.name}"] = area
    return smaller


def _beside(theatre: Theatre, level: str, units: Sequence[str]) -> NDArray[np.bool_]:
    if level == "grid":
        return _cells_beside(units)
    near = np.zeros((len(units), len(units)), dtype=bool)
    outlined = [(units.index(n), a.geometry) for n, a in _outlined(theatre, level).items() if n in units]
    if outlined:
        place = np.array([i for i, _ in outlined])
        shapes = [shape for _, shape in outlined]
        one, other = STRtree(shapes).query(shapes, predicate="dwithin", distance=_TOUCHING)
        near[place[one], place[other]] = True
        np.fill_diagonal(near, val=False)
    return near


_TOUCHING = 0.02
"""Degrees: simplified outlines of neighbours may not meet."""


def _cells_beside(units: Sequence[str]) -> NDArray[np.bool_]:
    cells = np.array([int(u.rpartition("/")[2] or 0) for u in units])
    row, column = np.divmod(cells - 1, 720)
    close = (abs(row[:, None] - row) <= 1) & (abs(column[:, None] - column) <= 1)
    placed = cells > 0
    return np.asarray(close & placed & placed[:, None] & ~np.eye(len(cells), dtype=bool))
