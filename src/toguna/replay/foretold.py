"""What a look foretold, as text: the draws of every forecaster, and the counts that were known then.

Draws are kept sorted, with the times that each value occurs ("0x188 1x9 4x3"): scores need no more, and most
draws are 0. A unit whose draws are all 0 is left out.

Enters: a panel that ends at the origin, forecasters. Leaves: plain values of a look; and, read back, arrays
and the panel. Called by the chains, and by `toguna.replay.skill`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from toguna.core.errors import DataError
from toguna.panels.panel import Floats, Panel
from toguna.replay.forecasters import Forecaster

__all__ = ["STEPS", "counts_of", "draws_of", "foretell", "packed", "stated_of", "unpacked"]

STEPS = tuple(range(1, 13))


def packed(values: Iterable[float]) -> str:
    """Write values as runs, in the order given."""
    parts: list[str] = []
    last, times = None, 0
    for value in values:
        if value == last:
            times += 1
            continue
        parts += [] if last is None else [_run(last, times)]
        last, times = value, 1
    return " ".join([*parts, *([] if last is None else [_run(last, times)])])


def _run(value: float, times: int) -> str:
    return f"{value:.10g}" if times == 1 else f"{value:.10g}x{times}"


def unpacked(text: str) -> Floats:
    """Read runs back."""
    values, times = [], []
    for part in text.split():
        value, _, n = part.partition("x")
        values.append(float(value))
        times.append(int(n or 1))
    return np.repeat(np.array(values, dtype=np.float64), times)


def foretell(
    panel: Panel, who: Sequence[Forecaster], *, column: str, seed: int, steps: tuple[int, ...] = STEPS
) -> dict[str, Any]:
    """Let every forecaster speak, and say what was known.

    Parameters
    ----------
    panel : Panel
        Ends with the month of the look.
    who : sequence of Forecaster
        The first is the one that is judged, the others are what it is judged beside.
    column : str
        What is forecast.
    seed : int
        Seed of the look; each forecaster is given the same.
    steps : tuple of int
        Months ahead.

    Returns
    -------
    dict
        ``origin``, ``first`` (month numbers), ``level``, ``column``, ``units``, ``steps``, ``known`` (counts
        of every month by unit, those that are all 0 left out), ``order`` of the methods, and ``methods``: of
        each its ``size`` and ``draws`` by unit and step.
    """
    counts = panel.counts(column)
    told = {f.name: f(panel, steps, seed) for f in who}
    return {
        "origin": int(panel.months[-1]),
        "first": int(panel.months[0]),
        "level": panel.level,
        "column": column,
        "units": list(panel.units),
        "steps": list(steps),
        "known": {u: packed(c) for u, c in zip(panel.units, counts, strict=True) if c.any()},
        "order": [f.name for f in who],
        "methods": {
            name: {"size": int(made.draws.shape[-1]), "draws": _written(made.draws, panel.units)}
            for name, made in told.items()
        },
    }


def _written(draws: Floats, units: Sequence[str]) -> dict[str, list[str]]:
    """Pack sorted draws (H, U, S) by unit; a step like the one before is an equals sign."""
    ordered, found = np.sort(draws, axis=-1), {}
    for u in np.flatnonzero(ordered[..., -1].any(axis=0)).tolist():
        texts = [packed(row) for row in ordered[:, u]]
        found[units[u]] = [t if h == 0 or t != texts[h - 1] else "=" for h, t in enumerate(texts)]
    return found


def draws_of(said: Mapping[str, Any], method: str) -> Floats:
    """Read the draws of a method back, (H, U, S), sorted along S."""
    made = said["methods"][method]
    out = np.zeros((len(said["steps"]), len(said["units"]), made["size"]))
    place = {unit: k for k, unit in enumerate(said["units"])}
    for unit, texts in made["draws"].items():
        for h, text in enumerate(texts):
            row = out[h - 1, place[unit]] if text == "=" else unpacked(text)
            if len(row) != made["size"]:
                raise DataError(f"a look holds {len(row)} draws of {method} for {unit}, not {made['size']}.")
            out[h, place[unit]] = row
    return out


def stated_of(said: Mapping[str, Any]) -> Floats | None:
    """Read the stated intervals back, (2, H, U); None when none were stated."""
    if "stated" not in said:
        return None
    rows = [[pair.split("-") for pair in said["stated"][unit].split()] for unit in said["units"]]
    return np.asarray(np.array(rows, dtype=np.float64).transpose(2, 1, 0))


def counts_of(said: Mapping[str, Any]) -> dict[str, Floats]:
    """Read what was known back: counts by unit, from the month ``first`` to the origin."""
    months = said["origin"] - said["first"] + 1
    known = {unit: unpacked(text) for unit, text in said["known"].items()}
    return {unit: known.get(unit, np.zeros(months)) for unit in said["units"]}
