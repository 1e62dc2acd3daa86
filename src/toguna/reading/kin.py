"""Names that stand for a family of groups, settled to the one that is meant, or set aside as a tie.

Enters: the marks of a text. Leaves: the same with settled groups. Called by `toguna.reading.rules`.

A family's "branch in the region" is a group of its own, "the group linked to" a family is only tied to
it, and a family's bare name can be the branch that the text names elsewhere: `data/kin.toml` says which.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from toguna.reading.groups import Group
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks

__all__ = ["settled"]

_BRANCH_AFTER, _BRANCH_BEFORE = phrase("kin.branch_after"), phrase("kin.branch_before")
_TIED_AFTER, _TIED_BEFORE = phrase("kin.tied_after"), phrase("kin.tied_before")
_AND, _WING, _PLAIN = phrase("kin.and"), phrase("kin.wing"), phrase("kin.plain_force")


@cache
def _tables() -> dict[str, dict[str, Any]]:
    text = files("toguna.reading").joinpath("data/kin.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def settled(marks: Sequence[Marks], day: date | None) -> list[Marks]:
    """Settle the names of families in every sentence of a text.

    Parameters
    ----------
    marks : sequence of Marks
        All sentences.
    day : date or None
        Day of publication: which branch or operation there was then.
    """
    named = Counter(g.id for m in marks for g in m.groups)
    out: list[Marks] = []
    for m in marks:
        groups: list[Group] = []
        for g in m.groups:
            groups.append(_one(m, g, groups, named, day))
        out.append(replace(m, groups=tuple(groups)) if groups else m)
    return out


def _one(m: Marks, g: Group, before: Sequence[Group], named: Counter[str], day: date | None) -> Group:
    tables = _tables()
    operation, wing = tables["operation"].get(g.id), tables["wing"].get(g.id)
    if operation and day and day.isoformat() < operation["from"]:
        return replace(g, ids=(operation["before"],)) if _PLAIN.fullmatch(m.folded, g.start, g.end) else g
    if wing and not _WING.search(m.words()):
        return replace(g, ids=(wing["without"], *g.ids))
    family = tables["family"].get(g.id)
    return _of_family(m, g, before, _branch(family, named, day), family) if family else g


def _of_family(
    m: Marks, g: Group, before: Sequence[Group], branch: str | None, family: dict[str, Any]
) -> Group:
    head = m.folded[max(m.sentence.start, g.start - 60) : g.start]
    tail = m.folded[g.end : min(m.sentence.end, g.end + 50)]
    if branch and (_BRANCH_AFTER.match(tail) or _BRANCH_BEFORE.search(head)):
        return replace(g, ids=(branch,))
    chained = before and before[-1].tied and _AND.match(m.folded[before[-1].end : g.start])
    if _TIED_AFTER.match(tail) or _TIED_BEFORE.search(head) or chained:
        return replace(g, tied=True)
    return replace(g, ids=(branch,)) if branch and family.get("always") else g


def _branch(family: dict[str, Any], named: Counter[str], day: date | None) -> str | None:
    """Name the branch meant: the only one of the family that the text names, else the one of the day."""
    own = [i for i in family["branches"] if named[i]]
    if len(own) == 1 or (own and family.get("always")):
        return str(max(own, key=lambda i: named[i]))
    told = day.isoformat() if day else ""
    return next((str(i) for last, i in family["by_day"] if told <= last), None)
