"""The part of a briefing that says what may come: chances of further attacks, and earlier attacks alike.

Enters the assessment; leaves a section and a picture. Called by `content` and `pictures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from toguna.core.figures import figure
from toguna.core.language import Language, Word
from toguna.forecasts.recurrence.rolling import CONSTANT, LAST_YEAR
from toguna.forecasts.recurrence.sentences import chance_in_words, percent
from toguna.room.briefing import forecast, likeness
from toguna.room.briefing.blocks import Block, Cell, fold, section, sentences, table, text
from toguna.room.briefing.scope import said
from toguna.room.briefing.shifts import picture
from toguna.room.charts.chances import draw_chances
from toguna.room.charts.picture import Picture

__all__ = ["SILENT", "chances_picture", "coming"]

SILENT = "recurrence/"
Rows = list[Mapping[str, Any]]


def coming(assessment: Mapping[str, Any], pictures: Mapping[str, Picture], lang: Language) -> Block:
    """Say what may come, what that rests on, and how it would have done on the past."""
    title = lang("What may come")
    if "recurrence" not in assessment:
        return section("ahead", title, [])
    asked = _questions(assessment)
    uneven = {a["source"] for a in assessment.get("data", []) if a.get("coverage") == "uneven"}
    silent = [
        text(said(why, lang)) for id, why in (assessment.get("notes") or {}).items() if id.startswith(SILENT)
    ]
    blocks: list[Block | None] = [
        text(" ".join([*(_in_short(rows[-1], lang) for rows in asked.values()), _caution(lang)]))
        if asked
        else None,
        *silent,
        None if asked or silent else text(lang("Too few attacks are on record to say what may come.")),
        picture(pictures["chances"]) if "chances" in pictures else None,
        fold(
            lang("What each chance rests on"),
            [
                text(_holds(lang), small=True),
                sentences([_sentence(rows, uneven, lang) for rows in asked.values()]),
                _models(asked, lang),
            ]
            if asked
            else [],
        ),
        *forecast.blocks(assessment, pictures, lang),
        fold(lang("Earlier attacks most like the gravest recent ones"), likeness.blocks(assessment, lang)),
    ]
    return section("ahead", title, blocks)


def _questions(assessment: Mapping[str, Any]) -> dict[str, Rows]:
    asked: dict[str, Rows] = {}
    for row in assessment.get("recurrence", []):
        asked.setdefault(str(row["question"]), []).append(row)
    return asked


def _in_short(r: Mapping[str, Any], lang: Language) -> str:
    """Say one chance, at its longest horizon, and how far the models disagree."""
    said_of = [m["probability"] for m in r["record"]["models"].values()] or [r["probability"]]
    return lang.plural(
        "Another {label} within {n} month: {odds} ({chance}; models from {least} to {most}).",
        "Another {label} within {n} months: {odds} ({chance}; models from {least} to {most}).",
        int(r["horizon_months"]),
        label=said(r["label"], lang),
        odds=chance_in_words(lang, r["probability"]),
        chance=percent(lang, r["probability"]),
        least=percent(lang, min(said_of)),
        most=percent(lang, max(said_of)),
    )


def _caution(lang: Language) -> str:
    return lang(
        "These chances continue what was recorded. They know no reason, no day and no house; what is decided "
        "now may change them, and nothing here says what causes an attack."
    )


def _holds(lang: Language) -> str:
    return lang(
        "The interval holds if the model holds: what the other models say shows how much depends on that."
    )


def _sentence(rows: Rows, uneven: set[str], lang: Language) -> dict[str, Any]:
    parts = [
        lang.plural(
            "within {n} month {odds}, {chance} ({low} to {high})",
            "within {n} months {odds}, {chance} ({low} to {high})",
            int(r["horizon_months"]),
            odds=chance_in_words(lang, r["probability"]),
            **{name: percent(lang, r[key]) for name, key in _SHARES.items()},
        )
        for r in rows
    ]
    last = rows[-1]
    expected = lang.plural(
        "Expected within {n} month: {expected} attacks.",
        "Expected within {n} months: {expected} attacks.",
        int(last["horizon_months"]),
        expected=figure(lang, last["expected"]),
    )
    chance = lang(
        "Another {label}: {parts} (in brackets the 90% interval).",
        label=said(last["label"], lang),
        parts=lang.typeset("; ".join(parts)),
    )
    rests = _rests(last, lang)
    if last["source"] in uneven:
        rests += " " + lang(
            "This source covers the years unevenly: where it was searched more closely, attacks look "
            "likelier."
        )
    return {
        "id": f"ahead-{last['question']}",
        "text": f"{chance} {expected}",
        "uncertainty": " ".join(p for p in (rests, _judged(last, lang), _others(last, lang)) if p),
        "why": lang("Ask: toguna why {id}", id=last["id"]),
    }


_SHARES = {"chance": "probability", "low": "low", "high": "high"}


def _rests(r: Mapping[str, Any], lang: Language) -> str:
    marks = [v for k, values in r["kind"].items() if k != "family" for v in values]
    rests = lang.plural(
        "It rests on {n} such attack among {events} on record since {since} ({source}).",
        "It rests on {n} such attacks among {events} on record since {since} ({source}).",
        int(r["alike_here"]),
        events=int(r["events"]),
        since=date.fromisoformat(r["since"]),
        source=Word(r["source"]),
    )
    if not marks:
        return rests
    return rests + " " + lang("Counted: {categories}.", categories=", ".join(map(lang.word, marks)))


def _judged(r: Mapping[str, Any], lang: Language) -> str:
    record = r["record"]
    if not record["origins"]:
        return lang("The record is too short to try models on past days: take it as a rough guess.")
    models = record["models"]
    errors = {name: model["ignorance"] for name, model in models.items()}
    finer = min(e for name, e in errors.items() if name not in (CONSTANT, LAST_YEAR))
    values = {
        "n": len(models),
        "forecasts": int(record["forecasts"]),
        "origins": int(record["origins"]),
        "model": Word(r["model"]),
        "own": lang.number(errors[r["model"]], 2),
        "constant": lang.number(errors[CONSTANT], 2),
        "year": lang.number(errors[LAST_YEAR], 2),
        "finer": lang.number(finer, 2),
    }
    best = lang(
        "Of {n} models tried on {forecasts} questions alike from {origins} past days the best was "
        "“{model}”: its mean error was {own} (0: always sure and right; 1: no better than a coin).",
        **values,
    )
    if r["model"] in (CONSTANT, LAST_YEAR):
        beside = lang(
            "No finer model did better than this plain rule: the best of them had {finer}.", **values
        )
    else:
        beside = lang("A constant rate had {constant}, last year's rate {year}.", **values)
    return f"{best} {beside}"


def _others(r: Mapping[str, Any], lang: Language) -> str:
    others = [m["probability"] for name, m in r["record"]["models"].items() if name != r["model"]]
    if not others:
        return ""
    return lang.plural(
        "Within {n} month the other models say {least} to {most}.",
        "Within {n} months the other models say {least} to {most}.",
        int(r["horizon_months"]),
        least=percent(lang, min(others)),
        most=percent(lang, max(others)),
    )


def _models(asked: Mapping[str, Rows], lang: Language) -> Block | None:
    rows: list[list[Cell]] = []
    horizons = [int(r["horizon_months"]) for r in next(iter(asked.values()), [])]
    for found in asked.values():
        for name, model in found[0]["record"]["models"].items():
            shares = [percent(lang, r["record"]["models"][name]["probability"]) for r in found]
            marked = (
                lang("{model} (used)", model=Word(name)) if name == found[0]["model"] else lang.word(name)
            )
            scores = [lang.number(model[k], 3) if k in model else "–" for k in ("ignorance", "brier")]
            rows.append([said(found[0]["label"], lang), marked, *shares, *scores])
    months = [lang.plural("{n} month", "{n} months", n) for n in horizons]
    columns = [lang("what"), lang("model"), *months, lang("mean error (bits)"), lang("Brier score")]
    caption = lang("What every model says, and its error on past days: smaller is better")
    return table(caption, columns, rows, folded=True) if rows else None


def chances_picture(assessment: Mapping[str, Any], lang: Language) -> Picture | None:
    """Draw the chances; None when there are none."""
    found = list(assessment.get("recurrence") or [])
    if not found:
        return None
    best = max(found, key=lambda r: (r["horizon_months"], r["probability"]))
    title = lang.plural(
        "Likeliest within {n} month, {chance}: another {label}.",
        "Likeliest within {n} months, {chance}: another {label}.",
        int(best["horizon_months"]),
        chance=percent(lang, best["probability"]),
        label=said(best["label"], lang),
    )
    cells = [
        (
            said(r["label"], lang),
            lang.plural("{n} month", "{n} months", int(r["horizon_months"])),
            percent(lang, r["probability"]),
            lang("{low} to {high}", low=percent(lang, r["low"]), high=percent(lang, r["high"])),
            figure(lang, r["expected"]),
        )
        for r in found
    ]
    return draw_chances(found, lang, title=title, cells=cells)
