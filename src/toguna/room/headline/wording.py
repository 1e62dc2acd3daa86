"""Small pieces of sentences that every headline needs, in every language.

Enters: values. Leaves: text by language. Called by the sentences of `toguna.room.headline`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from toguna.core.figures import figure, odds
from toguna.core.language import LANGUAGES, Language, Word

__all__ = ["both", "chance", "marks", "sentence", "span", "toll"]


def both(say: Callable[[Language], str]) -> dict[str, str]:
    """Say something in every language."""
    return {code: Language(code).typeset(say(Language(code))) for code in LANGUAGES}


def span(lang: Language, effect: Mapping[str, Any]) -> str:
    """Say the 90% interval of an effect with its unit, or that there is none."""
    low, high = effect["low"], effect["high"]
    if low is None or high is None:
        return lang("no interval can be had")
    ends = {"low": figure(lang, low), "high": figure(lang, high), "unit": Word(effect["unit"])}
    return lang("between {low} and {high} {unit} (90% interval)", **ends)


def chance(lang: Language, p: float, q: float | None) -> str:
    """Say how often chance alone would show as much, in words and as p and q."""
    return lang(
        "chance alone would give as much {odds} ({marks})", odds=odds(lang, p), marks=marks(lang, p, q)
    )


def marks(lang: Language, p: float, q: float | None) -> str:
    """Say p and, where there is one, q."""
    said = [f"p = {lang.p_value(p)}", *([f"q = {lang.p_value(q)}"] if q is not None else [])]
    return lang.typeset("; ".join(said))


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
