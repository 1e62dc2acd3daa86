"""How likely it is that two tellings are of one incident: weights that are added up.

Enters: levels of `compare`. Leaves: probabilities and reasons. Called by `toguna.events.links.link`.

A level of a feature that is m times as frequent among pairs of one incident as u among other pairs weighs
log2(m / u); the sum, with the odds of a candidate before anything is compared, gives the odds of a link. The
figures stand in `weights.toml`, measured by ``python -m bench.linking --tune``.

References
----------
Fellegi and Sunter (1969), A Theory for Record Linkage, doi 10.1080/01621459.1969.10501049.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

import numpy as np

from toguna.events.links.compare import FEATURES, LEVELS, Codes
from toguna.events.links.tellings import Floats

__all__ = ["Model", "Reason", "model"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two tellings are, or are not, of one incident.

    Parameters
    ----------
    feature, level : str
        What was compared, and how it came out.
    weight : float
        log2 of how much likelier that is in one incident than by chance; below 0 it speaks against.
    """

    feature: str
    level: str
    weight: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"feature": self.feature, "level": self.level, "weight": self.weight}


@dataclass(frozen=True)
class Model:
    """Weights and thresholds.

    Parameters
    ----------
    prior : float
        log2 odds that a candidate pair is of one incident.
    weights : dict
        log2(m / u) of every level by feature.
    link, review : float
        Probability from which a pair is linked; from which it is shown for review.
    measured : dict
        Precision and recall on labelled pairs that were not used for tuning, as recorded.
    """

    prior: float
    weights: dict[str, tuple[float, ...]]
    link: float
    review: float
    measured: dict[str, Any]

    def probability(self, codes: Codes) -> Floats:
        """Return the probability of each pair, shape (P,)."""
        total = np.full(len(codes), self.prior)
        for column, feature in enumerate(FEATURES):
            table = np.array([*self.weights[feature], 0.0])  # the last one answers to -1
            total += table[codes[:, column]]
        return np.asarray(1 / (1 + np.exp2(-total)))

    def reasons(self, codes: Codes) -> tuple[Reason, ...]:
        """Say what one pair was judged by, the weightiest first; `codes` has shape (len(FEATURES),)."""
        said = (
            self._said[feature][level]
            for feature, level in zip(FEATURES, codes.tolist(), strict=True)
            if level >= 0
        )
        return tuple(sorted(said, key=lambda r: -abs(r.weight)))

    @cached_property
    def _said(self) -> dict[str, list[Reason]]:
        return {
            f: [Reason(f, level, w) for level, w in zip(LEVELS[f], self.weights[f], strict=True)]
            for f in FEATURES
        }


@cache
def model() -> Model:
    """Read the weights that come with the program."""
    text = resources.files("toguna.events.links").joinpath("weights.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    weights = {f: tuple(float(told["weights"][f][level]) for level in LEVELS[f]) for f in FEATURES}
    return Model(
        float(told["prior"]), weights, float(told["link"]), float(told["review"]), dict(told["measured"])
    )
