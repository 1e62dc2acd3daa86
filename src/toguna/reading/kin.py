"""Names that stand for a family of groups, settled to the one that is meant, or set aside as a tie.

Enters: the marks of a text. Leaves: the same with settled groups. Called by `toguna.reading.rules`.

"Al-Qaeda's branch in North Africa" is a group of its own, "the al-Qaeda-linked group X" is X, and
"Islamic State" is the branch that the text names elsewhere. French troops are those of the operation
of their day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from toguna.reading.groups import Group
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks

__all__ = ["settled"]

KIN = {
    "ALQAEDA": ("AQIM", "JNIM", "MOURABITOUN", "ANSAR_DINE", "MLF", "AL_SHABAAB"),
    "ISIL": ("ISGS", "ISWAP", "ISCAP"),
}
JNIM_FROM = date(2017, 3, 1)
"""Founded on 2 March 2017; before, al-Qaeda's branch in the Sahel was AQIM."""
BARKHANE_FROM = date(2014, 8, 1)
"""Operation Barkhane replaced Serval on that day."""
_BRANCH_AFTER, _BRANCH_BEFORE = phrase("kin.branch_after"), phrase("kin.branch_before")
_TIED_AFTER, _TIED_BEFORE = phrase("kin.tied_after"), phrase("kin.tied_before")
_AND = phrase("kin.and")
_WING = phrase("kin.wing")
_PLAIN_FRENCH = phrase("kin.french")


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
    if g.id == "FR_BARKHANE" and day is not None and day < BARKHANE_FROM:
        return replace(g, ids=("FR_SERVAL",)) if _PLAIN_FRENCH.fullmatch(m.folded, g.start, g.end) else g
    if g.id == "MAA_PLATFORM" and not _WING.search(m.words()):
        return replace(g, ids=("MAA_CMA", "MAA_PLATFORM"))  # without a wing it is the larger one
    if g.id not in KIN:
        return g
    head = m.folded[max(m.sentence.start, g.start - 60) : g.start]
    tail = m.folded[g.end : min(m.sentence.end, g.end + 50)]
    branch = _branch(g.id, named, day)
    if branch and (_BRANCH_AFTER.match(tail) or _BRANCH_BEFORE.search(head)):
        return replace(g, ids=(branch,))
    chained = before and before[-1].tied and _AND.match(m.folded[before[-1].end : g.start])
    if _TIED_AFTER.match(tail) or _TIED_BEFORE.search(head) or chained:
        return replace(g, tied=True)
    return replace(g, ids=(branch,)) if branch and g.id == "ISIL" else g


def _branch(family: str, named: Counter[str], day: date | None) -> str | None:
    """Name the branch meant: the only one of the family that the text names, else the one of the day."""
    own = [i for i in KIN[family] if named[i]]
    if len(own) == 1 or (own and family == "ISIL"):
        return max(own, key=lambda i: named[i])
    if family == "ISIL":
        return None
    return "AQIM" if "AQIM" in own or day is None or day < JNIM_FROM else "JNIM"
