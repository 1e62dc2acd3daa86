"""Texts and drafts as they stand in the register.

Enters: a home, a theatre, a number. Leaves: `TextRead` with its `Draft` values. Called by the pages of
reading and by `decide` and `learned` beside this file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from toguna.reading.model.lost import ADDRESSES, Lost, lost
from toguna.room.texts.words import opened
from toguna.store.home import Home
from toguna.store.register.reading_tables import Reading, ReadingDraft

__all__ = [
    "ACCEPTED", "ASKED_FOR", "CUT", "INCIDENT", "KINDS", "OPEN", "REJECTED", "RELATION", "RESPONSE", "STATES",
    "Draft", "TextRead", "draft_as_it_stands", "drafts_of", "every_text", "forget_words", "listed",
    "text_read",
]  # fmt: skip

KINDS = INCIDENT, RELATION, RESPONSE, ASKED_FOR = ("incident", "relation", "response", "asked-for")
"""What a draft is of. A measure that is asked for, and not taken, is shown and not decided on."""
STATES = OPEN, ACCEPTED, REJECTED = ("open", "accepted", "rejected")
CUT = "drafts-beyond-the-most: "
"""Before the number of drafts that a text gave beyond the most that are kept of one."""
_MOST_LISTED = 200
_MOST_NUMBER = 2**31


@dataclass(frozen=True)
class Draft:
    """One draft as it stands.

    Parameters
    ----------
    number : int
        In its text, from 1.
    kind : {"incident", "relation", "response", "asked-for"}
        What it is of.
    state : {"open", "accepted", "rejected"}
        Where it stands; `version` counts decisions, from 1 = none.
    told : dict
        As the reader proposed it, see `intake`.
    decided : dict of str to str
        What the reviewer accepted, by field of the form.
    """

    id: int
    number: int
    kind: str
    state: str
    version: int
    told: Mapping[str, Any]
    decided: Mapping[str, str]
    why: str
    reason: str
    submission_id: int | None
    decided_by: str
    decided_at: str | None

    def field(self, name: str) -> Mapping[str, Any]:
        """Return a field as it was proposed; empty when the text does not tell it."""
        found: Mapping[str, Any] = self.told["fields"].get(name) or {}
        return found


@dataclass(frozen=True)
class TextRead:
    """One text that was read; `words` is None once they were thrown away."""

    id: int
    uuid: str
    theatre: str
    lang: str
    published: str | None
    source: str
    title: str
    reader: str
    words: str | None
    words_kept: bool
    reliability: str
    credibility: str
    sensitivity: str
    read_by: str
    read_at: str
    drafts: tuple[Draft, ...]
    notes: tuple[str, ...] = ()

    @property
    def cut(self) -> int:
        """How many drafts were more than are kept of one text."""
        return sum(int(n.removeprefix(CUT)) for n in self.notes if n.startswith(CUT))

    @property
    def addresses_a_program(self) -> bool:
        """Whether the text speaks to a program rather than to readers."""
        return ADDRESSES in self.notes

    def lost(self, number: int | None = None) -> list[Lost]:
        """Return what a model said of one draft and the text does not bear out; None = of no draft kept."""
        return [one for one in lost(self.notes) if self._of(one) == number]

    def _of(self, one: Lost) -> int | None:
        """Return the number of the draft that something is missing from."""
        kinds = (RESPONSE, ASKED_FOR) if one.kind == RESPONSE else (one.kind,)
        own = [d.number for d in self.drafts if d.kind in kinds]
        return own[one.draft - 1] if one.draft is not None and one.draft <= len(own) else None

    @property
    def by_model(self) -> bool:
        """Whether a language model drafted it."""
        return is_of_model(self.reader)

    @property
    def waiting(self) -> int:
        """How many drafts are open."""
        return sum(d.state == OPEN and d.kind != ASKED_FOR for d in self.drafts)

    @property
    def address(self) -> str:
        """Address of the source; "" when it has a name only."""
        return self.source if self.source.startswith(("https://", "http://")) else ""

    def draft(self, number: int) -> Draft | None:
        """Return one draft."""
        return next((d for d in self.drafts if d.number == number), None)


def is_of_model(reader: str) -> bool:
    """Whether a reader, as drafts name it, is a language model."""
    return reader.startswith("model:")


def drafts_of(session: Session, reading: int) -> tuple[Draft, ...]:
    """Return the drafts of a text in their order."""
    query = select(ReadingDraft).where(ReadingDraft.reading_id == reading).order_by(ReadingDraft.number)
    return tuple(draft_as_it_stands(row) for row in session.scalars(query))


def draft_as_it_stands(row: ReadingDraft) -> Draft:
    """Return a row as a value."""
    same = ("id", "number", "kind", "state", "version", "why", "reason", "submission_id", "decided_by",
            "decided_at")  # fmt: skip
    return Draft(
        **{name: getattr(row, name) for name in same},
        told=json.loads(row.told),
        decided=json.loads(row.decided),
    )


def text_read(home: Home, theatre: str, number: int) -> TextRead | None:
    """Return one text with its drafts; None when the theatre has none of this number."""
    if not 0 < number < _MOST_NUMBER:
        return None
    with home.register.read() as session:
        row = session.get(Reading, number)
        return _whole(home, session, row) if row is not None and row.theatre == theatre else None


def every_text(home: Home, theatre: str | None) -> list[TextRead]:
    """Return every text, the oldest first."""
    query = select(Reading).order_by(Reading.id)
    if theatre is not None:
        query = query.where(Reading.theatre == theatre)
    with home.register.read() as session:
        return [_whole(home, session, row) for row in session.scalars(query).all()]


def _whole(home: Home, session: Session, row: Reading) -> TextRead:
    same = ("id", "uuid", "theatre", "lang", "published", "source", "title", "reader", "words_kept",
            "reliability", "credibility", "sensitivity", "read_by", "read_at")  # fmt: skip
    key = home.sealing_key()[0]
    return TextRead(
        **{name: getattr(row, name) for name in same},
        words=opened(key, row.words_sealed, bound_to=row.uuid) if row.words_sealed else None,
        drafts=drafts_of(session, row.id),
        notes=tuple(json.loads(row.notes)),
    )


def listed(home: Home, theatre: str) -> list[dict[str, Any]]:
    """List texts, the newest first: their rows, how many drafts each has, and how many of them wait."""
    decidable = ReadingDraft.kind != ASKED_FOR
    counted = (
        select(
            ReadingDraft.reading_id,
            func.count().filter(decidable).label("n"),
            func.count().filter(decidable, ReadingDraft.state == OPEN).label("waiting"),
        )
        .group_by(ReadingDraft.reading_id)
        .subquery()
    )
    query = (
        select(Reading, counted.c.n, counted.c.waiting)
        .outerjoin(counted, counted.c.reading_id == Reading.id)
        .where(Reading.theatre == theatre)
        .order_by(Reading.id.desc())
        .limit(_MOST_LISTED)
    )
    with home.register.read() as session:
        return [
            {n: getattr(row, n) for n in ("id", "source", "title", "sensitivity", "read_by")}
            | {"published": date.fromisoformat(row.published) if row.published else None}
            | {"by_model": is_of_model(row.reader)}
            | {"read_on": date.fromisoformat(row.read_at[:10]), "n": n or 0, "waiting": waiting or 0}
            for row, n, waiting in session.execute(query)
        ]


def forget_words(session: Session, reading: int) -> None:
    """Throw the words of a text away; spans and address stay."""
    session.get_one(Reading, reading).words_sealed = None
