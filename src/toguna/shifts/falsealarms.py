"""How often would this battery cry wolf in this theatre?

Monthly looks over a simulated year in which nothing shifts; an alarm that is on in one look and was
off in the look before counts once. Reported per dimension with its Monte Carlo interval.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from scipy.special import gammaincinv
from threadpoolctl import threadpool_limits

from toguna.shifts.battery import THRESHOLD, alarms, dimension_of, enough, planned, run
from toguna.shifts.sample import Sample
from toguna.shifts.windows import Windows, windows_ending
from toguna.shifts.worlds import Tempo, fit_tempo, null_world

__all__ = ["DIMENSIONS", "FalseAlarms", "calibrate", "year_of_looks"]

DIMENSIONS = ("fronts", "spread", "reach", "tactics", "targets", "settings", "tempo")
LOOKS = 12
REPLICATES = 399
"""Fewest permutations per look; see `toguna.shifts.battery.enough`."""


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """False alarms per year by dimension.

    Parameters
    ----------
    worlds : int
        Simulated years.
    counts : dict
        Alarms that started, by dimension, over all simulated years.
    tempo : Tempo
        What the worlds were made with.
    dispersion : dict
        Variance of the counts per simulated year over their mean, by dimension; 1 when absent.
    """

    worlds: int
    counts: dict[str, int]
    tempo: Tempo
    dispersion: dict[str, float] = field(default_factory=dict)

    def per_year(self, dimension: str) -> tuple[float, float, float]:
        """Return rate and 90% interval: gamma posterior of a quasi-Poisson rate, Jeffreys prior.

        False alarms come in bunches (all events, an area and a family surge together), so the count
        carries less information than a Poisson count: it is divided by its dispersion.
        """
        count, over = self.counts.get(dimension, 0) + 0.5, self.dispersion.get(dimension, 1.0)
        low, high = gammaincinv(count / over, np.array([0.05, 0.95])) * over / self.worlds
        return count / self.worlds, float(low), float(high)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        rates = {d: self.per_year(d) for d in DIMENSIONS}
        return {
            "per_dimension": {
                d: {"per_year": round(v, 3), "low": round(lo, 3), "high": round(hi, 3)}
                for d, (v, lo, hi) in rates.items()
            },
            "threshold": THRESHOLD,
            "worlds": self.worlds,
            "looks_per_year": LOOKS,
            "null_world": self.tempo.as_dict(),
        }


def year_of_looks(
    pool: Sample, windows: Windows, tempo: Tempo, *, replicates: int, rng: np.random.Generator
) -> list[str]:
    """Simulate one null year with monthly looks; return the tests whose alarm started, with repeats.

    Every look draws at least `replicates` permutations, and as many as its number of tests needs.
    """
    year = timedelta(days=365)
    first = (windows.reference.start - year).toordinal()
    world = null_world(pool, tempo, first=first, last=windows.as_of.toordinal(), rng=rng)
    started: list[str] = []
    before: set[str] = set()
    for look in range(LOOKS, -1, -1):
        day = windows.as_of - timedelta(days=round(look * 365 / LOOKS))
        at = windows_ending(day, recent_days=windows.recent.days, reference_days=windows.reference.days)
        drawn = enough(len(planned(world, at)), at_least=replicates)
        now = set(alarms(run(world, at, replicates=drawn, rng=rng, by_zone=False).p))
        if look < LOOKS:
            started += sorted(now - before)
        before = now
    return started


def _dispersion(per_world: list[int]) -> float:
    """Variance over mean of counts, at least 1."""
    mean = float(np.mean(per_world))
    return max(1.0, float(np.var(per_world, ddof=1)) / mean) if len(per_world) > 1 and mean else 1.0


def calibrate(
    pool: Sample,
    windows: Windows,
    *,
    worlds: int,
    seed: int,
    replicates: int = REPLICATES,
    said: Callable[[float], None] = lambda share: None,
) -> FalseAlarms:
    """Count false alarms over `worlds` simulated years.

    Each world has its own stream of random numbers, so the outcome does not depend on the number of
    threads. `said` is told the share that is done.
    """
    tempo = fit_tempo(pool.day, windows)
    streams = np.random.SeedSequence([seed, 1]).spawn(worlds)

    def one(stream: np.random.SeedSequence) -> list[str]:
        rng = np.random.default_rng(stream)
        return year_of_looks(pool, windows, tempo, replicates=replicates, rng=rng)

    # Linear algebra with threads of its own inside two threads makes the run three times as long.
    with threadpool_limits(limits=1), ThreadPoolExecutor(max_workers=2) as threads:
        years: list[list[str]] = []
        for k, started in enumerate(threads.map(one, streams), start=1):
            years.append([dimension_of(test) for test in started])
            said(k / worlds)
    per_world = {d: [year.count(d) for year in years] for d in DIMENSIONS}
    counts = {d: sum(per_year) for d, per_year in per_world.items()}
    return FalseAlarms(worlds, counts, tempo, {d: _dispersion(n) for d, n in per_world.items()})
