"""A simulated table of deaths by country and month, for where no real one may be kept.

Quiet countries, low conflicts, and wars that begin, last for some years and end; no real place is meant.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

__all__ = ["simulated_table"]

FIRST = (2000 - 1980) * 12 + 1


def simulated_table(path: Path, *, countries: int = 60, months: int = 252, seed: int = 1) -> Path:
    """Write unit, month, deaths."""
    rng = np.random.default_rng(seed)
    calm = rng.random(countries) < 0.5
    level = np.full(countries, -9.0)
    made = np.zeros((countries, months), dtype=np.int64)
    for t in range(months):
        begins = ~calm & (level < -5) & (rng.random(countries) < 0.01)
        ends = (level >= -5) & (rng.random(countries) < 0.015)
        level = np.where(begins, rng.normal(1.5, 1.5, countries), np.where(ends, -9.0, level))
        level += np.where(level >= -5, rng.normal(0, 0.2, countries), 0.0)
        mean = np.exp(np.clip(level, -9, 7))
        made[:, t] = rng.negative_binomial(0.8, 0.8 / (0.8 + mean))
    rows = {
        "unit": np.repeat([f"Country {u:02d}" for u in range(countries)], months),
        "month": np.tile(FIRST + np.arange(months), countries),
        "deaths": made.ravel(),
    }
    pl.DataFrame(rows).write_csv(path)
    return path
