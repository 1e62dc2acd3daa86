r"""From likeness to a probability: is the same family of armed groups behind both attacks?

A logistic regression on the traits of pairs whose families are both known. Names and claims are no trait, so
the probability is as good for attacks that nobody claimed. Weights are never negative (more alike is never
less likely the same) and shrink to zero:

$$\min_w \sum_{pairs} \log(1 + e^{-y (b + w \cdot z)}) \; m_i + \tfrac{1}{2} \lambda |w|^2, \quad w \ge 0$$

z are traits in units of their standard deviation; $m_i$ gives each later attack the same say in the fit,
however many attacks came before it.

Pairs that share an attack are not independent, and groups change their ways: such a fit is too sure of
itself about attacks still to come. So its log-odds s are tempered, $a + c s$ with $0 \le c \le 1$, where a
and c come from pairs whose later attack was not in the fit: the attacks in their order are cut into five
parts, and each part after the first is foretold from those before it (Platt scaling on forward folds). No p
value or standard error is taken from either fit. How good the probabilities are stands in the `Record` of
held-out attacks.

References
----------
Platt (1999), Probabilistic outputs for support vector machines, in Advances in Large Margin Classifiers,
MIT Press.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from toguna.forecasts.similar.compare import FEATURES, Comparer

__all__ = ["FEWEST_PAIRS", "Likeness", "fit"]

Floats = NDArray[np.float64]
SHRINKAGE = 1.0
FOLDS = 5
FEWEST_PAIRS = 30
"""Pairs of the same family, and of others, below which no probability is stated."""
MOST_LATER = 1500
"""Attacks used in the fit at the most, the newest: the number of pairs grows with its square."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A fitted model.

    Parameters
    ----------
    used : tuple of int
        Columns of `FEATURES` that it looks at.
    mean, spread, weight : array of float, shape (used,)
        Mean and standard deviation of each trait over known pairs; weight in log-odds per deviation, >= 0.
    bias : float
        Log-odds of an average pair, before tempering.
    temper : (float, float)
        a and c of the module's text.
    pairs, same : int
        Pairs it was fitted on, and those of the same family.
    """

    used: tuple[int, ...]
    mean: Floats
    spread: Floats
    weight: Floats
    bias: float
    temper: tuple[float, float]
    pairs: int
    same: int

    def parts(self, features: Floats) -> Floats:
        """Return what each trait adds to the log-odds of an average pair, shape (pairs, used)."""
        z = (features[:, self.used] - self.mean) / self.spread
        return np.asarray(np.where(np.isnan(z), 0.0, z) * self.weight * self.temper[1])

    def probability(self, features: Floats) -> Floats:
        """Return the probability that the same family is behind both, shape (pairs,)."""
        base = self.temper[0] + self.temper[1] * self.bias
        return np.asarray(expit(base + self.parts(features).sum(axis=1)))


def fit(comparer: Comparer, rows: Sequence[int], *, names: Sequence[str] = FEATURES) -> Likeness | None:
    """Fit on pairs of attacks whose families are known.

    Parameters
    ----------
    comparer : Comparer
        The attacks.
    rows : sequence of int
        Indices of the attacks that may be used, earlier and later ones.
    names : sequence of str
        Traits to look at, of `FEATURES`.

    Returns
    -------
    Likeness or None
        None with fewer than `FEWEST_PAIRS` pairs of the same family or of others, or none to temper it on.
    """
    used = tuple(FEATURES.index(name) for name in names)
    pairs = _pairs(comparer, rows)
    if not pairs.enough():
        return None
    temper = _temper(pairs, used)
    return replace(_fit(pairs, used), temper=temper) if temper else None


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of attacks of known families, P of them, in the order of their later attack.

    Parameters
    ----------
    x : array of float, shape (P, 6)
    same : array of bool, shape (P,)
    share : array of float, shape (P,)
        Weight; those of one later attack add to 1.
    later : array of int, shape (P,)
        Rank of the later attack among those used.
    """

    x: Floats
    same: NDArray[np.bool_]
    share: Floats
    later: NDArray[np.int64]

    def take(self, mask: NDArray[np.bool_]) -> _Pairs:
        return _Pairs(self.x[mask], self.same[mask], self.share[mask], self.later[mask])

    def enough(self) -> bool:
        return min(int(self.same.sum()), int((~self.same).sum())) >= FEWEST_PAIRS


def _pairs(comparer: Comparer, rows: Sequence[int]) -> _Pairs:
    traits = comparer.traits
    allowed = np.zeros(len(traits), dtype=bool)
    allowed[list(rows)] = True
    allowed &= traits.named
    found = [_Pairs(np.empty((0, len(FEATURES))), np.empty(0, bool), np.empty(0), np.empty(0, np.int64))]
    for rank, later in enumerate(np.flatnonzero(allowed)[-MOST_LATER:]):
        features = comparer.features(int(later))
        earlier = np.flatnonzero(allowed[: len(features)])
        n, own = len(earlier), traits.families[later]
        same = np.array([bool(own & traits.families[j]) for j in earlier], dtype=bool)
        found.append(_Pairs(features[earlier], same, np.full(n, 1.0 / max(n, 1)), np.full(n, rank)))
    columns = zip(*((p.x, p.same, p.share, p.later) for p in found), strict=True)
    return _Pairs(*(np.concatenate(parts) for parts in columns))


def _fit(pairs: _Pairs, used: tuple[int, ...]) -> Likeness:
    x = pairs.x[:, used]
    seen = ~np.isnan(x)
    count = np.maximum(seen.sum(axis=0), 1)
    mean = np.where(seen, x, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(seen, (x - mean) ** 2, 0.0).sum(axis=0) / count)
    spread = np.where(spread > 1e-9, spread, 1.0)
    z = np.where(seen, (x - mean) / spread, 0.0)
    b = _minimise(z, pairs.same, pairs.share, upper=None)
    return Likeness(
        used, mean, spread, b[1:], float(b[0]), (0.0, 1.0), len(pairs.same), int(pairs.same.sum())
    )


def _temper(pairs: _Pairs, used: tuple[int, ...]) -> tuple[float, float] | None:
    """Fit a and c on pairs whose later attack came after the fit; None where no fold can be foretold."""
    edges = np.linspace(0, pairs.later[-1] + 1, FOLDS + 1)
    stated, same, share = [np.empty(0)], [np.empty(0, bool)], [np.empty(0)]
    for low, high in pairwise(edges[1:]):
        before = pairs.take(pairs.later < low)
        if not before.enough():
            continue
        fold = pairs.take((pairs.later >= low) & (pairs.later < high))
        model = _fit(before, used)
        stated.append(model.bias + model.parts(fold.x).sum(axis=1))
        same.append(fold.same)
        share.append(fold.share)
    if len(stated) == 1:
        return None
    b = _minimise(np.concatenate(stated)[:, None], np.concatenate(same), np.concatenate(share), upper=1.0)
    return float(b[0]), float(b[1])


def _minimise(z: Floats, y: NDArray[np.bool_], share: Floats, *, upper: float | None) -> Floats:
    """Fit bias and weights (1 + columns of z,), weights from 0 to `upper`."""
    sign = np.where(y, 1.0, -1.0)

    def loss(b: Floats) -> tuple[float, Floats]:
        margin = sign * (b[0] + z @ b[1:])
        pull = -share * sign * expit(-margin)
        gradient = np.concatenate([[pull.sum()], z.T @ pull + SHRINKAGE * b[1:]])
        return float(
            (share * np.logaddexp(0.0, -margin)).sum() + 0.5 * SHRINKAGE * (b[1:] ** 2).sum()
        ), gradient

    bounds = [(None, None)] + [(0.0, upper)] * z.shape[1]
    found = minimize(loss, np.zeros(z.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x)
