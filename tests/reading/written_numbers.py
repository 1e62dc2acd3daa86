"""Numbers that stand in a text, in digits or in English or French words: evidence for the labels' figures."""

from __future__ import annotations

import re
import unicodedata

UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
}  # fmt: skip
WHOLES = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000, "dozen": 12, "both": 2,
    "pair": 2, "dozens": 20, "dizaines": 20, "tens": 20,
}  # fmt: skip
HUNDREDS = {"hundred", "cent", "cents"}
ONE = re.compile(
    r"\b(?:an?|one|the|his|her|another|une?|le|la|du|son|sa|premiere?|agent)\b|\bl'|\bd'un", re.IGNORECASE
)
NONE = re.compile(
    r"\b(?:no|none|nobody|not|neither|without|unharmed|unhurt|any|only|escaped"
    r"|sans|aucune?|pas|personne|rien|indemnes?|sains?|saines?|seul|que)\b",
    re.IGNORECASE,
)
SEVERAL = re.compile(r"\b(?:several|plusieurs|dozens|dizaines|others)\b", re.IGNORECASE)
DIGITS = re.compile(r"\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+(?!\d)|\d+")
TOKEN = re.compile(r"[a-z]+|[^a-z\s-]")


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in bare if not unicodedata.combining(c)).lower()


def _joins(total: int, before: str, value: int) -> int | None:
    """What `total` becomes when the word of `value` follows, or None if a new number begins."""
    if value == 20 and before == "quatre":
        return total + 76
    teens = before == "dix" and 7 <= value <= 9
    tens = total % 100 >= 20 and total % 10 == 0 and value < 10
    french = total % 100 in (60, 80) and value < 20
    hundreds = total >= 100 and total % 100 == 0 and value < 100
    return total + value if teens or tens or french or hundreds else None


def _worded(text: str) -> set[int]:
    found: set[int] = set()
    total, before = 0, ""
    for token in [*TOKEN.findall(_plain(text)), "."]:
        value = UNITS.get(token)
        joined = _joins(total, before, value) if value is not None and total else None
        if token in HUNDREDS and 0 < total < 10:
            total *= 100
        elif token == "dozen" and 0 < total < 10:
            total *= 12
        elif token in {"et", "and"} and total:
            continue  # the word before it stays `before`: vingt et un, a hundred and one
        elif joined is not None:
            total = joined
        else:
            found.add(total)
            total = 100 if token in HUNDREDS else WHOLES.get(token, value or 0)
        before = token
    return found - {0}


def numbers_in(text: str) -> set[int]:
    """Every number that `text` states; 1 for an article, 0 for a word of absence, 2 for "several"."""
    found = _worded(text)
    found |= {int(re.sub(r"\D", "", digits)) for digits in DIGITS.findall(text)}
    plain = _plain(text)
    found |= {1} if ONE.search(plain) else set()
    found |= {0} if NONE.search(plain) else set()
    found |= {2} if SEVERAL.search(plain) else set()
    return found
