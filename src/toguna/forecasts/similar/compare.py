r"""How alike two attacks are, trait by trait.

For a later attack i and an earlier one j, with n(w) of N attacks up to i bearing the word w or a word of the
group w:

- place: $-\log(1 + d / 10)$, d in km;
- time: $-\log(1 + t / 30)$, t in days;
- setting, target, tactic: the information of the narrowest word or group that both bear,
  $-\log((n + 1) / (N + 2))$; 0 where they share none. To share a rare trait (a hotel) tells more than to
  share a common one (a town);
- scale: $-|\log(1 + \text{deaths}_i) - \log(1 + \text{deaths}_j)|$.

Unknown values give NaN; `toguna.forecasts.similar.model` puts the mean of known pairs there.

References
----------
Resnik (1995), Using information content to evaluate semantic similarity in a taxonomy, arXiv cmp-lg/9511007.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from toguna.core.geography import distance_km
from toguna.forecasts.similar.traits import GROUPS, MARKS, Traits

__all__ = ["FEATURES", "PLACE_AND_TIME", "Comparer", "shared_word"]

PLACE_AND_TIME = ("place", "time")
FEATURES = (*PLACE_AND_TIME, *MARKS, "scale")
NEAR_KM, SOON_DAYS = 10.0, 30.0

Floats = NDArray[np.float64]
_GROUP_OF = {mark: {w: g for g, words in sets.items() for w in words} for mark, sets in GROUPS.items()}


def shared_word(mark: str, one: str | None, other: str | None) -> str | None:
    """Name the narrowest word or group that two attacks share; None when there is none."""
    if one is None or other is None:
        return None
    if one == other:
        return one
    group = _GROUP_OF[mark].get(one)
    return group if group is not None and group == _GROUP_OF[mark].get(other) else None


@dataclass(frozen=True)
class Comparer:
    """Compare attacks of one set of traits; what is common is counted over the attacks up to each."""

    traits: Traits
    _held: dict[int, Floats] = field(default_factory=dict, repr=False, compare=False)

    def features(self, later: int) -> Floats:
        """Compare one attack with all that began on earlier days.

        Parameters
        ----------
        later : int
            Index of the attack.

        Returns
        -------
        array of float, shape (earlier attacks, 6)
            In the order of `FEATURES`; NaN = unknown.
        """
        if later not in self._held:
            self._held[later] = self._compare(later)
        return self._held[later]

    def _compare(self, later: int) -> Floats:
        t = self.traits
        n = int(np.searchsorted(t.day, t.day[later]))
        columns = [
            -np.log1p(distance_km(t.lat[:n], t.lon[:n], t.lat[later], t.lon[later]) / NEAR_KM),
            -np.log1p((t.day[later] - t.day[:n]) / SOON_DAYS),
            *(self._information(mark, later, n) for mark in MARKS),
            -np.abs(np.log1p(t.deaths[:n]) - np.log1p(t.deaths[later])),
        ]
        return np.stack(columns, axis=1) if n else np.empty((0, len(FEATURES)))

    def _information(self, mark: str, later: int, n: int) -> Floats:
        words, own = self.traits.marks[mark][:n], self.traits.marks[mark][later]
        if own is None:
            return np.full(n, np.nan)
        counts = Counter(words)
        for group, members in GROUPS[mark].items():
            counts[group] = sum(counts[word] for word in members)
        shared = {word: shared_word(mark, own, word) for word in set(words) if word is not None}
        gain = {word: _rarity(counts[s], n) if s else 0.0 for word, s in shared.items()}
        return np.array([math.nan if w is None else gain[w] for w in words], dtype=float)


def _rarity(count: int, n: int) -> float:
    return -math.log((count + 1) / (n + 2))
