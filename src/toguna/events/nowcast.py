"""Which share of what happened is known by now: the delay of reports, and what recent months still lack.

Enters: days of events, and the days on which they were first known. Leaves: `Completeness`. Called by
`toguna.events.completeness`; pure numbers, no files.

The chance that a report comes with delay d, given that it comes with delay d or less (the reverse-time
hazard), can be estimated from months that are not fully reported yet: what was truncated on the right cancels
out. The share known at age a is the product of what is left of one over all later delays.

References
----------
Kalbfleisch and Lawless (1991), Statistica Sinica 1, 19-32. Lawless (1994), doi 10.2307/3315820.
Höhle and an der Heiden (2014), doi 10.1111/biom.12194.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["STEP_DAYS", "Completeness", "Reports", "completeness", "unknown"]

STEP_DAYS = 30
LONGEST = 24
"""Steps of delay that are looked at; what is known later still is not counted as missing."""
FEWEST_STEPS, FEWEST_EVENTS = 12, 30
STEPS_FOR_HAZARD, STEPS_FOR_SPREAD = 6, 12
OFTEN = 0.75
"""Share of the watched steps in which something must have been published: the estimate holds for a flow of
reports, not for a release a year."""
DRAWS = 999
LEAST = 0.01

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reports:
    """Events with the day on which they were first known.

    Parameters
    ----------
    day, known : (N,) int
        Ordinals: first day of the event; first day on which it was known (at most the day of the assessment).
    deaths : (N,) float
        Best estimates; missing ones as zero.
    since : int or None
        First day of watching: what was known by then has no known delay. None: every delay is known.
    settled : int or None
        Last day of what a final release has settled: nothing is missing up to it.
    """

    day: Ints
    known: Ints
    deaths: Floats
    since: int | None = None
    settled: int | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """Share of events known at each age, in steps of 30 days back from the day of the assessment.

    Parameters
    ----------
    share, low, high : (A,) float
        Share of the events of a step of this age (0 = the newest) that is known, with its 90 % limits for
        one such step. Older steps are whole.
    deaths : (A,) float
        The same share, of deaths.
    draws : (R, A) float
        Draws of the share of one such step: estimate and difference between steps.
    steps, events : int
        Steps watched, and events whose delay entered.
    reason : str
        Why nothing can be said; "" when something can.
    """

    share: Floats = field(default_factory=lambda: np.ones(0))
    low: Floats = field(default_factory=lambda: np.ones(0))
    high: Floats = field(default_factory=lambda: np.ones(0))
    deaths: Floats = field(default_factory=lambda: np.ones(0))
    draws: Floats = field(default_factory=lambda: np.ones((1, 0)))
    steps: int = 0
    events: int = 0
    reason: str = ""

    @property
    def known(self) -> bool:
        """Whether there is an estimate."""
        return not self.reason

    @property
    def matters(self) -> bool:
        """Whether there is an estimate, and a step of which something is missing."""
        return self.known and bool((self.share < 1).any())

    def over(self, first: Floats, last: Floats) -> Floats:
        """Mean share over days of age `first` to `last` (exclusive), one value for each pair; 1 = whole."""
        mean: Floats = _over(self.share[None, :], first, last)[0]
        return mean

    def draws_over(self, first: Floats, last: Floats) -> Floats:
        """Return the same for every draw, shape (R, number of pairs)."""
        spans: Floats = _over(self.draws, first, last)
        return spans

    def predict(self, counts: Ints, *, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        """Say how many events the newest steps will have when all is known, with 90 % limits.

        Parameters
        ----------
        counts : (A,) int
            Events known by now, newest step first.

        Returns
        -------
        expected, low, high : (A,) float
            `expected` is counts / share. The limits are those of a negative binomial number of missing
            events whose share differs from step to step.
        """
        n = len(counts)
        share = np.concatenate([self.share[:n], np.ones(max(0, n - len(self.share)))])
        draws = np.ones((len(self.draws), n))
        draws[:, : self.draws.shape[1]] = self.draws[:, :n]
        missing = rng.negative_binomial(counts[None, :] + 0.5, np.minimum(draws, 1 - 1e-12))
        total = counts[None, :] + np.where(draws < 1, missing, 0)
        low, high = np.quantile(total, [0.05, 0.95], axis=0, method="inverted_cdf")
        return counts / share, low.astype(float), high.astype(float)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        if not self.known:
            return {"known": False, "reason": self.reason}
        names = ("share", "low", "high", "deaths")
        told = {name: [round(float(v), 4) for v in getattr(self, name)] for name in names}
        return {"known": True, "step_days": STEP_DAYS, "steps": self.steps, "events": self.events, **told}


def unknown(reason: str) -> Completeness:
    """Return what is said when nothing can be."""
    return Completeness(reason=reason)


def _over(shares: Floats, first: Floats, last: Floats) -> Floats:
    ages = np.concatenate([np.zeros((len(shares), 1)), np.cumsum(shares, axis=1) * STEP_DAYS], axis=1)
    grid = np.arange(ages.shape[1]) * float(STEP_DAYS)

    def upto(age: Floats) -> Floats:
        days: Floats = np.array([np.interp(age, grid, row) for row in ages])
        beyond: Floats = np.maximum(age - grid[-1], 0.0)
        return days + beyond

    span: Floats = (upto(last) - upto(first)) / (last - first)
    clipped: Floats = np.clip(span, LEAST, 1.0)
    return clipped


def completeness(reports: Reports, *, as_of: int, rng: np.random.Generator) -> Completeness:
    """Estimate which share of the events of recent steps is known.

    Parameters
    ----------
    reports : Reports
        Events known by the day of the assessment.
    as_of : int
        That day, as an ordinal.
    rng : Generator
        For the intervals.

    Returns
    -------
    Completeness
        With a `reason` and no shares when fewer than 12 steps were watched, fewer than 30 delays are known,
        or publications are too rare.
    """
    table, watched = _triangle(reports, as_of)
    reason = _cannot(reports, as_of, table, watched)
    if reason:
        return unknown(reason)
    longest = _longest(table.shape[0])
    weights = np.ones((1, table.shape[0]))
    share = _shares(table, watched, longest, weights)[0]
    dead = _triangle(reports, as_of, weighted=True)[0]
    boot = rng.dirichlet(np.ones(table.shape[0]), size=DRAWS) * table.shape[0]
    spread = _spread(table, watched, share)
    draws = _scatter(_shares(table, watched, longest, boot), spread, rng)
    whole = _settled_from(reports, as_of)
    share, draws = _whole_from(share[None, :], whole)[0], _whole_from(draws, whole)
    deaths = _whole_from(_shares(dead, watched, longest, weights), whole)[0]
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    return Completeness(
        share, low, high, deaths, draws, steps=watched, events=int(_increments(table, watched).sum())
    )


def _triangle(reports: Reports, as_of: int, *, weighted: bool = False) -> tuple[Floats, int]:
    """Count events by step of age (rows, newest first) and steps of delay (columns); steps watched."""
    event = (as_of - reports.day) // STEP_DAYS
    known = (as_of - np.maximum(reports.known, reports.day)) // STEP_DAYS
    keep = (reports.day <= as_of) & (reports.known <= as_of)
    event, known = event[keep], known[keep]
    rows = int(event.max()) + 1 if len(event) else 0
    table = np.zeros((rows, rows))
    np.add.at(table, (event, event - known), reports.deaths[keep] if weighted else 1.0)
    watched = rows if reports.since is None else (as_of - reports.since) // STEP_DAYS
    return table, int(min(max(watched, 0), rows))


def _cannot(reports: Reports, as_of: int, table: Floats, watched: int) -> str:
    if watched < FEWEST_STEPS:
        return "too-short"
    if _increments(table, watched).sum() < FEWEST_EVENTS:
        return "too-few"
    published = np.unique((as_of - reports.known[reports.known <= as_of]) // STEP_DAYS)
    if (published < watched).sum() < OFTEN * watched:
        return "too-rare"
    return ""


def _increments(table: Floats, watched: int) -> Floats:
    """Keep the counts whose delay is known: published in a step that was watched."""
    rows, columns = np.indices(table.shape)
    step = rows - columns
    kept: Floats = np.where((step >= 0) & (step < watched), table, 0.0)
    return kept


def _longest(rows: int) -> int:
    """Longest delay for which at least six steps of events tell a hazard."""
    return int(max(1, min(LONGEST, rows - STEPS_FOR_HAZARD)))


def _shares(table: Floats, watched: int, longest: int, weights: Floats) -> Floats:
    """Share known at ages 0 to longest - 1 for each set of weights of the steps, shape (R, longest)."""
    rows = table.shape[0]
    upto = np.cumsum(table, axis=1)
    shares = np.ones((len(weights), longest + 1))
    for d in range(longest, 0, -1):
        steps = np.arange(d, min(d + watched, rows))
        new, all_of = weights[:, steps] @ table[steps, d], weights[:, steps] @ upto[steps, d]
        hazard = np.divide(new, all_of, out=np.zeros_like(new), where=all_of > 0)
        shares[:, d - 1] = shares[:, d] * (1 - hazard)
    return np.maximum(shares[:, :longest], LEAST)


def _spread(table: Floats, watched: int, share: Floats) -> Floats:
    """Estimate for each age how far single steps differ from the share: the correlation of a beta-binomial.

    From steps of which both the count at that age and one much later were watched; twelve of them where
    there are so many, for a few steps tell a difference badly.
    """
    longest, rows = len(share), table.shape[0]
    upto = np.cumsum(table, axis=1)
    reached = np.append(share, 1.0)
    out = np.zeros(longest)
    for a in range(longest):
        end = min(a + watched, rows)
        later = min(longest, max(end - STEPS_FOR_SPREAD, a + 1))
        steps = np.arange(later, end)
        ratio = share[a] / reached[later]
        if len(steps) < 2 or not 0 < ratio < 1:
            continue
        n, x = upto[steps, later], upto[steps, a]
        pairs = (n * (n - 1)).sum()
        excess = ((x - n * ratio) ** 2 / (ratio * (1 - ratio)) - n).sum()
        out[a] = min(max(excess / pairs, 0.0), 0.5) if pairs > 0 else 0.0
    return out


def _scatter(shares: Floats, spread: Floats, rng: np.random.Generator) -> Floats:
    """Draw the share of one step around each draw of the mean share."""
    inside = np.clip(shares, LEAST, 1 - 1e-9)
    size = np.broadcast_to(1 / np.maximum(spread, 1e-9) - 1, inside.shape)
    drawn = rng.beta(np.maximum(inside * size, 1e-6), np.maximum((1 - inside) * size, 1e-6))
    used = (spread[None, :] > 0) & (shares < 1)
    clipped: Floats = np.clip(np.where(used, drawn, shares), LEAST, 1.0)
    return clipped


def _settled_from(reports: Reports, as_of: int) -> int | None:
    """Return the first age, in steps, at which all days are settled."""
    return None if reports.settled is None else -(-(as_of - reports.settled) // STEP_DAYS)


def _whole_from(shares: Floats, age: int | None) -> Floats:
    if age is not None:
        shares = shares.copy()
        shares[:, max(age, 0) :] = 1.0
    return shares
