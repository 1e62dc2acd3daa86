"""A pool of all members, weighed by regime on what they said at past origins.

For an origin, the same months of all earlier years serve as past origins. Of each, only outcomes up to
the present origin are used. Each past year counts alike, however bloody: its scores are divided by
those of last-year resampling in that year, for counts and for log1p of counts, half and half.

A linear pool of members that are each well calibrated is too wide (Gneiting and Ranjan 2013). A regime may
therefore take a share of its answer from a pool of log odds with the same weights, which is narrower; the
share grows with the chance itself, from the lower tail to the upper. A unit may be of two regimes in part.

Enters: a history and steps. Leaves: chances and the weights behind them. Called by the benches and
the command line.

References
----------
Stone (1961), doi 10.1214/aoms/1177704873 (linear pool).
Genest and Zidek (1986), doi 10.1214/ss/1177013825 (pools of densities and of log odds).
Gneiting and Ranjan (2013), doi 10.1214/13-EJS823 (linear pools of calibrated forecasts are too wide).
Satopää and others (2014), doi 10.1016/j.ijforecast.2013.09.009 (means of log odds).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.members import BY_COUNTRY, Design, members
from toguna.forecasts.stacking import cross_terms, pool_weights

__all__ = ["Ensemble", "Pool", "log_odds_pool"]

Floats = NDArray[np.float64]
REFERENCE = "last_12"
EVERY = 12
"""Months between past origins."""
SUREST = 1e-4
"""A member's chance is taken to lie at least so far from 0 and 1 in a pool of log odds."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A pooled forecast: `chances` (U, H, G), `weights` by regime and member, `origins` learnt from."""

    chances: Singles
    weights: dict[str, dict[str, float]]
    origins: int


@dataclass
class Ensemble:
    """Members, and what is remembered of past origins between calls on the same data.

    Parameters
    ----------
    models : mapping
        Members by name; "last_12" is the reference.
    design : Design
        Which members speak in which regime, and how strongly weights are held to their prior.
    least_history : int
        Months before the first past origin.
    most_origins : int
        Past origins used at most, the latest ones.
    threads : int
        Members that may compute at once; the numbers are the same whatever it is.
    """

    models: dict[str, Model] = field(default_factory=lambda: members(0))
    design: Design = BY_COUNTRY
    least_history: int = 84
    most_origins: int = 60
    threads: int = 1
    _said: dict[tuple[int, tuple[int, ...]], Singles] = field(default_factory=dict)
    _terms: dict[tuple[int, int, tuple[int, ...]], Floats] = field(default_factory=dict)

    def pool(self, history: History, steps: tuple[int, ...]) -> Pool:
        """Forecast from the origin of the history with weights learnt before it."""
        weights, origins = self.weights(history, steps)
        said, shares = self.said(history, steps), self.design.shares(history)
        table = np.array([[weights[r].get(n, 0.0) for n in self.models] for r in self.design.names])
        mixed = _linear_pool(said, shares @ table)
        for r, least in enumerate(self.design.log_odds):
            mine = shares[:, r] > 0
            if least > 0 and mine.any():
                share = shares[mine, r].astype(np.float32)[:, None, None]
                mixed[mine] += share * _narrowing(said[:, mine], table[r], least)
        if any(self.design.log_odds):
            np.maximum.accumulate(mixed, axis=-1, out=mixed)
        return Pool(mixed, weights, origins)

    def said(self, history: History, steps: tuple[int, ...]) -> Singles:
        """Return the chances of all members, (M, U, H, G); the last few origins are kept."""
        key = (history.origin, steps)
        if key not in self._said:
            while len(self._said) >= 2:
                del self._said[next(iter(self._said))]
            with ThreadPoolExecutor(max(1, self.threads)) as pool:
                said = pool.map(lambda model: model(history, steps), self.models.values())
                self._said[key] = np.stack(list(said))
        return self._said[key]

    def weights(self, history: History, steps: tuple[int, ...]) -> tuple[dict[str, dict[str, float]], int]:
        """Return weights by regime and member, and from how many past origins they are."""
        if REFERENCE not in self.models:
            raise UsageError(f"the ensemble has no member {REFERENCE!r}, which scores are compared with.")
        names, design = list(self.models), self.design
        years = range(history.origin - EVERY, self.least_history - 1, -EVERY)
        past = [t for t in years if t + min(steps) <= history.origin][: self.most_origins]
        terms = [self._at(history, t, steps) for t in reversed(past)]
        mean = np.mean(terms, axis=0) if terms else np.zeros((len(design.names), len(names), len(names)))
        out = {}
        for r, regime in enumerate(design.names):
            prior = {n: w for n, w in design.priors[r].items() if n in names}
            at = [names.index(n) for n in prior]
            wanted = np.array(list(prior.values()))
            w = pool_weights(mean[r][np.ix_(at, at)], wanted, ridge=design.ridges[r])
            out[regime] = dict(zip(prior, w.tolist(), strict=True))
        return out, len(past)

    def _at(self, history: History, t: int, steps: tuple[int, ...]) -> Floats:
        """Cross terms by regime at a past origin, relative to the reference, (R, M, M)."""
        known = tuple(h for h in steps if t + h <= history.origin)
        key = (t, len(known), steps)
        if key not in self._terms:
            then = history.until(t)
            said = self.said(then, steps)[:, :, : len(known)]
            happened = history.counts[:, t + np.asarray(known)]
            self._terms[key] = self._relative(said, happened, self.design.shares(then))
        return self._terms[key]

    def _relative(self, said: Singles, happened: Floats, shares: Floats) -> Floats:
        m = len(said)
        terms = np.zeros((len(self.design.names), 2, m, m))
        for r in np.flatnonzero(shares.any(axis=0)):
            mine = shares[:, r] > 0
            part = np.repeat(shares[mine, r], happened.shape[1])
            cases = said[:, mine].reshape(m, -1, said.shape[-1])
            terms[r] = cross_terms(cases, happened[mine].ravel(), part)
        i = list(self.models).index(REFERENCE)
        reference = terms[:, :, i, i].sum(axis=0)
        scale = np.where(reference > 0, reference, 1.0)[None, :, None, None]
        return np.asarray((terms / scale).mean(axis=1))


def _linear_pool(said: Singles, weights: Floats) -> Singles:
    """Mean of members, (U, H, G), with weights (U, M)."""
    mixed = np.zeros(said.shape[1:], dtype=np.float32)
    for m in range(len(said)):
        mixed += weights[:, m].astype(np.float32)[:, None, None] * said[m]
    return mixed


def _narrowing(said: Singles, weights: Floats, least: float) -> Singles:
    """What a pool of log odds adds to the linear one; its share rises from `least` to 1 with the chance."""
    linear = _linear_pool(said, np.broadcast_to(weights, (said.shape[1], len(said))))
    return (least + (1 - least) * linear) * (log_odds_pool(said, weights) - linear)


def log_odds_pool(chances: Singles, weights: Floats) -> Singles:
    """Return the distribution whose log odds are the weighted mean of those of M members.

    Parameters
    ----------
    chances : (M, ..., G) float32
        Distribution functions; each is held `SUREST` away from 0 and 1, but where all members are sure
        that no more is possible, so is the pool.
    weights : (M,) float
        At least 0, with sum 1; members with weight 0 are not heard.

    Examples
    --------
    >>> sure, unsure = np.float32([[0.9, 1.0]]), np.float32([[0.5, 1.0]])
    >>> log_odds_pool(np.stack([sure, unsure]), np.array([0.5, 0.5])).round(2).tolist()
    [[0.75, 1.0]]
    """
    heard = np.flatnonzero(weights > 0)
    odds = np.zeros(chances.shape[1:])
    for m in heard:
        chance = np.clip(chances[m].astype(float), SUREST, 1 - SUREST)
        odds += weights[m] * np.log(chance / (1 - chance))
    pooled = 1 / (1 + np.exp(-odds))
    pooled[chances[heard].min(axis=0) >= 1 - _ROUNDING] = 1.0
    pooled[..., -1] = 1.0
    return pooled.astype(np.float32)


_ROUNDING = 1e-6
