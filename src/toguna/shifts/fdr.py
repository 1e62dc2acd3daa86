"""False discovery rate over everything that was tested in a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["q_values"]


def q_values(p: Sequence[float]) -> list[float]:
    """Adjust p values by the step-up rule of Benjamini and Hochberg.

    Parameters
    ----------
    p : sequence of float, length M
        One p value per test, each from 0 to 1.

    Returns
    -------
    list of float
        Smallest false discovery rate at which each would be called, in the order given.

    Notes
    -----
    Controls the rate under independence and positive dependence; tests that share permutations and
    events are positively dependent.

    References
    ----------
    Benjamini and Hochberg (1995), doi 10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> q_values([0.01, 0.02, 0.9])
    [0.03, 0.03, 0.9]
    """
    values = np.asarray(p, dtype=float)
    m = len(values)
    if not m:
        return []
    order = np.argsort(values, kind="stable")
    raised = values[order] * m / np.arange(1, m + 1)
    adjusted = np.minimum.accumulate(raised[::-1])[::-1]
    out = np.empty(m)
    out[order] = np.minimum(adjusted, 1.0)
    return [float(v) for v in out]
