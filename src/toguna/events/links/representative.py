"""Which telling speaks for an incident, and what every source says of its deaths.

Enters: `Tellings` and the positions of one incident. Leaves: one position; figures by source. Called by
`toguna.events.links.link`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from toguna.events.links.tellings import Tellings

__all__ = ["Facts", "facts", "figures", "speaker"]

FIGURES = ("best", "low", "high")


@dataclass(frozen=True)
class Facts:
    """What the choice rests on, one entry per event.

    Parameters
    ----------
    ids, sources : list of str
        Event ids; sources.
    rank : list of tuple
        Sorted smallest first: room for error in days, in kilometres, no figure of deaths, days since it was
        published, id.
    deaths : dict
        `best`, `low` and `high` as the source gives them.
    inner : collection of int
        Events that their source puts within another.
    """

    ids: list[str]
    sources: list[str]
    rank: list[tuple[object, ...]]
    deaths: dict[str, list[int | None]]
    inner: Collection[int]


def facts(t: Tellings, inner: Collection[int]) -> Facts:
    """Take out of the events what `speaker` and `figures` need."""
    ids = t.frame["event_id"].to_list()
    published = [-day.toordinal() if day is not None else 0 for day in t.frame["published_at"].to_list()]
    columns = (t.last - t.first + t.days_off).tolist(), t.km_off.tolist(), np.isnan(t.best).tolist()
    return Facts(
        ids,
        t.frame["source"].to_list(),
        list(zip(*columns, published, ids, strict=True)),
        {c: t.frame[c].to_list() for c in FIGURES},
        inner,
    )


def speaker(known: Facts, members: Sequence[int], chosen: Collection[int] = ()) -> int:
    """Choose the telling that speaks for an incident.

    The first that applies: what a person chose; a telling that no wider one contains; the telling of a source
    that says it in one row rather than in several; the smaller room for error in the days, then in the place;
    one with a figure of deaths; the newest; the first by id.
    """
    rows = Counter(known.sources[m] for m in members if m not in known.inner)

    def rank(m: int) -> tuple[object, ...]:
        return (m not in chosen, m in known.inner, rows[known.sources[m]], known.rank[m])

    return min(members, key=rank)


def figures(known: Facts, members: Sequence[int]) -> dict[str, dict[str, int | None]]:
    """Add up what each source says of the deaths; events within wider ones are not added again."""
    said: dict[str, dict[str, int | None]] = {}
    for name in sorted({known.sources[m] for m in members}):
        rows = [m for m in members if known.sources[m] == name and m not in known.inner]
        row: dict[str, int | None] = {"events": len(rows)}
        said[name] = row | {c: _sum([column[m] for m in rows]) for c, column in known.deaths.items()}
    return said


def _sum(values: Sequence[int | None]) -> int | None:
    told = [v for v in values if v is not None]
    return sum(told) if told else None
