"""An outlook as a table of draws, and the table judged against what happened.

Enters: an `Outlook`, or a table of draws and one of counts. Leaves: a table of draws; scores by step.
Called by `toguna.room.forecasting` and the verb `score`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from toguna.forecasts.outlook.outlook import Made, Outlook
from toguna.scores.metrics import metric

__all__ = ["COLUMNS", "METRICS", "draws_of", "scored"]

Floats = NDArray[np.float64]

COLUMNS = {
    "level": pl.String(),
    "target": pl.String(),
    "unit": pl.String(),
    "month": pl.Int64(),
    "step": pl.Int64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "draws": pl.List(pl.Int64()),
    "last_year": pl.List(pl.Int64()),
}
"""Of a table of draws: `month` 1 = January 1980; `low`, `high` the 90 % interval that was stated; `last_year`
the counts of the last twelve months known, the benchmark."""

METRICS = (
    "crps",
    "crps_log1p",
    "ign@views",
    "mis@0.9",
    "coverage@0.9",
    "brier@1",
    "brier@25",
    "brier@100",
)


def draws_of(found: Outlook) -> pl.DataFrame:
    """Return the draws of an outlook, one row for each level, target, unit and step."""
    parts = [_rows(made) for made in found.made]
    return pl.concat(parts) if parts else pl.DataFrame(schema=COLUMNS)


def _rows(made: Made) -> pl.DataFrame:
    forecast = made.forecast
    steps, units = len(forecast.steps), len(forecast.units)
    flat = forecast.draws.transpose(1, 0, 2).reshape(units * steps, -1)
    year = np.repeat(made.known[:, -12:], steps, axis=0)
    columns = {
        "level": [made.level] * (units * steps),
        "target": [made.target] * (units * steps),
        "unit": np.repeat(np.array(forecast.units, dtype=object), steps).tolist(),
        "month": np.tile(forecast.origin + np.array(forecast.steps), units),
        "step": np.tile(np.array(forecast.steps), units),
        "low": made.low.T.ravel(),
        "high": made.high.T.ravel(),
        "draws": np.rint(flat).astype(np.int64).tolist(),
        "last_year": np.rint(year).astype(np.int64).tolist(),
    }
    return pl.DataFrame(columns, schema=COLUMNS)


def scored(draws: pl.DataFrame, actuals: pl.DataFrame) -> list[dict[str, Any]]:
    """Score draws against what happened, in all and by step, beside last-year resampling.

    Parameters
    ----------
    draws : DataFrame
        `COLUMNS`; `low`, `high`, `last_year` may be missing or empty.
    actuals : DataFrame
        level, target, unit, month, count. Rows of draws without a count are not scored.

    Returns
    -------
    list of dict
        One for each level and target, and for each of their steps (`step` None: all): `cases`, `forecast` and
        `last_year` (name of a score -> mean), `coverage_stated` (of the stated interval). `last_year` is None
        where there are not twelve months for every case. Names carry their parameters, see
        `toguna.scores.metrics`.
    """
    keys = ["level", "target", "unit", "month"]
    both = draws.join(actuals.select(*keys, "count"), on=keys, how="inner", maintain_order="left")
    both = both.filter(pl.col("count").is_not_null())
    out = []
    for (level, target), own in both.group_by("level", "target", maintain_order=True):
        cases = _Cases(own)
        steps = own["step"].to_numpy() if own["step"].null_count() == 0 else None
        head = {"level": level, "target": target}
        out.append({**head, "step": None, **cases.mean(np.ones(own.height, dtype=bool))})
        wanted: Sequence[int] = [] if steps is None else np.unique(steps).tolist()
        out += [{**head, "step": step, **cases.mean(np.asarray(steps) == step)} for step in wanted]
    return out


class _Cases:
    """Every score of every case, computed once."""

    def __init__(self, own: pl.DataFrame) -> None:
        self.seen = own["count"].cast(pl.Float64).to_numpy()
        self.forecast = self._all(own["draws"])
        year = own["last_year"] if "last_year" in own.columns else None
        told = year is not None and bool((year.list.len().fill_null(0) == 12).all())
        self.year = self._all(year) if told and year is not None else None
        self.stated = None
        if "low" in own.columns and own["low"].null_count() == 0:
            low, high = (own[c].to_numpy() for c in ("low", "high"))
            self.stated = (low <= self.seen) & (self.seen <= high)

    def _all(self, lists: pl.Series) -> dict[str, Floats]:
        """Scores by name; forecasts may have different numbers of draws."""
        out = {name: np.empty(len(lists)) for name in METRICS}
        sizes = lists.list.len().to_numpy()
        for size in np.unique(sizes):
            mine = np.flatnonzero(sizes == size)
            table = np.array(lists.gather(mine).to_list(), dtype=np.float64)
            for name in METRICS:
                out[name][mine] = metric(name).of(table, self.seen[mine])
        return out

    def mean(self, mine: NDArray[np.bool_]) -> dict[str, Any]:
        def of(scores: dict[str, Floats] | None) -> dict[str, float] | None:
            if scores is None:
                return None
            return {name: round(float(v[mine].mean()), 6) for name, v in scores.items()}

        return {
            "cases": int(mine.sum()),
            "forecast": of(self.forecast),
            "last_year": of(self.year),
            "coverage_stated": None if self.stated is None else round(float(self.stated[mine].mean()), 4),
        }
