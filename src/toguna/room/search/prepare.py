"""Prepare the index of an assessment's events: every word, name and facet, ready to be read in place.

Enters: events in the shape of `EXPORT_COLUMNS`, what organisations and areas are called, which sources forbid
passing rows on. Leaves: a folder. Called by `toguna.room.web.building`.

The folder holds ``rows.jsonl`` (all columns, sorted by day), the vocabulary with the rows of every word
(``words.txt``, ``starts.npy``, ``rows.npy``) and one array of codes per facet. Nothing is kept in it that is
not in the events: sensitive reports were held back before (`toguna.room.disclosure`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from toguna.core.grading import is_kept_back
from toguna.core.language import LANGUAGES, Language
from toguna.core.names import VIOLENCE
from toguna.core.text import fold, words
from toguna.room.search.query import FACETS

__all__ = ["ACTOR", "INSIDE", "PLACE", "ROWS", "SIDE", "Called", "called_of", "prepare"]

ROWS = "rows.jsonl"
PLACE, SIDE, ACTOR, INSIDE = "@place:", "@side:", "@actor:", "@inside:"
"""Words are letters and digits, so that what begins with such a sign stands apart from them."""
_TERMS = ("event_type", "tactic", "target", "setting")
_SIDES = ("side_a", "side_b")
Words = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Called:
    """What things are called.

    Parameters
    ----------
    actors : list of dict
        `id`, `names` (by language), `aliases`.
    areas : dict of str to tuple of str
        Other spellings by folded name of an area.
    closed : frozenset of str
        Sources that forbid passing their rows on.
    """

    actors: Sequence[Mapping[str, Any]] = ()
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()


def called_of(assessment: Mapping[str, Any], regions: pl.DataFrame | None = None) -> Called:
    """Return what an assessment, and the table of regions of its theatre, call things."""
    areas: dict[str, tuple[str, ...]] = {}
    for row in regions.iter_rows(named=True) if regions is not None else ():
        others = tuple(n.strip() for n in str(row.get("alt_names") or "").split(";") if n.strip())
        if others:
            areas[fold(str(row["name"]))] = others
    held = {str(a["source"]) for a in assessment["data"] if a.get("redistribute") is False}
    return Called(assessment["actors"], areas, frozenset(held))


def prepare(events: pl.DataFrame, called: Called, out: Path, *, speaks: Sequence[str] | None = None) -> None:
    """Write the index.

    Parameters
    ----------
    events : DataFrame
        Columns of `EXPORT_COLUMNS`; `perpetrators` as ids where the registry knows them.
    called : Called
        Names and aliases.
    out : Path
        Folder to make.
    speaks : sequence of str, optional
        Ids of the events that speak for their incidents; all of them when not said.
    """
    out.mkdir(parents=True)
    spoken = pl.col("event_id").is_in(list(speaks)) if speaks is not None else pl.lit(value=True)
    rows = events.sort("date_start", "event_id", "source", "row").with_columns(
        closed=pl.col("source").is_in(sorted(called.closed)) | is_kept_back(), speaks=spoken
    )
    _write_rows(rows, out)
    _write_words(_postings(rows, called), out)
    numbers = {
        "first": rows["date_start"].cast(pl.Int32),
        "last": rows.select(pl.max_horizontal("date_start", "date_end")).to_series().cast(pl.Int32),
        "lon": rows["lon"].cast(pl.Float64),
        "lat": rows["lat"].cast(pl.Float64),
        "deaths": rows["best"].fill_null(-1).cast(pl.Int32),
        "closed": rows["closed"],
        "speaks": rows["speaks"],
        "incident": rows["incident_id"].rank("dense").cast(pl.Int32) - 1,
    }
    for name, column in numbers.items():
        np.save(out / f"{name}.npy", column.to_numpy())
    order = np.argsort(-numbers["deaths"].to_numpy(), kind="stable")
    np.save(out / "by_deaths.npy", order.astype(np.uint32))
    values = {facet: _facet(rows, facet, out) for facet in FACETS}
    told = {"facets": values, "actors": [_names(actor) for actor in called.actors]}
    (out / "index.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def _write_rows(rows: pl.DataFrame, out: Path) -> None:
    """Write every row as a line, where each begins, and where the event of an id stands."""
    rows.write_ndjson(out / ROWS)
    written = np.memmap(out / ROWS, np.uint8, "r") if rows.height else np.zeros(0, dtype=np.uint8)
    np.save(out / "lines.npy", np.concatenate([[0], np.flatnonzero(written == ord("\n")) + 1]))
    ids = np.array([name.encode() for name in rows["event_id"].to_list()], dtype=np.bytes_)
    order = np.argsort(ids, kind="stable")
    np.save(out / "ids.npy", ids[order])
    np.save(out / "id_rows.npy", order.astype(np.uint32))


def _facet(rows: pl.DataFrame, facet: str, out: Path) -> list[str]:
    """Write the codes of a facet, 0 for what is not stated; return its values, that of code 1 first."""
    column = rows["date_start"].dt.year().cast(pl.String) if facet == "year" else rows[facet]
    values = column.drop_nulls().unique().sort().to_list()
    code = column.replace_strict(values, range(1, len(values) + 1), default=0, return_dtype=pl.UInt32)
    np.save(out / f"facet-{facet}.npy", code.fill_null(0).to_numpy())
    return values


def _names(actor: Mapping[str, Any]) -> dict[str, Any]:
    said = dict.fromkeys([actor["id"], *actor["names"].values(), *actor["aliases"]])
    return {"id": actor["id"], "names": actor["names"], "words": [words(name) for name in said]}


def _postings(rows: pl.DataFrame, called: Called) -> pl.DataFrame:
    """Return every word with the rows it stands in (`term`, `at`), sorted, each pair once."""
    numbered = rows.with_row_index("at")
    return pl.concat(list(_pieces(numbered, called))).unique().sort("term", "at")


def _pieces(rows: pl.DataFrame, called: Called) -> Iterator[pl.DataFrame]:
    yield _of(rows, "note", words)
    yield _of(rows, "violence", lambda v: _vocabulary(v, VIOLENCE.get(v, "")))
    for name in _TERMS:
        yield _of(rows, name, _vocabulary)
    for name in ("place", "admin1", "admin2"):
        yield _of(rows, name, lambda v: _twice(PLACE, _place(v, called)))
    yield _of(rows, "country", lambda v: _twice(PLACE, _country(v)))
    for name in _SIDES:
        yield _of(rows, name, lambda v: _twice(SIDE, words(v)))
    yield _of(rows, "within", lambda v: (INSIDE + v,))
    yield from _actors(rows, called)


def _of(rows: pl.DataFrame, column: str, told: Words) -> pl.DataFrame:
    """Word every value of a column once, and give the words to its rows."""
    stated = rows.select("at", value=column).drop_nulls()
    values = stated["value"].unique().to_list()
    worded = pl.DataFrame(
        {"value": values, "term": [sorted(set(told(v))) for v in values]},
        schema={"value": pl.String, "term": pl.List(pl.String)},
    )
    found = stated.join(worded, on="value").select("term", "at").explode("term", empty_as_null=True)
    return found.drop_nulls()


def _actors(rows: pl.DataFrame, called: Called) -> Iterator[pl.DataFrame]:
    """Give rows the ids, names and aliases of those who are blamed and of those who claim."""
    known = {str(a["id"]): _names(a)["words"] for a in called.actors}

    def of(actor: str) -> Iterator[str]:
        yield ACTOR + actor
        for name in known.get(actor, [words(actor)]):
            yield from name

    blamed = rows.select("at", who="perpetrators").explode("who", empty_as_null=True).drop_nulls()
    claimed = (
        rows.select("at", who=pl.col("responsibility").str.split("|"))
        .explode("who", empty_as_null=True)
        .with_columns(pl.col("who").str.split("+"))
        .explode("who", empty_as_null=True)
        .with_columns(pl.col("who").str.strip_chars())
        .drop_nulls()
    )
    yield _of(blamed, "who", of)
    yield _of(claimed, "who", lambda v: (*of(v), *_twice(SIDE, words(v))))


def _twice(scope: str, found: Iterable[str]) -> Iterator[str]:
    for word in found:
        yield word
        yield scope + word


def _vocabulary(key: str, *more: str) -> Iterator[str]:
    for said in (key, *more, *(Language(code).word(key) for code in LANGUAGES)):
        yield from words(said.replace("_", " "))


def _place(name: str, called: Called) -> Iterator[str]:
    for said in (name, *called.areas.get(fold(name), ())):
        yield from words(said)


def _country(code: str) -> Iterator[str]:
    for said in (code, *(Language(lang).country(code) for lang in LANGUAGES)):
        yield from words(said)


def _write_words(postings: pl.DataFrame, out: Path) -> None:
    told = postings.group_by("term", maintain_order=True).len()
    starts = np.concatenate([[0], np.cumsum(told["len"].to_numpy(), dtype=np.int64)])
    (out / "words.txt").write_text("\n".join(told["term"].to_list()), encoding="utf-8")
    np.save(out / "starts.npy", starts)
    np.save(out / "rows.npy", postings["at"].to_numpy())
