"""Recurrence in words, in each language: how likely, how sure, on what record, by which model.

Enters: a `Recurrence`. Leaves: sentences by language. Called by the verb and by the briefing.
"""

from __future__ import annotations

from collections.abc import Mapping

from toguna.core.figures import figure, odds
from toguna.core.language import LANGUAGES, Language, Word
from toguna.forecasts.recurrence.recur import Recurrence
from toguna.forecasts.recurrence.rolling import CONSTANT, LAST_YEAR

__all__ = ["chance_in_words", "percent", "sentences"]


def sentences(found: Recurrence, label: Mapping[str, str]) -> dict[str, list[str]]:
    """Say a recurrence.

    Parameters
    ----------
    found : Recurrence
    label : mapping
        Name of the population by language.

    Returns
    -------
    dict
        Language -> sentences: the chance; what it rests on; the model and its record; what it is not.
    """
    return {code: _said(Language(code), found, label[code]) for code in LANGUAGES}


def _said(L: Language, r: Recurrence, label: str) -> list[str]:
    return [
        L.plural(
            "Another one in {place} within {n} month ({kind}; {label}): {odds}, {chance} "
            "(90% interval {low} to {high}); {expected} expected.",
            "Another one in {place} within {n} months ({kind}; {label}): {odds}, {chance} "
            "(90% interval {low} to {high}); {expected} expected.",
            r.horizon_months,
            place=r.place,
            kind=_kind(L, r),
            label=label,
            odds=chance_in_words(L, r.probability),
            chance=percent(L, r.probability),
            low=percent(L, r.low),
            high=percent(L, r.high),
            expected=figure(L, r.expected),
        ),
        L(
            "On record since {since}: {events} such attacks, {here} of them in this place, {alike} of this "
            "kind, {both} both.",
            since=r.since,
            events=r.events,
            here=r.here,
            alike=r.alike,
            both=r.alike_here,
        ),
        _model(L, r),
        L(
            "This continues what was recorded; it knows no reason, no day and no house, and what is decided "
            "now may change it."
        ),
    ]


def chance_in_words(L: Language, p: float) -> str:
    """Say a probability in plain words; never "10 times in 10"."""
    return odds(L, p) if p < 0.95 else L("more than {n} times in 10", n=9)


def percent(L: Language, share: float) -> str:
    """Format a probability; one digit after the point below a tenth, and never a bare 0 or 100 %."""
    if share > 0.995:
        return L("more than {share}", share=L.percent(0.99))
    if share < 0.0005:
        return L("less than {share}", share=L.percent(0.001, 1))
    return L.percent(share, 0 if share >= 0.1 else 1)


def _kind(L: Language, r: Recurrence) -> str:
    parts = []
    for column, values in r.kind.items():
        words = [values] if isinstance(values, str) else [L.word(v) for v in values]
        parts.append(f"{L.word(column)}{L(':')} {', '.join(words)}")
    return "; ".join(parts) or L("any kind")


def _model(L: Language, r: Recurrence) -> str:
    models = r.record["models"]
    if not r.record["origins"]:
        return L(
            "Model: {model}; the record is too short to try it on past days, so take it as a rough guess.",
            model=Word(r.model),
        )
    return L(
        "Model: {model}, best of {models} on {forecasts} forecasts from {origins} past days: {own} bits of "
        "ignorance, against {constant} for a constant rate and {year} for last year's rate.",
        model=Word(r.model),
        models=len(models),
        forecasts=int(r.record["forecasts"]),
        origins=int(r.record["origins"]),
        own=L.number(models[r.model]["ignorance"], 3),
        constant=L.number(models[CONSTANT]["ignorance"], 3),
        year=L.number(models[LAST_YEAR]["ignorance"], 3),
    )
