"""The dictionaries: data files of patterns, compiled once into one expression for each theme and language.

Enters: the TOML files in `data/`. Leaves: `Hit` values: which key stands where. Called by
`toguna.reading.marks` and everything after it.

A file holds one theme or several: ``[theme.key]`` with the texts `en` and `fr`, one pattern a line,
in the letters of `toguna.reading.plain.folded` (lower case, no accents). A pattern is a regular
expression between word borders; ``_`` stands for one or more spaces or a hyphen. What stands first
in a theme wins.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from toguna.reading.initials import by_initial

__all__ = ["Hit", "facts", "hits", "pattern", "phrase", "plain", "raw", "search", "words"]

_GROUP = re.compile(r"(?<!\\)\((?!\?)")  # a group of a pattern captures nothing: captures tell the key
FILES = ("about", "deeds", "people", "doubt", "sayings", "measures")


@dataclass(frozen=True, slots=True)
class Hit:
    """A word or phrase of a dictionary found in the text: its key, and its extent (end not included)."""

    key: str
    start: int
    end: int


@cache
def _loaded() -> dict[str, Any]:
    themes: dict[str, Any] = {}
    folder = files("toguna.reading").joinpath("data")
    for name in FILES:
        themes |= tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    return themes


def facts(theme: str) -> Mapping[str, Mapping[str, Any]]:
    """Return what the dictionary says of the keys of a theme, beside their patterns."""
    found: Mapping[str, Mapping[str, Any]] = _loaded()[theme]
    return found


@cache
def _phrases() -> dict[str, dict[str, str]]:
    text = files("toguna.reading").joinpath("data/phrases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def raw(module: str, key: str) -> str:
    """Return the text of an expression that is built into others."""
    return _phrases()[module][key].replace("\n", "")


def words(name: str) -> frozenset[str]:
    """Return a list of plain words by its name ("list.part")."""
    text = files("toguna.reading").joinpath("data/words.toml").read_text(encoding="utf-8")
    theme, _, part = name.partition(".")
    return frozenset(tomllib.loads(text)[theme][part]["words"].split())


@cache
def plain() -> frozenset[str]:
    """Return the words that texts have in small letters: plain ones (made by ``bench.plain_words``)."""
    text = files("toguna.reading").joinpath("data/plain.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def phrase(name: str) -> re.Pattern[str]:
    """Compile one of the longer expressions of the rules, by its name ("module.expression")."""
    module, _, key = name.partition(".")
    return re.compile(_phrases()[module][key].replace("\n", ""))


def _alternatives(text: str) -> str:
    lines = (line.strip() for line in text.strip().splitlines())
    said = "|".join(line.replace("_?", r"[\s-]*").replace("_", r"[\s-]+") for line in lines if line)
    return _GROUP.sub("(?:", said)


@cache
def pattern(theme: str, lang: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Compile a theme for a language: the expression, and the key of each of its groups."""
    told = {
        key: _alternatives(entry.get(lang, "") + "\n" + entry.get("both", ""))
        for key, entry in facts(theme).items()
    }
    body, keys = by_initial((key, said) for key, said in told.items() if said)
    return re.compile(rf"(?<!\w)(?:{body or r'(?!)'})(?!\w)"), keys


def hits(theme: str, lang: str, folded: str, start: int = 0, end: int | None = None) -> list[Hit]:
    """Find every word of a theme between two offsets, in order and without overlap."""
    return list(_hits(theme, lang, folded, start, len(folded) if end is None else end))


@lru_cache(maxsize=4096)
def _hits(theme: str, lang: str, folded: str, start: int, stop: int) -> tuple[Hit, ...]:
    """Keep what was found: the rules ask for the same words of a sentence many times."""
    expression, keys = pattern(theme, lang)
    found = [
        Hit(keys[(m.lastindex or 1) - 1], m.start(), m.end())
        for m in expression.finditer(folded, start, stop)
    ]
    return tuple(found)


def search(theme: str, lang: str, folded: str, start: int = 0, end: int | None = None) -> Hit | None:
    """Find the first word of a theme between two offsets."""
    expression, keys = pattern(theme, lang)
    m = expression.search(folded, start, len(folded) if end is None else end)
    return Hit(keys[(m.lastindex or 1) - 1], m.start(), m.end()) if m else None
