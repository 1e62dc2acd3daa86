"""The members of the ensemble of cells, and the regimes of cells.

Called by the grid bench.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.cell_changes import cell_changes
from toguna.forecasts.cells import cell_trees
from toguna.forecasts.history import History, Model
from toguna.forecasts.members import Design
from toguna.forecasts.recent import recent
from toguna.forecasts.resampling import past_months
from toguna.forecasts.zero import zero

__all__ = ["BY_CELL", "CELL_REGIMES", "cell_members"]

CELL_REGIMES = ("never", "quiet", "rare", "busy", "fighting")
"""No death of the target so far; none in two years; in up to 2, up to 6, more of the last 24 months."""


def _regime(history: History) -> NDArray[np.int64]:
    ever, busy = history.counts.any(axis=1), (history.last(24) > 0).sum(axis=1)
    return np.asarray(np.select([~ever, busy == 0, busy <= 2, busy <= 6], [0, 1, 2, 3], 4))


def cell_members(seed: int) -> dict[str, Model]:
    """Return the members of the ensemble of cells."""
    return {
        "zero": zero,
        "last_12": past_months(12),
        "last_240": past_months(240),
        "fading_6": recent(60, spread=0.4, half_life=6),
        "cell_changes": cell_changes(seed),
        "cell_trees": cell_trees(seed),
    }


_PRIOR = {
    "zero": 1.0,
    "last_12": 1.0,
    "last_240": 2.0,
    "fading_6": 1.0,
    "cell_trees": 6.0,
    "cell_changes": 3.0,
}
BY_CELL = Design(CELL_REGIMES, _regime, (_PRIOR,) * 5, (1.0,) * 5)
"""Four past origins are few: weights are held to the prior fifty times as strongly as for countries."""
