"""Staggered difference-in-differences: each area against never treated ones, before and after its own start.

Enters: a `Study`. Leaves: an `Estimate`. Called by `toguna.responses.appraisal.appraise`.

For area i treated from g: expected_i = before_i * C_after(g) / C_before(g), with C the sum over the
comparison areas, before and after the same month; the ratio is sum observed / sum expected. Each area is
compared with never treated areas only, over its own dates (Callaway and Sant'Anna), so that areas treated
earlier never stand in for untreated ones; trends are parallel in ratios, not in levels (Wooldridge).

Few areas: p and limits by permutation of the starts over all areas, the statistic divided by its
deviation (Poisson part, and a part for areas that drift by themselves), limits by inversion.

References
----------
Callaway and Sant'Anna (2021), doi 10.1016/j.jeconom.2020.12.001. Wooldridge (2023), doi
10.1093/ectj/utad016. Janssen (1997), doi 10.1016/S0167-7152(97)00043-6 (permutation of a studentized
statistic). MacKinnon and Webb (2020), doi 10.1016/j.jeconom.2020.04.024 (few treated clusters).
"""

from __future__ import annotations

from copy import copy
from itertools import permutations
from math import factorial

import numpy as np

from toguna.responses.appraisal.study import HALF, UNKNOWN, Estimate, Floats, Ints, Study

__all__ = ["assignments", "estimate"]

FEWEST_BEFORE = 6
MOST, SEED = 1999, 20210112
"""Permutations: all of them up to so many, else so many drawn, always the same ones."""
GRID, HALVINGS = np.arange(-3.0, 3.0001, 0.1), 4


def assignments(study: Study) -> Ints:
    """List which areas take the places of the treated ones, (P, n); the first row is the truth.

    Areas treated from the same month are interchangeable: orders that differ by them are one.
    """
    areas, n = study.counts.shape[1], len(study.treated)
    same = np.unique(study.starts[study.treated], return_counts=True)[1]
    possible = factorial(areas) // factorial(areas - n) // int(np.prod([factorial(int(k)) for k in same]))
    if possible <= MOST:
        return _all(study)
    rng = np.random.default_rng(SEED)
    drawn = np.argsort(rng.random((MOST, areas)), axis=1)[:, :n]
    return np.vstack([study.treated, drawn])


def _all(study: Study) -> Ints:
    starts = study.starts[study.treated]
    order = np.argsort(starts, kind="stable")
    seen = {tuple(study.treated[order].tolist()): None}
    groups = np.split(np.arange(len(order)), np.flatnonzero(np.diff(starts[order])) + 1)
    for row in permutations(range(study.counts.shape[1]), len(order)):
        seen[tuple(u for g in groups for u in sorted(row[k] for k in g))] = None
    back = np.argsort(order)
    return np.array(list(seen), dtype=np.int64)[:, back]


class _Sums:
    """Counts before and after the starts, (n, U) for the n places of treated areas.

    `noise`: overdispersion (U,), and how many independent events a count after the start stands for (U,).
    """

    def __init__(self, counts: Floats, starts: Ints, noise: tuple[Floats, Floats]) -> None:
        running = np.vstack([np.zeros(counts.shape[1]), np.cumsum(counts, axis=0)])
        self.before = running[starts]
        self.after = running[-1] - self.before
        self.spread, self.worth = noise

    def one(self, place: int) -> _Sums:
        """Return the sums of a single place."""
        part = copy(self)
        part.before, part.after = self.before[[place]], self.after[[place]]
        return part

    def parts(self, rows: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """Observed and expected counts of assignments (P, n), and the two parts of their variance."""
        k = np.arange(rows.shape[1])
        before, after = self.before[k, rows], self.after[k, rows]
        rest_before = self.before.sum(axis=1) - self.before[k[:, None], rows[:, None, :]].sum(axis=2)
        rest_after = self.after.sum(axis=1) - self.after[k[:, None], rows[:, None, :]].sum(axis=2)
        trend = (rest_after + HALF) / (rest_before + HALF)
        expected = (before + HALF) * trend
        share = expected / expected.sum(axis=1, keepdims=True)
        own = (self.before + self.after).sum(axis=0)
        others = np.maximum(own.sum() - own[rows].sum(axis=1), HALF)
        noisy = own * self.spread
        spread = np.maximum((noisy.sum() - noisy[rows].sum(axis=1)) / others, 1.0)
        counted = (share**2 * (1 / (expected * self.worth[rows]) + self.spread[rows] / (before + HALF))).sum(
            axis=1
        )
        counted += spread * (share * (1 / (rest_before + HALF) + 1 / (rest_after + HALF))).sum(axis=1)
        squares = (own**2).sum() - (own[rows] ** 2).sum(axis=1)
        drifting = (share**2).sum(axis=1) + squares / others**2
        return after.sum(axis=1), expected.sum(axis=1), counted, drifting


def _drift(sums: _Sums, starts: Ints) -> float:
    """Variance of the logarithm by which an area moves by itself, beyond what counting alone gives.

    From every area in turn taken for treated; the median, because the treated one may have been moved.
    """
    areas = sums.before.shape[1]
    found = []
    for place in np.unique(starts, return_index=True)[1]:
        observed, expected, counted, drifting = sums.one(int(place)).parts(np.arange(areas)[:, None])
        log = np.log((observed + HALF) / (expected + HALF))
        found.append((log**2 / 0.455 - counted) / drifting)  # 0.455: median of a squared normal
    return max(0.0, float(np.median(found)))


def _spread(study: Study) -> Floats:
    """Return the overdispersion of each area (U,), at least 1: squared departures over what is expected.

    Around each area's own mean before and after the first start, times how all areas went: an effect
    does not pass for noise.
    """
    total, parts = study.counts.sum(axis=1), np.zeros(study.counts.shape[1])
    for y, whole in zip(np.split(study.counts, [study.first]), np.split(total, [study.first]), strict=True):
        mean = np.outer(whole + HALF, y.mean(axis=0) + HALF / len(y)) / (whole + HALF).mean()
        parts += ((y - mean) ** 2 / mean).sum(axis=0)
    return np.maximum(parts / max(study.months - 2, 1), 1.0)


def _test(study: Study, rows: Ints, spread: Floats, log_ratio: float = 0.0) -> tuple[Floats, Floats, Floats]:
    """Return the studentized statistics (P,), and observed and expected of all assignments.

    A ratio is divided out of the treated areas first; each count then stands for more or fewer events.
    """
    starts, counts = study.starts[study.treated], study.counts.copy()
    worth = 1 / spread
    for u, g in zip(study.treated, starts, strict=True):
        counts[g:, u] *= np.exp(-log_ratio)
        worth[u] *= np.exp(log_ratio)
    sums = _Sums(counts, starts, (spread, worth))
    observed, expected, counted, drifting = sums.parts(rows)
    log = np.log((observed + HALF) / (expected + HALF))
    return log / np.sqrt(counted + _drift(sums, starts) * drifting), observed, expected


def _p(statistic: Floats) -> float:
    return float((np.abs(statistic) >= abs(statistic[0]) - 1e-12).mean())


def estimate(study: Study, level: float | None = 0.9) -> Estimate:
    """Estimate the ratio over all treated areas and months.

    Parameters
    ----------
    study : Study
        At least one comparison area and 6 months before the first start.
    level : float or None
        Of the limits; None = no limits, which saves most of the time.

    Returns
    -------
    Estimate
        Without limits when there are too few assignments for the level (`least_p` > 1 - level).
        `UNKNOWN` when months, counts or comparison areas are lacking.
    """
    starts = study.starts[study.treated]
    if study.first < FEWEST_BEFORE or not len(study.never) or not len(starts):
        return UNKNOWN
    if not study.counts[: study.first, study.treated].any() or not study.counts[:, study.never].any():
        return UNKNOWN
    rows = assignments(study)
    spread = _spread(study)
    statistic, observed, expected = _test(study, rows, spread)
    least = 1 / len(rows)
    low, high = -np.inf, np.inf
    if level is not None and least <= 1 - level + 1e-12:
        low, high = _limits(study, rows, spread, 1 - level)
    log = float(np.log((observed[0] + HALF) / (expected[0] + HALF)))
    return Estimate(
        log, low, high, _p(statistic), float(observed[0]), float(expected[0]), least, _path(study)
    )


def _limits(study: Study, rows: Ints, spread: Floats, alpha: float) -> tuple[float, float]:
    """Keep every ratio under which the starts look exchangeable once it is divided out.

    Looked for on a grid that holds the estimate, then between the last ratio kept and the first that is not.
    """

    def kept(log_ratio: float) -> bool:
        return _p(_test(study, rows, spread, log_ratio)[0]) > alpha

    _, observed, expected = _test(study, rows[:1], spread)
    grid = np.union1d(GRID, np.log((observed[0] + HALF) / (expected[0] + HALF)))
    at = np.flatnonzero([kept(float(r)) for r in grid])
    if not len(at):
        return -np.inf, np.inf
    edges = []
    for inside, outside in ((at[0], at[0] - 1), (at[-1], at[-1] + 1)):
        if not 0 <= outside < len(grid):
            edges.append(-np.inf if outside < 0 else np.inf)
            continue
        near, far = float(grid[inside]), float(grid[outside])
        for _ in range(HALVINGS):
            middle = (near + far) / 2
            near, far = (middle, far) if kept(middle) else (near, middle)
        edges.append(near)
    return edges[0], edges[1]


def _path(study: Study) -> tuple[dict[str, float], ...]:
    """Sum observed and expected by month since the start of each area (negative = before)."""
    found: dict[int, list[float]] = {}
    others = study.counts[:, study.never].sum(axis=1)
    for u in study.treated:
        g = int(study.starts[u])
        scale = (study.counts[:g, u].sum() + HALF) / (others[:g].sum() + HALF)
        for t in range(study.months):
            cell = found.setdefault(t - g, [0.0, 0.0])
            cell[0] += study.counts[t, u]
            cell[1] += others[t] * scale
    return tuple(
        {"month": float(k), "observed": float(v[0]), "expected": float(v[1])}
        for k, v in sorted(found.items())
    )
