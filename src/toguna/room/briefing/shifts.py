"""The part of a briefing that says what has changed: cards of alarms, pictures of mixes, the rest in a table.

Enters shifts as they stand in the assessment; leaves sections. Called by `content`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toguna.core.figures import figure
from toguna.core.language import Language, Word
from toguna.room.briefing.blocks import Block, Cell, card, section, table, text
from toguna.room.briefing.scope import Scope, names_of, said
from toguna.room.charts.picture import Picture

__all__ = ["alarms", "effect", "mixes", "picture", "tested"]

_ORDER = ("fronts", "spread", "reach", "tactics", "targets", "settings", "tempo", "alliances")


def picture(drawn: Picture) -> Block:
    """Return the block of a picture: title, text alternative, note and the table behind it."""
    return {
        "kind": "picture",
        "name": drawn.name,
        "title": drawn.title,
        "alt": drawn.alt,
        "note": drawn.note,
        "columns": list(drawn.columns),
        "rows": [[{"text": c} for c in row] for row in drawn.rows],
    }


def effect(shift: Mapping[str, Any], lang: Language) -> str:
    """Say the effect with unit and interval."""
    found = shift["effect"]
    value = figure(lang, float(found["value"]))
    unit = Word(str(found["unit"]))
    if found.get("low") is None or found.get("high") is None:
        return lang("{value} {unit}", value=value, unit=unit)
    low, high = figure(lang, float(found["low"])), figure(lang, float(found["high"]))
    return lang("{value} {unit} (90% interval: {low} to {high})", value=value, unit=unit, low=low, high=high)


def alarms(assessment: Mapping[str, Any], scope: Scope, lang: Language) -> Block:
    """Return one card per alarm, in the order of the dimensions."""
    names = names_of(assessment, lang)
    ordered = sorted(assessment.get("shifts", []), key=lambda s: (_rank(s), s.get("p") or 0.0, s["id"]))
    cards = [_card(s, scope, names, lang) for s in ordered if s["dimension"] != "alliances"]
    intro = lang("No change passed the threshold. What was tested is listed further down.")
    if not (assessment.get("tested") or cards):
        intro = lang("There are too few events in the two windows for any test.")
    if cards:
        intro = lang.plural(
            "{n} change passed the threshold. The others that were tested are listed further down.",
            "{n} changes passed the threshold. The others that were tested are listed further down.",
            len(cards),
        )
    blocks = [text(intro, small=True), *cards, _alliances(ordered, lang)]
    return section("shifts", lang("What has changed"), blocks)


def _alliances(ordered: list[dict[str, Any]], lang: Language) -> Block | None:
    rows: list[list[Cell]] = [
        [said(s["text"], lang), lang.say(len(s.get("event_ids", []))), {"text": s["id"], "id": s["id"]}]
        for s in ordered
        if s["dimension"] == "alliances"
    ]
    caption = lang("Alliances: statements on record, documented and not tested")
    return table(caption, [lang("what changed"), lang("events"), "toguna why"], rows) if rows else None


def _rank(shift: Mapping[str, Any]) -> int:
    return _ORDER.index(shift["dimension"]) if shift["dimension"] in _ORDER else len(_ORDER)


def _subject(shift: Mapping[str, Any], scope: Scope, names: Mapping[str, str], lang: Language) -> str:
    """Name what was tested, in the reader's language; the id is dimension/source/population/what."""
    _, _, population, what = [*str(shift["id"]).split("/", 3), "", "", ""][:4]
    label = scope.labels.get(population, {}).get(lang.code) or lang("recorded events")
    kind, _, name = what.partition("/")
    if shift["source"] not in (scope.source, "registry"):
        label = f"{label} · {lang.word(shift['source'])}"
    if shift["dimension"] == "reach":
        return f"{names.get(name or kind, shift['subject'])} · {label}"
    if shift["dimension"] == "fronts":
        return f"{shift['subject']} · {label}"
    if shift["dimension"] == "tempo" and name:
        return f"{names.get(name, name)} · {label}"
    if shift["dimension"] == "spread" and kind:
        return f"{lang.word(kind)} · {label}"
    return label


def _card(shift: Mapping[str, Any], scope: Scope, names: Mapping[str, str], lang: Language) -> Block:
    ids = list(shift.get("event_ids", []))
    facts = [(lang("effect"), effect(shift, lang))]
    if shift.get("p") is not None:
        facts.append(("p", lang.p_value(shift["p"])))
    if shift.get("q") is not None:
        facts.append((lang("q (false discovery rate)"), lang.p_value(shift["q"])))
    if shift.get("false_alarms_per_year") is not None:
        facts.append((lang("false alarms per year"), lang.number(float(shift["false_alarms_per_year"]), 2)))
    facts.append((lang("source"), lang.word(shift["source"])))
    facts.append((lang("events"), lang.say(len(ids))))
    return card(
        id=shift["id"],
        label=f"{lang.word(shift['dimension'])} · {_subject(shift, scope, names, lang)}",
        text=said(shift["text"], lang),
        caveat=said(shift.get("numbers", {}).get("caveat"), lang),
        facts=[list(f) for f in facts],
        events=ids,
        heading=lang.plural("{n} event shows it", "{n} events show it", len(ids)) if ids else "",
        why=lang("Ask: toguna why {id}", id=shift["id"]),
    )


def mixes(pictures: Mapping[str, Picture], lang: Language) -> Block:
    """Return the pictures of tactics, targets, settings and tempo."""
    shown = [picture(pictures[n]) for n in ("tempo", "tactics", "targets", "settings") if n in pictures]
    return section("how", lang("How often, how, against whom"), shown)


def tested(assessment: Mapping[str, Any], scope: Scope, lang: Language) -> Block:
    """Return the table of what was tested without alarm, and the record of false alarms."""
    names = names_of(assessment, lang)
    rows: list[list[Cell]] = [
        [
            _subject(s, scope, names, lang),
            lang.word(s["dimension"]),
            lang.word(s["source"]),
            effect(s, lang),
            lang.p_value(s.get("p")),
            lang.p_value(s.get("q")),
        ]
        for s in sorted(assessment.get("tested", []), key=lambda s: (_rank(s), s.get("p") or 0.0, s["id"]))
        if not s.get("alarm")
    ]
    columns = [lang("what"), lang("dimension"), lang("source"), lang("effect"), "p", "q"]
    blocks: list[Block | None] = []
    if rows:
        blocks += [
            text(
                lang.plural(
                    "{n} other change was tested and did not pass the threshold. That proves no calm: "
                    "weak signals do not pass.",
                    "{n} other changes were tested and did not pass the threshold. That proves no calm: "
                    "weak signals do not pass.",
                    len(rows),
                )
            ),
            table(lang("The other changes that were tested"), columns, rows, folded=True),
        ]
    blocks.append(_false_alarms(assessment.get("false_alarms") or {}, scope, lang))
    return section("tested", lang("Tested, no alarm"), blocks)


def _false_alarms(record: Mapping[str, Any], scope: Scope, lang: Language) -> Block | None:
    rows: list[list[Cell]] = [
        [
            _population(population, scope, lang),
            lang.word(name),
            lang.number(float(rate["per_year"]), 2),
            _interval(rate, lang),
        ]
        for population, rates in sorted(record.items())
        if isinstance(rates, Mapping)
        for name, rate in rates.get("per_dimension", {}).items()
    ]
    worlds = sum(int(r.get("worlds", 0)) for r in record.values() if isinstance(r, Mapping))
    columns = [lang("population"), lang("dimension"), lang("false alarms per year"), lang("90% interval")]
    caption = lang("False alarms to expect, from {n} simulated worlds in which nothing changes", n=worlds)
    return table(caption, columns, rows, folded=True) if rows else None


def _population(key: str, scope: Scope, lang: Language) -> str:
    source, _, subject = key.partition("/")
    label = scope.labels.get(subject, {}).get(lang.code) or subject
    return f"{label} · {lang.word(source)}"


def _interval(rate: Mapping[str, Any], lang: Language) -> str:
    if rate.get("low") is None or rate.get("high") is None:
        return "–"
    return lang(
        "{low} to {high}", low=lang.number(float(rate["low"]), 2), high=lang.number(float(rate["high"]), 2)
    )
