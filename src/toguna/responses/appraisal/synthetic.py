"""Synthetic control: one treated area against the mix of others that went as it did before.

Enters: a `Study` with one treated area. Leaves: an `Estimate`. Called by
`toguna.responses.appraisal.appraise`.

Counts are summed over quarters, back and forth from the start, and divided by each area's mean before it, so
that a large area can be matched by small ones (Ferman and Pinto take differences from the mean; here it
is ratios). Weights are 0 or more, sum to 1, and fit the quarters before by least squares. The gap after
is divided by the root mean square of the gaps before; every comparison area is treated in its turn
(Abadie and others), and limits hold the ratios under which the treated one is not among the most extreme.

References
----------
Abadie, Diamond, Hainmueller (2010), doi 10.1198/jasa.2009.ap08746. Ferman and Pinto (2021), doi
10.3982/QE1596. Firpo and Possebom (2018), doi 10.1515/jci-2016-0026 (limits by inversion).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from toguna.responses.appraisal.study import HALF, UNKNOWN, Estimate, Floats, Study

__all__ = ["estimate", "weights"]

QUARTER, FEWEST_QUARTERS, HEAVY = 3, 4, 1e3


def weights(donors: Floats, target: Floats) -> Floats:
    """Return the weights (D,), 0 or more with sum 1, that bring donors (Q, D) closest to the target (Q,).

    Non-negative least squares with a heavy row that holds the sum.
    """
    scale = HEAVY * max(float(np.abs(donors).max()), 1.0)
    found = nnls(np.vstack([donors, np.full(donors.shape[1], scale)]), np.append(target, scale))[0]
    return np.asarray(found / found.sum())


def _quarters(counts: Floats, start: int) -> tuple[Floats, int]:
    """Sum over quarters that do not cross the start; months that fill none are left out."""
    before, after = start // QUARTER, (len(counts) - start) // QUARTER
    kept = counts[start - before * QUARTER : start + after * QUARTER]
    return kept.reshape(before + after, QUARTER, -1).sum(axis=1), before


def _gap(y: Floats, who: int, donors: Floats, before: int) -> tuple[float, float, float]:
    """Return the means after of the area and its mix, and the root mean square of gaps before."""
    own, others = y[:, who], y[:, donors.astype(np.int64)]
    mix = others @ weights(others[:before], own[:before])
    misfit = float(np.sqrt(((own - mix)[:before] ** 2).mean()))
    # A perfect fit on few quarters is luck: counting alone leaves this much.
    least = 1 / np.sqrt(max(float(own[:before].sum()), 1.0))
    return float(own[before:].mean()), float(mix[before:].mean()), max(misfit, least)


def estimate(study: Study, level: float | None = 0.9) -> Estimate:
    """Estimate the ratio of the treated area to its mix.

    Parameters
    ----------
    study : Study
        One treated area; comparison areas without a count before the start are left out.
    level : float or None
        Of the limits; None = no limits.

    Returns
    -------
    Estimate
        Without limits when there are fewer areas than the level asks (9 for 90 %: ten in all).
        `UNKNOWN` with fewer than four quarters before, one after, two comparison areas, or no count before.
    """
    start, who = study.first, study.treated
    if len(who) != 1 or start < QUARTER * FEWEST_QUARTERS or study.months - start < QUARTER:
        return UNKNOWN
    sums, before = _quarters(study.counts, start)
    scale = sums[:before].mean(axis=0)
    donors = study.never[scale[study.never] > 0]
    if scale[who[0]] == 0 or len(donors) < 2:
        return UNKNOWN
    y = sums / np.maximum(scale, 1e-12)
    own, mix, misfit = _gap(y, int(who[0]), donors, before)
    placebo = np.array([_ratio(_gap(y, int(d), donors[donors != d], before)) for d in donors])
    statistic = abs(own - mix) / misfit
    p = (1 + float((placebo >= statistic - 1e-12).sum())) / (1 + len(donors))
    least = 1 / (1 + len(donors))
    low, high = -np.inf, np.inf
    if level is not None and least <= 1 - level + 1e-12:
        low, high = _limits((own, mix, misfit), placebo, 1 - level)
    after = float(sums[before:, who[0]].sum())
    expected = mix * scale[who[0]] * (len(sums) - before)
    path = _path(y, int(who[0]), donors, before)
    log = float(np.log((after + HALF) / (expected + HALF)))
    return Estimate(log, low, high, p, after, float(expected), least, path)


def _ratio(gap: tuple[float, float, float]) -> float:
    return abs(gap[0] - gap[1]) / gap[2]


def _limits(gap: tuple[float, float, float], placebo: Floats, alpha: float) -> tuple[float, float]:
    """Keep the ratios r for which |own / r - mix| is no larger than placebos allow."""
    own, mix, misfit = gap
    own = max(own, 1e-6)
    allowed = (
        int(np.floor(alpha * (1 + len(placebo)) + 1e-9)) - 1
    )  # placebos at least as extreme at rejection
    worst = float(np.sort(placebo)[::-1][allowed]) * misfit
    low = np.log(own / (mix + worst)) if gap[0] > 0 else -np.inf
    return float(low), float(np.log(own / (mix - worst))) if mix > worst else np.inf


def _path(y: Floats, who: int, donors: Floats, before: int) -> tuple[dict[str, float], ...]:
    others = y[:, donors]
    mix = others @ weights(others[:before], y[:before, who])
    return tuple(
        {"month": float(QUARTER * (q - before)), "observed": float(y[q, who]), "expected": float(mix[q])}
        for q in range(len(y))
    )
