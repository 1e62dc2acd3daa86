"""What could be seen at all: the smallest change that would be found eight times in ten, said first.

Enters: the months of a `Study` before the measure, a method. Leaves: `Detectable`. Called by `appraise`
and the bench.

Months before the first start are drawn again in blocks of six (circular), all areas together, to the length
of the study; counts of the treated areas are thinned after their starts; how often is p at most
1 - level? What came after the start is not looked at.

References
----------
Politis and Romano (1992), circular blocks, in LePage and Billard (editors), Exploring the Limits of
Bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from toguna.responses.appraisal.study import Estimate, Study

__all__ = ["CHANGES", "Detectable", "Method", "detectable", "power"]

Method = Callable[[Study, float | None], Estimate]
CHANGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
BLOCK, WORLDS, POWER = 6, 100, 0.8


@dataclass(frozen=True, slots=True)
class Detectable:
    """What could be seen.

    Parameters
    ----------
    reduction : float or None
        The smallest reduction tried (tenths) that is found at least eight times in ten; None = not even the
        end of all violence would be.
    power_at_smallest : float
        How often a reduction by the smallest change that matters would be found.
    false_alarms : float
        How often a change is found where there is none: 0.1 if the method holds its level on such counts.
    worlds : int
    """

    reduction: float | None
    power_at_smallest: float
    false_alarms: float
    worlds: int


def redrawn(study: Study, change: float, rng: np.random.Generator) -> Study:
    """Draw a study from the months before the first start, with a reduction in the treated areas."""
    before, months = study.first, study.months
    size = min(BLOCK, before)
    starts = rng.integers(before, size=-(-months // size))
    rows = ((starts[:, None] + np.arange(size)) % before).ravel()[:months]
    counts = study.counts[rows].copy()
    for u in study.treated:
        g = int(study.starts[u])
        counts[g:, u] = rng.binomial(np.round(counts[g:, u]).astype(np.int64), 1 - change)
    return Study(counts, study.starts)


def power(study: Study, method: Method, change: float, *, level: float, rng: np.random.Generator) -> float:
    """Return how often a reduction is found (p at most 1 - level)."""
    seed = int(rng.integers(2**63))
    found = [
        method(redrawn(study, change, np.random.default_rng([seed, k])), None).p <= 1 - level + 1e-12
        for k in range(WORLDS)
    ]
    return float(np.mean(found))


def detectable(
    study: Study, method: Method, *, smallest: float, level: float, rng: np.random.Generator
) -> Detectable:
    """Find the smallest reduction that would be seen.

    Parameters
    ----------
    study : Study
        Only months before the first start are used.
    method : function
        Study, level -> `Estimate`; only its p is used.
    smallest : float
        The smallest change that matters, a share.
    level : float
        A change is found when p is at most 1 - level.
    rng : numpy Generator
    """
    seed = int(rng.integers(2**63))

    def at(change: float) -> float:
        return power(study, method, change, level=level, rng=np.random.default_rng(seed))

    low, high = -1, len(CHANGES)
    while high - low > 1:  # power grows with the change
        middle = (low + high) // 2
        low, high = (low, middle) if at(CHANGES[middle]) >= POWER else (middle, high)
    reduction = CHANGES[high] if high < len(CHANGES) else None
    return Detectable(reduction, at(smallest), at(0.0), WORLDS)
