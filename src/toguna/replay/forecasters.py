"""Who forecasts in a replay: small values that travel to workers and are called with a panel.

A forecaster is handed a panel that ends at its origin, so it cannot see the future. Anything with a
`name`, plain `parameters` and this call will do.

Enters: a panel up to an origin. Leaves: a `Forecast`. Called by `toguna.replay.foretold`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from toguna.core.errors import UnknownNameError
from toguna.forecasts.ensemble import Ensemble
from toguna.forecasts.forecast import Forecast
from toguna.forecasts.history import History
from toguna.forecasts.members import BY_COUNTRY, RESAMPLED, members, resamplings
from toguna.forecasts.support import draws_from
from toguna.panels.panel import Panel

__all__ = ["MODELS", "Forecaster", "Pool", "Resampling", "Spoken", "forecasters"]


class Forecaster(Protocol):
    """What a replay calls at every origin. It must be picklable."""

    @property
    def name(self) -> str:
        """Name under which it is scored."""

    @property
    def parameters(self) -> dict[str, Any]:
        """Everything that its forecasts depend on besides panel, steps and seed, as plain values."""

    def __call__(self, panel: Panel, steps: tuple[int, ...], seed: int) -> Forecast:
        """Forecast from the last month of the panel."""


@dataclass(frozen=True)
class Resampling:
    """The last months of the unit itself as draws, each with the same chance: a baseline."""

    months: int
    column: str = "deaths"

    @property
    def name(self) -> str:
        """Name of the baseline."""
        return f"last_{self.months}"

    @property
    def parameters(self) -> dict[str, Any]:
        """Months and column."""
        return {"months": self.months, "column": self.column}

    def __call__(self, panel: Panel, steps: tuple[int, ...], seed: int) -> Forecast:
        """Repeat the last months for every step."""
        past = History(panel.counts(self.column)).last(self.months)
        draws = np.broadcast_to(past[None], (len(steps), *past.shape))
        return Forecast(self.column, self.name, int(panel.months[-1]), steps, panel.units, draws, seed)


@dataclass(frozen=True)
class Spoken:
    """A forecast that was made already, from the same panel."""

    called: str
    made: Forecast

    @property
    def name(self) -> str:
        """Name under which it is scored."""
        return self.called

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of the forecast."""
        return {"model": self.made.model}

    def __call__(self, panel: Panel, steps: tuple[int, ...], seed: int) -> Forecast:
        """Say it."""
        return self.made


@dataclass(frozen=True)
class Pool:
    """The pool of `toguna.forecasts.ensemble`; without its trees by default, which cost a hundred times more.

    Parameters
    ----------
    column : str
        What is forecast.
    trees : bool
        Whether the boosted trees take part.
    size : int
        Draws of each unit and step.
    """

    column: str = "deaths"
    trees: bool = False
    size: int = 200

    @property
    def name(self) -> str:
        """Name of the model."""
        return "pool_with_trees" if self.trees else "pool"

    @property
    def parameters(self) -> dict[str, Any]:
        """Column, trees and draws."""
        return {"column": self.column, "trees": self.trees, "draws": self.size}

    def __call__(self, panel: Panel, steps: tuple[int, ...], seed: int) -> Forecast:
        """Pool the members with weights learnt before the origin.

        One thread, and chances rounded to six digits: how a library splits its sums over threads must not
        reach the draws, which are the same on every runner.
        """
        models, design = (members(0), BY_COUNTRY) if self.trees else (resamplings(), RESAMPLED)
        with threadpool_limits(limits=1):
            pool = Ensemble(models, design).pool(History(panel.counts(self.column)), steps)
        chances = pool.chances.astype(np.float64).round(6)
        draws = draws_from(chances.astype(np.float32), self.size, np.random.default_rng(seed))
        origin = int(panel.months[-1])
        return Forecast(
            self.column, self.name, origin, steps, panel.units, np.moveaxis(draws, 1, 0).copy(), seed
        )


MODELS = ("pool", "pool_with_trees")


def forecasters(model: str, *, column: str = "deaths") -> tuple[Forecaster, ...]:
    """Return a forecaster by name and, after it, the baselines that it is scored beside."""
    if model not in MODELS:
        raise UnknownNameError("model", model, MODELS)
    return (Pool(column, trees=model == "pool_with_trees"), Resampling(12, column), Resampling(240, column))
