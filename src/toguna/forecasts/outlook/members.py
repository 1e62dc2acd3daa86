"""The members of the pool: simple rules, each of which looks at another part of the past.

Enters: which units lie side by side. Leaves: models by name, the part of the past each stands for, and the
weight each has before anything is learnt. Called by `toguna.forecasts.outlook.pool`.

The prior is a judgement made before any score was seen: last-year resampling is hard to beat, so it and its
variants hold more than half; nothing of it was tuned on a theatre.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.last_month import last_month
from toguna.forecasts.negative_binomial import own_negative_binomial
from toguna.forecasts.recent import recent
from toguna.forecasts.resampling import past_months
from toguna.forecasts.zero import zero

__all__ = ["GROUPS", "PRIOR", "REFERENCE", "Members", "members_for"]

REFERENCE = "last_12"
"""Last-year resampling, with which every forecast is compared."""

GROUPS = {
    "last_month": "recent months",
    "last_3_wide": "recent months",
    "fading_3": "recent months",
    "last_12": "last year",
    "fading_12": "last year",
    "last_60": "earlier years",
    "last_240": "earlier years",
    "own_negative_binomial": "earlier years",
    "beside": "areas beside",
    "zero": "a quiet month",
    "exceedance": "trees",
    "relative": "trees",
}
"""Member -> the part of the past it looks at."""

PRIOR = {
    "last_month": 0.25,
    "last_3_wide": 0.5,
    "fading_3": 1.0,
    "last_12": 2.0,
    "fading_12": 2.0,
    "last_60": 1.0,
    "last_240": 0.5,
    "own_negative_binomial": 1.0,
    "beside": 0.5,
    "zero": 0.25,
    "exceedance": 2.0,
    "relative": 2.0,
}


@dataclass(frozen=True, slots=True)
class Members:
    """Models by name; `flat` says the same for all steps, `stepped` (trees) knows steps and costs seconds."""

    flat: Mapping[str, Model]
    stepped: Mapping[str, Model]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order of what is said."""
        return (*self.flat, *self.stepped)

    def said(self, history: History, steps: tuple[int, ...]) -> Singles:
        """Return the chances of all members, (M, U, 1 or H, G): one for all steps when all are flat."""
        flat = np.stack([model(history, steps[:1]) for model in self.flat.values()])
        if not self.stepped:
            return flat
        own = np.stack([model(history, steps) for model in self.stepped.values()])
        shape = (*flat.shape[:2], len(steps), flat.shape[3])
        return np.concatenate([np.broadcast_to(flat, shape), own])


def members_for(beside: NDArray[np.bool_], *, trees: bool, seed: int) -> Members:
    """Choose the members for units that lie so beside one another.

    Parameters
    ----------
    beside : (U, U) bool
        Whether two units lie side by side.
    trees : bool
        Whether trees are asked: they need many units and cost seconds for each past origin.
    seed : int
        Of the trees.
    """
    flat: dict[str, Model] = {
        "last_month": last_month,
        "last_3_wide": recent(3, spread=0.5),
        "fading_3": recent(24, spread=0.5, half_life=3),
        "last_12": past_months(12),
        "fading_12": recent(60, spread=0.5, half_life=12),
        "last_60": past_months(60),
        "last_240": past_months(240),
        "own_negative_binomial": own_negative_binomial(60),
        "zero": zero,
    }
    if beside.any():
        flat["beside"] = _beside(beside)
    stepped: dict[str, Model] = {}
    if trees:
        from toguna.forecasts.exceedance import exceedance  # LightGBM costs a third of a second
        from toguna.forecasts.relative import relative

        stepped = {"exceedance": exceedance(seed), "relative": relative(seed)}
    return Members(flat, stepped)


def _beside(beside: NDArray[np.bool_]) -> Model:
    """Resample the last 12 months of the units beside; of the unit itself where there are none."""
    weight = (beside | np.diag(~beside.any(axis=1))).astype(np.float32)
    weight /= weight.sum(axis=1, keepdims=True)
    own = past_months(12)

    def resample(history: History, steps: tuple[int, ...]) -> Singles:
        said = own(history, steps)
        return np.asarray(np.einsum("ij,jhg->ihg", weight, said))

    return resample
