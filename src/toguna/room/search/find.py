"""Find events in a prepared index: which, how many, and how they fall into facets.

Enters: a folder that `prepare` wrote, and a `Query`. Leaves: `Found`. Called by pages and the programming
interface. Files are mapped, not read: opening costs milliseconds and processes share the memory.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import StoreError
from toguna.core.text import words
from toguna.room.search.prepare import ACTOR, PLACE, ROWS, SIDE
from toguna.room.search.query import FACETS, MISSING, PER_PAGE, Query, Term, terms

__all__ = ["Found", "Index"]

Mask = NDArray[np.bool_]
DATES = ("date_start", "date_end", "published_at")
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Found:
    """What was found.

    Parameters
    ----------
    rows : list of dict
        Events of the page asked for, in order: columns of `EXPORT_COLUMNS`, `closed`, `speaks`.
    total, incidents, pages : int
        Events found; incidents they tell of; pages they fill, 0 for none.
    facets : dict of str to dict of str to int
        By facet its values with how many events are found under each when everything but the facet itself
        holds, the most first; `MISSING` = not stated. Values chosen are always listed.
    actors : tuple of str
        Organisations of the registry that the name asked for may mean.
    """

    rows: list[dict[str, Any]]
    total: int
    incidents: int
    pages: int
    facets: dict[str, dict[str, int]]
    actors: tuple[str, ...] = ()


class Index:
    """A prepared index, read in place; safe to be shared by threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            told = json.loads((folder / "index.json").read_text(encoding="utf-8"))
            self._words = (folder / "words.txt").read_text(encoding="utf-8").split("\n")
            self._lines = self.numbers("lines")
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{folder} is no index of events ({error}); remove {folder.parent}, it is built again."
            ) from None
        self._values: dict[str, list[str]] = told["facets"]
        self._actors: list[dict[str, Any]] = told["actors"]
        # numpy counts this type without a copy
        self._facets = {facet: self.numbers(f"facet-{facet}").astype(np.intp) for facet in FACETS}
        self._found = lru_cache(maxsize=64)(self._matching)

    def numbers(self, name: str) -> NDArray[Any]:
        """Return one of the arrays: "first", "last", "lon", "lat", "closed", "speaks", "incident" ..."""
        found: NDArray[Any] = np.load(self.folder / f"{name}.npy", mmap_mode="r")
        return found

    @cached_property
    def _postings(self) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        return np.asarray(self.numbers("starts")), self.numbers("rows")

    def __len__(self) -> int:
        return len(self._lines) - 1

    def find(self, query: Query, *, per_page: int = PER_PAGE) -> Found:
        """Answer a question; see `Found`."""
        plain = self._everywhere(query)
        chosen = {f: self._among(f, query.chosen[f]) for f in FACETS if query.chosen.get(f)}
        mask = _all([plain, *chosen.values()])
        hits = np.flatnonzero(mask)
        facets = {}
        for f in FACETS:
            others = [m for g, m in chosen.items() if g != f]
            at = np.flatnonzero(_all([plain, *others])) if f in chosen else hits
            facets[f] = self._count(f, at, query.chosen.get(f, ()))
        start = (query.page - 1) * per_page
        at = (
            self._order(mask, hits, query.sort)[start : start + per_page].tolist()
            if start < len(hits)
            else []
        )
        told = np.bincount(self._incidents[hits], minlength=1)
        return Found(
            self.rows(at),
            len(hits),
            int(np.count_nonzero(told)),
            -(-len(hits) // per_page),
            facets,
            tuple(a["id"] for a in self._meant(query.actor)),
        )

    def values(self, facet: str) -> list[str]:
        """Return the values of a facet, that of code 1 first; code 0 is "not stated"."""
        return self._values[facet]

    def mask(self, query: Query) -> Mask:
        """Say of every row whether the question finds it."""
        chosen = [self._among(f, v) for f, v in query.chosen.items() if v]
        return _all([self._everywhere(query), *chosen])

    def positions(self, query: Query) -> NDArray[Any]:
        """Return where all events stand that the question finds, in the order it asks for."""
        mask = self.mask(query)
        return self._order(mask, np.flatnonzero(mask), query.sort)

    def rows(self, at: Iterable[Any]) -> list[dict[str, Any]]:
        """Read the events at some positions."""
        with (self.folder / ROWS).open("rb") as stream:
            return [self._row(stream, int(k)) for k in at]

    def _row(self, stream: BinaryIO, k: int) -> dict[str, Any]:
        stream.seek(int(self._lines[k]))
        row: dict[str, Any] = json.loads(stream.read(int(self._lines[k + 1] - self._lines[k])))
        return row | {name: date.fromisoformat(row[name]) for name in DATES if row[name]}

    def position(self, event_id: str) -> int | None:
        """Return where an event stands, None when there is none of that id."""
        ids, wanted = self._ids, event_id.encode()
        at = int(np.searchsorted(ids, np.bytes_(wanted)))
        if at == len(ids) or bytes(ids[at]) != wanted:
            return None
        return int(self.numbers("id_rows")[at])

    @cached_property
    def _ids(self) -> NDArray[np.bytes_]:
        return self.numbers("ids")

    def _everywhere(self, query: Query) -> Mask:
        """Say which rows hold everything but the facets."""
        parts = [self._found(query.text, query.place, query.actor)]
        if query.first:
            parts.append(self._days[1] >= (query.first - _EPOCH).days)
        if query.last:
            parts.append(self._days[0] <= (query.last - _EPOCH).days)
        if query.box:
            west, south, east, north = query.box
            lon, lat = self._points
            across = (lon >= west) | (lon <= east) if west > east else (lon >= west) & (lon <= east)
            parts.append(across & (lat >= south) & (lat <= north))
        if query.open_only:
            parts.append(self.passed)
        return _all(parts)

    @cached_property
    def _incidents(self) -> NDArray[np.intp]:
        return self.numbers("incident").astype(np.intp)

    @cached_property
    def passed(self) -> Mask:
        """Say of every row whether its source lets it be passed on."""
        return ~self.numbers("closed")

    @cached_property
    def _days(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        return np.asarray(self.numbers("first")), np.asarray(self.numbers("last"))

    @cached_property
    def _points(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return np.asarray(self.numbers("lon")), np.asarray(self.numbers("lat"))

    def _matching(self, text: str, place: str, actor: str) -> Mask:
        """Say which rows have the words; kept, for readers page through and narrow down the same words."""
        mask = np.ones(len(self), dtype=np.bool_)
        for term in terms(text):
            found = self._having(term)
            mask &= ~found if term.without else found
        named = self.position(text) if text else None
        if named is not None:
            mask[named] = True
        for word in words(place):
            mask &= self._having(Term(word), PLACE)
        if actor:
            mask &= self._acting(actor)
        mask.setflags(write=False)
        return mask

    def _acting(self, actor: str) -> Mask:
        """Say in which rows an organisation is blamed, claims, or is a side by that name."""
        named = np.zeros(len(self), dtype=np.bool_)
        for meant in self._meant(actor):
            named[self.listed(ACTOR + meant["id"])] = True
        said = words(actor)
        return named | _all([self._having(Term(w), SIDE) for w in said]) if said else named

    def _meant(self, actor: str) -> Sequence[Mapping[str, Any]]:
        """Return the organisations that a name may mean: those called so, else those whose name holds it."""
        said = words(actor)
        if not said:
            return []
        exact = [a for a in self._actors if said in a["words"] or a["id"] == actor]
        return exact or [a for a in self._actors if any(set(said) <= set(name) for name in a["words"])]

    def _having(self, term: Term, scope: str = "") -> Mask:
        mask = np.zeros(len(self), dtype=np.bool_)
        word = scope + term.word
        for found in self._beginning(word) if term.begins else (word,):
            mask[self.listed(found)] = True
        return mask

    def _beginning(self, word: str) -> Iterator[str]:
        at = bisect_left(self._words, word)
        while at < len(self._words) and self._words[at].startswith(word):
            yield self._words[at]
            at += 1

    def listed(self, word: str) -> NDArray[np.uint32]:
        """Return the positions of the rows of a word, as the vocabulary writes it."""
        starts, rows = self._postings
        at = bisect_left(self._words, word)
        if at == len(self._words) or self._words[at] != word:
            return rows[:0]
        return rows[starts[at] : starts[at + 1]]

    def _among(self, facet: str, chosen: Sequence[str]) -> Mask:
        values = self._values[facet]
        wanted = np.zeros(len(values) + 1, dtype=np.bool_)
        wanted[0] = MISSING in chosen
        for k, value in enumerate(values, start=1):
            wanted[k] = value in chosen
        found: Mask = wanted[self._facets[facet]]
        return found

    def _count(self, facet: str, at: NDArray[np.intp], chosen: Sequence[str]) -> dict[str, int]:
        names = [MISSING, *self._values[facet]]
        counts = np.bincount(self._facets[facet][at], minlength=len(names))
        told = [(n, names[k]) for k, n in enumerate(counts.tolist()) if n or names[k] in chosen]
        return {name: n for n, name in sorted(told, key=lambda x: (-x[0], x[1]))}

    def _order(self, mask: Mask, at: NDArray[np.intp], sort: str) -> NDArray[Any]:
        if sort == "deaths":
            order = np.asarray(self.numbers("by_deaths"))
            return np.asarray(order[mask[order]])
        return at if sort == "oldest" else at[::-1]


def _all(masks: Sequence[Mask]) -> Mask:
    found = masks[0]
    for mask in masks[1:]:
        found = found & mask
    return found
