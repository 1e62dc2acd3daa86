"""Draws in slices: bounded memory whatever the number of forecasts, and two cores where there are two.

Enters: draws (..., S), what was observed (...), a function of some rows. Leaves: its results, in
order. Called by the scores that read draws.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from toguna.scores.gate import Floats, Numbers, refuse_missing

__all__ = ["SLICE_DRAWS", "as_floats", "over_rows"]

SLICE_DRAWS = 1 << 21
"""Draws held at a time for each core: 16 MB as float64."""
MOST_THREADS = 4
"""More would compete for memory, not for cores."""


def as_floats(rows: Numbers) -> Numbers:
    """Return rows as contiguous float32 (when they are) or float64; copied only where needed."""
    kept = np.float32 if rows.dtype == np.float32 else np.float64
    return np.ascontiguousarray(rows, dtype=kept)


def over_rows(
    score: Callable[[Numbers, Floats], Floats], draws: Numbers, observed: Floats, *, name: str, threads: bool
) -> Floats:
    """Score slices of the forecasts and put the results together.

    Parameters
    ----------
    score : function
        Takes contiguous float rows (n, S) that are finite, and observations (n,); returns (n,).
    draws, observed : (..., S) and (...)
        As `toguna.scores.gate.observed_for` has let them pass.
    name : str
        Name of the score, for the error.
    threads : bool
        Whether `score` leaves Python's lock.

    Raises
    ------
    DataError
        A draw is missing or infinite: how many and where.
    """
    flat, seen = draws.reshape(-1, draws.shape[-1]), observed.reshape(-1)
    step = max(1, SLICE_DRAWS // draws.shape[-1])
    out = np.empty(len(seen))

    def one(start: int) -> None:
        rows = as_floats(flat[start : start + step])
        if not (np.isfinite(rows.min()) and np.isfinite(rows.max())):
            refuse_missing(draws, what="draws", score=name)
        out[start : start + step] = score(rows, seen[start : start + step])

    starts = range(0, len(seen), step)
    if threads and len(starts) > 1:
        with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
            list(pool.map(one, starts))
    else:
        for start in starts:
            one(start)
    return out.reshape(observed.shape)
