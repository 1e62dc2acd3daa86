"""Which drafts of several texts tell of one incident, and which incident on record a draft is.

Enters: drafts and a setting. Leaves: groups of drafts, ids on record. Called by
`toguna.reading.corroboration` and `toguna.reading.model.proof`.

Two drafts can be one incident when their days are at most one apart and their places within 25 km, in one
second-level area, or of one name. Whether they are, `toguna.events.links` scores: days, distance, actors,
victims, deaths, tactic, target, setting, with the weights that it has for events of two sources. Those
weights take two rows of one day and point for one incident nearly always, as they are in lists; in reports
two attacks on one town are usual, and so drafts that contradict one another in two of tactic, target and
toll are never one, nor are two incidents of one text. Candidates are found by cell, area and name, not by
comparing all.
"""

from __future__ import annotations

import dataclasses
import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from toguna.core.geography import distance_km
from toguna.core.names import EVENT_SCHEMA
from toguna.core.text import fold
from toguna.events.links.compare import compare
from toguna.events.links.score import model
from toguna.events.links.tellings import Kinship, Tellings
from toguna.events.links.tellings import read as tellings_of
from toguna.reading.drafts import DraftIncident
from toguna.reading.marks import Setting

__all__ = ["Told", "same_incidents"]

KM, DAY = 25.0, timedelta(days=1)
_CELL = 0.25  # degrees; more than 25 km in the tropics
_FAMILIES = (
    ("car_bomb", "suicide_bombing"),
    ("ied_mine", "rocket_mortar", "grenade"),
    ("airstrike",),
    ("ambush", "raid", "shooting", "clash", "massacre", "execution", "robbery", "destruction", "mutiny"),
    ("kidnapping", "siege_hostage"),
    ("corporal_punishment",),
)
"""Tactics that two reports may give to one deed; a complex assault goes with all."""

_PRECISIONS = {"day": 1, "week": 3, "month": 4, "year": 5}
_COMPARED = (
    "date_start", "date_end", "date_precision", "place", "admin1", "admin2", "country", "latitude",
    "longitude", "tactic", "target_class", "setting", "perpetrator", "killed_low", "killed_best",
    "killed_high",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One incident as one text tells it: number of the text, number of the draft in it, the draft."""

    text: int
    number: int
    draft: DraftIncident

    @property
    def first(self) -> date | None:
        """First day."""
        day = self.draft.value("date_start")
        return date.fromisoformat(day) if day else None

    @property
    def last(self) -> date | None:
        """Last day."""
        day = self.draft.value("date_end")
        return date.fromisoformat(day) if day else self.first


def same_incidents(every: Sequence[Told], setting: Setting) -> list[list[Told]]:
    """Group what several texts tell.

    Parameters
    ----------
    every : sequence of Told
        In any order; what has no day stays by itself.

    Returns
    -------
    list of list of Told
        Every one in one group; groups and their members in the order given.
    """
    rows = _alike([t for t in every if t.first is not None])
    groups = _Groups(rows)
    if len(rows) > 1:
        t = _frame([r[0] for r in rows], setting)
        for i, j in _likely(t, np.array(sorted(_candidates([r[0] for r in rows])), dtype=np.int64)):
            groups.join(i, j)
    joined = [[t for n in members for t in rows[n]] for members in groups.members()]
    alone = [[t] for t in every if t.first is None]
    place = {id(t): n for n, t in enumerate(every)}
    found = [sorted(g, key=lambda t: place[id(t)]) for g in (*joined, *alone)]
    return sorted(found, key=lambda g: place[id(g[0])])


def _alike(every: Sequence[Told]) -> list[list[Told]]:
    """Put together what copies tell in the same words: drafts alike in all that is compared are one row."""
    rows: dict[tuple[Any, ...], list[Told]] = {}
    seen: dict[tuple[Any, ...], int] = {}
    for t in every:
        key = tuple(t.draft.value(name) for name in _COMPARED)
        again = seen[t.text, key] = seen.get((t.text, key), -1) + 1
        rows.setdefault((*key, t.draft.known, again), []).append(t)
    return list(rows.values())


class _Groups:
    """Rows joined into incidents; rows of one text, of two incidents on record or too far apart are not."""

    def __init__(self, rows: Sequence[Sequence[Told]]) -> None:
        self._home = list(range(len(rows)))
        self._held = {n: [n] for n in range(len(rows))}
        self._texts = {n: {t.text for t in row} for n, row in enumerate(rows)}
        self._known = {n: {row[0].draft.known} - {None} for n, row in enumerate(rows)}
        self._days = {n: _ends(row[0]) for n, row in enumerate(rows)}

    def join(self, i: int, j: int) -> None:
        a, b = self._home[i], self._home[j]
        if a == b or self._texts[a] & self._texts[b] or len(self._known[a] | self._known[b]) > 1:
            return
        days = [*self._days[a], *self._days[b]]
        if days and max(days) - min(days) > DAY:
            return
        for n in self._held[b]:
            self._home[n] = a
        self._held[a] += self._held.pop(b)
        self._texts[a] |= self._texts.pop(b)
        self._known[a] |= self._known.pop(b)
        self._days[a] = (min(days), max(days)) if days else ()

    def members(self) -> list[list[int]]:
        return list(self._held.values())


def _ends(t: Told) -> tuple[date, ...]:
    """Return the first day, if it is exact: an incident does not wander from day to day."""
    exact = t.draft.value("date_precision") in (None, "day")
    return (t.first,) if exact and t.first else ()


def _candidates(rows: Sequence[Told]) -> set[tuple[int, int]]:
    """Pair rows whose days and places meet."""
    boxes: dict[tuple[Any, ...], list[int]] = {}
    for n, t in enumerate(rows):
        for key in _keys(t.draft):
            boxes.setdefault(key, []).append(n)
    return {pair for members in boxes.values() for pair in _within_days(members, rows)}


def _within_days(members: Sequence[int], rows: Sequence[Told]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a box whose days meet and that can be one incident."""
    ordered = sorted(members, key=lambda n: rows[n].first or date.min)
    firsts = [rows[n].first or date.min for n in ordered]
    for at, i in enumerate(ordered):
        last = (rows[i].last or date.min) + DAY
        for j in ordered[at + 1 : bisect_right(firsts, last)]:
            if _near(rows[i].draft, rows[j].draft) and not _contradict(rows[i].draft, rows[j].draft):
                yield min(i, j), max(i, j)


def _keys(d: DraftIncident) -> Iterator[tuple[Any, ...]]:
    """Yield where a draft is looked for: its cell and those beside it, its area, its name, or its country."""
    lat, lon, place = d.value("latitude"), d.value("longitude"), d.value("place")
    if lat is not None and lon is not None:
        y, x = math.floor(lat / _CELL), math.floor(lon / _CELL)
        yield from (("cell", y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1))
    if d.value("admin2"):
        yield "admin2", d.value("country"), fold(str(d.value("admin2")))
    if place:
        yield "name", fold(str(place))
    else:
        yield "country", d.value("country"), d.value("killed_best")


def _near(a: DraftIncident, b: DraftIncident) -> bool:
    one, other = ((d.value("latitude"), d.value("longitude")) for d in (a, b))
    if None not in one and None not in other and float(distance_km(*one, *other)) <= KM:
        return True
    area = [(d.value("country"), fold(str(d.value("admin2") or ""))) for d in (a, b)]
    if area[0][1] and area[0] == area[1]:
        return True
    names = [fold(str(d.value("place") or "")) for d in (a, b)]
    if names[0] and names[0] == names[1]:
        return None in one or None in other
    # Without a place on both sides only an equal toll of two or more says that it may be the same.
    toll = a.value("killed_best")
    return not any(names) and toll == b.value("killed_best") and (toll or 0) >= 2


def _contradict(a: DraftIncident, b: DraftIncident) -> bool:
    """Say whether two drafts differ in two of tactic, target and toll."""
    family = [{n for n, f in enumerate(_FAMILIES) if d.value("tactic") in f} for d in (a, b)]
    target = [str(d.value("target_class") or "").partition("_")[0] for d in (a, b)]
    toll = [d.value("killed_best") for d in (a, b)]
    apart = None not in toll and abs(toll[0] - toll[1]) > max(2, 0.25 * max(toll))
    differ = (all(family) and family[0] != family[1], all(target) and target[0] != target[1], apart)
    return sum(map(bool, differ)) >= 2


def _frame(rows: Sequence[Told], setting: Setting) -> Tellings:
    table = pl.DataFrame([_event(t, n) for n, t in enumerate(rows)], schema=EVENT_SCHEMA)
    nobody = frozenset({setting.groups.unknown, setting.groups.unnamed_jihadist})
    t = tellings_of(table, Kinship(nobody=nobody))
    # Every draft speaks the reader's vocabulary: words compare though each text is a source of its own.
    return dataclasses.replace(t, source=np.zeros(len(rows), dtype=np.int64))


def _event(t: Told, n: int) -> dict[str, Any]:
    value = t.draft.value
    low, best, high = (value(f"killed_{end}") for end in ("low", "best", "high"))
    blank = dict.fromkeys(EVENT_SCHEMA.names())
    return blank | {
        "event_id": str(n), "source": str(n), "date_start": t.first, "date_end": t.last,
        "date_prec": _PRECISIONS.get(str(value("date_precision")), 2),
        "event_type": value("event_type"), "tactic": value("tactic"), "target": value("target_class"),
        "setting": value("setting"), "perpetrators": str(value("perpetrator") or "").split(";"),
        "low": low, "best": best, "high": high, "place": value("place"), "country": value("country"),
        "lat": value("latitude"), "lon": value("longitude"), "where_prec": _where(t.draft),
    }  # fmt: skip


def _where(d: DraftIncident) -> int:
    """Give the precision of the place: a point, an area of the second or first level, or no place."""
    place = fold(str(d.value("place") or ""))
    if not place or d.value("latitude") is None:
        return 7
    areas = [fold(str(d.value(name) or "")) for name in ("admin2", "admin1")]
    return 1 if place not in areas else 3 if place == areas[0] else 4


def _likely(t: Tellings, pairs: np.ndarray[Any, np.dtype[np.int64]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that the model of links takes for one incident, the likeliest first."""
    if not len(pairs):
        return
    i, j = pairs[:, 0], pairs[:, 1]
    chance = model().probability(compare(t, i, j))
    for n in np.argsort(-np.round(chance, 9), kind="stable"):
        if chance[n] >= model().link:
            yield int(i[n]), int(j[n])
