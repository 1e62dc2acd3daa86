"""Say a sentence in a language: messages, numbers, dates and words of the field.

Messages are written in English in the code and translated in `toguna/locale/<lang>.po`, read as
they are (no compiled catalogue to forget). Values inside a message are formatted for the language:
whole numbers and decimals, dates, and `Word`s (terms of the vocabulary). Terms stand in the
catalogues under the context "word", in English too ("ied_mine" reads "IED or mine").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from babel.core import Locale, get_global
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from toguna.core.errors import UnknownNameError

__all__ = ["LANGUAGES", "Language", "Word", "direction", "in_every_language", "own"]

LANGUAGES = ("en", "fr")
WORD = "word"
NARROW = "\u202f"
Day = date


@dataclass(frozen=True, slots=True)
class Word:
    """A term of the vocabulary inside a message ("siege_hostage"), translated when it is said."""

    key: str


def _first(id: Any) -> str:
    return str(id if isinstance(id, str) else id[0])


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(lang: str) -> dict[tuple[str, str], str | tuple[str, ...]]:
    source = files("toguna").joinpath("locale", f"{lang}.po")
    with source.open("rb") as stream:
        found = read_po(stream, locale=lang)
    return {
        (message.context or "", _first(message.id)): message.string
        if isinstance(message.string, str)
        else tuple(message.string)
        for message in found
        if message.id and message.string
    }


def direction(code: str) -> str:
    """Say from which side a language is written: "ltr" or "rtl"."""
    return str(Locale(code).text_direction)


@dataclass(frozen=True, slots=True)
class Language:
    """A language to speak in.

    Parameters
    ----------
    code : {"en", "fr"}
        Language code.

    Examples
    --------
    >>> Language("fr")("{n} events", n=1234)  # doctest: +SKIP
    '1 234 événements'
    """

    code: str

    def __post_init__(self) -> None:
        if self.code not in LANGUAGES:
            raise UnknownNameError("language", self.code, LANGUAGES)

    def __call__(self, message: str, /, **values: Any) -> str:
        """Translate `message` and put the values in."""
        said = _catalogue(self.code).get(("", message), message)
        text = said[0] if isinstance(said, tuple) else said
        return text.format(**{k: self.say(v) for k, v in values.items()}) if values else text

    def plural(self, one: str, many: str, n: int, /, **values: Any) -> str:
        """Translate a message that depends on a count; `{n}` is the count."""
        said = _catalogue(self.code).get(("", one), (one, many))
        forms = said if isinstance(said, tuple) else (said, said)
        singular = n == 1 or (self.code == "fr" and n == 0)
        text = forms[0] if singular else forms[-1]
        return text.format(n=self.say(n), **{k: self.say(v) for k, v in values.items()})

    def word(self, key: str | None) -> str:
        """Name a term of the vocabulary; unknown ones are shown with spaces for underscores."""
        if not key:
            return self("not stated")
        said = _catalogue(self.code).get((WORD, key))
        return said if isinstance(said, str) else key.replace("_", " ")

    def say(self, value: Any) -> str:
        """Format one value for this language."""
        if isinstance(value, Word):
            return self.word(value.key)
        if isinstance(value, bool):
            return self("yes") if value else self("no")
        if isinstance(value, int):
            return str(format_decimal(value, locale=self.code))
        if isinstance(value, float):
            return self.number(value)
        if isinstance(value, date):
            return self.date(value)
        return str(value)

    def number(self, value: float, digits: int = 1) -> str:
        """Format a decimal with at most `digits` digits after the sign of the language."""
        pattern = "#,##0." + "#" * digits if digits else "#,##0"
        return str(format_decimal(value, format=pattern, locale=self.code)).replace("-", "\u2212")

    def typeset(self, text: str) -> str:
        """Put the thin spaces and apostrophes of French into words that come from data."""
        if self.code != "fr":
            return text
        text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
        spaced = re.sub(rf"(?<=[^\s{NARROW}])(?=[;:!?](?:\s|$))", NARROW, text)
        return re.sub("(?<=«) ", NARROW, re.sub(" (?=[;:!?%»])", NARROW, spaced))

    def join(self, items: Iterable[str]) -> str:
        """List items in a sentence ("a, b and c")."""
        *head, last = list(items) or [""]
        return self("{first} and {last}", first=", ".join(head), last=last) if head else last

    def p_value(self, p: float | None) -> str:
        """Format a probability value: two leading digits, never a bare zero."""
        if p is None:
            return self("not tested")
        if p < 0.0001:
            return "< " + str(format_decimal(0.0001, format="0.0000", locale=self.code))
        return str(format_decimal(p, format="0.0000" if p < 0.001 else "0.000", locale=self.code))

    def percent(self, share: float, digits: int = 0) -> str:
        """Format a share (0 to 1) as a percentage."""
        pattern = "0." + "0" * digits if digits else "0"
        sign = f"{NARROW}%" if self.code == "fr" else "%"
        return (
            str(format_percent(share, format=pattern + "%", locale="en"))
            .replace("%", "")
            .replace(".", "," if self.code == "fr" else ".")
            + sign
        )

    def date(self, day: date) -> str:
        """Write a date in full words ("24 November 2015", "1er novembre 2015")."""
        pattern = "d'er' MMMM y" if self.code == "fr" and day.day == 1 else "d MMMM y"
        return str(format_date(day, format=pattern, locale=self.code))

    def country(self, iso3: str, default: str = "") -> str:
        """Name a country by its ISO 3166-1 alpha-3 code; `default` when the code is not known."""
        (iso2, *_) = get_global("territory_aliases").get(iso3, [""])
        return str(Locale(self.code).territories.get(iso2, default))

    def short_date(self, day: Day) -> str:
        """Write a date for an axis or a narrow column ("24 Nov 2015", "24 nov. 2015")."""
        pattern = "d'er' MMM y" if self.code == "fr" and day.day == 1 else "d MMM y"
        return str(format_date(day, format=pattern, locale=self.code))

    def month(self, day: Day) -> str:
        """Write month and year for an axis ("Nov 2015", "nov. 2015")."""
        return str(format_date(day, format="MMM y", locale=self.code))


def in_every_language(message: str, /, **values: Any) -> dict[str, str]:
    """Say one message in all languages: {"en": ..., "fr": ...}."""
    return {code: Language(code)(message, **values) for code in LANGUAGES}


def own(text: str, lang: Language) -> str:
    """Translate what data bear when it is a standing phrase of ours; words of others stay."""
    said = _catalogue(lang.code).get((WORD, text))
    return said if isinstance(said, str) else text
