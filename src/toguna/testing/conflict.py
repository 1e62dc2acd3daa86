"""A conflict that never happened, with shifts that are known to the day.

Attacks come in bursts (a Neyman-Scott process); a burst has a home area, a group and habits, and its
later attacks mostly repeat the first. Everything is stationary until `Truth.day`, when one thing
changes: place, tempo, tactics, targets, settings, or the reach of a group. Used by the tests and the
benchmarks of `toguna.shifts`; it does not draw on any real theatre.

References
----------
Neyman and Scott (1958), doi 10.1111/j.2517-6161.1958.tb00272.x.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from toguna.shifts.sample import Coded, Sample

__all__ = [
    "AREAS",
    "HOMES",
    "KINDS",
    "NEW_MIX",
    "NEW_PLACES",
    "OLD_MIX",
    "OLD_PLACES",
    "Habits",
    "Truth",
    "World",
    "simulate",
]

KINDS = ("none", "place", "tempo", "tactic", "target", "setting", "reach")
AREAS = ("north-a", "north-b", "north-c", "middle-a", "middle-b", "south-a", "south-b", "south-c")

# Kilometres east and north of the middle of the theatre.
HOMES = np.array(
    [[250, 450], [450, 250], [0, 350], [-150, 0], [100, -50], [-300, -300], [0, -350], [-450, -200]],
    dtype=float,
)
OLD_PLACES = np.array([0.35, 0.30, 0.25, 0.06, 0.04, 0.0, 0.0, 0.0])
NEW_PLACES = np.array([0.10, 0.10, 0.10, 0.25, 0.10, 0.15, 0.10, 0.10])
OLD_MIX = np.array([0.35, 0.30, 0.15, 0.10, 0.07, 0.03])
NEW_MIX = np.array([0.10, 0.15, 0.15, 0.15, 0.25, 0.20])
_GROUPS = np.array([0.5, 0.3, 0.2])
_MARKS = ("tactic", "target", "setting")


@dataclass(frozen=True, slots=True)
class Truth:
    """What changes, when, and how strongly.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    day : int
        First day of the new regime.
    strength : float
        0 = nothing changes, 1 = the whole way to the new regime; for "tempo" the rate is multiplied
        by 1 + strength.
    """

    kind: str = "none"
    day: int = 0
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Habits:
    """How attacks come.

    Parameters
    ----------
    per_day : float
        Attacks per day.
    burst : float
        Mean attacks per burst.
    lag_days : float
        Mean delay of a later attack of a burst after the first.
    repeat : float
        Chance that a later attack repeats area, tactic, target, setting of the first.
    """

    per_day: float = 0.08
    burst: float = 1.5
    lag_days: float = 10.0
    repeat: float = 0.6


@dataclass(frozen=True, slots=True)
class World:
    """A simulated conflict.

    Parameters
    ----------
    sample : Sample
        The attacks, as the tests take them.
    deaths : int, shape (N,)
        Deaths per attack; heavy-tailed.
    truth : Truth
        What changed.
    """

    sample: Sample
    deaths: NDArray[np.int64]
    truth: Truth
    habits: Habits = field(default_factory=Habits)


def _bursts(
    habits: Habits, truth: Truth, span: tuple[int, int], rng: np.random.Generator
) -> NDArray[np.int64]:
    """First days of bursts over a span, with the rate raised after the shift of tempo."""
    first, last = span
    lead = int(5 * habits.lag_days)
    factor = 1 + truth.strength if truth.kind == "tempo" else 1.0
    rate = habits.per_day / habits.burst
    peak = rate * max(factor, 1.0)
    day = rng.uniform(first - lead, last + 1, size=rng.poisson(peak * (last - first + 1 + lead)))
    level = np.where(day >= truth.day, rate * factor, rate) / peak
    return np.asarray(np.sort(day[rng.random(len(day)) < level]), dtype=np.float64).astype(np.int64)


def _draw(
    old: NDArray[np.float64], new: NDArray[np.float64], after: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw categories: from `old` before the shift, from `new` after it."""
    cut = np.where(after[:, None], np.cumsum(new)[None, :], np.cumsum(old)[None, :])
    return np.asarray(
        (rng.random(len(after))[:, None] > cut).sum(axis=1).clip(0, len(old) - 1), dtype=np.int64
    )


def _regimes(truth: Truth) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Distributions before and after the shift for every mark."""

    def after(name: str, old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
        share = truth.strength if truth.kind == name else 0.0
        return (1 - share) * old + share * new

    out = {"place": (OLD_PLACES, after("place", OLD_PLACES, NEW_PLACES))}
    out |= {m: (OLD_MIX, after(m, OLD_MIX, NEW_MIX)) for m in _MARKS}
    return out


def simulate(
    rng: np.random.Generator,
    *,
    truth: Truth | None = None,
    habits: Habits | None = None,
    span: tuple[int, int],
) -> World:
    """Simulate a conflict over the days `span` (first and last ordinal, inclusive).

    Examples
    --------
    >>> world = simulate(np.random.default_rng(1), span=(1, 1095))
    >>> len(world.sample) > 40
    True
    """
    truth, habits = truth or Truth(), habits or Habits()
    begin = _bursts(habits, truth, span, rng)
    size = rng.geometric(1 / habits.burst, size=len(begin))
    burst = np.repeat(np.arange(len(begin)), size)
    lag = rng.exponential(habits.lag_days, size=len(burst))
    lag[np.cumsum(size) - size] = 0.0
    day = begin[burst] + lag.astype(np.int64)
    after = day >= truth.day
    regimes = _regimes(truth)
    marks = {}
    for name, (old, new) in regimes.items():
        own = _draw(old, new, after, rng)
        parent = _draw(old, new, begin >= truth.day, rng)[burst]
        marks[name] = np.where(rng.random(len(day)) < habits.repeat, parent, own)
    group = rng.choice(len(_GROUPS), p=_GROUPS, size=len(begin))[burst]
    if truth.kind == "reach":
        gone = after & (group == 0) & (rng.random(len(day)) < truth.strength)
        marks["place"] = np.where(gone, rng.integers(5, len(AREAS), size=len(day)), marks["place"])
    place = HOMES[marks["place"]] + rng.normal(0, 30, size=(len(day), 2))
    keep = np.flatnonzero((day >= span[0]) & (day <= span[1]))
    keep = keep[np.argsort(day[keep], kind="stable")]
    deaths = np.floor(rng.pareto(1.3, size=len(day)) * 2).clip(0, 300).astype(np.int64)
    return World(_sample(day, place, marks, group, keep), deaths[keep], truth, habits)


def _sample(
    day: NDArray[np.int64],
    place: NDArray[np.float64],
    marks: dict[str, NDArray[np.int64]],
    group: NDArray[np.int64],
    keep: NDArray[np.int64],
) -> Sample:
    letters = tuple("abcdef")
    coded = {name: Coded(tuple(f"{name}-{x}" for x in letters), marks[name][keep]) for name in _MARKS}
    coded["admin1"] = Coded(AREAS, marks["place"][keep])
    coded["admin2"] = Coded((), np.full(len(keep), -1, dtype=np.int64))
    cells = np.floor(place[keep] / 55).astype(np.int64)
    names, codes = np.unique(cells, axis=0, return_inverse=True)
    coded["cell"] = Coded(tuple(str(k) for k in range(len(names))), np.asarray(codes).reshape(-1))
    return Sample(
        ids=np.array([f"world:{k}" for k in range(len(keep))], dtype=np.str_),
        day=day[keep],
        place=place[keep],
        origin=(15.0, 0.0),
        coded=coded,
        families={f"group-{g}": group[keep] == g for g in range(len(_GROUPS))},
    )
