"""Fit which signs speak for which class, from labelled texts.

Enters: the signs of incidents and the classes that labels give them. Leaves: weights named ``class--sign``.
Called by `toguna.reading.training`.

The posterior of a softmax over classes with a Gaussian prior, as for other weights; there are so many that
it is climbed by a quasi-Newton method of limited memory (L-BFGS).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

__all__ = ["Verdict", "fitted_classes"]

SELDOM, SELDOM_WORDS = 8, 20
"""Signs, and plain words, that fewer examples have get no weight."""
SMALL = 0.04  # weights nearer to zero are left out of the file
STEPS = 500
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One incident: the kind of weights, its signs, its class by a label, and how often it counts."""

    kind: str
    signs: frozenset[str]
    label: str
    weight: float = 1.0


def fitted_classes(made: Sequence[Verdict], own: Mapping[str, float], spread: float) -> dict[str, float]:
    """Return the weights that maximise the posterior of one kind.

    Parameters
    ----------
    made : sequence of Verdict
        All of one kind.
    own : mapping of str to float
        Where the prior is not zero.
    spread : float
        Standard deviation of the prior.

    Examples
    --------
    >>> raid = Verdict("tactic_of", frozenset({"o-village"}), "raid")
    >>> mine = Verdict("tactic_of", frozenset({"o-road"}), "ied_mine")
    >>> after = fitted_classes([raid, mine] * 20, {}, 0.3)
    >>> after["raid--o-village"] > 0 > after["raid--o-road"]
    True
    """
    seen = Counter(s for v in made for s in v.signs)
    asked = {name.partition("--")[2] for name in own}
    signs = sorted({s for s, n in seen.items() if n >= _least(s)} | asked)
    classes = sorted({v.label for v in made} | {name.partition("--")[0] for name in own})
    x = np.array([[float(s in v.signs) for s in signs] for v in made])
    y = np.array([[float(c == v.label) for c in classes] for v in made])
    n = np.array([v.weight for v in made])
    mean = np.array([[own.get(f"{c}--{s}", 0.0) for c in classes] for s in signs])

    def cost(flat: Floats) -> tuple[float, Floats]:
        w = flat.reshape(mean.shape)
        z = x @ w
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        off = w - mean
        value = -float((n[:, None] * y * np.log(np.maximum(p, 1e-300))).sum())
        value += float((off * off).sum()) / (2 * spread**2)
        return value, (x.T @ (n[:, None] * (p - y)) + off / spread**2).ravel()

    found = minimize(cost, mean.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    best = found.x.reshape(mean.shape)
    return {
        f"{c}--{s}": round(float(best[i, j]), 2)
        for j, c in enumerate(classes)
        for i, s in enumerate(signs)
        if abs(best[i, j]) >= SMALL
    }


def _least(sign: str) -> int:
    return SELDOM_WORDS if sign.startswith("w-") else SELDOM
