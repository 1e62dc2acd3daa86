"""What replayed forecasts were worth to somebody who acts on them, by the price of a false alarm.

Enters: stated chances by method, what happened, the month of each case. Leaves: plain values: the value of
each method at every ratio, and at the reader's own one the decisions behind it. Called by
`toguna.replay.skill`; the model stands in `toguna.scores.value`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.replay.resampled import Blocks, limits
from toguna.scores.gate import Floats
from toguna.scores.value import Decisions, ratios_for

__all__ = ["RATIOS", "worth"]

RATIOS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def worth(
    chance: Mapping[str, Floats],
    happened: NDArray[np.bool_],
    month: NDArray[np.int64],
    own: float | None,
    blocks: Blocks,
) -> dict[str, Any]:
    """Say what acting on the chances was worth.

    Returns
    -------
    dict
        ``cases``, ``events``, ``frequency``; ``curve``: one row for each ratio with the value of every method
        (None where there was nothing to decide) and the interval of the first; ``own``: the same for the
        reader's ratio with what was decided, and the expense of never and always acting; None when no ratio
        was stated.
    """
    ratios = sorted({*RATIOS, *([] if own is None else ratios_for(own).tolist())})
    by = {name: _monthly(p, happened, ratios, blocks) for name, p in chance.items()}
    values = {name: _total(d).value() for name, d in by.items()}
    first = next(iter(chance))
    spread = _spread(by[first], blocks)
    rows = [
        {
            "ratio": a,
            "value": {name: _plain(v[k]) for name, v in values.items()},
            "interval": spread[k],
        }
        for k, a in enumerate(ratios)
    ]
    stated = None
    if own is not None:
        k = ratios.index(own)
        stated = rows[k] | {
            "decisions": {name: _decided(_total(d), k) for name, d in by.items()},
            "without": {"never": float(happened.sum()), "always": round(own * len(happened), 4)},
        }
    return {
        "cases": len(happened),
        "events": int(happened.sum()),
        "frequency": round(float(happened.mean()), 5),
        "curve": rows,
        "own": stated,
    }


def _monthly(p: Floats, happened: NDArray[np.bool_], ratios: list[float], blocks: Blocks) -> Decisions:
    """Decide, and sum by month: (T, A)."""
    a = ratios_for(ratios)
    acted = np.stack([blocks.sums(p >= r) for r in a], axis=-1)
    hits = np.stack([blocks.sums((p >= r) & happened) for r in a], axis=-1)
    return Decisions(a, acted, hits, blocks.sums(happened), blocks.sums(np.ones(len(p))))


def _total(d: Decisions) -> Decisions:
    return Decisions(
        d.ratios, d.acted.sum(0), d.hits.sum(0), np.asarray(d.events.sum()), np.asarray(d.cases.sum())
    )


def _spread(d: Decisions, blocks: Blocks) -> list[list[float] | None]:
    """Draw blocks of months again: the 90 % interval of the value at every ratio."""
    if blocks.weights is None:
        return [None] * len(d.ratios)
    w = blocks.weights
    again = Decisions(d.ratios, w @ d.acted, w @ d.hits, w @ d.events, w @ d.cases).value()
    found = [limits(again[:, k]) for k in range(len(d.ratios))]
    return [None if pair is None else list(pair) for pair in found]


def _plain(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None


def _decided(d: Decisions, k: int) -> dict[str, Any]:
    acted, hits = int(d.acted[k]), int(d.hits[k])
    return {
        "alarms": acted,
        "hits": hits,
        "false": acted - hits,
        "missed": int(d.events) - hits,
        "expense": round(float(d.expense[k]), 4),
    }
