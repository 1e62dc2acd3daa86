"""within-unknown: the wider event that contains this one must be at hand, or this one counts by itself.

Called by `toguna.events.admit` after the other checks, because the wider event must have been accepted.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks.context import Context, Rule

__all__ = ["check", "without_container"]

_RULE = Rule(
    "within-unknown",
    "note",
    "the id of another accepted event, known by then",
    "It counts by itself until the wider event is there.",
)


def without_container(frame: pl.DataFrame) -> pl.Series:
    """Say which rows name a wider event that is not among them, or lies within themselves at last."""
    within = frame["within"]
    absent = within.is_not_null() & ~within.is_in(frame["event_id"].implode())
    ring = _in_a_ring(frame.select("event_id", "within").drop_nulls())
    return absent | frame["event_id"].is_in(ring).fill_null(value=False)


def _in_a_ring(pairs: pl.DataFrame) -> list[str]:
    """Return the events that contain themselves, by way of others or at once: none of them would count."""
    wider: dict[str, str] = dict(pairs.iter_rows())
    seen: set[str] = set()
    ring: list[str] = []
    for start in wider:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in seen and at not in path:
            path[at] = None
            at = wider.get(at)
        if at in path:
            steps = list(path)
            ring += steps[steps.index(at) :]
        seen |= path.keys()
    return ring


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find rows whose wider event is not among the rows."""
    return _RULE.say(frame.filter(without_container(frame)), context, "within", pl.format("'{}'", "within"))
