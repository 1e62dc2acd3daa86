"""Compiled code for the CRPS of many draws: counting where draws are small whole numbers.

Enters: rows of draws. Leaves: their scores. Called by `toguna.scores.crps` for large inputs only, so
that small ones do not wait for the compiler.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from toguna.scores.gate import Floats, Numbers

__all__ = ["counted_or_sorted"]


def counted_or_sorted(rows: Numbers, observed: Floats, fair: bool, floor: float) -> Floats:
    """Return the plain or fair CRPS of finite rows (n, S) raised to `floor`.

    A row is counted when its draws are whole numbers that span less than four times their number;
    the others are sorted by numpy.
    """
    out: Floats = _counted(rows, observed, fair, floor, 4 * rows.shape[1] + 64)
    left = np.isnan(out)
    if left.any():
        some = rows[left]
        some.sort(axis=1)
        out[left] = _ordered(some, observed[left], fair, floor)
    return out


@njit(cache=True, nogil=True)
def _span(row):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Return the smallest and the largest draw and whether all are whole numbers."""
    lo, hi, whole = row[0], row[0], True
    for x in row:
        whole &= x == np.floor(x)
        lo = x if x < lo else lo
        hi = x if x > hi else hi
    return lo, hi, whole


@njit(cache=True, nogil=True)
def _integrate(counts, lo, span, y, floor):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Return the plain score and the sum of distances between pairs, both from `floor` on.

    ``integral (F(z) - [y <= z])^2 dz`` and ``integral C(z) (S - C(z)) dz``, F = C / S being constant
    from one whole number to the next.
    """
    size, below, plain, pairs = counts[: span + 1].sum(), 0, 0.0, 0.0
    plain += max(0.0, lo - max(y, floor)) + max(0.0, y - max(lo + span, floor))
    for k in range(span):
        below += counts[k]
        start, end = max(lo + k, floor), lo + k + 1.0
        if end <= start:
            continue
        share = below / size
        plain += max(0.0, min(end, y) - start) * share**2 + max(0.0, end - max(start, y)) * (1.0 - share) ** 2
        pairs += (end - start) * below * (size - below)
    return plain, pairs


@njit(cache=True, nogil=True)
def _counted(rows, observed, fair, floor, most):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Score the rows that can be counted; not a number for the others."""
    size = rows.shape[1]
    out = np.full(rows.shape[0], np.nan)
    counts = np.zeros(most + 1, dtype=np.int64)
    for r in range(rows.shape[0]):
        lo, hi, whole = _span(rows[r])
        if not (whole and hi - lo <= most):
            continue
        span = int(hi - lo)
        counts[: span + 1] = 0
        for x in rows[r]:
            counts[int(x - lo)] += 1
        plain, pairs = _integrate(counts, float(lo), span, observed[r], floor)
        out[r] = plain - pairs / (float(size) ** 2 * (size - 1)) if fair else plain
    return out


@njit(cache=True, nogil=True)
def _ordered(rows, observed, fair, floor):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Score rows whose draws are in order: a sum of terms that are at least 0, so nothing cancels."""
    size = rows.shape[1]
    out = np.empty(rows.shape[0])
    for r in range(rows.shape[0]):
        y, plain, pairs = max(observed[r], floor), 0.0, 0.0
        for i in range(size):
            above = max(float(rows[r, i]), floor) - y
            plain += above * ((size if above > 0.0 else 0) - i - 0.5)
            pairs += above * (2.0 * i + 1.0 - size)
        plain *= 2.0 / float(size) ** 2
        out[r] = plain - pairs / (float(size) ** 2 * (size - 1)) if fair else plain
    return out
