"""Do intervals hold, for small forecasts and for large ones?

An interval that holds in 90 % of all cases may hold in 99 % of peace and 60 % of wars. The check
groups cases by the size of the *forecast* (its 95 % quantile), which is known beforehand.

Enters: draws and what happened. Leaves: rows for a table. Called by the benches.

References
----------
Vovk, Gammerman and Shafer (2005), doi 10.1007/b106715, section 4.5 (validity within categories).
Czado, Gneiting and Held (2009), doi 10.1111/j.1541-0420.2009.01191.x (PIT of counts).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.scores.calibration import pit, share_limits

__all__ = ["by_magnitude"]


def by_magnitude(
    draws: NDArray[np.float64],
    observed: NDArray[np.float64],
    *,
    edges: tuple[float, ...],
    rng: np.random.Generator,
    level: float = 0.9,
) -> list[dict[str, Any]]:
    """Return how often the central interval held, by the 95 % quantile of the forecast.

    Parameters
    ----------
    draws : (N, S) float
        Draws.
    observed : (N,) float
        What happened.
    edges : tuple of float
        Limits between groups, rising: below the first, from the first on, ...
    rng : numpy Generator
        For randomised PIT values: an interval of counts holds a level exactly only so.
    level : float
        Of the interval.

    Returns
    -------
    list of dict
        `from`, `below` (None = no limit), `cases`, `held`, its 95 % limits `low` and `high` (as if
        cases were independent: months of one war are not, the truth is wider), and the shares of
        cases under and over the interval.
    """
    size = np.quantile(draws, 0.95, axis=-1)
    rank, half = pit(draws, observed, rng=rng) - 0.5, level / 2
    group, rows = np.searchsorted(np.asarray(edges), size, "right"), []
    for g, (start, end) in enumerate(zip((0.0, *edges), (*edges, None), strict=True)):
        mine = rank[group == g]
        inside, n = int((np.abs(mine) <= half).sum()), len(mine)
        row: dict[str, Any] = {"from": start, "below": end, "cases": n}
        if n:
            low, high = (round(float(v), 4) for v in share_limits(inside, n, level=0.95))
            row |= {"held": round(inside / n, 4), "low": low, "high": high}
            row |= {
                "under": round(float((mine < -half).mean()), 4),
                "over": round(float((mine > half).mean()), 4),
            }
        rows.append(row)
    return rows
