"""What one sentence counts: numbers with the persons they count, and single persons without a number.

Enters: a folded sentence. Leaves: `Count` values, not yet tied to a fate. Called by
`toguna.reading.tolls`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from toguna.reading.lexicon import Hit, hits, phrase, search
from toguna.reading.numerals import Quantity, quantities

__all__ = ["Count", "counts"]


@dataclass(frozen=True, slots=True)
class Count:
    """A quantity with the persons it counts, not yet tied to a fate."""

    start: int
    end: int
    quantity: Quantity
    person: str
    noun: bool


_GAP = phrase("tolls.gap")
_ONE = {
    "en": re.compile(r"(?<![\w'-])(?:a|an|another|one|the|its|his|her|their)[\s]+(?!of\b)"),
    "fr": re.compile(r"(?<![\w-])(?:(?:un|une|le|la|son|sa|leur|l'un des|un autre|une autre)[\s]+|l')"),
}
_SOMEONE = phrase("tolls.someone")
_PLURAL = re.compile(r"(?:[^s]s|men|people|children|police|troops|personnel|forces|families|lives|bodies|x)$")
_ALIKE = re.compile(r"[\s](?:\w+ais|chinois)$")  # one or several
_NO_COUNT = phrase("tolls.no_count")
_HURT_ONE, _TAKES_ONE, _BARE_ONE = (phrase(f"tolls.{x}") for x in ("hurt_one", "takes_one", "bare_one"))
_ONE_OF = re.compile(r"[\s](?:of|des|d')\b")
_MORE = re.compile(r"[\s](?:more|others?)\b")
_IS_ADJECTIVE = phrase("tolls.is_adjective")
_ANOTHER, _HURT_ANOTHER = phrase("tolls.another"), phrase("tolls.hurt_another")
_ADJECTIVES, _BESIDE = (
    ("militaire", "civil", "civile", "terroriste", "jihadiste", "djihadiste", "islamiste", "rebelle"),
    ("", "autre", "jeune", "seul", "presume"),
)  # "le poste militaire"
_AGE_BEFORE = re.compile(
    r"\b(?:aged|(?:girl|boy|child|woman|man) of|agee?s? d[e'])[\s]?(?:\w+[\s](?:and|to|et|a)[\s])?$"
)
_MONTH_BEFORE, _MONTH_AFTER = phrase("tolls.month_before"), phrase("tolls.month_after")


def counts(folded: str, lang: str, span: tuple[int, int]) -> list[Count]:
    """Find what a sentence counts, in order and without overlap."""
    start, end = span
    people = hits("person", lang, folded, start, end)
    found: list[Count] = []
    every = quantities(folded, lang, start, end)
    for i, q in enumerate(every):
        after = folded[q.end : min(end, q.end + 40)]
        if _NO_COUNT.match(after) or _dated(folded, q, start) or _of_a_family(folded, q.start, after):
            continue
        stop = min(q.end + 45, every[i + 1].start if i + 1 < len(every) else end)
        said = next((h for h in people if q.end <= h.start < stop), None)
        if said and _GAP.match(folded[q.end : said.start]) and not _fated(folded, lang, q.end, said.start):
            single = q.best == 1 and q.rule == "word" and not _ONE_OF.match(after)
            plural = _plural(folded[said.start : said.end])
            if single and (plural or _adjective(folded, q.end, said)):
                continue
            found.append(Count(q.start, said.end, q, said.key, True))
        elif q.rule != "word" or (q.best or 0) > 1 or _alone(folded, q, after):
            found.append(Count(q.start, q.end, q, "people", False))
    taken = [(c.start, c.end) for c in found]
    found += [
        c for c in _ones(folded, lang, people, span) if not any(a < c.end and c.start < b for a, b in taken)
    ]
    for c in (*_any_one(folded, span), *_others(folded, span)):
        if not any(x.start < c.end and c.start < x.end for x in found):
            found.append(c)
    return sorted(found, key=lambda c: c.start)


def _others(folded: str, span: tuple[int, int]) -> list[Count]:
    """Find single persons who are only "another" beside what befell them ("and another wounded")."""
    found = (*_ANOTHER.finditer(folded, *span), *_HURT_ANOTHER.finditer(folded, *span))
    ends = [(m.start("who"), m.end("who")) for m in found]
    return [Count(a, b, Quantity(a, b, 1, 1, 1, "one"), "people", False) for a, b in ends]


def _of_a_family(folded: str, start: int, words: str) -> bool:
    """Say whether a family is only whose members are counted ("three members of one family")."""
    return bool(_FAMILY.search(words) and _MEMBERS_OF.search(folded[max(0, start - 24) : start]))


_FAMILY = re.compile(r"\bfamil(?:y|le)\b")
_MEMBERS_OF = re.compile(
    r"\b(?:members?|people|persons?|membres?|personnes?|civils|hommes|femmes) (?:of |from |d'|de la )$"
)


def _alone(folded: str, q: Quantity, after: str) -> bool:
    """Say whether "one" without a noun counts a person: what befell him stands before or after it."""
    before = folded[max(0, q.start - 14) : q.start]
    return bool(_HURT_ONE.match(after) or _MORE.match(after) or _TAKES_ONE.search(before))


def _any_one(folded: str, span: tuple[int, int]) -> list[Count]:
    """Find single persons of any trade by what befell them ("a tailor was killed")."""
    return [
        Count(m.start(), m.end("who"), Quantity(m.start(), m.start("who"), 1, 1, 1, "one"), "civilians", True)
        for m in _SOMEONE.finditer(folded, *span)
    ]


def _plural(word: str) -> bool:
    """Say whether a noun is told of several ("soldat francais" is one)."""
    return _PLURAL.search(_ALIKE.sub("", word)) is not None


def _fated(folded: str, lang: str, start: int, end: int) -> bool:
    return end - start > 2 and search("fate", lang, folded, start, end) is not None


_YEARS = re.compile(
    r"(?:(?:from|between|de|entre)[\s])?(?:19|20)\d\d(?:[\s]?(?:-|to|and|a|et)[\s]?(?:19|20)\d\d)?"
)
_THE_ENEMY = ("ennemi", "enemy")  # as one word: all of them


def _dated(folded: str, q: Quantity, start: int) -> bool:
    """Say whether a number is a year, a day or a clock and counts nothing."""
    text = folded[q.start : q.end]
    if _YEARS.fullmatch(text) or folded[q.start - 1 : q.end + 1] == f"[{text}]":
        return True
    after, before = folded[q.end : q.end + 14], folded[max(start, q.start - 12) : q.start]
    if _MONTH_BEFORE.search(before) or _AGE_BEFORE.search(before):
        return True
    return bool(_MONTH_AFTER.match(after)) or bool(
        re.search(r"(?:(?:n°|no\.|article|resolution)[\s]?|\d[/:.-])$", before)
    )


def _ones(folded: str, lang: str, people: Sequence[Hit], span: tuple[int, int]) -> list[Count]:
    """Find single persons: "a soldier", "le maire"."""
    found: list[Count] = []
    for h in people:
        word = folded[h.start : h.end]
        if (
            (_plural(word) and word != "fils")
            or word in _THE_ENEMY
            or (h.key == "people" and word not in ("person", "personne", "individual", "individu"))
        ):
            continue
        begin = max(span[0], h.start - 40)
        heads = [
            m for m in _ONE[lang].finditer(folded, begin, h.start) if _GAP.match(folded[m.end() : h.start])
        ]
        headline = _BARE_ONE.search(folded, begin, h.start) if lang == "en" and not heads else None
        if headline:
            one = Quantity(h.start, h.start, 1, 1, 1, "one")
            found.append(Count(h.start, h.end, one, h.key, True))
        first = heads[-1].start() if heads else 0
        if heads and not _adjective(folded, heads[-1].end(), h) and not _of_a_family(folded, first, word):
            one = Quantity(first, h.start, 1, 1, 1, "one")
            found.append(Count(first, h.end, one, h.key, True))
    return found


def _adjective(folded: str, start: int, h: Hit) -> bool:
    """Say whether a word after an article is an adjective ("une attaque jihadiste", "a terrorist group")."""
    latter = folded[h.start : h.end] in _ADJECTIVES and folded[start : h.start].strip() not in _BESIDE
    return latter or (h.key == "attackers" and _IS_ADJECTIVE.match(folded, h.end) is not None)
