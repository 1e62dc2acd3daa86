"""The chances that an assessment states, each with what it rests on and how its models did on past days.

Enters: events of the main source, a theatre. Leaves: rows for the assessment, and why a question stayed
without an answer. Called by `toguna.room.ahead.ahead`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from toguna.actors.registry import Registry
from toguna.core.dates import Window
from toguna.core.errors import TogunaError
from toguna.core.figures import figure
from toguna.core.language import LANGUAGES, Language
from toguna.forecasts.recurrence.population import Asked, population_of
from toguna.forecasts.recurrence.question import Kind, Place
from toguna.forecasts.recurrence.recur import Recurrence, level_of, recur_at
from toguna.forecasts.recurrence.sentences import chance_in_words, percent
from toguna.room.ahead.questions import Chance, gravest, kind_of, place_of, stated
from toguna.store.theatre import Theatre

__all__ = ["HORIZONS", "Chances", "chances"]

HORIZONS = (3, 6, 12)


@dataclass(frozen=True, slots=True)
class Chances:
    """What is stated, and what could not be.

    Parameters
    ----------
    rows : list of dict
        One per question and horizon, in the order of the theatre.
    silent : dict
        Question -> why there is no answer, by language.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    silent: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Put:
    """A question that can be put: its population, kind, place."""

    chance: Chance
    asked: Asked
    kind: Kind
    place: Place

    @property
    def shared(self) -> str:
        """Questions with the same key share fits and record."""
        level = level_of(self.asked.sample, self.place)
        return f"{self.asked.subject}/{sorted(self.kind.words().items())}/{level}"


def chances(
    events: pl.DataFrame, theatre: Theatre, registry: Registry, *, windows: tuple[date, Window], seed: int
) -> Chances:
    """Answer every question of a theatre.

    Parameters
    ----------
    events : DataFrame
        Events of one source with resolved actors, as published by the date.
    theatre : Theatre
        Its `recurrence` settings name the questions.
    registry : Registry
    windows : tuple
        The date of the assessment, the recent window.
    seed : int
        Each kind draws from a stream of its own, whatever else is asked.
    """
    found = Chances()
    put: list[_Put] = []
    for chance in _questions(events, theatre, registry, windows):
        try:
            put.append(_put(chance, events, theatre, registry, windows))
        except TogunaError:
            found.silent[chance.id] = _why_not(chance)
    told: dict[str, tuple[Recurrence, ...]] = {}
    for key in dict.fromkeys(one.shared for one in put):
        group = [one for one in put if one.shared == key]
        told |= _told(group, key, windows[0], seed, found)
    for one in put:
        answer = told.get(one.chance.id, ())
        if answer and not answer[0].alike_here:  # such a chance would rest on priors alone
            found.silent[one.chance.id] = _why_not(one.chance)
            continue
        found.rows.extend(_row(one, r) for r in answer)
    return found


def _questions(
    events: pl.DataFrame, theatre: Theatre, registry: Registry, windows: tuple[date, Window]
) -> list[Chance]:
    try:
        first = population_of(events, theatre=theatre, registry=registry, as_of=windows[0]).sample
    except TogunaError:
        first = None
    return stated(theatre, first, windows[1])


def _put(
    chance: Chance,
    events: pl.DataFrame,
    theatre: Theatre,
    registry: Registry,
    windows: tuple[date, Window],
) -> _Put:
    subject = chance.settings.get("subject")
    asked = population_of(events, theatre=theatre, registry=registry, as_of=windows[0], subject=subject)
    own = events.filter(pl.col("event_id").is_in(asked.sample.ids.tolist()))
    worst = gravest(own, windows[1])
    kind = kind_of(chance, worst.row(0, named=True) if worst.height else None)
    if kind is None:
        raise TogunaError("the setting of the gravest recent attack is not known")
    return _Put(chance, asked, kind, place_of(chance, theatre, asked.sample))


def _told(
    group: list[_Put], key: str, as_of: date, seed: int, found: Chances
) -> dict[str, tuple[Recurrence, ...]]:
    rng = np.random.default_rng(np.random.SeedSequence([seed, 5, zlib.crc32(key.encode())]))
    try:
        answers = recur_at(
            group[0].asked.sample,
            kind=group[0].kind,
            places=[one.place for one in group],
            as_of=as_of,
            horizons=HORIZONS,
            rng=rng,
        )
    except TogunaError:
        found.silent.update({one.chance.id: _why_not(one.chance) for one in group})
        return {}
    return {one.chance.id: answer for one, answer in zip(group, answers, strict=True)}


def _why_not(chance: Chance) -> dict[str, str]:
    return {
        code: Language(code)(
            "How likely it is cannot be said, for lack of earlier ones on record by this date: {label}.",
            label=chance.label[code],
        )
        for code in LANGUAGES
    }


def _row(one: _Put, r: Recurrence) -> dict[str, Any]:
    return {
        "id": f"recurrence/{one.chance.id}/{r.horizon_months}",
        "question": one.chance.id,
        "label": dict(one.chance.label),
        "subject": one.asked.subject,
        "source": one.asked.source,
        "left_out": one.asked.left_out,
        **r.as_dict(),
        "text": {code: _text(Language(code), one, r) for code in LANGUAGES},
    }


def _text(L: Language, one: _Put, r: Recurrence) -> str:
    return L.plural(
        "Another {label} within {n} month: {odds}, {chance} (90% interval {low} to {high}); expected number "
        "{expected}.",
        "Another {label} within {n} months: {odds}, {chance} (90% interval {low} to {high}); expected number "
        "{expected}.",
        r.horizon_months,
        label=one.chance.label[L.code],
        odds=chance_in_words(L, r.probability),
        chance=percent(L, r.probability),
        low=percent(L, r.low),
        high=percent(L, r.high),
        expected=figure(L, r.expected),
    )
