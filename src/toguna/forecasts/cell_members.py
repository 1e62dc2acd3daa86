"""The members of the ensemble of cells, and the regimes of cells.

Chosen on forecasts for 1999-2015 (docs/decisions/0055, 0100). Called by the grid bench.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.forecasts.cell_corrected import cell_corrected
from toguna.forecasts.cell_levels import THREE_KINDS, TWO_KINDS, cell_levels
from toguna.forecasts.cells import CellHistory
from toguna.forecasts.history import History, Model
from toguna.forecasts.members import Design
from toguna.forecasts.recent import recent
from toguna.forecasts.resampling import past_months
from toguna.forecasts.zero import zero
from toguna.panels.neighbours import around

__all__ = ["BY_CELL", "CELL_REGIMES", "MOST_ORIGINS", "cell_members", "cell_regime"]

CELL_REGIMES = ("quiet", "quiet, deaths near by", "some", "fighting")
"""No death of the target in two years, and none within two cells in one; none, but some within two cells; up
to six, and more of the last 24 months with deaths."""
MOST_ORIGINS = 8
"""Past Octobers whose outcomes the weights are learnt from."""


def cell_regime(history: History) -> NDArray[np.int64]:
    """Return the index into `CELL_REGIMES` of every cell at the origin, (U,)."""
    if not isinstance(history, CellHistory):
        raise UsageError("regimes of cells need a CellHistory (counts, every_kind, gids).")
    busy = (history.last(24) > 0).sum(axis=1)
    near = around((history.last(12) > 0).sum(axis=1).astype(float), history.gids, reach=2) > 0
    return np.asarray(np.select([(busy == 0) & ~near, busy == 0, busy <= 6], [0, 1, 2], 3))


def cell_members(seed: int) -> dict[str, Model]:
    """Return the members of the ensemble of cells."""
    return {
        "zero": zero,
        "last_12": past_months(12),
        "last_60": past_months(60),
        "fading_2": recent(60, spread=0.4, half_life=2),
        "fading_6": recent(60, spread=0.4, half_life=6),
        "cell_corrected": cell_corrected(seed),
        "levels_2": cell_levels(TWO_KINDS),
        "levels_3": cell_levels(THREE_KINDS),
    }


_PRIOR = {
    "zero": 0.5,
    "last_12": 0.5,
    "last_60": 0.5,
    "fading_2": 1.0,
    "fading_6": 4.0,
    "cell_corrected": 8.0,
}
_WITH_LEVELS = _PRIOR | {"levels_2": 8.0, "levels_3": 8.0}
BY_CELL = Design(
    CELL_REGIMES,
    cell_regime,
    (_PRIOR, _PRIOR, _WITH_LEVELS, _WITH_LEVELS),
    ridges=(0.1, 0.1, 1.0, 1.0),
    log_odds=(0.0, 0.0, 0.5, 0.5),
)
"""Chains of levels speak where there were deaths in the last two years. What is said there is half a pool of
log odds in the lower tail and wholly one in the upper; weights stay near their prior, as they are fitted to a
linear pool (docs/decisions/0100)."""
