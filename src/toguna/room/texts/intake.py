"""Take a text in: read it into drafts and keep them, durable before the page is shown.

Enters: a document, where it is from and how it is graded, a reader. Leaves: rows of the register. Called by
the page of reading. The same form sent twice is one text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from toguna.accounts.audit import note
from toguna.accounts.moments import written
from toguna.accounts.refusals import refused
from toguna.core.digest import canonical_json, digest
from toguna.reading.documents import Text
from toguna.reading.drafts import DraftIncident, Drafts, Field
from toguna.reading.protocol import Reader
from toguna.room.texts.shelf import ASKED_FOR, CUT, INCIDENT, OPEN, RELATION, RESPONSE
from toguna.room.texts.words import sealed
from toguna.store.home import Home
from toguna.store.register.reading_tables import Reading, ReadingDraft

__all__ = ["MOST_DRAFTS", "MOST_SIGNS", "MOST_SOURCE", "TextSent", "take"]

MOST_SIGNS = 100_000
"""Of a text: some thirty pages. A longer one holds several reports, and is read by `toguna read`."""
MOST_SOURCE, MOST_DRAFTS = 500, 60
_MOST_TITLE = 300


@dataclass(frozen=True, kw_only=True)
class TextSent:
    """A text as it was sent.

    Parameters
    ----------
    uuid : str
        Made by the form, once for each text.
    source : str
        Address, which is not fetched, or name of where it is from.
    published : date or None
        Day of publication; None = that of the document.
    keep_words : bool
        Whether its licence allows keeping its words; else they go with the last decision.
    reliability, credibility, sensitivity : str
        Grades of the source and the text, class of sensitivity, in the words of the form of reports.
    """

    uuid: str
    theatre: str
    text: Text
    source: str
    published: date | None
    keep_words: bool
    reliability: str
    credibility: str
    sensitivity: str


def take(home: Home, sent: TextSent, reader: Reader, *, by: str, now: datetime) -> int:
    """Read a text and keep its drafts; return its number in this home.

    Raises
    ------
    RefusedError
        No words, too many, no source, or a number that another text bears.
    """
    uuid = _checked(sent)
    told = digest([sent.theatre, sent.text.text, sent.source])
    drafts = reader.read(replace(sent.text, sensitivity=sent.sensitivity), published=sent.published)
    every = list(_drafts(drafts, _features(reader, sent)))
    rows, cut = every[:MOST_DRAFTS], len(every[MOST_DRAFTS:])
    notes = [*drafts.notes, *([f"{CUT}{cut}"] if cut else [])]
    seal = sealed(home.sealing_key()[0], sent.text.text, bound_to=uuid)
    with home.register.write() as session:
        held = session.scalar(select(Reading).where(Reading.uuid == uuid))
        if held is not None:
            if held.digest != told:
                raise refused(
                    "Another text was sent under this number. Open the page anew and send it from there."
                )
            return held.id
        waits = sent.keep_words or any(kind != ASKED_FOR for kind, _ in rows)
        reading = Reading(
            uuid=uuid, theatre=sent.theatre, lang=drafts.lang, source=sent.source, reader=drafts.reader,
            published=drafts.published.isoformat() if drafts.published else None,
            title=" ".join(sent.text.title.split())[:_MOST_TITLE], digest=told,
            words_sealed=seal if waits else None, words_kept=sent.keep_words, reliability=sent.reliability,
            credibility=sent.credibility, sensitivity=sent.sensitivity, read_by=by, read_at=written(now),
            notes=canonical_json(notes),
        )  # fmt: skip
        session.add(reading)
        session.flush()
        for number, (kind, one) in enumerate(rows, start=1):
            session.add(
                ReadingDraft(
                    reading_id=reading.id, number=number, kind=kind, state=OPEN, version=1,
                    told=canonical_json(one), decided="{}", why="", reason="", submission_id=None,
                    decided_by="", decided_at=None,
                )
            )  # fmt: skip
        note(session, now, by, "text-taken", f"{sent.theatre}/{reading.id}")
        return reading.id


def _checked(sent: TextSent) -> str:
    try:
        uuid = str(UUID(sent.uuid))
    except ValueError:
        raise refused("The form lacks its number. Open it anew; what you typed can be copied over.") from None
    words = sent.text.text
    if not words.strip():
        raise refused("There are no words in it. Paste the text, or choose a file that holds text.")
    if len(words) > MOST_SIGNS:
        raise refused(
            "The text has {n} signs, the most is {most}. Cut it into its reports.",
            n=len(words), most=MOST_SIGNS,
        )  # fmt: skip
    if not sent.source:
        raise refused("Say where the text is from: its address, or the name of who published it.")
    if len(sent.source) > MOST_SOURCE:
        raise refused("The source is longer than {n} signs.", n=MOST_SOURCE)
    return uuid


def _features(reader: Reader, sent: TextSent) -> list[tuple[DraftIncident, list[str]]]:
    """Return what the confidence of incidents rests on, from readers that tell it."""
    tell = getattr(reader, "features", None)
    return tell(sent.text, published=sent.published) if tell else []


def _drafts(
    drafts: Drafts, features: list[tuple[DraftIncident, list[str]]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Say drafts as plain values: kind, main, confidence, known, spans, rule, features, fields."""
    for i in drafts.incidents:
        own = next((f for d, f in features if d.spans == i.spans and d.fields == i.fields), [])
        plain = {"main": i.main, "confidence": round(i.confidence, 4), "known": i.known, "features": own}
        yield INCIDENT, plain | {"spans": [list(s) for s in i.spans], "fields": _fields(i.fields)}
    for r in drafts.relations:
        plain = {"kind": r.kind, "confidence": round(r.confidence, 4), "features": [], "rule": r.rule}
        yield RELATION, plain | {"spans": [list(s) for s in r.spans], "fields": _fields({"a": r.a, "b": r.b})}
    for m in drafts.responses:
        plain = {"kind": m.kind, "pillar": m.pillar, "confidence": round(m.confidence, 4), "features": []}
        told = plain | {"spans": [list(s) for s in m.spans], "rule": m.rule, "fields": _fields(m.fields)}
        yield (ASKED_FOR if m.recommended else RESPONSE), told


def _fields(fields: Mapping[str, Field]) -> dict[str, Any]:
    return {name: f.as_dict() | {"features": list(f.features)} for name, f in fields.items()}
