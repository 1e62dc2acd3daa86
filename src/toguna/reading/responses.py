"""Measures that a text says were taken, or asks for.

Enters: marks. Leaves: `DraftResponse` values in the kinds and strands of the table of responses.
Called by `toguna.reading.rules`.

A measure is asked for when its sentence says must, should, urges, il faut, appelle à ...; taken when a
verb of deciding or doing stands beside it. Holders of public office are kept by their office alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toguna.reading.context import Context
from toguna.reading.drafts import DraftResponse, Field, Span
from toguna.reading.lexicon import Hit, facts, phrase
from toguna.reading.marks import Marks
from toguna.reading.numerals import quantities

__all__ = ["responses"]

_TAKEN = phrase("responses.taken")
_LENGTH = phrase("responses.length")
_UNIT = re.compile(
    r"^[\s-]+(?:more |additional |supplementaires? )?(days?|jours?|weeks?|semaines?|months?|mois)\b"
)
_DAYS = {"d": 1, "j": 1, "w": 7, "s": 7, "m": 30}
_PAST = phrase("responses.past")
_LASTING = {
    "state_of_emergency",
    "ceasefire",
    "peacekeeping_mandate",
    "border_control",
    "training_mission",
    "military_operation",
}
_VAGUE = {"patrols", "military_operation", "training_mission", "dialogue", "sanctions", "social_services"}


def responses(marks: Sequence[Marks], context: Context) -> list[DraftResponse]:
    """Find the measures of a text; one that is told twice counts once."""
    found: dict[tuple[str, bool], DraftResponse] = {}
    for m in marks:
        for draft in _in_sentence(m, context):
            key = (draft.kind, draft.recommended)
            kept = found.get(key)
            if kept is None or ("days" in draft.fields and "days" not in kept.fields):
                found[key] = draft
    return list(found.values())


def _in_sentence(m: Marks, context: Context) -> Iterator[DraftResponse]:
    measures = m.find("measure")
    if not measures:
        return
    asked = m.find("modal")
    taken = _TAKEN.search(m.words())
    seen: set[str] = set()
    for hit in measures:
        wanted = bool(asked) and not _decided(m, hit)
        if hit.key in seen or not (wanted or (taken and _PAST.search(m.words()) is None)):
            continue
        if not wanted and hit.key in _VAGUE and not _doing(m, hit):
            continue
        seen.add(hit.key)
        fields = _fields(m, hit, context)
        chance = context.weights.chance("response", [] if "days" in fields or not wanted else ["vague"])
        pillar = str(facts("measure")[hit.key]["pillar"])
        yield DraftResponse(
            hit.key,
            pillar,
            wanted,
            (m.span, (hit.start, hit.end)),
            chance,
            "asked" if wanted else "taken",
            fields,
        )


def _decided(m: Marks, hit: Hit) -> bool:
    """Say whether the verb nearest to a measure tells of a decision, though the sentence also asks."""
    around = m.folded[max(m.sentence.start, hit.start - 45) : min(m.sentence.end, hit.end + 45)]
    strong = re.search(
        r"\b(?:decreed|declared|imposed|was (?:opened|launched|signed)"
        r"|decret\w+|proclame\w*|instaur\w+|a ete (?:ouverte?|lancee?|signe))\b",
        around,
    )
    return bool(strong)


def _doing(m: Marks, hit: Hit) -> bool:
    """Ask of a vague word ("patrols") that a verb of deciding or doing stands close."""
    around = m.folded[max(m.sentence.start, hit.start - 60) : min(m.sentence.end, hit.end + 60)]
    return bool(_TAKEN.search(around))


def _fields(m: Marks, hit: Hit, context: Context) -> dict[str, Field]:
    chance = context.weights.chance("response", [])
    found: dict[str, Field] = {}
    length = _length(m, hit) if hit.key in _LASTING else None
    if length:
        found["days"] = Field(length[0], (length[1],), chance, "length")
    place = next((p for p in m.places if p.role in ("scene", "bare", "near")), None)
    if place:
        found["place"] = Field(
            place.name, ((place.start, place.end),), chance, "gazetteer" if place.spots else "locative"
        )
    force = next((g for g in m.groups if not g.armed_group), None)
    if force:
        found["actor"] = Field(force.id, ((force.start, force.end),), chance, "registry")
    office = m.find("office")
    if office:
        first = office[0]
        found["official"] = Field(
            m.folded[first.start : first.end], ((first.start, first.end),), chance, "office"
        )
    when = next((w for w in m.whens if w.first and w.precision == "day" and not w.since), None)
    if when and when.first:
        found["date_start"] = Field(when.first.isoformat(), ((when.start, when.end),), chance, when.rule)
    return found


def _length(m: Marks, hit: Hit) -> tuple[int, Span] | None:
    """Read how long a measure lasts, in days ("for a period of 10 days", "de dix jours")."""
    for q in quantities(m.folded, m.lang, *m.span):
        unit = _UNIT.match(m.folded[q.end : q.end + 24])
        if unit is None or q.best is None:
            continue
        before = m.folded[max(m.sentence.start, q.start - 34) : q.start]
        tied = _LENGTH.search(before) or 0 <= hit.start - q.end <= 24 or 0 <= q.start - hit.end <= 14
        if tied and abs(q.start - hit.end) < 200:
            return q.best * _DAYS[unit[1][0]], (q.start, q.end + unit.end())
    return None
