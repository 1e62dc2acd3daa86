"""Numbers and vague quantities in both languages: "quatre-vingt-douze", "at least a dozen", "10 à 15".

Enters: a folded text. Leaves: `Quantity` values with offsets. Called by `toguna.reading.tolls` and
`toguna.reading.responses`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

__all__ = ["NUMBER", "Quantity", "quantities", "value_of"]

MOST = 1_000_000
NUMBER = r"\d{1,3}(?:[ .,]\d{3})+(?!\d)|\d{1,7}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count of something.

    Parameters
    ----------
    start, end : int
        Extent, qualifier included.
    low, best, high : int or None
        What it says; None where it says nothing ("dozens" has no best).
    rule : {"exact", "floor", "ceiling", "about", "vague", "range", "word"}
        How it was told.
    """

    start: int
    end: int
    low: int | None
    best: int | None
    high: int | None
    rule: str


@cache
def _tables() -> dict[str, Any]:
    path = files("toguna.reading").joinpath("data/numerals.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _spaced(text: str) -> str:
    # Lengths are bounded: a run of spaces must not make a search slow.
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", text).replace("_", r"[\s-]{1,4}")


@cache
def _number_words(lang: str) -> re.Pattern[str]:
    table = _tables()[lang]
    words = sorted((*table["units"], *table["scales"]), key=len, reverse=True)
    word = "|".join(words)
    joint = r"(?:[\s-]{1,3}|[\s-]{1,3}(?:and|et)[\s-]{1,3})"
    return re.compile(rf"(?:{word})(?:{joint}(?:{word}))*(?!\w)")


@cache
def _vague(lang: str) -> tuple[tuple[re.Pattern[str], tuple[int, int, int]], ...]:
    return tuple((re.compile(_spaced(k) + r"(?!\w)"), tuple(v)) for k, v in _tables()[lang]["vague"].items())


@cache
def _scanner(lang: str) -> re.Pattern[str]:
    """One expression for all quantities, so that a text is walked once."""
    table = _tables()[lang]
    vague = "|".join(_spaced(k) for k in table["vague"])
    qualifiers = "|".join(f"(?P<{k}>{_spaced(v)})" for k, v in table["qualifiers"].items())
    said = rf"(?:{vague})(?!\w)|{NUMBER}|{_number_words(lang).pattern}"
    n = rf"(?:{NUMBER}|{_number_words(lang).pattern})"
    ranges = (
        rf"(?:between|entre)[\s]{{1,4}}(?P<a1>{n})[\s]{{1,4}}(?:and|et)[\s]{{1,4}}(?P<b1>{n})"
        rf"|(?:(?:from|de)[\s]{{1,4}})?(?P<a2>{n})[\s]{{1,4}}(?:to|a|or|ou)[\s]{{1,4}}(?P<b2>{n})"
        rf"|(?P<a3>{NUMBER})[\s]?-[\s]?(?P<b3>{NUMBER})"
    )
    return re.compile(
        rf"(?<![\w.,])(?:(?:{qualifiers})[\s]{{0,4}}|(?<=')){{0,2}}(?:{ranges}|(?P<one>{said}))"
        rf"(?:[\s]?\(\d{{1,6}}\))?(?:[\s](?:or more|ou plus|au moins|at least))?(?!\w)"
    )


def value_of(text: str, lang: str) -> int | None:
    """Read one number in figures or words; None when it is none.

    Examples
    --------
    >>> value_of("quatre-vingt-douze", "fr"), value_of("two hundred and six", "en"), value_of("1 250", "fr")
    (92, 206, 1250)
    """
    if re.fullmatch(NUMBER, text):
        return int(re.sub(r"\D", "", text))
    table = _tables()[lang]
    units, scales = table["units"], table["scales"]
    total = part = 0
    for word in re.findall(r"[a-z]+", text):
        if word in scales:
            part = max(part, 1) * scales[word]
            if scales[word] == 1000:
                total, part = total + part, 0
        elif word in units:
            # "quatre-vingt" multiplies; "vingt-quatre" and "soixante-dix" add.
            eighty = lang == "fr" and units[word] == 20 and part % 100 == 4
            part = part + 76 if eighty else part + units[word]
        elif word not in ("and", "et"):
            return None
        if total + part > MOST:
            return None
    return total + part


def _two_numbers(words: str, lang: str) -> bool:
    """Say whether words are two counts side by side ("deux dix"), which no number is."""
    found = [_tables()[lang]["units"].get(w, 100) for w in re.findall(r"[a-z]+", words)]
    return lang == "en" and any(a < 10 and b < 10 for a, b in pairwise(found))


def _read(m: re.Match[str], lang: str) -> Quantity | None:
    low: int | None
    best: int | None
    high: int | None
    if m["one"] is None:
        ends = ((m["a1"], m["b1"]), (m["a2"], m["b2"]), (m["a3"], m["b3"]))
        first, last = next((value_of(a, lang), value_of(b, lang)) for a, b in ends if a)
        if first is None or last is None or not first < last or last > 12 * first + 12:
            return None
        return Quantity(m.start(), m.end(), first, None, last, "range")
    for expression, (a, b, c) in _vague(lang):
        if expression.fullmatch(m["one"]):
            low, best, high = (x if x >= 0 else None for x in (a, b, c))
            return _qualified(m, (low, best, high), "vague")
    value = value_of(m["one"], lang)
    if value is None or _two_numbers(m["one"], lang):
        return None
    return _qualified(m, (value, value, value), "exact" if m["one"][0].isdigit() else "word")


def _qualified(m: re.Match[str], counts: tuple[int | None, int | None, int | None], rule: str) -> Quantity:
    low, best, high = counts
    said = next((k for k in ("floor", "ceiling", "about") if m[k]), rule)
    if said == "ceiling":
        low = None
    return Quantity(m.start(), m.end(), low, best, high, "vague" if rule == "vague" else said)


def quantities(folded: str, lang: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Find every quantity between two offsets, in order.

    Examples
    --------
    >>> [(q.low, q.best, q.high) for q in quantities("au moins une vingtaine de morts, 3 a 5 blesses", "fr")]
    [(20, 20, 20), (3, None, 5)]
    """
    stop = len(folded) if end is None else end
    found = (_read(m, lang) for m in _scanner(lang).finditer(folded, start, stop))
    return [q for q in found if q is not None and (q.best or q.low or q.high or 0) <= MOST]
