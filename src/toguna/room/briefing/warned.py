"""The parts of a briefing about warnings and lessons.

Enters the assessment; leaves sections. Called by `content`. What nobody issued is called a proposal, every
time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from toguna.core.figures import figure
from toguna.core.language import Language
from toguna.replay.words import no_better_than_chance
from toguna.room.briefing.blocks import Block, Cell, fold, foreign, section, sentences, table, text
from toguna.room.briefing.scope import said
from toguna.room.standing import PROPOSAL

__all__ = ["learnt", "warnings"]

Rows = Sequence[Mapping[str, Any]]
MOST_TOLD, WATCH = 12, "watch"


def warnings(assessment: Mapping[str, Any], lang: Language) -> Block:
    """Show the warnings that stand, then what the rules propose."""
    rows: Rows = assessment.get("warnings") or []
    issued = [w for w in rows if w["status"] != PROPOSAL]
    proposals = [w for w in rows if w["status"] == PROPOSAL]
    grave = [w for w in proposals if w["level"] != WATCH]
    watch = [w for w in proposals if w["level"] == WATCH]
    held = int(assessment.get("warnings_restricted") or 0)
    blocks: list[Block | None] = [
        _table(lang("Issued warnings and what became of them"), issued, lang) if issued else None,
        text(_held(held, lang), small=True) if held else None,
        text(f"{_caution(proposals, lang, alone=not issued)} {_unanswered(assessment, lang)}")
        if proposals
        else None,
        sentences([_sentence(w, lang) for w in grave[:MOST_TOLD]]) if grave else None,
        fold(
            lang("To watch"),
            [sentences([_sentence(w, lang) for w in watch[:MOST_TOLD]])] if watch else [],
        ),
    ]
    return section("warnings", lang("Warnings"), blocks)


def _caution(proposals: Rows, lang: Language, *, alone: bool) -> str:
    grave = sum(w["level"] != WATCH for w in proposals)
    counts = {"grave": grave, "watch": len(proposals) - grave}
    if alone:
        return lang(
            "Nobody has issued a warning yet. Stated rules propose {grave} to issue and {watch} to watch.",
            **counts,
        )
    return lang(
        "Nobody has issued what stated rules propose: {grave} to issue and {watch} to watch.", **counts
    )


def _unanswered(assessment: Mapping[str, Any], lang: Language) -> str:
    facts = (assessment.get("replay") or {}).get("facts")
    loss = " " + lang(
        "Over the months replayed, alarms like these announced turning points no better than chance: see "
        "“What replay taught”."
    )
    said = lang(
        "A proposal becomes a warning when somebody answers for it: toguna warn. The rules and how often "
        "they cry wolf stand in the methods."
    )
    return said + loss if facts and no_better_than_chance(facts) else said


def _held(n: int, lang: Language) -> str:
    return lang.plural("{n} restricted warning is not shown.", "{n} restricted warnings are not shown.", n)


def _sentence(row: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    due = lang("Proposed: decide by {day}.", day=date.fromisoformat(row["deadline"]))
    return {
        "id": row["id"],
        "text": f"{said(row['headline'], lang)}. {said(row['text'], lang)}",
        "uncertainty": f"{due} {_options(row, lang)}",
        "why": lang("Ask: toguna why {id}", id=row["id"]),
    }


def _options(row: Mapping[str, Any], lang: Language) -> str:
    """Say how many options there are and what they cost together, or why there is none."""
    found, note = row["options"], row.get("options_note")  # assessments of earlier versions have no note
    if not found:
        return said(note, lang) if note else lang("No option was drawn up.")
    return f"{_costs(found, lang)} {said(note, lang) if note else ''}".strip()


def _costs(found: Rows, lang: Language) -> str:
    costs = [option["cost"] for option in found]
    if None in costs:
        return lang.plural("{n} option from the plan.", "{n} options from the plan.", len(found))
    return lang.plural(
        "{n} option from the plan, for {cost} {unit}.",
        "{n} options from the plan, for {cost} {unit} in all.",
        len(found),
        cost=figure(lang, sum(costs)),
        unit=found[0]["unit"],
    )


def _table(caption: str, rows: Rows, lang: Language) -> Block:
    head = [
        lang("warning"),
        lang("state"),
        lang("issued"),
        lang("decide by"),
        lang("decision"),
        lang("outcome"),
    ]
    return table(caption, head, [_row(row, lang) for row in rows])


def _row(row: Mapping[str, Any], lang: Language) -> list[Cell]:
    made, came = row["decision"], row["outcome"]
    decision: Cell = "–" if made is None else foreign(f"{_verdict(made, lang)}{lang(':')} {made['reason']}")
    outcome: Cell = (
        "–" if came is None else f"{lang.word('outcome:' + came['outcome'])} {came['text']}".strip()
    )
    return [
        f"{row['id']} · {said(row['headline'], lang)}",
        lang.word(f"state:{row['status']}"),
        lang.short_date(date.fromisoformat(row["times"]["issued"][:10])),
        lang.short_date(date.fromisoformat(row["deadline"])),
        decision,
        outcome,
    ]


def _verdict(made: Mapping[str, Any], lang: Language) -> str:
    return lang("to act") if made["act"] else lang("not to act")


def learnt(assessment: Mapping[str, Any], lang: Language) -> Block:
    """Show lessons: those that fit a warning of today first."""
    lessons: Rows = assessment.get("lessons") or []
    fits: dict[str, list[str]] = {}
    for row in assessment.get("warnings") or []:
        for id in row["lessons"]:
            fits.setdefault(id, []).append(said(row["headline"], lang))
    if not lessons:
        return section("learnt", lang("What we learnt"), [])
    order = sorted(lessons, key=lambda one: (one["id"] not in fits, one["id"]))
    head = [lang("lesson"), lang("next time"), *_heads(lang), lang("fits today")]
    rows = [_lesson(one, fits.get(one["id"], []), lang) for one in order]
    return section(
        "learnt",
        lang("What we learnt"),
        [text(_fit(lessons, fits, lang)), table(lang("Lessons, those that fit first"), head, rows)],
    )


def _fit(lessons: Rows, fits: Mapping[str, Sequence[str]], lang: Language) -> str:
    told = sum(one["id"] in fits for one in lessons)
    return lang.plural(
        "{n} lesson is on record; {fit} of them fits a warning of today.",
        "{n} lessons are on record; {fit} of them fit a warning of today.",
        len(lessons),
        fit=told,
    )


_TOLD = ("decision", "action", "outcome", "appraisal")


def _heads(lang: Language) -> list[str]:
    return [lang("decision"), lang("action"), lang("outcome"), lang("did it work?")]


def _lesson(one: Mapping[str, Any], fits: Sequence[str], lang: Language) -> list[Cell]:
    label = said(one["headline"], lang) if one["headline"] else ", ".join(one["situation"]["areas"])
    told = [foreign(str(one[key]) or "–") for key in _TOLD]
    return [f"{one['id']} · {label}", foreign(one["change"]), *told, "; ".join(fits) or "–"]
