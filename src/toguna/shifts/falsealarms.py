"""How often would this battery cry wolf in this theatre?

Monthly looks over a simulated year in which nothing shifts; an alarm that is on in one look and was
off in the look before counts once. Reported per dimension with its Monte Carlo interval.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from scipy.special import gammaincinv
from threadpoolctl import threadpool_limits

from toguna.shifts.battery import THRESHOLD, alarms, dimension_of, run
from toguna.shifts.sample import Sample
from toguna.shifts.windows import Windows, windows_ending
from toguna.shifts.worlds import Tempo, fit_tempo, null_world

__all__ = ["DIMENSIONS", "FalseAlarms", "calibrate", "year_of_looks"]

DIMENSIONS = ("fronts", "spread", "reach", "tactics", "targets", "settings", "tempo")
LOOKS = 12


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
    """

    worlds: int
    counts: dict[str, int]
    tempo: Tempo

    def per_year(self, dimension: str) -> tuple[float, float, float]:
        """Return rate and 90% interval: gamma posterior of a Poisson rate, Jeffreys prior."""
        count = self.counts.get(dimension, 0)
        low, high = gammaincinv(count + 0.5, np.array([0.05, 0.95])) / self.worlds
        return (count + 0.5) / self.worlds, float(low), float(high)

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
    """Simulate one null year with monthly looks; return the tests whose alarm started, with repeats."""
    year = timedelta(days=365)
    first = (windows.reference.start - year).toordinal()
    world = null_world(pool, tempo, first=first, last=windows.as_of.toordinal(), rng=rng)
    started: list[str] = []
    before: set[str] = set()
    for look in range(LOOKS, -1, -1):
        day = windows.as_of - timedelta(days=round(look * 365 / LOOKS))
        at = windows_ending(day, recent_days=windows.recent.days, reference_days=windows.reference.days)
        now = set(alarms(run(world, at, replicates=replicates, rng=rng).p))
        if look < LOOKS:
            started += sorted(now - before)
        before = now
    return started


def calibrate(
    pool: Sample,
    windows: Windows,
    *,
    worlds: int,
    seed: int,
    replicates: int = 499,
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
        started: list[str] = []
        for k, tests in enumerate(threads.map(one, streams), start=1):
            started += tests
            said(k / worlds)
    counts = {d: sum(dimension_of(t) == d for t in started) for d in DIMENSIONS}
    return FalseAlarms(worlds, counts, tempo)
