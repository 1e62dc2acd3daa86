"""Ignorance: minus the logarithm of the probability that was given to what happened.

Enters: draws (..., S), or probabilities, and what was observed (...). Leaves: one score for each
forecast, in bits (log base 2). Called by the benches, the recurrence model and the replay.

References
----------
Good (1952), doi 10.1111/j.2517-6161.1952.tb00104.x (the logarithmic score).
Roulston and Smith (2002), doi 10.1175/1520-0493(2002)130<1653:EPFUIT>2.0.CO;2 (ignorance, in bits).
Hegre and others (2024), doi 10.48550/arXiv.2407.11045 (the bins of the VIEWS prediction challenge).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from toguna.core.errors import DataError, UsageError
from toguna.scores.gate import Floats, Numbers, numbers, observed_for, refuse_missing
from toguna.scores.rows import over_rows

__all__ = ["VIEWS_BINS", "ignorance", "ignorance_views", "ignorance_views_of"]

VIEWS_BINS = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
"""Lower ends of the eleven bins of deaths in the VIEWS challenge; the last has no upper end."""


def ignorance(probability: Any, happened: Any) -> Floats:
    """Return the ignorance of stated probabilities of an event (`ign`).

    ``-log2(p)`` where it happened, ``-log2(1 - p)`` where it did not: infinite where the impossible
    happened.

    Parameters
    ----------
    probability : (...) float
        Between 0 and 1.
    happened : (...) bool, or 0 and 1

    Raises
    ------
    UsageError
        Shapes do not match.
    DataError
        A value is missing, or no probability.

    Examples
    --------
    >>> ignorance([0.25, 0.5], [1, 0])
    array([2., 1.])
    """
    p, y = chances_for(probability, happened, score="ign")
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log2(np.where(y, p, 1.0 - p)) + 0.0, dtype=np.float64)


def chances_for(probability: Any, happened: Any, *, score: str) -> tuple[Floats, np.ndarray[Any, Any]]:
    """Let probabilities and outcomes pass: equal shapes, nothing missing, between 0 and 1."""
    p, y = (
        numbers(probability, what="probabilities", score=score),
        numbers(happened, what="outcomes", score=score),
    )
    if p.shape != y.shape:
        raise UsageError(
            f"{score}: probabilities of shape {p.shape} and outcomes of shape {y.shape} do not match."
        )
    refuse_missing(p, what="probabilities", score=score)
    refuse_missing(y, what="outcomes", score=score)
    for array, wrong, expected in ((p, (p < 0) | (p > 1), "from 0 to 1"), (y, (y != 0) & (y != 1), "0 or 1")):
        if wrong.any():
            at = tuple(int(k) for k in np.argwhere(wrong)[0])
            raise DataError(f"{score}: found {array[at]} at {list(at)}; expected {expected}.")
    return p.astype(np.float64), y.astype(bool)


def ignorance_views(draws: Any, observed: Any) -> Floats:
    """Return the ignorance as the VIEWS challenge defines it (`ign@views`).

    Draws are counted in the eleven bins of `VIEWS_BINS`, one is added to each bin, and the score is
    ``-log2((count in the bin of what happened + 1) / (S + 11))``. It depends on the number of draws:
    a perfect forecast scores 0.82 bits with 12 draws and 0.014 with 1,000. Compare models with
    different numbers of draws by `ignorance_views_of`.

    Parameters
    ----------
    draws : (..., S) numbers
        At least 0.
    observed : (...) numbers
        At least 0.

    Raises
    ------
    UsageError
        Shapes do not match.
    DataError
        A value is missing, infinite or negative.
    """
    name = "ign@views"
    counts, size = _counts(draws, observed, name=name)
    return np.asarray(-np.log2((counts + 1) / (size + len(VIEWS_BINS))), dtype=np.float64)


def ignorance_views_of(draws: Any, observed: Any, *, of: int) -> Floats:
    """Return the VIEWS ignorance that `of` of the draws would get on average (`ign@views,of=12`).

    The mean of `ignorance_views` over all choices of `of` draws among the S, exactly: with k draws in
    the bin of what happened, the number among the chosen is hypergeometric. Its expectation depends
    on the forecast and on `of`, not on S, so that models with 12 and with 1,000 draws stand on the
    same footing. As with `ign@views`, the added counts make a forecast a little surer than the truth
    score best, the more so the smaller `of`.

    Parameters
    ----------
    draws, observed
        As for `ignorance_views`.
    of : int
        How many draws are scored, 1 to S.

    Raises
    ------
    UsageError
        Shapes do not match, or there are fewer than `of` draws.
    DataError
        A value is missing, infinite or negative.
    """
    from scipy.stats import hypergeom  # half a second, which an assessment does not need

    name = f"ign@views,of={of}"
    counts, size = _counts(draws, observed, name=name)
    if not 1 <= of <= size:
        raise UsageError(f"{name}: expected 1 to {size} draws to score, as many as there are; got {of}.")
    among = np.arange(of + 1)
    scores = -np.log2((among + 1) / (of + len(VIEWS_BINS)))
    kinds, which = np.unique(counts, return_inverse=True)
    means = hypergeom(size, kinds.astype(int)[:, None], of).pmf(among[None, :]) @ scores
    return np.asarray(means[which].reshape(counts.shape), dtype=np.float64)


def _counts(draws: Any, observed: Any, *, name: str) -> tuple[Floats, int]:
    """Count the draws in the bin of what happened; return also the number of draws."""
    array = numbers(draws, what="draws", score=name)
    seen = observed_for(array, observed, score=name)
    if (seen < 0).any():
        raise DataError(f"{name}: {int((seen < 0).sum())} observations are negative; expected 0 or more.")
    counts = over_rows(_in_the_bin, array, seen, name=name, threads=True)
    if (counts < 0).any():
        raise DataError(
            f"{name}: {int((counts < 0).sum())} forecasts have negative draws; expected 0 or more."
        )
    return counts, array.shape[-1]


def _in_the_bin(rows: Numbers, observed: Floats) -> Floats:
    """Count draws of rows (n, S) in the bin of what happened; -1 if one is negative."""
    edges = np.array([*VIEWS_BINS, np.inf])
    bin_of = np.searchsorted(edges, observed, side="right")
    low, high = edges[bin_of - 1][:, None], edges[bin_of][:, None]
    counts = ((rows >= low) & (rows < high)).sum(axis=1).astype(np.float64)
    return np.asarray(np.where(rows.min(axis=1) < 0, -1.0, counts), dtype=np.float64)
