"""An outlook as plain values: a row for each unit, target and step, and a record for each level and target.

Enters: an `Outlook`. Leaves: what the assessment carries and what the verb prints as JSON. Called by
`toguna.room` and `toguna.cli`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from toguna.forecasts.outlook.adjust import LEVEL
from toguna.forecasts.outlook.outlook import AT_LEAST, QUANTILES, Made, Outlook
from toguna.forecasts.outlook.span import month_name

__all__ = ["plain", "records_of", "rows_of"]

KNOWN_MONTHS = 36
"""Months before the origin whose counts are told beside a forecast."""


def plain(found: Outlook) -> dict[str, Any]:
    """Return everything: about the origin, rows, records, and what could not be said."""
    span = found.span
    return {
        "as_of": found.as_of.isoformat(),
        "source": found.source,
        "origin": month_name(span.last) if span else None,
        "origin_rests_on": span.why if span else None,
        "months_known": span.months if span else 0,
        "late_reports": found.late,
        "unplaced": found.unplaced,
        "without_figure": found.without_figure,
        "seed": found.seed,
        "silent": dict(found.silent),
        "forecasts": rows_of(found),
        "records": records_of(found),
    }


def rows_of(found: Outlook) -> list[dict[str, Any]]:
    """Return one plain row for each level, unit, target and step."""
    return [row for made in found.made for row in _rows(made)]


def _rows(made: Made) -> list[dict[str, Any]]:
    forecast, out = made.forecast, []
    quantiles = np.stack([forecast.quantile(q) for q in QUANTILES])
    chances = np.stack([forecast.chance_of(n) for n in AT_LEAST])
    means = forecast.mean()
    for u, unit in enumerate(forecast.units):
        for h, step in enumerate(forecast.steps):
            out.append(
                {
                    "id": f"forecast/{made.level}/{made.target}/{unit}/{step}",
                    "level": made.level,
                    "unit": unit,
                    "target": made.target,
                    "origin": month_name(forecast.origin),
                    "step": step,
                    "month": month_name(forecast.origin + step),
                    "mean": round(float(means[h, u]), 4),
                    "quantiles": {
                        f"{q:g}": float(v) + 0.0 for q, v in zip(QUANTILES, quantiles[:, h, u], strict=True)
                    },
                    "interval": {
                        "level": LEVEL,
                        "low": float(made.low[h, u]),
                        "high": float(made.high[h, u]),
                        "calibrated": bool(made.calibrated[h, u]),
                    },
                    "at_least": {
                        str(n): round(float(c), 4) for n, c in zip(AT_LEAST, chances[:, h, u], strict=True)
                    },
                    "model": forecast.model,
                }
            )
    return out


def records_of(found: Outlook) -> list[dict[str, Any]]:
    """Return for each level and target what forecasts rest on: record, drivers, counts before the origin."""
    span = found.span
    if span is None:
        return []
    out = []
    for made in found.made:
        forecast = made.forecast
        last = made.known[:, -KNOWN_MONTHS:]
        out.append(
            {
                "id": f"forecast-record/{made.level}/{made.target}",
                "level": made.level,
                "target": made.target,
                "source": found.source,
                "origin": month_name(forecast.origin),
                "origin_rests_on": span.why,
                "months_known": span.months,
                "late_reports": found.late,
                "without_figure": found.without_figure,
                "model": forecast.model,
                "draws": forecast.draws.shape[2],
                "seed": forecast.seed,
                "steps": len(forecast.steps),
                "record": made.record.as_dict(),
                "drivers": [
                    {"unit": unit, **told} for unit, told in zip(forecast.units, made.drivers, strict=True)
                ],
                "known": {
                    "first": month_name(forecast.origin - last.shape[1] + 1),
                    "counts": {
                        unit: np.rint(row).astype(int).tolist()
                        for unit, row in zip(forecast.units, last, strict=True)
                    },
                },
            }
        )
    return out
