"""Divide whole numbers among the parts of each event, by largest remainder; nothing is lost.

Enters: parts sorted by event, with weights. Leaves: whole shares. Called by `toguna.events.spread`.

References
----------
Balinski and Young (2001), Fair Representation, 2nd ed.: the method of Hamilton (largest remainders).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["UNITS", "apportion", "in_units"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

UNITS = 2**20
"""Shares are whole numbers of 2**-20: floats add them up without rounding, counts up to 2**43 fit 64 bits."""


def _bounds(event: NDArray[np.uint32]) -> tuple[Integers, Integers]:
    """Return where each event begins among the parts, and which one each part belongs to."""
    first = np.flatnonzero(np.r_[True, event[1:] != event[:-1]]) if len(event) else np.zeros(0, int)
    return first, np.repeat(np.arange(len(first)), np.diff(np.r_[first, len(event)]))


def _hand_out(first: Integers, of: Integers, remainder: Floats | Integers, left: Integers) -> Integers:
    """Give one more to the parts with the largest remainders of each event, the earlier part when equal."""
    order = np.lexsort((np.arange(len(of)), -remainder, of))
    rank = np.empty(len(of), dtype=np.int64)
    rank[order] = np.arange(len(of)) - first[of[order]]
    return np.asarray(rank < left[of], dtype=np.int64)


def in_units(event: NDArray[np.uint32], weight: Floats) -> Integers:
    """Turn weights into shares of each event, as whole numbers that add up to `UNITS`.

    Parameters
    ----------
    event : array, shape (M,)
        Which event each part belongs to; parts of an event stand together.
    weight : array, shape (M,)
        Above 0.
    """
    if not len(event):
        return np.zeros(0, dtype=np.int64)
    first, of = _bounds(event)
    quota = weight / np.add.reduceat(weight, first)[of] * UNITS
    whole = np.floor(quota).astype(np.int64)
    return whole + _hand_out(first, of, quota - whole, UNITS - np.add.reduceat(whole, first))


def apportion(event: NDArray[np.uint32], units: Integers, total: Integers) -> Integers:
    """Divide each event's `total` by its shares; the parts add up to it exactly.

    Parameters
    ----------
    event, units : array, shape (M,)
        As `in_units` takes and gives them.
    total : array, shape (M,)
        The number to divide, repeated on every part of its event; 0 to 2**43, or below 0 to -2**43.

    Examples
    --------
    >>> half = np.array([UNITS // 2, UNITS // 2])
    >>> apportion(np.array([0, 0], dtype=np.uint32), half, np.array([7, 7])).tolist()
    [4, 3]
    """
    if not len(event):
        return np.zeros(0, dtype=np.int64)
    first, of = _bounds(event)
    whole, remainder = np.divmod(units * total, UNITS)
    return whole + _hand_out(first, of, remainder, total[first] - np.add.reduceat(whole, first))
