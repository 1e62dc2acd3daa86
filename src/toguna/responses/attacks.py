"""Attacks as arrays: what the figures about responses are computed from.

Enters: a frame of events of one source. Leaves: `Attacks`. Called by `toguna.room.doing` and the files
beside this one.

Events dated no better than a month, and events within wider ones, are left out: their order beside a
measure is not known, or they count already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["EPOCH", "Attacks", "attacks_of", "day_number"]

EPOCH = date(1970, 1, 1)
_BY_MONTH = 4
"""UCDP code of a date that is known to the month only."""


def day_number(day: date) -> int:
    """Return the days since 1 January 1970."""
    return (day - EPOCH).days


@dataclass(frozen=True)
class Attacks:
    """Attacks in the order of their days.

    Parameters
    ----------
    ids : tuple of str
        Event ids, length E.
    days, known : ndarray of int, shape (E,)
        First day, and first day the world could know it, since 1 January 1970.
    areas : tuple of str
        First-level area, "" when not known.
    tolls : ndarray of float, shape (E,)
        Deaths, best estimate or else the lowest; NaN when neither is known.
    left_out : int
        Events dated too vaguely.
    """

    ids: tuple[str, ...]
    days: NDArray[np.int64]
    known: NDArray[np.int64]
    areas: tuple[str, ...]
    tolls: NDArray[np.float64]
    left_out: int = 0

    def among(self, keep: NDArray[np.bool_]) -> Attacks:
        """Return some of them."""
        which = np.flatnonzero(keep)
        return Attacks(
            tuple(self.ids[i] for i in which),
            self.days[which],
            self.known[which],
            tuple(self.areas[i] for i in which),
            self.tolls[which],
            self.left_out,
        )

    def within(self, area: str) -> Attacks:
        """Return those of one area."""
        return self.among(np.array([a == area for a in self.areas], dtype=bool))

    def gravest(self, share: float) -> tuple[Attacks, float]:
        """Return the most deadly ones, at most `share` of all, and the toll from which they count.

        Ties at the limit are left out together, so that the share is never exceeded; at least one attack
        with a known toll is kept where there is one.
        """
        told = np.sort(self.tolls[~np.isnan(self.tolls)])[::-1]
        if not told.size:
            return self.among(np.zeros(len(self.ids), dtype=bool)), float("nan")
        most = max(1, int(share * len(self.ids)))
        limit = told[min(most, told.size) - 1]
        if np.sum(told >= limit) > most and np.any(told > limit):
            limit = np.min(told[told > limit])
        return self.among(np.nan_to_num(self.tolls, nan=-1.0) >= limit), float(limit)


def attacks_of(events: pl.DataFrame) -> Attacks:
    """Read a frame of events in the shape of `toguna.core.names.EVENT_SCHEMA`."""
    counted = events.filter(pl.col("date_start").is_not_null() & pl.col("within").is_null())
    sharp = counted.filter(pl.col("date_prec").fill_null(1) < _BY_MONTH).sort("date_start", "event_id")
    days = sharp["date_start"].cast(pl.Int32).to_numpy().astype(np.int64)
    known = sharp["published_at"].fill_null(sharp["date_start"]).cast(pl.Int32).to_numpy().astype(np.int64)
    toll = sharp.select(pl.coalesce("best", "low").cast(pl.Float64).alias("toll"))["toll"]
    return Attacks(
        ids=tuple(sharp["event_id"]),
        days=days,
        known=known,
        areas=tuple(a or "" for a in sharp["admin1"]),
        tolls=toll.fill_null(float("nan")).to_numpy().copy(),
        left_out=counted.height - sharp.height,
    )
