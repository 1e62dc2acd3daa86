"""Weights of the members from what they said at past origins, and what the pool says.

Enters: counts of the units of a level, members. Leaves: a `Pool` that forecasts from any origin with what was
known there. Called by `toguna.forecasts.outlook.chain`.

The pool is that of `toguna.forecasts.ensemble`, for short records: every month is a past origin, two
regimes (something in the last twelve months, or nothing) instead of five, weights for near and for far
steps, and scores are added over origins before they are divided by those of last-year resampling, half for
counts and half for log1p of counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History, Singles
from toguna.forecasts.outlook.members import PRIOR, REFERENCE, Members
from toguna.forecasts.stacking import pool_weights
from toguna.forecasts.support import LOG_WIDTHS, WIDTHS, beyond

__all__ = ["LEAST_HISTORY", "REGIMES", "Pool", "Said"]

Floats = NDArray[np.float64]

REGIMES = ("quiet for a year", "active")
BANDS = (3, 12)
"""Steps up to 3, up to 12, and beyond have weights of their own: the last months tell of near steps only."""
LEAST_HISTORY, EVERY, MOST_ORIGINS, RIDGE = 12, 1, 60, 0.1
"""Months before the first past origin, and between two; past origins learnt from at the most; how strongly
weights are held to the prior."""
WITH_TREES = 60, 12, 6
"""The same with trees, which cost seconds for each origin and learn little from few years."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the pool says from one origin.

    Parameters
    ----------
    chances : (U, H, G) float32
        Distribution functions on `support.COUNTS`.
    members : (M, U, 1 or H, G) float32
        The same of each member; one for all steps when none of them knows steps.
    weights : (H, U, M) float
        Weight of each member in each unit.
    origins : int
        Past origins learnt from.
    """

    chances: Singles
    members: Singles
    weights: Floats
    origins: int


@dataclass
class Pool:
    """Members and what they said at past origins, computed once.

    Parameters
    ----------
    counts : (U, T) float
        Counts of months known whole.
    members : Members
    steps : (H,) tuple of int
        Months ahead.
    settled : int
        Index of the last month that is not expected to grow by late reports: only outcomes up to it are
        learnt from.
    """

    counts: Floats
    members: Members
    steps: tuple[int, ...]
    settled: int
    _terms: dict[int, Floats] = field(default_factory=dict)
    _heard_at: dict[int, Singles] = field(default_factory=dict)

    def at(self, origin: int, pasts: tuple[Floats, ...] = ()) -> Said:
        """Forecast from a month with what was known there.

        Parameters
        ----------
        origin : int
            Index of the last known month.
        pasts : tuple of (U, T) float
            Draws of what the counts will be once late reports are in; the members' answers are averaged.
            Empty: the counts as they are.
        """
        weights, n = self._weights(origin)
        if pasts:
            each = [self.members.said(History(p), self.steps) for p in pasts]
            said: Singles = np.asarray(np.mean(each, axis=0), dtype=np.float32)
        else:
            said = self._heard(origin)
        of = weights[self._bands()][:, self._regime(origin)]
        chances = np.empty((said.shape[1], len(self.steps), said.shape[3]), dtype=np.float32)
        for k in range(len(self.steps)):
            mine = said[:, :, min(k, said.shape[2] - 1)]
            chances[:, k] = np.einsum("um,mug->ug", of[k].astype(np.float32), mine)
        return Said(chances, said, of, n)

    def _bands(self) -> NDArray[np.int64]:
        """Index of the band of each step, (H,)."""
        found = np.searchsorted(np.asarray(BANDS), np.asarray(self.steps), "left")
        return np.asarray(found, dtype=np.int64)

    def _heard(self, origin: int) -> Singles:
        if origin not in self._heard_at:
            self._heard_at[origin] = self.members.said(History(self.counts[:, : origin + 1]), self.steps)
        return self._heard_at[origin]

    def _regime(self, origin: int) -> NDArray[np.int64]:
        year = self.counts[:, max(0, origin - 11) : origin + 1]
        return np.asarray(year.sum(axis=1) > 0, dtype=np.int64)

    def _weights(self, origin: int) -> tuple[Floats, int]:
        """Weights by band, regime and member, (B, 2, M), and from how many past origins."""
        known, past, bands = min(origin, self.settled), self.past(origin), self._bands()
        prior = np.array([PRIOR[n] for n in self.members.names])
        out = np.tile(prior / prior.sum(), (len(BANDS) + 1, len(REGIMES), 1))
        for b in np.unique(bands):
            total = np.zeros((len(REGIMES), 2, len(prior), len(prior)))
            for t in past:
                heard = (bands == b) & (t + np.asarray(self.steps) <= known)
                total += self._at(t)[:, heard].sum(axis=1)
            out[b] = [self._best(terms, prior) for terms in total]
        return out, len(past)

    def _best(self, terms: Floats, prior: Floats) -> Floats:
        i = self.members.names.index(REFERENCE)
        reference = terms[:, i, i]
        scale = np.where(reference > 0, reference, 1.0)[:, None, None]
        return pool_weights((terms / scale).mean(axis=0), prior, ridge=RIDGE)

    def past(self, origin: int) -> list[int]:
        """Past origins of which something is known at an origin, oldest first."""
        least, every, most = WITH_TREES if self.members.stepped else (LEAST_HISTORY, EVERY, MOST_ORIGINS)
        last = min(origin, self.settled) - self.steps[0]
        return [t for t in range(least - 1, last + 1) if (origin - t) % every == 0][-most:]

    def _at(self, t: int) -> Floats:
        """Cross terms at a past origin by regime and step, (2, H, 2, M, M); later steps than known are 0."""
        if t not in self._terms:
            said, regime = self._heard(t), self._regime(t)
            out = np.zeros((len(REGIMES), len(self.steps), 2, len(said), len(said)))
            for k in range(sum(t + h <= self.settled for h in self.steps)):
                mine = said[:, :, min(k, said.shape[2] - 1)]
                gap = mine - beyond(self.counts[:, t + self.steps[k]])[None]
                out[:, k] = [_cross(gap[:, regime == r]) for r in range(len(REGIMES))]
            self._terms[t] = out
        return self._terms[t]


_ROOTS = [np.sqrt(widths).astype(np.float32) for widths in (WIDTHS, LOG_WIDTHS)]


def _cross(gap: Singles) -> Floats:
    """Sum over units of the products of gaps, for counts and for their logs, (2, M, M)."""
    scaled = [(gap * root).reshape(len(gap), -1) for root in _ROOTS]
    return np.array([rows @ rows.T for rows in scaled], dtype=np.float64)
