"""The chain that replays forecasts of any panel: a table of counts by unit and month.

Enters: a table's path, forecasters; all of it travels to workers. Leaves: one look for each origin. Called by
`toguna.replay.task` in workers; made by ``toguna replay --table`` and the benches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from toguna.core.dates import month_id
from toguna.core.errors import DataError
from toguna.panels.counting import from_table
from toguna.panels.reading import read_counts
from toguna.replay.forecasters import Forecaster, forecasters
from toguna.replay.foretold import STEPS, foretell
from toguna.replay.task import Ready

__all__ = ["FEWEST_MONTHS", "Foretelling"]

FEWEST_MONTHS = 12
"""Months that must be known before the first origin."""


@dataclass(frozen=True)
class Foretelling:
    """Forecasts from a table, at every origin.

    Parameters
    ----------
    table : Path
        CSV or Parquet, see `toguna.panels.reading.read_counts`; every worker must be able to read it.
    column : str or None
        Column that is forecast; None = the only one there is.
    level : str
        What a unit is: "country", "admin1", "admin2" or "grid".
    who : tuple of Forecaster
        The one that is judged, then the baselines.
    steps : tuple of int
        Months ahead.
    """

    table: Path
    column: str | None = None
    level: str = "country"
    who: tuple[Forecaster, ...] = field(default_factory=lambda: forecasters("pool", column="count"))
    steps: tuple[int, ...] = STEPS

    def begin(self, as_of: date, seed: int) -> Ready:
        """Read the rows of the months up to a day: later ones, and units only they name, are not seen."""
        origin = month_id(as_of)
        rows = read_counts(self.table, column=self.column).filter(pl.col("month") <= origin)
        known = 0 if rows.is_empty() else origin - int(rows["month"].min()) + 1  # type: ignore[arg-type]
        if known < FEWEST_MONTHS:
            raise DataError(
                f"{self.table.name} knows {known} months by {as_of}; a forecast needs {FEWEST_MONTHS}."
            )
        seen = sha256(rows.write_csv().encode()).hexdigest()
        inputs = [{"name": "table", "sha256": seen, "rows": rows.height}]
        parameters = {
            "level": self.level,
            "steps": list(self.steps),
            "forecasters": {f.name: f.parameters for f in self.who},
        }

        def compute() -> dict[str, Any]:
            first = int(rows["month"].min())  # type: ignore[arg-type]
            panel = from_table(rows, level=self.level, columns=["count"], months=(first, origin))
            said = foretell(panel, self.who, column="count", seed=seed, steps=self.steps)
            return {"vintages": {"table": "final vintage"}, "forecasts": said}

        return Ready(inputs, parameters, compute)
