"""Read counts of people that were written as text: "1 200", "10-15", "about 20", "at least 30", "dozens".

Enters: the text of a cell. Leaves: `Worded`, or None when it is no such text. Called by `toguna.events.mend`.

Nothing is invented: a range gives a low and a high and no best, a bound gives one of the two, a word for a
number stays a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Worded", "worded"]

_SPACES = "[ \u00a0\u202f'’]"
_MOST = 10**9
_ABOUT = r"(?:about|around|approximately|approx\.?|circa|ca\.?|some|environ|à peu près|~|≈|±)\s*"
_FROM = r"(?:at least|no fewer than|not less than|au moins|≥|>=)\s*"
_ABOVE = r"(?:more than|over|above|plus d[e'’]|>)\s*"
_UP_TO = r"(?:up to|at most|no more than|jusqu['’]à|au plus|≤|<=)\s*"
_BELOW = r"(?:fewer than|less than|under|below|moins d[e'’]|<)\s*"
_TO = r"\s*(?:-|–|—|to|or|à|ou)\s*"
_AND = r"\s*(?:and|et)\s*"
_WORDS = re.compile(
    r"\b(dozens?|scores?|several|many|few|some|tens|hundreds?|thousands?|unknown|numerous|unspecified|"
    r"plusieurs|quelques|nombreux|inconnue?s?|"
    r"(?:diz|douz|quinz|vingt|trent|quarant|cinquant|soixant|cent)aines?|milliers?|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze)\b",
    re.IGNORECASE,
)
_PEOPLE = r"(?:\s+(?:people|persons|dead|killed|deaths|civilians|personnes|morts?|tués?|civils))?"


@dataclass(frozen=True, slots=True)
class Worded:
    """What a text says: a code of finding, and the counts it states (persons; None = not stated)."""

    code: str
    low: int | None = None
    best: int | None = None
    high: int | None = None


def worded(text: str, *, decimal: str = ".") -> Worded | None:
    """Read one text.

    Parameters
    ----------
    text : str
        A cell that is no plain number.
    decimal : str
        Decimal sign of the file; the other one may separate thousands.

    Examples
    --------
    >>> worded("10-15")
    Worded(code='deaths-as-range', low=10, best=None, high=15)
    >>> worded("une dizaine").best is None
    True
    """
    said = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
    return _grouped(said, decimal) or _stated(said, decimal) or _in_words(said)


def _grouped(said: str, decimal: str) -> Worded | None:
    number = _number(said, decimal)
    return Worded("deaths-with-separators", best=number) if number is not None else None


def _number(said: str, decimal: str) -> int | None:
    group = "," if decimal == "." else r"\."
    if not re.fullmatch(rf"\d+|\d{{1,3}}(?:{_SPACES}\d{{3}})+|\d{{1,3}}(?:{group}\d{{3}})+", said):
        return None
    number = int(re.sub(r"\D", "", said))
    return number if number < _MOST else None


def _stated(said: str, decimal: str) -> Worded | None:
    figure = r"(\d[\d ,.'’]*)"
    whole = {
        "range": rf"(?:from |de )?{figure}{_TO}{figure}|(?:between|entre) {figure}{_AND}{figure}",
        "about": _ABOUT + figure,
        "from": rf"{_FROM}{figure}|{figure}\s*(?:\+|or more|ou plus)",
        "above": _ABOVE + figure,
        "up": _UP_TO + figure,
        "below": _BELOW + figure,
    }
    for kind, pattern in whole.items():
        match = re.fullmatch(f"(?:{pattern}){_PEOPLE}", said, re.IGNORECASE)
        numbers = [_number(g.strip(" ,.'’"), decimal) for g in match.groups() if g] if match else []
        if numbers and None not in numbers:
            return _of(kind, [n for n in numbers if n is not None])
    return None


def _of(kind: str, numbers: list[int]) -> Worded | None:
    first, last = numbers[0], numbers[-1]
    if kind == "range":
        return Worded("deaths-as-range", low=first, high=last) if first <= last else None
    if kind == "about":
        return Worded("deaths-about", best=first)
    if kind in ("from", "above"):
        return Worded("deaths-as-bound", low=first + (kind == "above"))
    return Worded("deaths-as-bound", high=max(first - (kind == "below"), 0))


def _in_words(said: str) -> Worded | None:
    return Worded("deaths-in-words") if _WORDS.search(said) and not re.search(r"\d", said) else None
