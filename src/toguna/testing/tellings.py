"""Incidents that never happened, told by two sources that err in known ways.

Used by the tests and the benchmark of `toguna.events.links`: which events tell of one incident is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from toguna.core.names import EVENT_SCHEMA

__all__ = ["Reporting", "Told", "tell"]


@dataclass(frozen=True, slots=True)
class Reporting:
    """How two sources tell of incidents.

    Parameters
    ----------
    shared : float
        Share of incidents that both tell of; the rest is told by one of them, in halves.
    late : float
        Share of events that are dated one or two days off although they claim an exact day.
    vague_days, vague_place : float
        Share of events of the second source that give only the month, or only the middle of a region 1.5
        degrees wide (with the code that says so).
    silent : float
        Share of events that name no side; as many give no figure of deaths.
    days, degrees : int, float
        Extent of the conflict in time and, as a square, in space.
    """

    shared: float = 0.6
    late: float = 0.1
    vague_days: float = 0.0
    vague_place: float = 0.0
    silent: float = 0.15
    days: int = 3650
    degrees: float = 20.0


@dataclass(frozen=True)
class Told:
    """Events of the sources "left" and "right", and the pairs of ids (sorted) that are of one incident."""

    events: pl.DataFrame
    truth: set[tuple[str, str]]


def tell(n: int, *, seed: int, reporting: Reporting | None = None) -> Told:
    """Draw incidents and let two sources tell of them, n events each.

    Incidents come in bursts around towns, so that neighbours in space and time are the rule: two incidents
    of the same actors in the same town in one week must be kept apart.
    """
    how, rng = reporting or Reporting(), np.random.default_rng(seed)
    both = round(how.shared * n)
    total = 2 * n - both
    truth = _incidents(total, how, rng)
    left = np.arange(n)
    right = np.concatenate([np.arange(both), np.arange(n, total)])
    frames = [
        _source("left", truth, left, how, rng, vague=(0.0, 0.0)),
        _source("right", truth, right, how, rng, vague=(how.vague_days, how.vague_place)),
    ]
    same = {(f"left:{k}", f"right:{k}") for k in range(both)}
    return Told(pl.concat(frames), same)


def _incidents(total: int, how: Reporting, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw the truth: towns, bursts in them, days, sides, deaths."""
    towns = rng.uniform(0, how.degrees, (max(total // 200, 5), 2))
    bursts = max(total // 4, 1)
    where, when = rng.integers(0, len(towns), bursts), rng.uniform(0, how.days, bursts)
    group = rng.integers(0, 40, bursts)
    burst = rng.integers(0, bursts, total)
    point = towns[where[burst]] + rng.normal(0, 0.15, (total, 2))
    return {
        "day": np.floor(when[burst] + rng.exponential(6, total)).astype(np.int64),
        "lat": point[:, 0],
        "lon": point[:, 1],
        "group": group[burst],
        "town": where[burst],
        "dead": rng.geometric(0.25, total) - 1,
    }


def _source(
    name: str,
    truth: dict[str, np.ndarray],
    which: np.ndarray,
    how: Reporting,
    rng: np.random.Generator,
    *,
    vague: tuple[float, float],
) -> pl.DataFrame:
    n = len(which)
    off = np.where(rng.random(n) < how.late, rng.integers(1, 3, n) * rng.choice([-1, 1], n), 0)
    by_month, by_region = rng.random(n) < vague[0], rng.random(n) < vague[1]
    day = truth["day"][which] + off
    day = np.where(by_month, day // 30 * 30 + 15, day)
    lat = truth["lat"][which] + rng.normal(0, 0.02, n)
    lon = truth["lon"][which] + rng.normal(0, 0.02, n)
    centre = [np.floor(x / 1.5) * 1.5 + 0.75 for x in (lat, lon)]
    dead = np.maximum(truth["dead"][which] + rng.choice([0, 0, 0, 0, 1, 1, -1, 2], n), 0)
    mute, uncounted = rng.random(n) < how.silent, rng.random(n) < how.silent
    days = pl.Series(day.astype(np.int32)).cast(pl.Int32) + (date(2005, 1, 1) - date(1970, 1, 1)).days
    frame = pl.DataFrame(
        {
            "event_id": [f"{name}:{k}" for k in which.tolist()],
            "source": [name] * n,
            "row": np.arange(1, n + 1),
            "date_start": days.cast(pl.Date),
            "date_end": days.cast(pl.Date),
            "date_prec": np.where(by_month, 4, 1),
            "perpetrators": [
                None if m else ["government", f"group-{g}"]
                for m, g in zip(mute.tolist(), truth["group"][which].tolist(), strict=True)
            ],
            "violence": ["sb"] * n,
            "lat": np.where(by_region, centre[0], lat),
            "lon": np.where(by_region, centre[1], lon),
            "where_prec": np.where(by_region, 4, 1),
            "country": ["AAA"] * n,
            **{c: pl.Series(dead).set(pl.Series(uncounted), None) for c in ("best", "low", "high")},
        }
    )
    absent = [pl.lit(None, t).alias(c) for c, t in EVENT_SCHEMA.items() if c not in frame.columns]
    return frame.with_columns(absent).select(EVENT_SCHEMA.names()).cast(EVENT_SCHEMA)
