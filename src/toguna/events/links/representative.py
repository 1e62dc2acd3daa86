"""Which telling speaks for an incident, and what every source says of its deaths.

Enters: `Tellings` and the positions of one incident. Leaves: one position; figures by source. Called by
`toguna.events.links.link`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from toguna.events.links.tellings import Tellings

__all__ = ["figures", "speaker"]


def speaker(
    t: Tellings, members: Sequence[int], *, inner: Collection[int], chosen: Collection[int] = ()
) -> int:
    """Choose the telling that speaks for an incident.

    The first that applies: what a person chose; a telling that no wider one contains; the telling of a source
    that says it in one row rather than in several; the smaller room for error in the days, then in the place;
    one with a figure of deaths; the newest; the first by id.
    """
    ids, published = t.frame["event_id"], t.frame["published_at"]
    rows = Counter(int(t.source[m]) for m in members if m not in inner)

    def rank(m: int) -> tuple[object, ...]:
        day = published[m]
        return (
            m not in chosen,
            m in inner,
            rows[int(t.source[m])],
            int(t.last[m] - t.first[m] + t.days_off[m]),
            float(t.km_off[m]),
            bool(np.isnan(t.best[m])),
            -day.toordinal() if day is not None else 0,
            ids[m],
        )

    return min(members, key=rank)


def figures(
    t: Tellings, members: Sequence[int], names: Sequence[str], *, inner: Collection[int]
) -> dict[str, dict[str, int | None]]:
    """Add up what each source says of the deaths; events within wider ones are not added again."""
    said: dict[str, dict[str, int | None]] = {}
    for name in sorted({names[m] for m in members}):
        rows = [m for m in members if names[m] == name and m not in inner]
        row: dict[str, int | None] = {"events": len(rows)}
        said[name] = row | {c: _sum([t.frame[c][m] for m in rows]) for c in ("best", "low", "high")}
    return said


def _sum(values: Sequence[int | None]) -> int | None:
    known = [int(v) for v in values if v is not None]
    return sum(known) if known else None
