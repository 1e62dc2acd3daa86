"""Small pieces of sentences that every headline needs, in every language.

Enters: values. Leaves: text by language. Called by the sentences of `toguna.room.headline`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from toguna.core.language import LANGUAGES, Language

__all__ = ["both", "sentence", "span", "toll"]


def both(say: Callable[[Language], str]) -> dict[str, str]:
    """Say something in every language."""
    return {code: say(Language(code)) for code in LANGUAGES}


def span(lang: Language, low: float | None, high: float | None) -> str:
    """Say a 90% interval, or that there is none."""
    if low is None or high is None:
        return lang("no interval can be had")
    return lang("90% interval {low} to {high}", low=float(low), high=float(high))


def toll(lang: Language, best: int | None, low: int | None, high: int | None) -> str:
    """Say deaths with their range; missing is never zero."""
    if best is None:
        return lang("deaths unknown") if low is None else lang("at least {low} deaths", low=low)
    if low is None or high is None or low == high:
        return lang.plural("{n} death", "{n} deaths", best)
    return lang("{best} deaths ({low} to {high})", best=best, low=low, high=high)


def sentence(
    id: str, text: dict[str, str], *, number: float | None, uncertainty: dict[str, str], why: Sequence[str]
) -> dict[str, Any]:
    """Return one entry of the headline."""
    return {"id": id, "text": text, "number": number, "uncertainty": uncertainty, "why": list(why)}
