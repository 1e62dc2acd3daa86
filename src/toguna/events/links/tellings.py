"""Events as arrays, with what the precision of their dates and places allows.

Enters: an event frame. Leaves: `Tellings`, one position per event. Called by the other files of this package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["NO_KINSHIP", "PLACELESS", "Kinship", "Tellings", "read"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Days by which a report may miss the day (UCDP date_prec 1-5), and kilometres by which it may miss the place
# (where_prec 1-5). 0 = the source gives no code. UCDP GED Codebook 21.1, section on precision.
DAYS_OFF = np.array([2, 1, 3, 7, 31, 92])
KM_OFF = np.array([15.0, 10.0, 25.0, 50.0, 150.0, 100.0])
PLACELESS = 6  # where_prec 6 and 7 (country, international): the point says nothing
COMMON, RARE = 0.2, 0.05  # share of all events in which an actor is named

_AT_CIVILIANS = ("civilian", "aid_worker", "journalist")
_AT_ARMED = (
    "national_forces",
    "police",
    "international_forces",
    "armed_group",
    "military",
    "rebel",
    "militia",
)


@dataclass(frozen=True, slots=True)
class Kinship:
    """What the caller knows about the ids of actors.

    Parameters
    ----------
    nobody : frozenset of str
        Ids that name no organisation ("unknown"): as good as nobody named.
    kin : frozenset of (str, str)
        Pairs of which one is part of the other or was absorbed by it.
    """

    nobody: frozenset[str] = field(default_factory=frozenset)
    kin: frozenset[tuple[str, str]] = field(default_factory=frozenset)


NO_KINSHIP = Kinship()


@dataclass(frozen=True)
class Tellings:
    """Events as arrays of length N.

    Parameters
    ----------
    frame : DataFrame
        The events, N rows in the order of the arrays.
    source, country : ints
        Codes; country -1 = not given.
    first, last : ints
        Days since 1970.
    days_off : ints
        Days by which the date may be wrong.
    lat, lon : floats
        Degrees; NaN without a point.
    km_off : floats
        Kilometres by which the point may be wrong; infinite when the point says nothing.
    best, low, high : floats
        Deaths; NaN = unknown. `low` and `high` are filled from one another and from `best`.
    spot : ints
        Number of the days and the point at which a source tells of something.
    whole : floats (3, N)
        Best, low and high summed over all rows at the same spot; NaN where one of them is unknown.
    victims : ints
        0 unknown, 1 civilians, 2 armed.
    named, kin : sparse (N, actors)
        Who is named; whose kin is named. Nobody's ids are left out.
    scarcity : floats (actors,)
        1 / share of events that name an actor.
    texts : dict of ints
        Codes of `place`, `tactic`, `target`, `setting`, -1 = not given.
    """

    frame: pl.DataFrame
    source: Ints
    country: Ints
    first: Ints
    last: Ints
    days_off: Ints
    lat: Floats
    lon: Floats
    km_off: Floats
    best: Floats
    low: Floats
    high: Floats
    spot: Ints
    whole: Floats
    victims: Ints
    named: Any
    kin: Any
    scarcity: Floats
    texts: dict[str, Ints]

    def __len__(self) -> int:
        return len(self.first)


def read(events: pl.DataFrame, kinship: Kinship = NO_KINSHIP) -> Tellings:
    """Turn events into arrays.

    Parameters
    ----------
    events : DataFrame
        Columns of `EVENT_SCHEMA`, `perpetrators` as common ids; `date_start` is never missing.
    kinship : Kinship
        What is known about those ids.
    """
    first = _days(events["date_start"])
    last = np.maximum(_days(events["date_end"].fill_null(events["date_start"])), first)
    where = _small(events["where_prec"])
    lat, lon = _floats(events["lat"]), _floats(events["lon"])
    placeless = (where >= PLACELESS) | np.isnan(lat) | np.isnan(lon)
    best, low, high = (_floats(events[c]) for c in ("best", "low", "high"))
    named, kin, scarcity = _actors(events["perpetrators"], kinship)
    low, high = _first_known(low, best, high), _first_known(high, best, low)
    spot = _spots(events, first, last)
    return Tellings(
        frame=events,
        source=_codes(events["source"]),
        country=_codes(events["country"]),
        first=first,
        last=last,
        days_off=DAYS_OFF[np.minimum(_small(events["date_prec"]), 5)],
        lat=lat,
        lon=lon,
        km_off=np.where(placeless, np.inf, KM_OFF[np.minimum(where, 5)]),
        best=best,
        low=low,
        high=high,
        spot=spot,
        whole=np.stack([np.bincount(spot, weights=x)[spot] for x in (best, low, high)]),
        victims=_victims(events),
        named=named,
        kin=kin,
        scarcity=scarcity,
        texts={c: _codes(events[c]) for c in ("place", "tactic", "target", "setting")},
    )


def _days(column: pl.Series) -> Ints:
    return column.cast(pl.Date).cast(pl.Int32).cast(pl.Int64).to_numpy()


def _small(column: pl.Series) -> Ints:
    return column.cast(pl.Int64).fill_null(0).clip(0, 7).to_numpy()


def _floats(column: pl.Series) -> Floats:
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _first_known(*columns: Floats) -> Floats:
    out = columns[0]
    for other in columns[1:]:
        out = np.where(np.isnan(out), other, out)
    return out


def _spots(events: pl.DataFrame, first: Ints, last: Ints) -> Ints:
    """Number sources, days and points (to about a kilometre) that belong together."""
    at = [np.round(np.nan_to_num(_floats(events[c]), nan=999.0), 2) for c in ("lat", "lon")]
    rows = np.stack(
        [_codes(events["source"]).astype(float), first.astype(float), last.astype(float), *at], axis=1
    )
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    return np.asarray(np.unique(rows, axis=0, return_inverse=True)[1]).ravel()


def _codes(column: pl.Series) -> Ints:
    """Number the texts in their order; -1 where there is none."""
    known = column.drop_nulls().unique().sort()
    numbers = pl.DataFrame({"t": known, "n": np.arange(len(known))}, schema={"t": pl.String, "n": pl.Int64})
    found = pl.DataFrame({"t": column.cast(pl.String)}).join(
        numbers, on="t", how="left", maintain_order="left"
    )
    return found["n"].fill_null(-1).to_numpy()


def _victims(events: pl.DataFrame) -> Ints:
    """Say whether civilians or armed people were attacked, where the source codes it."""
    target = pl.col("target").str.to_lowercase()
    civil = pl.any_horizontal(
        pl.col("violence") == "os",
        target.str.contains_any(list(_AT_CIVILIANS)),
        pl.col("event_type").str.to_lowercase() == "violence against civilians",
    ).fill_null(value=False)
    armed = pl.any_horizontal(
        pl.col("violence").is_in(["sb", "ns"]),
        target.str.contains_any(list(_AT_ARMED)),
        pl.col("event_type").str.to_lowercase().is_in(["battle", "battles"]),
    ).fill_null(value=False)
    return (
        events.select(v=pl.when(civil).then(1).when(armed).then(2).otherwise(0))["v"]
        .cast(pl.Int64)
        .to_numpy()
    )


def _actors(lists: pl.Series, kinship: Kinship) -> tuple[Any, Any, Floats]:
    """Build who is named by whom, whose kin is named, and how scarce each name is."""
    rows = pl.DataFrame({"who": lists.cast(pl.List(pl.String))}).with_row_index("at").explode("who")
    rows = rows.drop_nulls("who").filter(~pl.col("who").is_in(sorted(kinship.nobody))).unique()
    ids = rows["who"].unique().sort().to_list()
    number = {name: i for i, name in enumerate(ids)}
    shape = (len(lists), max(len(ids), 1))
    who = (
        rows["who"].replace_strict(number, return_dtype=pl.Int64).to_numpy() if ids else np.zeros(0, np.int64)
    )
    ones = np.ones(len(who))
    named = sparse.csr_matrix((ones, (rows["at"].to_numpy(), who)), shape=shape)
    pairs = [(number[a], number[b]) for a, b in kinship.kin if a in number and b in number]
    both = np.array([*pairs, *((b, a) for a, b in pairs)], dtype=np.int64).reshape(-1, 2)
    ties = sparse.csr_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(shape[1], shape[1]))
    told = np.asarray(named.sum(axis=0)).ravel()
    scarcity = len(lists) / np.maximum(told, 1.0)
    return named, (named @ ties).tocsr(), scarcity
