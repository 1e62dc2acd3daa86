"""What changed among the actors: alliances, splits, mergers, allegiances, rivalries.

These are documented statements, not statistics: they carry their sources and whether they are
contested, and no p. Enters: a registry. Leaves: `Measured` values.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from toguna.actors.registry import Registry
from toguna.core.types import Interval
from toguna.shifts.comparison import Measured
from toguna.shifts.windows import Windows

__all__ = ["changes"]


def _shared_events(events: pl.DataFrame, a: str, b: str, since: date) -> tuple[str, ...]:
    """Events since a date in which both took part or which both claimed."""
    late = events.filter(pl.col("date_end") >= since)
    rows = late.select("event_id", "perpetrators", "responsibility").iter_rows()
    out = []
    for event_id, actors, claims in rows:
        named = set(actors or []) | set((claims or "").replace("|", "+").replace(";", "+").split("+"))
        if {a, b} <= named:
            out.append(str(event_id))
    return tuple(sorted(out))


def changes(registry: Registry, events: pl.DataFrame, windows: Windows) -> list[tuple[str, Measured]]:
    """List every statement that began or ended within the recent window, with a stable id each."""
    out = []
    for change in registry.changes(windows.recent.start, windows.as_of):
        r = change.relation
        numbers: dict[str, Any] = {
            "change": change.kind,
            "relation": r.kind,
            "a": r.a,
            "b": r.b,
            "a_names": registry.titles(r.a),
            "b_names": registry.titles(r.b),
            "start": r.start.text if r.start else None,
            "end": r.end.text if r.end else None,
            "contested": r.contested,
            "sources": list(r.sources),
            "note": r.note,
        }
        effect = Interval(float(len(r.sources)), "sources")
        shown = _shared_events(events, r.a, r.b, windows.recent.start)
        out.append((f"{change.kind}/{r.id}", Measured(f"{r.a} {r.kind} {r.b}", effect, shown, numbers)))
    return out
