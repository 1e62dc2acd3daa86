"""The members of the ensemble, by name, and where each may speak.

Chosen on forecasts for 1999-2014 (docs/decisions/0026, 0038, 0086, 0090, 0095). `exceedance` is not asked
about wars: it takes every record for a peak.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.corrected import corrected
from toguna.forecasts.exceedance import exceedance
from toguna.forecasts.hidden_markov import hidden_markov
from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.recent import recent
from toguna.forecasts.regimes import REGIMES, regime_of, regime_shares
from toguna.forecasts.relative import relative
from toguna.forecasts.resampling import past_months

__all__ = [
    "BELOW_WAR",
    "BY_COUNTRY",
    "IN_WAR",
    "JUST_RISEN",
    "MIDDLE",
    "RESAMPLED",
    "Design",
    "averaged",
    "members",
    "resamplings",
    "trees",
]


@dataclass(frozen=True, slots=True)
class Design:
    """Which members speak in which regime.

    Parameters
    ----------
    names : tuple of str, length R
        Regimes.
    regime : function
        History -> index of the regime of each unit, (U,).
    priors : tuple of mappings, length R
        Member -> prior weight; members that are not named keep silent in that regime.
    ridges : tuple of float, length R
        How strongly the weights are held to the prior (`stacking.pool_weights`).
    log_odds : tuple of float, length R or 0
        Share of a regime's answer that is a pool of log odds where its chance is 0, and which rises to all of
        it where its chance is 1; the rest is a linear pool. 0 = the linear pool alone.
    mixed : function or None
        History -> shares of regimes of each unit, (U, R), with sum 1; None = each is in its regime alone.
    """

    names: tuple[str, ...]
    regime: Callable[[History], NDArray[np.int64]]
    priors: tuple[dict[str, float], ...]
    ridges: tuple[float, ...]
    log_odds: tuple[float, ...] = ()
    mixed: Callable[[History], NDArray[np.float64]] | None = None

    def shares(self, history: History) -> NDArray[np.float64]:
        """Return shares of regimes of every unit, (U, R)."""
        if self.mixed is not None:
            return self.mixed(history)
        return np.asarray(np.eye(len(self.names))[self.regime(history)])


BELOW_WAR = {
    "last_12": 1.0,
    "last_24": 1.0,
    "fading_3": 1.0,
    "fading_4_wide": 3.0,
    "fading_6": 1.0,
    "fading_12": 1.0,
    "exceedance": 4.0,
    "relative": 2.0,
}
"""Members in regimes below war, with the prior weight they are shrunk to."""

MIDDLE = BELOW_WAR | {"hidden_markov": 2.0}
"""Members in conflicts of 5 to 40 deaths a month."""

IN_WAR = {
    "last_3_wide": 1.0,
    "last_12": 2.0,
    "fading_2": 1.0,
    "relative_by_level": 2.0,
    "corrected": 3.0,
    "hidden_markov": 3.0,
}
"""Members in wars. Their trees are taught as they are scored, on counts too (docs/decisions/0086). The
chain of levels takes the place of the last 24 months (docs/decisions/0095)."""

JUST_RISEN = {
    "last_3_wide": 0.5,
    "last_12": 2.0,
    "relative_by_level": 2.0,
    "corrected": 2.0,
    "hidden_markov": 2.0,
}
"""A war that has just risen steeply mostly falls back: less is asked of its last months alone."""

BY_COUNTRY = Design(
    REGIMES,
    regime_of,
    (*(BELOW_WAR,) * 3, MIDDLE, IN_WAR, JUST_RISEN),
    ridges=(*(0.1,) * 4, 0.5, 0.5),
    log_odds=(*(0.0,) * 4, 0.5, 0.5),
    mixed=regime_shares,
)
"""Weights of wars are held five times as strongly: there are few wars, and each can mislead. What is said of
wars is half a pool of log odds in the lower tail and wholly one in the upper (docs/decisions/0090, 0095). On
whether a war ends members differ and each may be right; on how far it may rise all together are too wide."""

RESAMPLED = replace(BY_COUNTRY, priors=tuple(prior | {"last_24": 1.0} for prior in BY_COUNTRY.priors))
"""For a pool of resamplings alone, which has no chain of levels: the last 24 months speak in wars, too."""


def averaged(*models: Model) -> Model:
    """Return the model that says the mean of what these say: less noise from the choice of rows."""

    def mean(history: History, steps: tuple[int, ...]) -> Singles:
        total = models[0](history, steps)
        for model in models[1:]:
            total = total + model(history, steps)
        return np.asarray(total / len(models))

    return mean


def trees(seed: int) -> dict[str, Model]:
    """Return the members that are trained, by name: they cost a hundred times what the others do."""
    return {
        "exceedance": exceedance(seed, trees=40),
        "relative": relative(seed, trees=30),
        "relative_by_level": relative(seed, by_level=True),
        "corrected": averaged(corrected(seed), corrected(seed + 1, by_level=True)),
    }


def resamplings() -> dict[str, Model]:
    """Return the members that resample a country's own past, by name."""
    return {
        "last_12": past_months(12),
        "last_24": past_months(24),
        "last_3_wide": recent(3, spread=0.5),
        "fading_2": recent(60, spread=0.3, half_life=2),
        "fading_3": recent(24, spread=0.5, half_life=3),
        "fading_4_wide": recent(60, spread=1.1, half_life=4),
        "fading_6": recent(60, spread=0.4, half_life=6),
        "fading_12": recent(60, spread=0.5, half_life=12),
    }


def members(seed: int) -> dict[str, Model]:
    """Return all members by name."""
    return resamplings() | {"hidden_markov": hidden_markov()} | trees(seed)
