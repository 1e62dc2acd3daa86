"""Relations between organisations that a text states.

Enters: marks. Leaves: `DraftRelation` values in the kinds of the table of relations. Called by
`toguna.reading.rules`.

A relation needs two organisations and a word of relation in one sentence: between them, or before
both ("an alliance between A and B"). In "X, an alliance between A and B" the allies are A and B.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toguna.reading.context import Context
from toguna.reading.drafts import DraftRelation, Field
from toguna.reading.groups import Group
from toguna.reading.lexicon import Hit, phrase
from toguna.reading.marks import Marks

__all__ = ["relations"]

_BETWEEN = re.compile(r"^[\s]*(?:that exists |qui existe |de |d')?(?:between|entre|of|de|d'|des)\b")
_FAR = 150
_REFERS = re.compile(
    r"\b(?:the former|the latter|the second|le premier|le second|la seconde)\b"
)  # whose ties, the sentence before tells
_DOUBT = phrase("relations.doubt")


def relations(marks: Sequence[Marks], context: Context) -> list[DraftRelation]:
    """Find the relations stated, each once."""
    found: dict[tuple[str, frozenset[str]], DraftRelation] = {}
    for m in marks:
        for draft in _in_sentence(m, context):
            key = (draft.kind, frozenset((draft.a.value, draft.b.value)))
            found.setdefault(key, draft)
    return list(found.values())


def _in_sentence(m: Marks, context: Context) -> Iterator[DraftRelation]:
    groups = [g for g in m.groups if g.armed_group]
    if len({g.id for g in groups}) < 2 or _REFERS.search(m.words()):
        return
    for hit in m.find("tie"):
        pair = _pair(m, hit, groups)
        if pair is None or _DOUBT.search(m.folded[max(m.sentence.start, hit.start - 30) : hit.start]):
            continue
        a, b = pair
        chance = context.weights.chance("relation", [])
        fields = [
            Field(g.id, ((g.start, g.end),), chance, "registry", alternatives=g.ids[1:]) for g in (a, b)
        ]
        yield DraftRelation(hit.key, fields[0], fields[1], (m.span, (hit.start, hit.end)), chance, "tie")


def _pair(m: Marks, hit: Hit, groups: Sequence[Group]) -> tuple[Group, Group] | None:
    """Choose the two organisations that a word ties."""
    after = [g for g in groups if hit.end <= g.start < hit.end + _FAR]
    before = [g for g in groups if hit.start - _FAR < g.end <= hit.start]
    if _BETWEEN.match(m.folded[hit.end : hit.end + 24]) and len({g.id for g in after}) >= 2:
        first = after[0]
        return first, next(g for g in after if g.id != first.id)
    if before and after and before[-1].id != after[0].id:
        return before[-1], after[0]
    different = len({g.id for g in before}) >= 2 and hit.key in ("cooperation", "alliance", "merger_into")
    if different and not after:
        second = before[-1]
        return next(g for g in reversed(before) if g.id != second.id), second
    return None
