"""Events of one population as arrays, ready for the tests.

Enters: an event frame with resolved actors. Leaves: a `Sample`, sorted by day. Called by
`toguna.shifts.detect` and by the simulated worlds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from toguna.core.geography import gid, to_km

__all__ = ["MIXES", "Coded", "Sample", "select", "to_sample"]

MIXES = ("tactic", "target", "setting")
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coded:
    """A categorical column: `codes` (N,) index into `names`; -1 = missing."""

    names: tuple[str, ...]
    codes: Ints

    def take(self, index: Ints | slice) -> Coded:
        """Return the same categories for other rows."""
        return Coded(self.names, self.codes[index])


@dataclass(frozen=True, slots=True)
class Sample:
    """N located events of one population, sorted by day.

    Parameters
    ----------
    ids : array of str, shape (N,)
        Event ids.
    day : array of int, shape (N,)
        Ordinal of the first day.
    place : array of float, shape (N, 2)
        Kilometres east and north of `origin`.
    origin : (float, float)
        Latitude and longitude that the kilometres count from.
    coded : mapping
        "admin1", "admin2", "cell", "tactic", "target", "setting".
    families : mapping
        Family id -> bool array (N,): who took part.
    """

    ids: NDArray[np.str_]
    day: Ints
    place: NDArray[np.float64]
    origin: tuple[float, float]
    coded: Mapping[str, Coded]
    families: Mapping[str, NDArray[np.bool_]]

    def __len__(self) -> int:
        return len(self.day)

    def take(self, index: Ints | slice, *, day: Ints | None = None) -> Sample:
        """Return the rows at `index`, at other days when `day` is given; those of a slice are not copied."""
        return Sample(
            self.ids[index],
            self.day[index] if day is None else day,
            self.place[index],
            self.origin,
            {k: v.take(index) for k, v in self.coded.items()},
            {k: v[index] for k, v in self.families.items()},
        )

    def between(self, first: date, last: date) -> Sample:
        """Return the events whose first day lies from `first` to `last`."""
        lo, hi = np.searchsorted(self.day, [first.toordinal(), last.toordinal() + 1])
        return self.take(slice(lo, hi))


def select(events: pl.DataFrame, subject: Mapping[str, Any], kinds: Mapping[str, str]) -> pl.DataFrame:
    """Keep the events of a subject: by kinds of perpetrators and types of event.

    Parameters
    ----------
    events : DataFrame
        Event frame; rows contained in another (`within`) must be gone already.
    subject : mapping
        ``actor_kinds`` (list), ``unattributed`` (bool: also events blamed on nobody, or only on actors
        of kind "unknown"), ``without_event_types`` (list). Absent keys do not filter.
    kinds : mapping
        Actor id -> kind. An id that is missing is named but not listed: it is of none of the kinds,
        and not unknown either.
    """
    kept = events
    without = subject.get("without_event_types") or []
    if without:
        kept = kept.filter(~pl.col("event_type").fill_null("").is_in(without))
    wanted = subject.get("actor_kinds")
    if not wanted:
        return kept
    lists = kept["perpetrators"].to_list()
    named = [{kinds.get(a, "unlisted") for a in (ids or [])} for ids in lists]
    loose = bool(subject.get("unattributed"))
    mask = [bool(k & set(wanted)) or (loose and k <= {"unknown"}) for k in named]
    return kept.filter(pl.Series(mask, dtype=pl.Boolean))


def _code(values: list[Any]) -> Coded:
    names = tuple(sorted({str(v) for v in values if v is not None and str(v)}))
    index = {n: i for i, n in enumerate(names)}
    return Coded(names, np.array([index.get(str(v), -1) for v in values], dtype=np.int64))


def to_sample(events: pl.DataFrame, families: Mapping[str, frozenset[str]]) -> Sample:
    """Turn located, dated events into arrays.

    Events without coordinates, placed no better than a country (`where_prec` above 4) or dated no
    better than a quarter (`date_prec` 5) cannot carry a shift and are left out; the caller counts
    them.

    Parameters
    ----------
    events : DataFrame
        Event frame with canonical `admin1` and `admin2`.
    families : mapping
        Family id -> actor ids.
    """
    good = events.filter(
        pl.col("lat").is_not_null()
        & pl.col("lon").is_not_null()
        & (pl.col("where_prec").fill_null(1) <= 4)
        & (pl.col("date_prec").fill_null(1) <= 4)
    ).sort("date_start", "event_id")
    lat, lon = good["lat"].to_numpy().astype(float), good["lon"].to_numpy().astype(float)
    origin = (float(lat.mean()), float(lon.mean())) if len(good) else (0.0, 0.0)
    actors = [set(a or []) for a in good["perpetrators"].to_list()]
    coded = {name: _code(good[name].to_list()) for name in (*MIXES, "admin1", "admin2")}
    coded["cell"] = _code([str(c) for c in gid(lat, lon)])
    return Sample(
        ids=np.array(good["event_id"].to_list(), dtype=np.str_),
        day=np.array([d.toordinal() for d in good["date_start"].to_list()], dtype=np.int64),
        place=to_km(lat, lon, origin=origin),
        origin=origin,
        coded=coded,
        families={f: np.array([bool(a & m) for a in actors], dtype=bool) for f, m in families.items()},
    )
