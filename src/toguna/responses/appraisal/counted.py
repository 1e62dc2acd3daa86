"""Counts by area and month for a declaration, from a CSV or from events.

Enters: a `Declaration`, a file or an event frame as of a date. Leaves: `Counted`. Called by the verb
`appraise`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from toguna.core.dates import month_id, parse_partial
from toguna.core.digest import digest
from toguna.core.errors import DataError, UnknownNameError
from toguna.panels.counting import count_events
from toguna.responses.appraisal.declaration import Declaration, month_name
from toguna.responses.appraisal.study import Floats, Ints, Study
from toguna.store.areas import Names
from toguna.store.reading import read_table

__all__ = ["Counted", "from_csv", "from_events", "one_source"]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted.

    Parameters
    ----------
    source : str
        Where from.
    units : tuple of str, length U
        The areas declared, in that order.
    first : int
        Month number of the first row.
    values : (T, U) float
    unplaced : float
        Counts of these months that are in no area of any name.
    digest : str
        Of all this.
    """

    source: str
    units: tuple[str, ...]
    first: int
    values: Floats
    unplaced: float
    digest: str

    def study(self, declared: Declaration, *, ring: bool = False) -> Study:
        """Return treated and comparison areas; with `ring` the neighbours stand in for the treated.

        Neighbours have no first month of their own: the earliest of the treated ones.
        """
        treated = (
            dict.fromkeys(declared.neighbours, min(declared.treated.values())) if ring else declared.treated
        )
        names = (*treated, *declared.comparison)
        columns = [self.units.index(name) for name in names]
        months = len(self.values)
        starts: Ints = np.array(
            [treated.get(n, self.first + months) - self.first for n in names], dtype=np.int64
        )
        return Study(self.values[:, columns], np.minimum(starts, months))


def from_csv(path: Path, declared: Declaration) -> Counted:
    """Read unit, month, value; every area needs every month, unless missing ones are declared 0.

    Raises
    ------
    DataError
        No such file, no such area, a cell that is no count, a pair twice or not at all: with its row.
    """
    if not path.is_file():
        raise DataError(
            f"there is no file {path}; `csv` of the declaration names it, beside the declaration."
        )
    table, _ = read_table(path, ("unit", "month", "value"))
    values = np.full((declared.last - declared.first + 1, len(declared.areas)), np.nan)
    known: set[str] = set()
    for row in table.iter_rows(named=True):
        unit = row["unit"] or ""
        known.add(unit)
        at = _month_of(path, row) - declared.first
        if unit not in declared.areas or not 0 <= at < len(values):
            continue
        column = declared.areas.index(unit)
        if not np.isnan(values[at, column]):
            raise DataError(f"{path} row {row['row']}: {unit} {row['month']} stands there twice.")
        values[at, column] = _count_of(path, row)
    if absent := [name for name in declared.areas if name not in known]:
        raise UnknownNameError(f"unit of {path.name}", absent[0], known)
    lacking = np.argwhere(np.isnan(values))
    if len(lacking) and not declared.zeros:
        t, u = lacking[0]
        raise DataError(
            f"{path}: {len(lacking)} pairs of unit and month have no row, the first {declared.areas[u]} "
            f'{month_name(declared.first + int(t))}. Add them, or declare missing = "zero".'
        )
    return _counted(path.name, declared, np.nan_to_num(values), 0.0)


def _month_of(path: Path, row: dict[str, str]) -> int:
    read = parse_partial(row["month"] or "")
    if read is None or read.first.month != read.last.month:
        raise DataError(f"{path} row {row['row']}: month is {row['month']!r}; expected YYYY-MM.")
    return month_id(read.first)


def _count_of(path: Path, row: dict[str, str]) -> float:
    try:
        count = float(row["value"])
    except (TypeError, ValueError):
        count = -1.0
    if not 0 <= count < 1e12:
        raise DataError(f"{path} row {row['row']}: value is {row['value']!r}; expected a count, 0 or more.")
    return count


def from_events(
    events: pl.DataFrame, declared: Declaration, *, as_of: date, source: str, names: Names
) -> Counted:
    """Count the events of one source by area and month; months that are not over by `as_of` are left out.

    An area of the theatre (`names`) without an event in these months counts 0.

    Raises
    ------
    UnknownNameError
        An area that is none of the theatre's and no event lies in.
    DataError
        A measure that began in no month that is over.
    """
    over = month_id(as_of + timedelta(days=1)) - 1
    last = min(declared.last, over)
    late = [area for area, month in declared.treated.items() if month > last]
    if late:
        raise DataError(
            f"{', '.join(late)}: no month with the measure is over by {as_of}; take a later --as-of."
        )
    panel = count_events(events, level=declared.level, months=(declared.first, last))
    column = panel.columns.index(declared.outcome)
    values = np.column_stack([panel.values[..., column], np.zeros(len(panel.months))])
    places = [_place(name, panel.units, names) for name in declared.areas]
    return _counted(source, declared, values[:, places], panel.unplaced.get(declared.outcome, 0.0))


def one_source(events: pl.DataFrame, as_of: date) -> tuple[pl.DataFrame, str]:
    """Keep the source with most events that began by a date: sources are not added.

    Raises
    ------
    DataError
        No event.
    """
    told = events.filter(pl.col("within").is_null() & (pl.col("date_start") <= as_of))
    if told.is_empty():
        raise DataError(f"no event is on record by {as_of}; try a later --as-of or another source.")
    source = str(min(told["source"].value_counts().rows(), key=lambda row: (-row[1], row[0]))[0])
    return told.filter(pl.col("source") == source), source


def _place(name: str, units: tuple[str, ...], names: Names) -> int:
    """Return the column of an area; the last one, zeros, for one of the theatre without an event."""
    if name in units:
        return units.index(name)
    plain = name.rpartition("/")[2]
    canonical = names.find(plain)
    wanted = (canonical or plain).casefold()
    found = [k for k, unit in enumerate(units) if unit.rpartition("/")[2].casefold() == wanted]
    if len(found) == 1 and "/" not in name:
        return found[0]
    if canonical and not found:
        return len(units)
    raise UnknownNameError("area with events in these months", name, units)


def _counted(source: str, declared: Declaration, values: Floats, unplaced: float) -> Counted:
    told = {"units": list(declared.areas), "first": declared.first, "values": values.tolist()}
    return Counted(source, declared.areas, declared.first, values, unplaced, digest(told))
