"""The verdict, by rules fixed before any number is seen.

Enters: an `Estimate`, what the checks gave, the smallest change that matters. Leaves: `Verdict`. Called by
`appraise`; the rules are those of docs/methods/appraisal.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toguna.responses.appraisal.study import Estimate

__all__ = ["BAD_P", "Checks", "Verdict", "judge"]

BAD_P = 0.05
"""A placebo in time as extreme as this says that the areas had parted before."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What was looked at beside the estimate; None = could not be.

    Parameters
    ----------
    before : Estimate or None
        Placebo in time: the same method on the months before, as if begun at two thirds of them.
    others : Estimate or None
        Placebo in space of an interrupted series: the comparison areas, as if treated.
    ring : Estimate or None
        The neighbours, as if treated.
    false_alarms : float
        Of the method on counts like these.
    """

    before: Estimate | None
    others: Estimate | None
    ring: Estimate | None
    false_alarms: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said.

    Parameters
    ----------
    said : str
        "reduction", "increase", "no-difference" (none larger than the smallest that matters), "unknown".
    reasons : tuple of str
        Why it is unknown: "too-few-months", "too-few-areas", "parted-before", "others-moved-too",
        "method-unsafe", "too-wide"; and what else must be known: "ring-moved".
    """

    said: str
    reasons: tuple[str, ...]


def _moved(one: Estimate | None) -> int:
    """Say where limits lie: -1 below, 1 above, 0 around a ratio of one, or nothing known."""
    return 0 if one is None else int(one.low > 0) - int(one.high < 0)


def judge(estimate: Estimate, checks: Checks, *, smallest: float, level: float) -> Verdict:
    """Choose the verdict.

    Parameters
    ----------
    estimate : Estimate
    checks : Checks
    smallest : float
        The smallest change that matters, a share.
    level : float
        Of the limits.

    Returns
    -------
    Verdict
        Unknown as soon as one check fails: a number that cannot be trusted is no finding.
    """
    reasons = []
    if np.isnan(estimate.log_ratio):
        reasons.append("too-few-months")
    elif estimate.least_p > 1 - level + 1e-12:
        reasons.append("too-few-areas")
    if checks.before is not None and checks.before.p < BAD_P:
        reasons.append("parted-before")
    direction = _moved(estimate)
    if direction and _moved(checks.others) == direction:
        reasons.append("others-moved-too")
    if checks.false_alarms > 2 * (1 - level):
        reasons.append("method-unsafe")
    ring = ("ring-moved",) if _moved(checks.ring) else ()
    if reasons:
        return Verdict("unknown", (*reasons, *ring))
    if direction:
        return Verdict("increase" if direction > 0 else "reduction", ring)
    bound = -np.log1p(-smallest)
    if -bound < estimate.low and estimate.high < bound:
        return Verdict("no-difference", ring)
    return Verdict("unknown", ("too-wide", *ring))
