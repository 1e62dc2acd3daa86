"""What a month knew of its past, as numbers a model can learn from.

Enters: counts (U, T). Leaves: features (M, U, K) at M months. Every feature of month t is made of
months up to t only; tests/panels/test_features.py changes the future and looks. Called by
`toguna.forecasts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.panels.panel import Floats, Ints

__all__ = ["WINDOWS", "Features", "history_features"]

WINDOWS = (3, 6, 12, 24, 60, 120)
_NEVER = 600.0
_FULL = 10**6
Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """`values` (M, U, K) float32, `names` (K,); months without history give NaN lags."""

    names: tuple[str, ...]
    values: Singles

    def of(self, name: str) -> Singles:
        """Return one feature, (M, U)."""
        return np.asarray(self.values[:, :, self.names.index(name)])


def history_features(counts: Floats, at: Ints) -> Features:
    """Compute features as of some months.

    Parameters
    ----------
    counts : (U, T) float
        Counts, 0 or more.
    at : (M,) int
        Indices of months, 0 to T - 1. Counts after the largest are never read.

    Returns
    -------
    Features
        log1p of the last three months (`lag0` ...), of means over windows (`m3` ... `m120`, `mall`); shares
        of months with any death (`k..`) and with 25 or more (`k25_..`); means and standard deviations of
        log1p (`l..`, `sd..`); maxima (`mx..`); log1p of months since the last with 1, 25, 100
        (`s1` ...); decayed means of log1p (`e2`, `e6`, `e18`: half-lives in months); log1p of the
        mean over all units (`g12`) and the share of unit-months with deaths (`gk`), last 12 months.

    Examples
    --------
    >>> history_features(np.array([[0.0, 3.0, 1.0]]), np.array([2])).of("lag1").round(2)
    array([[1.39]], dtype=float32)
    """
    at = np.asarray(at, dtype=np.int64)
    seen = counts[:, : int(at.max()) + 1]
    logs = np.log1p(seen)
    mean, log_mean = _windows(seen, at), _windows(logs, at)
    square, busy = _windows(logs**2, at), _windows((seen > 0).astype(float), at)
    out: dict[str, NDArray[np.floating]] = {f"lag{k}": _lag(logs, at, k) for k in range(3)}
    out |= {f"m{w}": np.log1p(mean(w)) for w in WINDOWS} | {f"k{w}": busy(w) for w in WINDOWS}
    out |= {"mall": np.log1p(mean(_FULL)), "kall": busy(_FULL)}
    out |= {f"l{w}": log_mean(w) for w in (6, 12, 24, 60)}
    out |= {f"sd{w}": np.sqrt(np.maximum(square(w) - log_mean(w) ** 2, 0.0)) for w in (12, 60)}
    grave = _windows((seen >= 25).astype(float), at)
    out |= {f"k25_{w}": grave(w) for w in (12, 60)}
    out |= {f"mx{w}": _largest(logs, at, w) for w in (12, 60)}
    out |= {f"s{n}": _since(seen >= n, at) for n in (1, 25, 100)}
    out |= {f"e{h}": _decayed(logs, at, h) for h in (2, 6, 18)}
    everywhere = {"g12": np.log1p(mean(12).mean(0)), "gk": busy(12).mean(0)}
    out |= {name: np.broadcast_to(value, (len(counts), len(at))) for name, value in everywhere.items()}
    return Features(tuple(out), np.stack([v.T for v in out.values()], axis=-1).astype(np.float32))


def _windows(x: Floats, at: Ints) -> Callable[[int], Floats]:
    """Return a function of w: means over the w months that end at each month of `at`, (U, M)."""
    sums = np.concatenate([np.zeros((len(x), 1)), x.cumsum(axis=1)], axis=1)

    def mean(w: int) -> Floats:
        first = np.maximum(at + 1 - w, 0)
        return np.asarray((sums[:, at + 1] - sums[:, first]) / (at + 1 - first))

    return mean


def _lag(logs: Floats, at: Ints, k: int) -> Floats:
    return np.where(at >= k, logs[:, np.maximum(at - k, 0)], np.nan)


def _largest(logs: Floats, at: Ints, w: int) -> Floats:
    return np.stack([logs[:, max(0, t + 1 - w) : t + 1].max(axis=1) for t in at], axis=1)


def _since(hit: NDArray[np.bool_], at: Ints) -> Floats:
    """log1p of months since the last hit, (U, M)."""
    last = np.maximum.accumulate(np.where(hit, np.arange(hit.shape[1], dtype=float), -_NEVER), axis=1)
    return np.log1p(np.minimum(at - last[:, at], _NEVER))


def _decayed(logs: Floats, at: Ints, half_life: float) -> Floats:
    """Mean of log1p with weights that halve every `half_life` months, (U, M)."""
    keep, total, weight = 0.5 ** (1.0 / half_life), np.zeros(len(logs)), 0.0
    out = np.empty(logs.shape)
    for t in range(logs.shape[1]):
        total, weight = total * keep + logs[:, t], weight * keep + 1.0
        out[:, t] = total / weight
    return np.asarray(out[:, at])
