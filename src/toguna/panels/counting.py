"""Count events by unit and month; what cannot be placed is counted too.

Enters: an event frame (core/names.py) or a table of counts. Leaves: `Panel`. Called by the forecasts
and the benches.

An event belongs to the month of its last day: that is the first month that can know of it whole. Rows
contained in a wider event (`within`) are not counted, the wider event counts them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from toguna.core.errors import UsageError
from toguna.events.targets import on_civilians
from toguna.panels.panel import LEVELS, Floats, Panel

__all__ = ["COLUMNS", "count_events", "from_table", "month_of"]

COLUMNS = (
    "events", "attacks_civilians", "deaths", "deaths_sb", "deaths_ns", "deaths_os", "without_figure",
)  # fmt: skip
"""Events, those that harm civilians; best estimates of deaths in all, by kind of violence; events without a
best estimate."""

_FINEST = {"country": 6, "admin1": 4, "admin2": 3, "grid": 2}
"""Largest `where_prec` that still names a unit (UCDP codes: 2 = 25 km, 3 = second-level area ...)."""


def count_events(events: pl.DataFrame, *, level: str, months: tuple[int, int]) -> Panel:
    """Count events by unit and month.

    Parameters
    ----------
    events : event frame
        Already as of a date: this function does not look at `published_at`.
    level : str
        "country", "admin1", "admin2" or "grid".
    months : (first, last)
        Month numbers, 1 = January 1980, both included. Events of other months are in no unit and not
        in `unplaced`.

    Returns
    -------
    Panel
        Columns `COLUMNS`. For each: sum over the units + `unplaced` = sum over the events of these
        months. A missing best estimate adds to `without_figure`, never a zero to the deaths.
    """
    if level not in LEVELS:
        raise UsageError(f"level {level!r} is none of {', '.join(LEVELS)}.")
    rows = events.filter(pl.col("within").is_null()).with_columns(
        month=month_of(), unit=_unit(level), **_measures()
    )
    rows = rows.filter(pl.col("month").is_between(*months))
    summed = rows.group_by("unit", "month").agg(pl.col(COLUMNS).sum())
    lost = summed.filter(pl.col("unit").is_null()).select(pl.col(COLUMNS).sum()).row(0)
    panel = from_table(
        summed.filter(pl.col("unit").is_not_null()), level=level, columns=COLUMNS, months=months
    )
    unplaced = {name: float(value or 0) for name, value in zip(COLUMNS, lost, strict=True)}
    return Panel(level, panel.units, panel.months, COLUMNS, panel.values, unplaced)


def month_of() -> pl.Expr:
    """Month number of an event: that of its last day."""
    last = pl.coalesce("date_end", "date_start")
    return (last.dt.year().cast(pl.Int64) - 1980) * 12 + last.dt.month()


def from_table(
    table: pl.DataFrame, *, level: str, columns: Sequence[str], months: tuple[int, int] | None = None
) -> Panel:
    """Make a panel of a table with columns `unit`, `month` (number) and one for each count.

    A pair of unit and month that has no row counts 0. Rows of one pair are added.
    """
    needed = ["unit", "month", *columns]
    if absent := [name for name in needed if name not in table.columns]:
        raise UsageError(f"the table has no column {', '.join(absent)}; it has {', '.join(table.columns)}.")
    if table.select(pl.any_horizontal(pl.col(needed).is_null().any())).item():
        raise UsageError("the table has empty cells; a count that is not known cannot stand in a panel.")
    if not table.height and months is None:
        raise UsageError("the table is empty and no months are given.")
    first, last = months or (int(table["month"].min()), int(table["month"].max()))  # type: ignore[arg-type]
    units = tuple(table["unit"].cast(pl.String()).unique().sort().to_list())
    place = {unit: i for i, unit in enumerate(units)}
    u = np.array([place[unit] for unit in table["unit"].cast(pl.String())], dtype=np.int64)
    t = table["month"].cast(pl.Int64()).to_numpy() - first
    values: Floats = np.zeros((last - first + 1, len(units), len(columns)))
    np.add.at(values, (t, u), table.select(pl.col(columns).cast(pl.Float64())).to_numpy())
    return Panel(level, units, np.arange(first, last + 1), tuple(columns), values)


def _unit(level: str) -> pl.Expr:
    """Name of the unit an event lies in; null where its place is not known that well."""
    name = {
        "country": pl.col("country"),
        "admin1": pl.concat_str("country", "admin1", separator="/"),
        "admin2": pl.concat_str("country", "admin1", "admin2", separator="/"),
        "grid": pl.col("gid").cast(pl.String()),
    }[level]
    return pl.when(pl.col("where_prec").fill_null(1) <= _FINEST[level]).then(name)


def _measures() -> dict[str, pl.Expr]:
    best = pl.col("best")
    kinds = {
        f"deaths_{k}": pl.when(pl.col("violence") == k).then(best).fill_null(0) for k in ("sb", "ns", "os")
    }
    return {
        "events": pl.lit(1),
        "attacks_civilians": on_civilians().cast(pl.Int64()),
        "deaths": best.fill_null(0),
        **kinds,
        "without_figure": best.is_null().cast(pl.Int64()),
    }
