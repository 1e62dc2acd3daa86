"""Name the area of events whose source gives a point but no area, and account for those that stay unplaced.

Enters: events and a theatre. Leaves: events with `admin1` and `admin2` filled where outlines tell, findings,
and counts by area. Called by `toguna.events.gather` and the command line.

Outlines are simplified: a point just off a coast or a border falls out of all of them. It is given to the
nearest area within a stated distance, which is said; what lies farther off is counted as unplaced, with its
dead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from toguna.core.findings import Finding
from toguna.core.types import Deaths
from toguna.events.admit import sum_deaths
from toguna.events.outlines import holders, nearest
from toguna.store.theatre import Theatre

__all__ = ["NEAREST_KM", "AreaSums", "Located", "at_home", "by_area", "locate", "unplaced_finding"]

NEAREST_KM = 10.0
"""How far off the outlines a point may lie and still be given to the nearest area (km).

Natural Earth's outlines at 1:50 million are off by some kilometres along coasts and rivers; 10 km is twice
that, and a fifth of a cell of PRIO-GRID.
"""

_LEVELS = (("adm1", "admin1"), ("adm2", "admin2"))
_COARSEST = {"adm1": 4, "adm2": 3}  # UCDP where_prec: 3 second-level area known, 4 first-level area known


@dataclass(frozen=True, slots=True)
class Located:
    """Events with areas named, and what is to be said about how."""

    events: pl.DataFrame
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaSums:
    """Events and deaths by area: the areas and `None`, for unplaced, add up to the country."""

    level: str
    areas: dict[str | None, tuple[int, Deaths]]

    @property
    def unplaced(self) -> tuple[int, Deaths]:
        """Events and deaths that belong to the country and to none of its areas."""
        return self.areas.get(None, (0, Deaths()))

    def total(self) -> tuple[int, Deaths]:
        """Add up areas and unplaced."""
        events = sum(n for n, _ in self.areas.values())
        parts = [deaths for _, deaths in self.areas.values()]
        sums = (sum(getattr(d, name) for d in parts) for name in ("best", "low", "high", "unknown"))
        return events, Deaths(*sums)


def locate(events: pl.DataFrame, theatre: Theatre, *, table: str = "events") -> Located:
    """Fill missing areas by point in polygon, or else by the nearest outline within 10 km.

    Parameters
    ----------
    events : DataFrame
        Events; `row` is unique. Rows placed too vaguely for a level keep their blank.
    theatre : Theatre
        Its outlines of the countries assessed.
    table : str
        Name for findings.
    """
    said: list[Finding] = []
    for level, column in _LEVELS:
        areas = [a for a in theatre.areas(level) if a.country in ("", *theatre.countries)]
        rows = events.filter(_wanted(level, column))
        if not areas or rows.is_empty():
            continue
        lat, lon = rows["lat"].to_numpy(), rows["lon"].to_numpy()
        outlines = [a.geometry for a in areas]
        at = holders(outlines, lat, lon)
        off = np.flatnonzero((at < 0) & _at_home(rows, theatre))
        near, far = nearest(outlines, lat[off], lon[off], within_km=NEAREST_KM)
        at[off] = near
        names = [areas[i].name if i >= 0 else None for i in at]
        found = pl.DataFrame(
            {"row": rows["row"], "_name": names}, schema={"row": pl.Int64, "_name": pl.String}
        )
        events = events.join(found, on="row", how="left", maintain_order="left")
        events = events.with_columns(pl.coalesce(column, "_name").alias(column)).drop("_name")
        if (near >= 0).any():
            said.append(_by_nearest(rows[off[near >= 0]], float(far[near >= 0].max()), column, table))
    return Located(events, tuple(said))


def _wanted(level: str, column: str) -> pl.Expr:
    return (
        pl.col(column).is_null()
        & pl.col("lat").is_between(-90, 90)
        & pl.col("lon").is_between(-180, 180)
        & (pl.col("where_prec").fill_null(1) <= _COARSEST[level])
    )


def _at_home(rows: pl.DataFrame, theatre: Theatre) -> np.ndarray:
    """Say which rows state one of the countries assessed: a point abroad belongs to no area of theirs."""
    home = rows["country"].is_in(list(theatre.countries)).fill_null(value=False)
    return np.asarray(home.to_numpy())


def _by_nearest(rows: pl.DataFrame, farthest: float, column: str, table: str) -> Finding:
    deaths = int(rows["best"].sum())
    return Finding(
        "area-by-nearest",
        "note",
        table,
        None,
        column,
        f"{rows.height} events with {deaths} deaths on points in no outline, up to {farthest:.1f} km off",
        "a point in the outline of an area",
        f"They are given to the nearest area within {NEAREST_KM:.0f} km; take finer outlines to be sure.",
    )


def by_area(events: pl.DataFrame, theatre: Theatre, *, level: str = "adm1") -> AreaSums:
    """Count the events of the countries assessed by area; those in none are counted too.

    Parameters
    ----------
    events : DataFrame
        Accepted events that count, with areas named.
    theatre : Theatre
        Its names and outlines.
    level : {"adm1", "adm2"}
        Which areas.

    Returns
    -------
    AreaSums
        Its total is that of the events of the countries assessed, exactly.
    """
    column = dict(_LEVELS)[level]
    home = events.filter(at_home(theatre))
    named = home.with_columns(_area=pl.when(pl.col(column).is_in(_known(theatre, level))).then(column))
    return AreaSums(
        level,
        {
            area: (part.height, sum_deaths(part))
            for (area,), part in sorted(
                named.partition_by("_area", as_dict=True).items(), key=lambda item: item[0][0] or "\uffff"
            )
        },
    )


def at_home(theatre: Theatre) -> pl.Expr:
    """Say which events belong to the countries assessed: they state one, or none and one of its areas."""
    stated = pl.col("country").is_in(list(theatre.countries)).fill_null(value=False)
    named = pl.col("admin1").is_in(_known(theatre, "adm1")).fill_null(value=False)
    return stated | (pl.col("country").is_null() & named)


def _known(theatre: Theatre, level: str) -> list[str]:
    mine = (a.name for a in theatre.areas(level) if a.country in ("", *theatre.countries))
    return sorted({*theatre.names(level).canonical.values(), *mine})


def unplaced_finding(events: pl.DataFrame, theatre: Theatre, *, table: str) -> list[Finding]:
    """Say how many events of the countries assessed, and how many deaths, lie in none of their areas."""
    if not theatre.areas("adm1"):
        return []
    sums = by_area(events, theatre)
    (n, deaths), (every, dead) = sums.unplaced, sums.total()
    if not n:
        return []
    return [
        Finding(
            "area-unplaced",
            "note",
            table,
            None,
            "admin1",
            f"{n} of {every} events, {deaths.best} of {dead.best} deaths, in no first-level area",
            "an area, or a point in one",
            "They count for the country and for no area of it; give the area, or a better point.",
        )
    ]
