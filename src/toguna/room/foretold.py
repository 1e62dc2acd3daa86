"""What a look at a theatre foretold: the forecasts that an assessment of that day would have issued.

Enters: what was collected for a question. Leaves: plain values of a look, see `toguna.replay.foretold`.
Called by `toguna.room.again`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from toguna.forecasts.outlook.outlook import Asked, Made, Sources, outlook
from toguna.panels.panel import Panel
from toguna.replay.forecasters import Forecaster, Resampling, Spoken
from toguna.replay.foretold import STEPS, foretell

if TYPE_CHECKING:
    from toguna.room.view import Collected, Question

__all__ = ["FEWEST_MONTHS", "LEVEL", "MODELS", "foretold_of"]

LEVEL, TARGET, SIZE = "admin1", "deaths", 200
FEWEST_MONTHS = 12
"""Months on record before a forecast is looked at: last year must be a year."""

MODELS: dict[str, dict[str, Any]] = {
    name: {"level": LEVEL, "target": TARGET, "months": len(STEPS), "draws": SIZE, "trees": trees}
    for name, trees in (("pool", False), ("pool_with_trees", True))
}
"""Name of a model -> everything that its forecasts depend on besides data, day and seed."""


def foretold_of(question: Question, collected: Collected, model: str) -> dict[str, Any] | None:
    """Forecast deaths by area from what was known; None while fewer than twelve months are on record.

    One thread: how a library splits its sums over threads must not reach the draws.
    """
    asked = Asked(LEVEL, (TARGET,), len(STEPS), SIZE, MODELS[model]["trees"])
    sources = Sources(collected.reach, collected.completeness)
    with threadpool_limits(limits=1):
        found = outlook(
            collected.events,
            question.theatre,
            as_of=question.as_of,
            seed=question.seed,
            asked=asked,
            sources=sources,
        )
    if found.span is None or found.span.months < FEWEST_MONTHS or not found.made:
        return None
    made = found.of(LEVEL, TARGET)
    placed = [u for u, unit in enumerate(made.forecast.units) if not unit.endswith("/")]
    panel = _panel(made, placed, found.span.first)
    spoken = replace(made.forecast, units=panel.units, draws=made.forecast.draws[:, placed])
    who: list[Forecaster] = [Spoken(model, spoken), Resampling(12, TARGET), Resampling(240, TARGET)]
    said = foretell(panel, who, column=TARGET, seed=question.seed, steps=spoken.steps)
    lost = float(made.known.sum() - panel.counts(TARGET).sum())
    counts = {"deaths_unplaced": lost, "without_figure": found.without_figure}
    return said | counts | {"source": found.source, "stated": _stated(made, placed)}


def _panel(made: Made, placed: list[int], first: int) -> Panel:
    """Put the counts of real areas; what no area holds is forecast for the country, and decided about "
    "nowhere.
    """
    months = np.arange(first, first + made.known.shape[1])
    units = tuple(made.forecast.units[u] for u in placed)
    return Panel(made.level, units, months, (TARGET,), made.known[placed].T[:, :, None])


def _stated(made: Made, placed: list[int]) -> dict[str, str]:
    """Write the intervals that were stated, by unit: "low-high" for each step."""
    return {
        made.forecast.units[u]: " ".join(
            f"{low:g}-{high:g}" for low, high in zip(made.low[:, u], made.high[:, u], strict=True)
        )
        for u in placed
    }
