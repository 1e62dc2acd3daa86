"""The three rules in use in the field, on the events a look knows.

Enters: a `Record`. Leaves: the value each rule holds against its threshold. Called by the chain of
looks and by `bench/shifts_delay.py`, so that both speak of the same rules. What each counts stands in
docs/methods/replay.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FIELD", "RULES", "Record", "values"]

FIELD = {"change": 0.25, "deaths": 100.0, "sub-types": 2.0}
"""Thresholds used in the field; a rule sounds when its value is at least as large."""

STEP, WEEK, BEFORE = 30, 7, 3


@dataclass(frozen=True, slots=True)
class Record:
    """Events as the rules see them.

    Parameters
    ----------
    day : array of int, shape (N,)
        Ordinal of the first day.
    area, kind : array of int, shape (N,)
        Codes of first-level area and kind of attack; -1 = unknown: in no area, of no kind.
    deaths : array of float, shape (N,)
        Best estimates; NaN = unknown, which adds nothing.
    """

    day: NDArray[np.int64]
    area: NDArray[np.int64]
    kind: NDArray[np.int64]
    deaths: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.day)

    def within(self, last: int, days: int) -> NDArray[np.bool_]:
        """Whether each event lies in the `days` days that end with `last`."""
        return np.asarray((self.day > last - days) & (self.day <= last), dtype=np.bool_)


def change(record: Record, day: int) -> float:
    """Return the relative change of the last 30 days against the mean of the three before, >= 0.

    A mean below 1/3 divides as 1/3: after three empty steps one event is a change of 300 %, no event none.
    """
    counts = [int(record.within(day - STEP * k, STEP).sum()) for k in range(BEFORE + 1)]
    before = float(np.mean(counts[1:]))
    return abs(counts[0] - before) / max(before, 1 / BEFORE)


def deaths(record: Record, day: int) -> float:
    """Return the deaths of the last 30 days."""
    return float(np.nansum(record.deaths[record.within(day, STEP)]))


def subtypes(record: Record, day: int) -> float:
    """Return the most kinds of attack in one area within one of the last four weeks."""
    most = 0
    told = (record.area >= 0) & (record.kind >= 0)
    for week in range(4):
        inside = record.within(day - WEEK * week, WEEK) & told
        for area in np.unique(record.area[inside]):
            most = max(most, len(np.unique(record.kind[inside & (record.area == area)])))
    return float(most)


RULES: dict[str, Callable[[Record, int], float]] = {
    "change": change,
    "deaths": deaths,
    "sub-types": subtypes,
}


def values(record: Record, day: int) -> dict[str, float]:
    """Return the value of every rule on a day (ordinal)."""
    return {name: round(rule(record, day), 6) for name, rule in RULES.items()}
