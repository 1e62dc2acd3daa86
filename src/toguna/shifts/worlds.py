"""Worlds in which nothing shifts, made from the theatre itself.

To say how often an alarm is false, the whole detection must be run where there is nothing to detect.
A null world keeps what makes real data hard: attacks come in bursts (a Poisson cluster process with
the theatre's own dispersion), and what happens in the same weeks resembles itself (marks drawn in
runs from the theatre's own sequence by the stationary bootstrap). It has no trend in place, mix,
reach or number.

References
----------
Politis and Romano (1994), doi 10.1080/01621459.1994.10476870 (stationary bootstrap).
Neyman and Scott (1958), doi 10.1111/j.2517-6161.1958.tb00272.x (cluster process).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.shifts.sample import Sample
from toguna.shifts.windows import Windows

__all__ = ["BURST_DAYS", "RUN_DAYS", "Tempo", "cluster_days", "fit_tempo", "null_world"]

BURST_DAYS = 10.0
"""Mean delay (days) of an event after the first of its burst."""

RUN_DAYS = 30
"""Mean length (days) of a run of events whose marks were neighbours in the theatre's own sequence."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """How events come.

    Parameters
    ----------
    per_day : float
        Events per day.
    burst : float
        Mean size of a burst, 1 = no bursts.
    """

    per_day: float
    burst: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"events_per_day": round(self.per_day, 5), "burst_size": round(self.burst, 3)}


def _same_block(block_days: float) -> float:
    """Chance that two events of a burst, an Exp(BURST_DAYS) delay apart, fall into one block of days."""
    return float(1 - BURST_DAYS / block_days * (1 - np.exp(-block_days / BURST_DAYS)))


def fit_tempo(day: NDArray[np.int64], windows: Windows) -> Tempo:
    """Estimate rate and burst size by moments.

    The variance to mean ratio of counts in blocks of 30 days is pooled *within* the two windows, so
    that a real surge between them does not pass for bursts. For geometric burst sizes of mean m it
    is 1 + 2 (m - 1) f, where f is the chance that two events of a burst fall into the same block:
    leaving f out (taking it for 1) makes bursts, and the false alarms they cause, too small.
    """
    ratios, weights, together = [], [], []
    for window in (windows.reference, windows.recent):
        blocks = max(2, window.days // RUN_DAYS)
        edges = np.linspace(window.start.toordinal(), window.end.toordinal() + 1, blocks + 1)
        counts = np.histogram(day, bins=edges)[0]
        if counts.mean() > 0:
            ratios.append(counts.var(ddof=1) / counts.mean())
            weights.append(blocks - 1)
            together.append(_same_block(window.days / blocks))
    if not ratios:
        return Tempo(len(day) / windows.days, 1.0)
    excess = float(np.average(ratios, weights=weights)) - 1
    share = float(np.average(together, weights=weights))
    return Tempo(len(day) / windows.days, 1 + max(0.0, excess / (2 * share)))


def cluster_days(tempo: Tempo, first: int, last: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw the days of events from `first` to `last`: bursts at a constant rate, sorted."""
    lead = int(5 * BURST_DAYS)
    bursts = rng.poisson(tempo.per_day / tempo.burst * (last - first + 1 + lead))
    begin = rng.uniform(first - lead, last + 1, size=bursts)
    size = rng.geometric(1 / tempo.burst, size=bursts)
    lag = rng.exponential(BURST_DAYS, size=int(size.sum()))
    lag[np.cumsum(size) - size] = 0.0
    day = np.floor(np.repeat(begin, size) + lag).astype(np.int64)
    return np.sort(day[(day >= first) & (day <= last)])


def _stationary_runs(n: int, pool: int, mean_length: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Indices (n,) into a pool, in runs of geometric length that wrap around."""
    fresh = rng.random(n) < 1 / mean_length
    if n:
        fresh[0] = True
    begin = rng.integers(0, pool, size=n)
    run = np.cumsum(fresh) - 1
    since = np.arange(n) - np.flatnonzero(fresh)[run]
    return np.asarray((begin[np.flatnonzero(fresh)][run] + since) % pool, dtype=np.int64)


def null_world(
    pool: Sample,
    tempo: Tempo,
    *,
    first: int,
    last: int,
    rng: np.random.Generator,
    run_days: float = RUN_DAYS,
) -> Sample:
    """Draw a world without shifts over the days `first` to `last` (ordinals).

    Parameters
    ----------
    pool : Sample
        The theatre's events, whose marks are drawn from.
    tempo : Tempo
        Rate and burst size.
    run_days : float
        Mean length of a run of marks; 30 unless the sensitivity to it is studied.
    """
    day = cluster_days(tempo, first, last, rng)
    length = max(1.0, tempo.per_day * run_days)
    index = _stationary_runs(len(day), len(pool), length, rng)
    drawn = pool.take(index, day=day)
    ids = np.array([f"world:{k}" for k in range(len(day))], dtype=np.str_)
    return Sample(ids, drawn.day, drawn.place, drawn.origin, drawn.coded, drawn.families)
