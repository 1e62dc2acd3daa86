"""From a model's answer to drafts: what the quoted words bear out is kept, everything else dropped and noted.

Enters: an answer of the schema, and `Evidence`. Leaves: drafts, and notes "dropped WHERE REASON" in words of
this program alone. Called by `toguna.reading.model.reader`.

What our own dictionaries confirm is surer; where they are silent a field stays, less sure; what they
contradict is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toguna.reading.drafts import DraftIncident, DraftRelation, DraftResponse, Field, Span
from toguna.reading.known import on_record
from toguna.reading.lexicon import facts
from toguna.reading.model.evidence import Evidence
from toguna.reading.model.figures import persons, span_of_days
from toguna.reading.model.lost import ADDRESSES
from toguna.reading.model.proving import Proving
from toguna.reading.model.values import day, event, kinds, place, who

__all__ = ["proved"]

Proved = tuple[
    tuple[DraftIncident, ...], tuple[DraftRelation, ...], tuple[DraftResponse, ...], tuple[str, ...]
]


def proved(answer: Mapping[str, Any], evidence: Evidence, rule: str) -> Proved:
    """Hold an answer against the text.

    Parameters
    ----------
    answer : mapping
        Of the shape of `toguna.reading.model.answer.answer_schema`.
    evidence : Evidence
        Of the text that was sent.
    rule : str
        What every field says that it came from.

    Returns
    -------
    (incidents, relations, responses, notes)
        Notes: ``dropped incident 1 killed: number-not-in-quote``.
    """
    notes: list[str] = []
    incidents = [
        _incident(told, Proving(evidence, rule, f"incident {n}", notes))
        for n, told in _numbered(answer, "incidents")
    ]
    relations = [
        _relation(told, Proving(evidence, rule, f"relation {n}", notes))
        for n, told in _numbered(answer, "relations")
    ]
    responses = [
        _response(told, Proving(evidence, rule, f"response {n}", notes))
        for n, told in _numbered(answer, "responses")
    ]
    if evidence.addressed:
        notes.append(ADDRESSES)
    return (
        tuple(x for x in incidents if x),
        tuple(x for x in relations if x),
        tuple(x for x in responses if x),
        tuple(notes),
    )


def _numbered(answer: Mapping[str, Any], name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return enumerate(answer[name], start=1)


def _incident(told: Mapping[str, Any], work: Proving) -> DraftIncident | None:
    anchor = work.quoted("words", told["words"])
    if anchor is None:
        return None
    work = work.beside(anchor)
    fields = {
        **day(told["date"], work),
        **place(told["place"], work),
        **persons(told, work),
        **kinds(told, work),
        **who(told, work),
    }
    fields |= event(fields, work)
    spans = tuple(m.span for m in work.evidence.sentences(anchor))
    features = _features(fields, anchor, work.evidence)
    chance = work.weights.chance("incident", features)
    lacking = not {"date", "place"} & set(features) or not {"toll", "actor", "tactic"} & set(features)
    if lacking or chance < work.weights.least:
        work.drop("", "too-little-borne-out")
        return None
    draft = DraftIncident(bool(told["main"]), chance, spans, fields)
    return DraftIncident(
        draft.main, chance, spans, fields, known=on_record(draft, work.evidence.context.setting)
    )


def _features(fields: Mapping[str, Field], anchor: Span, evidence: Evidence) -> list[str]:
    told = evidence.sentences(anchor)
    seen = {
        "date": "date_start" in fields,
        "place": "place" in fields or "country" in fields,
        "toll": bool({"killed_low", "killed_high", "wounded", "hostages"} & set(fields)),
        "actor": bool({"perpetrator", "claimed_by", "unclaimed"} & set(fields)),
        "tactic": "tactic" in fields,
        "deed": any(m.deeds or m.tolls or m.find("tactic") for m in told),
        "unreal": any(m.unreal or m.mishap for m in told),
    }
    return [name for name, is_so in seen.items() if is_so]


def _relation(told: Mapping[str, Any], work: Proving) -> DraftRelation | None:
    span = work.quoted("words", told["quote"])
    if span is None:
        return None
    sides = [work.evidence.actor(told[x], span) for x in ("a", "b")]
    if None in sides or sides[0] == sides[1]:
        work.drop("", "actor-unknown")
        return None
    words = {h.key for h in work.evidence.hits("tie", span)}
    if words and told["kind"] not in words:
        work.drop("kind", "words-say-otherwise")
        return None
    a, b = (work.field(s[0][0], [s[1]], "actor", (), alternatives=s[0][1:]) for s in sides if s)
    chance = work.weights.chance("relation", ["agreed"] if words else [])
    return DraftRelation(told["kind"], a, b, (span,), chance, work.rule)


def _response(told: Mapping[str, Any], work: Proving) -> DraftResponse | None:
    span = work.quoted("words", told["quote"])
    if span is None:
        return None
    words = {h.key for h in work.evidence.hits("measure", span)}
    if words and told["kind"] not in words:
        work.drop("kind", "words-say-otherwise")
        return None
    sure = ["agreed"] if words else []
    return DraftResponse(
        told["kind"],
        str(facts("measure")[told["kind"]]["pillar"]),
        bool(told["asked"]),
        (span,),
        work.weights.chance("response", sure),
        work.rule,
        span_of_days(told["days"], work.beside(span)),
    )
