"""Sums over neighbouring PRIO-GRID cells.

Enters: values by cell and the cells' numbers. Leaves: for each cell the sum over the cells around it.
Called by the grid forecasts.
"""

from __future__ import annotations

import numpy as np

from toguna.panels.panel import Floats, Ints

__all__ = ["around"]

_COLUMNS = 720


def around(values: Floats, gids: Ints, *, reach: int = 1) -> Floats:
    """Sum over the square of cells within `reach` of each cell, the cell itself left out.

    Parameters
    ----------
    values : (U,) or (U, M) float
        Values by cell.
    gids : (U,) int
        PRIO-GRID numbers, in any order, no two alike. Cells that are not listed count 0. The map does
        not wrap at the date line.
    reach : int
        1 for the 8 cells around, 2 for the 24; the cost does not depend on it. Sums are differences of
        running sums, rounded to nine digits so that nothing around is exactly 0.

    Returns
    -------
    float, shape of `values`

    Examples
    --------
    >>> around(np.array([1.0, 5.0, 7.0]), np.array([1, 2, 721]))
    array([12.,  8.,  6.])
    """
    row, column = np.divmod(np.asarray(gids) - 1, _COLUMNS)
    row, column = row - row.min() + reach, column - column.min() + reach
    side = 2 * reach + 1
    field = np.zeros((row.max() + reach + 2, column.max() + reach + 2, *values.shape[1:]))
    field[row + 1, column + 1] = values
    sums = field.cumsum(axis=0).cumsum(axis=1)
    top, left = row - reach, column - reach
    square = sums[top + side, left + side] - sums[top, left + side] - sums[top + side, left] + sums[top, left]
    return np.asarray(np.maximum((square - values).round(9), 0.0))
