"""How well likeness did on attacks that it had not seen.

Rolling origins: the model is fitted on the attacks before an origin and asked about those of the months
after it, each against all earlier attacks whose family is known. Compared with place and time alone (the
same model, two traits) and with chance.

Precision at k is the share of the k most similar earlier attacks that are of the same family, averaged over
the attacks asked about; its interval comes from resampling those (10,000 times, 90 %), and so does that of
the difference, attack by attack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.core.types import Interval
from toguna.forecasts.similar.compare import FEATURES, PLACE_AND_TIME, Comparer
from toguna.forecasts.similar.model import fit
from toguna.forecasts.similar.traits import Traits

__all__ = ["DEPTHS", "Record", "record"]

DEPTHS = (1, 3, 5)
STEP_DAYS = 91
RESAMPLES = 10_000
_BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
_MODELS = {"likeness": FEATURES, "place-and-time": PLACE_AND_TIME}
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Record:
    """What held-out attacks say.

    Parameters
    ----------
    attacks : int
        Attacks asked about.
    pairs : int
        Pairs that were given a probability.
    precision : dict
        Model -> k -> share of the k most similar that are of the same family, with 90 % interval.
        "chance" is the share among all earlier attacks.
    gain : dict
        k -> precision of likeness less that of place and time, with 90 % interval.
    brier : dict
        Model -> mean squared error of the probabilities; "chance" states the share in the fit.
    reliability : list of dict
        Bins of the stated probability: `low`, `high`, `pairs`, `stated` (mean), `same` (share).
    """

    attacks: int
    pairs: int
    precision: dict[str, dict[int, Interval]] = field(default_factory=dict)
    gain: dict[int, Interval] = field(default_factory=dict)
    brier: dict[str, float] = field(default_factory=dict)
    reliability: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "attacks": self.attacks,
            "pairs": self.pairs,
            "precision": {
                m: {str(k): v.as_dict() for k, v in at.items()} for m, at in self.precision.items()
            },
            "gain": {str(k): v.as_dict() for k, v in self.gain.items()},
            "brier": self.brier,
            "reliability": self.reliability,
        }


@dataclass(slots=True)
class _Tally:
    """Held-out pairs as they come in: hits by model and attack, probabilities, truth."""

    hits: dict[str, list[list[float]]] = field(default_factory=lambda: {m: [] for m in (*_MODELS, "chance")})
    stated: dict[str, list[Floats]] = field(default_factory=lambda: {m: [] for m in (*_MODELS, "chance")})
    same: list[NDArray[np.bool_]] = field(default_factory=list)


def record(traits: Traits, *, first: date, rng: np.random.Generator) -> Record:
    """Ask about every attack after `first` whose family is known.

    Parameters
    ----------
    traits : Traits
        The attacks; nothing after the last of them is used.
    first : date
        First origin; later ones follow every 91 days.
    """
    comparer, tally = Comparer(traits), _Tally()
    origin = first
    last = int(traits.day[-1]) if len(traits) else 0
    while origin.toordinal() <= last:
        upto = origin + timedelta(days=STEP_DAYS)
        _ask(comparer, (origin.toordinal(), upto.toordinal()), tally)
        origin = upto
    return _sum_up(tally, rng) if tally.same else Record(0, 0)


def _ask(comparer: Comparer, span: tuple[int, int], tally: _Tally) -> None:
    traits = comparer.traits
    named = traits.named
    before = np.flatnonzero(named & (traits.day < span[0]))
    models = {name: fit(comparer, before.tolist(), names=used) for name, used in _MODELS.items()}
    for later in np.flatnonzero(named & (traits.day >= span[0]) & (traits.day < span[1])):
        features = comparer.features(int(later))
        earlier = np.flatnonzero(named[: len(features)])
        if len(earlier) < DEPTHS[-1]:
            continue
        same = np.array([bool(traits.families[later] & traits.families[j]) for j in earlier], dtype=bool)
        for name, model in models.items():
            if model is None:
                return
            p = model.probability(features[earlier])
            order = np.argsort(-p, kind="stable")
            tally.hits[name].append([float(same[order[:k]].mean()) for k in DEPTHS])
            tally.stated[name].append(p)
        chance = models["likeness"]
        assert chance is not None
        tally.stated["chance"].append(np.full(len(earlier), chance.same / chance.pairs))
        tally.hits["chance"].append([float(same.mean())] * len(DEPTHS))
        tally.same.append(same)


def _sum_up(tally: _Tally, rng: np.random.Generator) -> Record:
    hits = {name: np.array(rows) for name, rows in tally.hits.items()}
    attacks = len(tally.same)
    draws = rng.integers(0, attacks, size=(RESAMPLES, attacks))
    gain = hits["likeness"] - hits["place-and-time"]
    truth = np.concatenate(tally.same).astype(float)
    stated = {name: np.concatenate(p) for name, p in tally.stated.items()}
    return Record(
        attacks,
        len(truth),
        {n: {k: _share(rows[:, i], draws) for i, k in enumerate(DEPTHS)} for n, rows in hits.items()},
        {k: _share(gain[:, i], draws) for i, k in enumerate(DEPTHS)},
        {name: round(float(((p - truth) ** 2).mean()), 4) for name, p in stated.items()},
        _bins(stated["likeness"], truth),
    )


def _share(values: Floats, draws: NDArray[np.int64]) -> Interval:
    low, high = np.quantile(values[draws].mean(axis=1), [0.05, 0.95])
    return Interval(round(float(values.mean()), 4), "share", round(float(low), 4), round(float(high), 4))


def _bins(stated: Floats, truth: Floats) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for low, high in pairwise(_BINS):
        inside = (stated >= low) & ((stated < high) | (high == 1.0))
        if inside.any():
            told = {
                "stated": round(float(stated[inside].mean()), 3),
                "same": round(float(truth[inside].mean()), 3),
            }
            rows.append({"low": low, "high": high, "pairs": int(inside.sum()), **told})
    return rows
