"""For one attack the most similar earlier ones, why, and the series that it stands in.

Enters: traits, the id of an attack. Leaves: an `Answer`. Called by the command line and `toguna.room`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from toguna.core.errors import UnknownNameError
from toguna.core.geography import distance_km
from toguna.forecasts.similar.compare import FEATURES, Comparer, shared_word
from toguna.forecasts.similar.model import Likeness, fit
from toguna.forecasts.similar.traits import MARKS, Traits

__all__ = ["LINKED", "Answer", "Earlier", "Reason", "Seen", "first_origin", "series_of", "similar"]

LINKED, MOST_IN_SERIES = 0.5, 1000

Stated = Literal["same", "other", "unknown"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One trait of a pair.

    Parameters
    ----------
    trait : str
        place, time, setting, target, tactic, scale, family or claim.
    value : float, str or tuple of str or None
        km, days, the shared word or group, ratio of deaths (later to earlier, both plus 1), shared families
        or claimants; None = nothing shared, or unknown.
    weight : float or None
        What it adds to the log-odds of an average pair; None for family and claim, which do not count.
    """

    trait: str
    value: float | str | tuple[str, ...] | None
    weight: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"trait": self.trait, "value": value, "weight": self.weight}


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier attack.

    Parameters
    ----------
    event_id : str
        Which.
    probability : float or None
        That the same family is behind both, judged without names and claims; None when it cannot be stated.
    stated : {"same", "other", "unknown"}
        What those blamed say: a family in common, none in common, or not known of one of the two.
    reasons : tuple of Reason
        In the order of the traits.
    """

    event_id: str
    probability: float | None
    stated: Stated
    reasons: tuple[Reason, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "event_id": self.event_id,
            "probability": self.probability,
            "stated": self.stated,
            "reasons": [reason.as_dict() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What is like an attack.

    Parameters
    ----------
    event_id : str
        The attack asked about.
    earlier : tuple of Earlier
        Most similar first.
    compared : int
        Earlier attacks it was compared with.
    series : tuple of str
        Ids of the attacks of its series, oldest first; itself alone when it stands in none.
    pairs, same : int
        Pairs that the probability was fitted on, those of the same family; 0 when it cannot be stated.
    """

    event_id: str
    earlier: tuple[Earlier, ...]
    compared: int
    series: tuple[str, ...]
    pairs: int
    same: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "event_id": self.event_id,
            "compared": self.compared,
            "earlier": [one.as_dict() for one in self.earlier],
            "series": list(self.series),
            "fitted_on": {"pairs": self.pairs, "same": self.same},
        }


@dataclass(frozen=True)
class Seen:
    """Attacks with the model fitted on all of them; make one with `Seen.of`."""

    comparer: Comparer
    model: Likeness | None

    @classmethod
    def of(cls, traits: Traits) -> Seen:
        """Fit on every attack whose family is known."""
        comparer = Comparer(traits)
        return cls(comparer, fit(comparer, range(len(traits))))

    @cached_property
    def series(self) -> dict[str, tuple[str, ...]]:
        """The series of each attack, see `series_of`."""
        return series_of(self)

    @property
    def traits(self) -> Traits:
        """The attacks."""
        return self.comparer.traits

    def likeness(self, later: int) -> NDArray[np.float64]:
        """Score every earlier attack: the probability, or where none can be stated the mean of the traits."""
        features = self.comparer.features(later)
        if self.model is not None:
            return self.model.probability(features)
        return np.asarray(np.where(np.isnan(features), 0.0, features).mean(axis=1))


def similar(seen: Seen, event_id: str, *, most: int) -> Answer:
    """Find the most similar earlier attacks.

    Parameters
    ----------
    seen : Seen
        The attacks known.
    event_id : str
        One of them.
    most : int
        How many to return at the most.

    Raises
    ------
    UnknownNameError
        No such attack was known by then, or counted.
    """
    ids = seen.traits.ids
    where = np.flatnonzero(ids == event_id)
    if not len(where):
        raise UnknownNameError("event", event_id, {str(i) for i in ids})
    later = int(where[0])
    score = seen.likeness(later)
    order = np.argsort(-score, kind="stable")[:most]
    return Answer(
        event_id,
        tuple(_earlier(seen, later, int(j), score) for j in order),
        len(score),
        seen.series.get(event_id, (event_id,)),
        seen.model.pairs if seen.model else 0,
        seen.model.same if seen.model else 0,
    )


def _earlier(seen: Seen, later: int, j: int, score: NDArray[np.float64]) -> Earlier:
    features = seen.comparer.features(later)[j : j + 1]
    weights: Sequence[float | None] = [None] * len(FEATURES)
    if seen.model is not None:
        told = dict(zip(seen.model.used, seen.model.parts(features)[0], strict=True))
        weights = [round(float(told[i]), 3) if i in told else None for i in range(len(FEATURES))]
    values = _values(seen.traits, later, j)
    reasons = [Reason(name, values[name], weights[i]) for i, name in enumerate(FEATURES)]
    reasons += [Reason(name, values[name], None) for name in ("family", "claim")]
    p = round(float(score[j]), 4) if seen.model is not None else None
    return Earlier(str(seen.traits.ids[j]), p, _stated(seen.traits, later, j), tuple(reasons))


def _values(t: Traits, i: int, j: int) -> dict[str, float | str | tuple[str, ...] | None]:
    km = float(distance_km(t.lat[i], t.lon[i], t.lat[j], t.lon[j]))
    ratio = (t.deaths[i] + 1) / (t.deaths[j] + 1)
    return {
        "place": None if np.isnan(km) else round(km, 1),
        "time": float(t.day[i] - t.day[j]),
        **{mark: shared_word(mark, t.marks[mark][i], t.marks[mark][j]) for mark in MARKS},
        "scale": None if np.isnan(ratio) else round(float(ratio), 3),
        "family": tuple(sorted(t.families[i] & t.families[j])) or None,
        "claim": tuple(sorted(t.claimants[i] & t.claimants[j])) or None,
    }


def _stated(t: Traits, i: int, j: int) -> Stated:
    if not t.families[i] or not t.families[j]:
        return "unknown"
    return "same" if t.families[i] & t.families[j] else "other"


def series_of(seen: Seen) -> dict[str, tuple[str, ...]]:
    """Group the newest attacks into series.

    Average linkage (Sokal and Michener 1958) on one minus the probability, cut at `LINKED`: in a series the
    same family is on average likelier than not behind two of its attacks. Attacks blamed on different
    families have probability 0. Only the newest `MOST_IN_SERIES` attacks are grouped.

    Returns
    -------
    dict
        Event id -> ids of its series, itself included, oldest first; empty when no probability can be stated.
    """
    t = seen.traits
    rows = np.arange(max(0, len(t) - MOST_IN_SERIES), len(t))
    if seen.model is None or len(rows) < 2:
        return {}
    apart = np.ones((len(rows), len(rows)))
    for a, i in enumerate(rows):
        score = seen.likeness(int(i))[rows[0] :]
        agrees = np.array([_stated(t, int(i), int(j)) != "other" for j in rows[: len(score)]], dtype=bool)
        apart[a, : len(score)] = apart[: len(score), a] = np.where(agrees, 1.0 - score, 1.0)
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform(apart, checks=False), method="average")
    label = fcluster(tree, 1.0 - LINKED, criterion="distance")
    found = {int(k): tuple(str(i) for i in t.ids[rows[label == k]]) for k in np.unique(label)}
    return {str(t.ids[i]): found[int(k)] for i, k in zip(rows, label, strict=True)}


def first_origin(traits: Traits) -> date | None:
    """Return the day by which two fifths of the attacks of known families lie behind; None without any."""
    days = traits.day[traits.named]
    return date.fromordinal(int(days[int(len(days) * 0.4)])) if len(days) else None
