"""Relations between organisations: dated, sourced statements that can be contested.

Enters: the `relations` table of a theatre and the organisations visible at a date. Leaves:
`Relation` values, with their disputes, and findings. Called by `toguna.actors.registry`.

A merger or a split is an act: once done it stays in force, even when the table repeats its date as
an end. A joint claim holds on its own days only. Every other relation is in force from the first
day its start can mean to the last day its end can mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import polars as pl

from toguna.actors.organisations import Actor, read_span, rows_of
from toguna.core.dates import PartialDate
from toguna.core.findings import Finding
from toguna.core.text import fold

__all__ = ["KINDS", "SYMMETRIC", "Change", "Relation", "changes", "read_relations"]

KINDS = (
    "alliance",
    "merger_into",
    "splinter_from",
    "component_of",
    "allegiance_to",
    "cooperation",
    "rivalry",
    "joint_claim",
)
SYMMETRIC = ("alliance", "cooperation", "rivalry", "joint_claim")
ACTS = ("merger_into", "splinter_from")
FRIENDLY = ("alliance", "cooperation", "merger_into", "component_of", "allegiance_to")

# Beginnings of words, folded, by which a compiler's note says that others see it otherwise.
DOUBTS = (
    "contest",
    "debat",
    "disput",
    "unclear",
    "disown",
    "denied",
    "denies",
    "rival",
    "dementi",
    "incertain",
    "not a formal",
)


@dataclass(frozen=True, slots=True)
class Relation:
    """One statement that organisation `a` stands in a relation to `b`.

    Parameters
    ----------
    id : str
        Readable and stable: "A-merger_into-B@2013-08"; a further statement with the same content
        is numbered "#2".
    a, kind, b : str
        Who, which of `KINDS`, to whom.
    start, end : PartialDate or None
        As known at the as-of date; None = not known, or (end) not yet over.
    begin : date
        First day it can be in force: not before either organisation begins.
    sources : tuple of str
        Pages it rests on.
    note : str
        Remark.
    disputes : tuple of str
        Why it is contested: "stated" (a column `contested` says so), "note", "single-source",
        "also-rivals", "other-parent".
    """

    id: str
    a: str
    kind: str
    b: str
    start: PartialDate | None
    end: PartialDate | None
    begin: date
    sources: tuple[str, ...]
    note: str
    disputes: tuple[str, ...] = ()

    @property
    def contested(self) -> bool:
        """Whether anything speaks against it, or only one source for it."""
        return bool(self.disputes)

    def in_force(self, on: date) -> bool:
        """Say whether it can hold on a day (both ends of the span included)."""
        return self.begin <= on and (self.end is None or on <= self.end.last)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "id": self.id,
            "a": self.a,
            "kind": self.kind,
            "b": self.b,
            "start": self.start.text if self.start else None,
            "end": self.end.text if self.end else None,
            "sources": list(self.sources),
            "note": self.note,
            "contested": self.contested,
            "disputes": list(self.disputes),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A relation that began or ended between two dates."""

    kind: Literal["began", "ended"]
    relation: Relation


def changes(relations: Iterable[Relation], *, since: date, until: date) -> list[Change]:
    """List what began after `since` and by `until`, and what ended then.

    A relation without a date of beginning never counts as new. A joint claim only begins: that a
    day is over is no news. The end of a relation is the last day its date can mean.
    """
    found: list[Change] = []
    for r in relations:
        if r.start is not None and since < r.begin <= until:
            found.append(Change("began", r))
        if r.kind != "joint_claim" and r.end is not None and since < r.end.last <= until:
            found.append(Change("ended", r))
    return sorted(found, key=_when)


def _when(change: Change) -> tuple[date, str, str]:
    r = change.relation
    day = r.end.last if change.kind == "ended" and r.end else r.begin
    return day, change.kind, r.id


def read_relations(
    frames: Iterable[pl.DataFrame | None], *, actors: Mapping[str, Actor], as_of: date
) -> tuple[list[Relation], list[Finding]]:
    """Read the statements visible at `as_of`, sorted by id, disputes marked.

    Rows that cannot be read are left out and become findings.
    """
    relations: dict[str, Relation] = {}
    findings: list[Finding] = []
    for row in rows_of(frames):
        span = read_span(row, ("from_date", "to_date"), as_of=as_of)
        if span is None:
            continue
        start, end, bad = span
        problem = _problem(row, bad, actors)
        if problem:
            findings.append(problem)
            continue
        if start is None:
            findings.append(_undated(row))
        relation = _relation(row, start, end, actors=actors)
        key, n = relation.id, 1
        while key in relations:
            n += 1
            key = f"{relation.id}#{n}"
        relations[key] = replace(relation, id=key)
    return _disputed([relations[k] for k in sorted(relations)]), findings


def _relation(
    row: Mapping[str, str],
    start: PartialDate | None,
    end: PartialDate | None,
    *,
    actors: Mapping[str, Actor],
) -> Relation:
    a, kind, b = row["actor_a"], row["relation"], row["actor_b"]
    known = [d.first for d in (start, actors[a].active_from, actors[b].active_from) if d is not None]
    if kind in ACTS and start is not None and end is not None and end.first <= start.last:
        end = None
    return Relation(
        id=f"{a}-{kind}-{b}@{start.text if start else 'undated'}",
        a=a,
        kind=kind,
        b=b,
        start=start,
        end=end,
        begin=max(known, default=date.min),
        sources=tuple(dict.fromkeys(row.get("source_urls", "").split())),
        note=row.get("note", ""),
        disputes=("stated",) if row.get("contested", "").casefold() in ("1", "true", "yes") else (),
    )


def _said(row: Mapping[str, str]) -> str:
    parts = (row.get("actor_a"), row.get("relation"), row.get("actor_b"), row.get("from_date"))
    return " ".join(p or "(blank)" for p in parts)


def _problem(row: Mapping[str, str], bad: str | None, actors: Mapping[str, Actor]) -> Finding | None:
    a, kind, b = (row.get(c, "") for c in ("actor_a", "relation", "actor_b"))
    strangers = [x for x in (a, b) if x not in actors]
    if bad:
        found, expected = (
            f"{row[bad]!r} in {_said(row)}",
            "a date (YYYY, YYYY-MM or YYYY-MM-DD), end after start",
        )
        return _finding("relation-date", "failure", bad, (found, expected))
    if kind not in KINDS:
        return _finding("relation-kind", "failure", "relation", (_said(row), "one of " + ", ".join(KINDS)))
    if a and a == b:
        return _finding("relation-to-itself", "failure", "actor_b", (_said(row), "two organisations"))
    if strangers:
        expected = "organisations known by then in the table of actors"
        return _finding("relation-actor-unknown", "note", "actor_a, actor_b", (_said(row), expected))
    return None


def _finding(code: str, severity: Literal["note", "failure"], field: str, said: tuple[str, str]) -> Finding:
    repair = "Put it right in the table of relations; the statement was left out."
    return Finding(code, severity, "relations", None, field, said[0], said[1], repair)


def _undated(row: Mapping[str, str]) -> Finding:
    repair = "Add the first date a source gives; until then it counts as in force at any date."
    found = _said(row)
    return Finding("relation-undated", "note", "relations", None, "from_date", found, "a date", repair)


def _disputed(relations: Sequence[Relation]) -> list[Relation]:
    return [replace(r, disputes=_disputes(r, relations)) for r in relations]


def _disputes(relation: Relation, others: Sequence[Relation]) -> tuple[str, ...]:
    found = list(relation.disputes)
    words = f" {fold(relation.note)}"
    if any(f" {doubt}" in words for doubt in DOUBTS):
        found.append("note")
    if len(relation.sources) < 2:
        found.append("single-source")
    if any(_opposed(relation, o) for o in others):
        found.append("also-rivals")
    if relation.kind == "component_of" and any(_other_parent(relation, o) for o in others):
        found.append("other-parent")
    return tuple(found)


def _opposed(r: Relation, o: Relation) -> bool:
    pair = {r.a, r.b} == {o.a, o.b}
    kinds = (r.kind == "rivalry" and o.kind in FRIENDLY) or (o.kind == "rivalry" and r.kind in FRIENDLY)
    return pair and kinds and _surely_together(r, o)


def _other_parent(r: Relation, o: Relation) -> bool:
    return o.kind == "component_of" and o.a == r.a and o.b != r.b and _together(r, o)


def _together(r: Relation, o: Relation) -> bool:
    return max(r.begin, o.begin) <= min(x.end.last if x.end else date.max for x in (r, o))


def _surely_together(r: Relation, o: Relation) -> bool:
    # Vague dates at a turn ("allies to June", "rivals from 13 June") are no contradiction.
    sure = [x.start.last if x.start else x.begin for x in (r, o)]
    return max(sure) <= min(x.end.first if x.end else date.max for x in (r, o))
