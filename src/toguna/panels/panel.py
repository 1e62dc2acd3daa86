"""A panel: counts by unit and month, with the account of what could not be placed.

Enters: arrays. Leaves: `Panel`, and `Panel.until`, which is how a forecast is kept from seeing the
future: it is handed a panel that ends at its origin. Called by everything in `panels` and `forecasts`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError

__all__ = ["LEVELS", "Floats", "Ints", "Panel"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = ("country", "admin1", "admin2", "grid")


@dataclass(frozen=True, slots=True)
class Panel:
    """Counts of U units in T months in a row.

    Parameters
    ----------
    level : str
        "country", "admin1", "admin2" or "grid".
    units : tuple of str, length U
        ISO code or name, "MLI/area", "MLI/area/district", or a PRIO-GRID number as text.
    months : (T,) int
        Month numbers, 1 = January 1980, without a gap.
    columns : tuple of str, length K
        What is counted.
    values : (T, U, K) float
        Counts, 0 or more; nothing is missing: no event means 0.
    unplaced : mapping
        Column -> what the source counts in these months but no unit holds.
    """

    level: str
    units: tuple[str, ...]
    months: Ints
    columns: tuple[str, ...]
    values: Floats
    unplaced: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise UsageError(f"level {self.level!r} is none of {', '.join(LEVELS)}.")
        shape = (len(self.months), len(self.units), len(self.columns))
        if self.values.shape != shape:
            raise UsageError(f"values of a panel have shape {self.values.shape}, expected {shape}.")
        if len(self.months) and (np.diff(self.months) != 1).any():
            raise UsageError("months of a panel must follow one another; fill the gaps with zeros first.")
        if not np.isfinite(self.values).all() or (self.values < 0).any():
            raise UsageError("a panel counts: every value must be a number, 0 or more.")

    def at(self, month: int) -> int:
        """Return the index of a month number, or say which months there are."""
        if not len(self.months) or not self.months[0] <= month <= self.months[-1]:
            have = f"{self.months[0]} to {self.months[-1]}" if len(self.months) else "none"
            raise UsageError(f"month {month} is not in the panel; it has {have} (1 = January 1980).")
        return int(month - self.months[0])

    def counts(self, column: str) -> Floats:
        """Return one column as (U, T), a row for each unit."""
        if column not in self.columns:
            raise UsageError(f"the panel has no column {column!r}; it has {', '.join(self.columns)}.")
        return np.ascontiguousarray(self.values[:, :, self.columns.index(column)].T)

    def until(self, month: int) -> Panel:
        """Return the panel that ends with `month`: what a forecast of that origin may see."""
        end = self.at(month) + 1
        return Panel(self.level, self.units, self.months[:end], self.columns, self.values[:end])

    def total(self, column: str) -> float:
        """Return what the source counts: in units and unplaced."""
        return float(self.counts(column).sum()) + self.unplaced.get(column, 0.0)
