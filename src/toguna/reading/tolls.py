"""Who was killed, wounded or taken, as one sentence counts them.

Enters: a folded sentence. Leaves: `Toll` values: what befell how many of whom. Called by
`toguna.reading.marks`; `toguna.reading.sums` adds them up.

A count gets its fate by the first of these that fits: it is itself what is counted ("13 morts"); a
verb that takes it stands right before ("killing five"); a participle follows in its clause ("five
were killed"); it continues a list that has a fate ("five soldiers and a civilian").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from toguna.reading.lexicon import Hit, facts, hits, phrase, search
from toguna.reading.numerals import Quantity, quantities

__all__ = ["Toll", "tolls"]


@dataclass(frozen=True, slots=True)
class Toll:
    """A count of victims.

    Parameters
    ----------
    start, end : int
        Extent of count and noun.
    fate : {"dead", "wounded", "hostages", "missing"}
        What befell them.
    low, best, high : int or None
        Persons.
    side : {"civilians", "forces", "militia", "attackers", "unstated"}
        Who they are.
    target : str
        Class of target they make, "" for none.
    part : bool
        They belong to a count told just before ("including two soldiers").
    earlier : bool
        The text calls the figure superseded.
    rule : str
        How the count was told and tied.
    """

    start: int
    end: int
    fate: str
    low: int | None
    best: int | None
    high: int | None
    side: str
    target: str
    part: bool
    earlier: bool
    rule: str


@dataclass(frozen=True, slots=True)
class _Count:
    """A quantity with the persons it counts, not yet tied to a fate."""

    start: int
    end: int
    quantity: Quantity
    person: str
    noun: bool


_GAP = phrase("tolls.gap")
_ONE = {
    "en": re.compile(r"(?<![\w'-])(?:a|an|another|one|the|its|his|her|their)[\s]+(?!of\b)"),
    "fr": re.compile(r"(?<![\w'-])(?:(?:un|une|le|la|son|sa|leur|l'un des|un autre|une autre)[\s]+|l')"),
}
_SOMEONE = phrase("tolls.someone")
_PLURAL = re.compile(r"(?:[^s]s|men|people|children|police|troops|personnel|forces|families|lives|bodies|x)$")
_NO_COUNT = phrase("tolls.no_count")
_STOP_RIGHT = phrase("tolls.stop_right")
_HURT_ONE = re.compile(r"^[\s](?:mort|tue|blesse|otage|disparu|dead|killed|wounded|injured)\b")
_MORE = re.compile(r"\b(?:others?|more|autres?)\b")
_SPEAKS = phrase("tolls.speaks")
_LIST = phrase("tolls.list")
_PASSIVE_AUX = phrase("tolls.passive_aux")
_ACTIVE_AUX = re.compile(r"(?:\b(?:a|ont|avait|avaient|aurait|auraient|has|have|had)[\s]+(?:[\w-]+[\s]+)?)$")
_WITHIN = phrase("tolls.between")
_INTRANSITIVE = re.compile(r"perdu|trouve|peri|succomb|tomb|lost|died|die|perish|sustained|suffered")
_ONLY_ACTIVE = phrase("tolls.only_active")


@cache
def _person(lang: str) -> re.Pattern[str]:
    from toguna.reading.lexicon import pattern

    return pattern("person", lang)[0]


def _counts(folded: str, lang: str, span: tuple[int, int]) -> list[_Count]:
    start, end = span
    people = hits("person", lang, folded, start, end)
    found: list[_Count] = []
    for q in quantities(folded, lang, start, end):
        after = folded[q.end : min(end, q.end + 40)]
        if _NO_COUNT.match(after) or _dated(folded, q, start):
            continue
        said = next((h for h in people if h.start >= q.end and h.start - q.end < 45), None)
        if said and _GAP.match(folded[q.end : said.start]) and not _fated(folded, lang, q.end, said.start):
            if q.best == 1 and q.rule == "word" and _PLURAL.search(folded[said.start : said.end]):
                continue
            found.append(_Count(q.start, said.end, q, said.key, True))
        elif q.rule != "word" or (q.best or 0) > 1 or _HURT_ONE.match(after):
            found.append(_Count(q.start, q.end, q, "people", False))
    taken = [(c.start, c.end) for c in found]
    found += [
        c for c in _ones(folded, lang, people, span) if not any(a < c.end and c.start < b for a, b in taken)
    ]
    found += [
        c for c in _any_one(folded, span) if not any(x.start < c.end and c.start < x.end for x in found)
    ]
    return sorted(found, key=lambda c: c.start)


def _any_one(folded: str, span: tuple[int, int]) -> list[_Count]:
    """Find single persons of any trade by what befell them ("a tailor was killed")."""
    return [
        _Count(
            m.start(), m.end("who"), Quantity(m.start(), m.start("who"), 1, 1, 1, "one"), "civilians", True
        )
        for m in _SOMEONE.finditer(folded, *span)
    ]


def _fated(folded: str, lang: str, start: int, end: int) -> bool:
    return end - start > 2 and search("fate", lang, folded, start, end) is not None


_OF_THEM = re.compile(r"[\s](?:of (?:them|whom|which)|d'entre eux|parmi eux)\b")
_MONTH_BEFORE = phrase("tolls.month_before")


def _dated(folded: str, q: Quantity, start: int) -> bool:
    """Say whether a number is a year, a day or a clock and counts nothing."""
    text = folded[q.start : q.end]
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return True
    after, before = folded[q.end : q.end + 12], folded[max(start, q.start - 12) : q.start]
    if _MONTH_BEFORE.search(before):
        return True
    months = r"[\s](?:jan|feb|fev|mar[cs]|apr|avr|may\b|mai\b|jun|juin|jul|juil|aug|aou|sep|oct|nov|dec)"
    return bool(re.match(months, after)) or bool(
        re.search(r"(?:(?:n°|no\.|article|resolution)[\s]?|\d[/:.])$", before)
    )


def _ones(folded: str, lang: str, people: Sequence[Hit], span: tuple[int, int]) -> list[_Count]:
    """Find single persons: "a soldier", "le maire"."""
    found: list[_Count] = []
    for h in people:
        word = folded[h.start : h.end]
        if _PLURAL.search(word) or (
            h.key == "people" and word not in ("person", "personne", "individual", "individu")
        ):
            continue
        begin = max(span[0], h.start - 40)
        heads = [
            m for m in _ONE[lang].finditer(folded, begin, h.start) if _GAP.match(folded[m.end() : h.start])
        ]
        if heads:
            first = heads[-1].start()
            one = Quantity(first, h.start, 1, 1, 1, "one")
            found.append(_Count(first, h.end, one, h.key, True))
    return found


def _right(folded: str, c: _Count, fates: Sequence[Hit], counts: Sequence[_Count]) -> Hit | None:
    """Find the participle that follows a count in its clause."""
    fate = next((f for f in fates if f.start >= c.end), None)
    if fate is None:
        return None
    bare = gap = folded[c.end : fate.start]
    for other in counts:
        if c.end <= other.start and other.end <= fate.start:
            bare = bare.replace(folded[other.start : other.end], " ")
    far = len(bare) > 75 or len(bare.split()) > 9 or _STOP_RIGHT.search(bare)
    counted = any(o is not c and not o.noun and 0 <= fate.start - o.end <= 2 for o in counts)
    if far or counted:
        return None
    taker = any(0 <= o.start - fate.end <= 3 for o in counts) and bool(gap.strip())
    head = folded[max(c.end, fate.start - 30) : fate.start]
    return None if _active(head, folded[fate.start : fate.end], taker=taker) else fate


def _active(head: str, word: str, *, taker: bool) -> bool:
    """Say whether a verb takes what follows it, and so does not tell of those before it.

    `head` are the words before it, `taker` is True when a count follows at once.
    """
    if _INTRANSITIVE.search(word) or _PASSIVE_AUX.search(head):
        return False
    if _ONLY_ACTIVE.search(word) and word not in ("blesse", "dead"):
        return True
    helped = _ACTIVE_AUX.search(head) and "ete" not in head and "been" not in head
    return bool(helped) or (taker and word not in ("dead", "morts", "mort"))


def _left(folded: str, c: _Count, fates: Sequence[Hit]) -> Hit | None:
    """Find the verb right before a count that takes it."""
    before = [f for f in fates if f.end <= c.start]
    if not before:
        return None
    gap = folded[before[-1].end : c.start]
    return before[-1] if len(gap) <= 26 and _WITHIN.fullmatch(gap) else None


def _at_once(folded: str, c: _Count, fate: Hit) -> bool:
    """Say whether a count without a known noun is tied to what follows: at once, or by an auxiliary."""
    gap = folded[c.end : fate.start]
    return len(gap) <= 14 or (len(gap) <= 36 and _PASSIVE_AUX.search(gap) is not None)


def _tied(
    folded: str, lang: str, counts: list[_Count], fates: list[Hit]
) -> list[tuple[_Count, Hit | None, str]]:
    tied: list[tuple[_Count, Hit | None, str]] = []
    for i, c in enumerate(counts):
        own = next((f for f in fates if not c.noun and 0 <= f.start - c.end <= 2), None)
        how, fate = "counted", own
        if fate is None:
            how, fate = "taken", _left(folded, c, fates)
        nearby = _right(folded, c, fates, counts)
        if nearby is not None and (fate is None or (how == "taken" and nearby.start - c.end <= 6)):
            how, fate = "befallen", nearby
        if (
            fate is None
            and not _SPEAKS.match(folded[c.end : c.end + 16])
            and tied
            and tied[-1][1] is not None
            and tied[-1][2] != "broken"
            and _LIST.match(folded[counts[i - 1].end : c.start])
        ):
            how, fate = "listed", tied[-1][1]
        elif fate is None and tied and tied[-1][1] and _broken_down(folded, tied[-1][0], tied[-1][2], c):
            how, fate = "broken", tied[-1][1]
        elif fate is not None and not c.noun and how == "befallen" and not _at_once(folded, c, fate):
            fate = None
        tied.append((c, fate, how))
    return tied


def _broken_down(folded: str, total: _Count, how: str, c: _Count) -> bool:
    """Say whether a count follows a total as its part ("13 dead: four soldiers, five civilians")."""
    if how == "broken":
        return bool(_LIST.match(folded[total.end : c.start]))
    return not total.noun and bool(re.match(r"^[^.;:!?()]{0,12}[\s]?:[\s]?$", folded[total.end : c.start]))


def tolls(folded: str, lang: str, span: tuple[int, int]) -> list[Toll]:
    """Read who was killed, wounded or taken in one sentence.

    Examples
    --------
    >>> text = "two soldiers and a civilian were killed and five people wounded"
    >>> [(t.fate, t.best, t.side) for t in tolls(text, "en", (0, len(text)))]
    [('dead', 2, 'forces'), ('dead', 1, 'civilians'), ('wounded', 5, 'unstated')]
    """
    fates = hits("fate", lang, folded, *span)
    included = hits("part", lang, folded, *span)
    if not fates and not included:
        return []
    counts = _counts(folded, lang, span)
    superseded = hits("earlier_toll", lang, folded, *span)
    found: list[Toll] = []
    for c, fate, how in _tied(folded, lang, counts, fates):
        inside = _included(folded, c, included, found)
        if fate is None and not (inside and (found or _dead_named(folded, included))):
            continue
        word = fate.key if fate else (found[-1].fate if found else "dead")
        if inside and how == "taken" and found and not fate:
            word = found[-1].fate
        told = facts("person")[c.person]
        side, target = told["side"], told["target"]
        if (
            side == "unstated"
            and re.search(r"\b(?:others?|autres?)\b", folded[c.start : c.end])
            and found
            and word != found[-1].fate
        ):
            side, target = found[-1].side, found[-1].target
        q = c.quantity
        more = word == "dead" and found == [] and _MORE.search(folded[q.end : c.end]) and how != "listed"
        part = inside or bool(more) or how == "broken"
        if q.low is None and q.best is None and q.high is None:
            continue
        old = any(h.start < c.start and c.start - h.end < 120 for h in superseded) or bool(
            found and found[-1].earlier
        )
        found.append(
            Toll(c.start, c.end, word, q.low, q.best, q.high, side, target, part, old, f"{q.rule}/{how}")
        )
    return _lives(folded, found)


def _dead_named(folded: str, included: Sequence[Hit]) -> bool:
    return any(
        "dead" in folded[h.start : h.end]
        or "victim" in folded[h.start : h.end]
        or "mort" in folded[h.start : h.end]
        for h in included
    )


def _included(folded: str, c: _Count, included: Sequence[Hit], found: Sequence[Toll]) -> bool:
    """Say whether a count belongs to one told before it ("13, including five soldiers and a driver")."""
    if any(h.end <= c.start and len(folded[h.end : c.start].split()) <= 2 for h in included):
        return True
    if found and _OF_THEM.match(folded[c.quantity.end : c.quantity.end + 14]):
        return True
    return bool(found) and found[-1].part and bool(_LIST.match(folded[found[-1].end : c.start]))


def _lives(folded: str, found: list[Toll]) -> list[Toll]:
    """Drop a single person that only names the one dead again, and counts that stand twice."""
    out: list[Toll] = []
    for t in found:
        if out and t.start < out[-1].end:
            continue
        out.append(replace(t, part=False) if not out and t.part and t.side == "unstated" else t)
    return out
