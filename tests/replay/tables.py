"""Made tables of counts by unit and month, for replays of forecasts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

FIRST = (2005 - 1980) * 12 + 1


def counts(units: int = 5, months: int = 96, *, seed: int = 1) -> np.ndarray:
    """Counts (U, T) of units with bursts of different strength; the last unit is quiet."""
    rng = np.random.default_rng(seed)
    level = np.exp(rng.normal(0, 1, (units, 1)) + np.cumsum(rng.normal(0, 0.2, (units, months)), axis=1))
    level[-1] = 0
    return rng.negative_binomial(1, 1 / (1 + level)).astype(float)


def write(path: Path, made: np.ndarray, *, first: int = FIRST) -> Path:
    """Write a table: unit, month, deaths."""
    rows = [
        {"unit": f"U{u}", "month": first + t, "deaths": int(n)}
        for u, row in enumerate(made)
        for t, n in enumerate(row)
    ]
    pl.DataFrame(rows).write_csv(path)
    return path
