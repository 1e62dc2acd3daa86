"""Hits, misses, lead times and false alarms of anything that sounds at looks.

Enters: the dates of looks, at which of them an alarm started, turning points. Leaves: a `Scored`. It
does not matter what sounds: tests of shifts, a rule, warnings that people gave. Definitions, fixed before
anything was scored: docs/methods/replay.md. Called by `toguna.replay.lessons`.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from math import comb
from typing import Any

from scipy.special import gammaincinv

from toguna.replay.turning import TurningPoint

__all__ = ["LATE_DAYS", "LEAD_DAYS", "Fate", "Scored", "scorable", "score", "starts"]

LEAD_DAYS, LATE_DAYS = 183, 92
YEAR = 365.25


def starts(on: Sequence[Collection[str]]) -> list[bool]:
    """Whether an alarm starts at each look: on now, off at the look before; never at the first.

    Parameters
    ----------
    on : sequence of collection of str
        Names of what sounds, by look.
    """
    return [False, *(bool(set(now) - set(before)) for before, now in itertools.pairwise(on))][: len(on)]


@dataclass(frozen=True, slots=True)
class Fate:
    """How one turning point was met.

    Parameters
    ----------
    lead_days : int or None
        Days from the first alarm in the window before it; None = missed.
    noticed_days : int or None
        Days until the first alarm from the day itself on; None when none started within the late window.
    """

    lead_days: int | None
    noticed_days: int | None


@dataclass(frozen=True, slots=True)
class Scored:
    """The score of one method.

    Parameters
    ----------
    fates : tuple of Fate
        One for each turning point.
    alarms : tuple of (date, str)
        Looks at which an alarm started, and what it was: "hit", "late", "undecided" or "false".
    years : float
        Years of looks at which an alarm can be decided to be false.
    by_chance : float
        Hits to expect if as many alarms had started at looks drawn at random.
    """

    fates: tuple[Fate, ...]
    alarms: tuple[tuple[date, str], ...]
    years: float
    by_chance: float

    def count(self, verdict: str) -> int:
        """Count the alarms that were so."""
        return sum(v == verdict for _, v in self.alarms)

    @property
    def starts(self) -> int:
        """Looks at which an alarm started."""
        return len(self.alarms)

    @property
    def false(self) -> int:
        """Alarms for nothing."""
        return self.count("false")

    @property
    def hits(self) -> int:
        """Turning points that an alarm preceded."""
        return sum(fate.lead_days is not None for fate in self.fates)

    @property
    def per_year(self) -> tuple[float, float, float] | None:
        """False alarms per year with an exact 90% Poisson interval; None when no look can be decided."""
        if not self.years:
            return None
        low = float(gammaincinv(self.false, 0.05)) if self.false else 0.0
        high = float(gammaincinv(self.false + 1, 0.95))
        return self.false / self.years, low / self.years, high / self.years

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        rate = self.per_year
        names = ("value", "low", "high")
        return {
            "fates": [asdict(fate) for fate in self.fates],
            "hits": self.hits,
            "misses": len(self.fates) - self.hits,
            "hits_by_chance": round(self.by_chance, 2),
            "starts": self.starts,
            "false": self.false,
            "late": self.count("late"),
            "undecided": self.count("undecided"),
            "alarms": [{"day": day.isoformat(), "verdict": verdict} for day, verdict in self.alarms],
            "years": round(self.years, 2),
            "false_per_year": None
            if rate is None
            else {k: round(v, 3) for k, v in zip(names, rate, strict=True)},
        }


def _before(days: int) -> bool:
    """Whether an alarm so many days before a turning point announces it."""
    return 1 <= days <= LEAD_DAYS


def scorable(dates: Sequence[date], points: Sequence[TurningPoint]) -> list[TurningPoint]:
    """Keep the turning points within the looks that have a look before them at which an alarm can start."""
    return [
        p for p in points if p.day <= dates[-1] and any(_before((p.day - look).days) for look in dates[1:])
    ]


def score(dates: Sequence[date], started: Sequence[bool], points: Sequence[TurningPoint]) -> Scored:
    """Score one method.

    Parameters
    ----------
    dates : sequence of date
        The looks, in order.
    started : sequence of bool
        Whether an alarm started at each, see `starts`; the first only sets the state.
    points : sequence of TurningPoint
        What `scorable` kept.
    """
    looks = list(dates[1:])
    sounded = [day for day, on in zip(looks, started[1:], strict=True) if on]
    verdicts = [_verdict(day, points, looks[-1]) for day in sounded]
    decidable = sum((dates[-1] - day).days >= LEAD_DAYS for day in looks)
    step = (dates[-1] - dates[0]).days / max(len(looks), 1)
    return Scored(
        fates=tuple(_fate(point, sounded) for point in points),
        alarms=tuple(zip(sounded, verdicts, strict=True)),
        years=decidable * step / YEAR,
        by_chance=sum(_chance(point, looks, len(sounded)) for point in points),
    )


def _fate(point: TurningPoint, sounded: Sequence[date]) -> Fate:
    lead = [d for day in sounded if _before(d := (point.day - day).days)]
    after = [d for day in sounded if 0 <= (d := (day - point.day).days) <= LATE_DAYS]
    return Fate(max(lead, default=None), min(after, default=None))


def _verdict(day: date, points: Sequence[TurningPoint], last: date) -> str:
    if any(_before((p.day - day).days) for p in points):
        return "hit"
    if any(0 <= (day - p.day).days <= LATE_DAYS for p in points):
        return "late"
    return "false" if (last - day).days >= LEAD_DAYS else "undecided"


def _chance(point: TurningPoint, looks: Sequence[date], k: int) -> float:
    """Chance that at least one of `k` looks drawn at random lies in the window before a turning point."""
    n, w = len(looks), sum(_before((point.day - day).days) for day in looks)
    return 1 - comb(n - w, k) / comb(n, k)
