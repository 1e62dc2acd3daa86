"""A hidden Markov model of levels for cells: who fights on at which level, and for how long.

The model of countries (`toguna.forecasts.hidden_markov`) with states of cells: levels down to one death in
eighty years, and deaths that come in few bloody months. A cell hardly ever changes its kind of scatter. Two
such models differ in the kinds of scatter that they know. Cells that nothing was heard of are at 0.

Enters: a `CellHistory`. Leaves: chances. Called by `toguna.forecasts.cell_members`.
"""

from __future__ import annotations

import numpy as np

from toguna.core.errors import UsageError
from toguna.forecasts.cells import CellHistory
from toguna.forecasts.hidden_markov import Floats, States, hidden_markov
from toguna.forecasts.history import History, Model, Singles
from toguna.forecasts.zero import zero

__all__ = ["THREE_KINDS", "TWO_KINDS", "cell_levels"]

_LEVELS: Floats = np.concatenate([[0.001, 0.01, 0.04, 0.15, 0.4], 2.0 ** np.arange(13)])
TWO_KINDS = States(_LEVELS, (0.15, 1.2), size_below_one=0.05, shared_from=8.0, stays=0.999, single=True)
THREE_KINDS = States(
    _LEVELS, (0.15, 0.6, 2.0), size_below_one=0.15, shared_from=4.0, stays=0.998, single=True
)


def cell_levels(states: States, iterations: int = 20) -> Model:
    """Return the model of cells with an event of any kind in or beside them before the origin."""
    model = hidden_markov(iterations, states)

    def fitted(history: History, steps: tuple[int, ...]) -> Singles:
        if not isinstance(history, CellHistory):
            raise UsageError("forecasts by cell need a CellHistory (counts, every_kind, gids).")
        out = zero(history, steps)
        spoken = np.flatnonzero(history.known.spoken[-1])
        if len(spoken):
            out[spoken] = model(History(history.counts[spoken]), steps)
        return out

    return fitted
