"""What finding codes mean, in the reader's language.

Enters: a code. Leaves: `Meaning`. The words stand in `core/findings.toml` (English, with the severity) and in
`locale/findings.<lang>.toml`. Called by the briefing; the page of all codes in the documentation is made from
the same file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from toguna.core.language import LANGUAGES

__all__ = ["Meaning", "meaning"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means, and what to do about it."""

    means: str
    repair: str


@lru_cache(maxsize=len(LANGUAGES))
def _meanings(lang: str) -> dict[str, Meaning]:
    place = ("core", "findings.toml") if lang == "en" else ("locale", f"findings.{lang}.toml")
    told = tomllib.loads(files("toguna").joinpath(*place).read_text(encoding="utf-8"))
    return {code: Meaning(entry["means"], entry["repair"]) for code, entry in told.items()}


def meaning(code: str, lang: str) -> Meaning | None:
    """Say what a code means; None for a code of a plug-in.

    Examples
    --------
    >>> meaning("id-missing", "fr").means
    "Un événement n’a pas d’identifiant."
    """
    return _meanings(lang).get(code)
