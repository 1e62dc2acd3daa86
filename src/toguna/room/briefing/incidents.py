"""The part of a briefing that says which incidents several sources tell of, and where they differ.

Enters the assessment; leaves a section. Called by `content`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import log
from typing import Any

from toguna.core.language import Language
from toguna.room.briefing.blocks import Block, Cell, foreign, section, table, text
from toguna.room.briefing.evidence import deaths

__all__ = ["incidents"]

MOST_LISTED = 15


def incidents(assessment: Mapping[str, Any], lang: Language) -> Block:
    """Say what was linked, how sure that is, and where sources disagree on deaths."""
    found = assessment.get("incidents")
    title = lang("The same incident in several sources")
    if found is None:
        return section("incidents", title, [])
    shown = [i for i in found["several_sources"] if _in_windows(i, assessment)]
    blocks = [*(text(t) for t in _what(found, len(assessment.get("data", [])), lang)), _table(shown, lang)]
    return section("incidents", title, blocks)


def _what(found: Mapping[str, Any], n_sources: int, lang: Language) -> list[str]:
    said = []
    if n_sources < 2:
        said.append(lang("Only one source was used: there is nothing to link."))
    elif found["viewpoint"] == "apart":
        said.append(lang("By the viewpoint of this run sources stand apart: nothing was linked."))
    elif not found["several_sources"]:
        said.append(lang("No incident was found that more than one source tells of."))
    else:
        said += [_linked(found, lang), _measured(found["thresholds"], lang)]
    if found["for_review"]:
        said.append(
            lang.plural(
                "{n} pair is in doubt and waits for a person: toguna links list --review.",
                "{n} pairs are in doubt and wait for a person: toguna links list --review.",
                found["for_review"],
            )
        )
    if found["repeated_rows"]:
        said.append(
            lang.plural(
                "{n} row looks like a copy of another of the same source; it was kept and counted.",
                "{n} rows look like copies of others of the same source; they were kept and counted.",
                found["repeated_rows"],
            )
        )
    return said


def _linked(found: Mapping[str, Any], lang: Language) -> str:
    return lang.plural(
        "{n} incident is told by more than one source. Each incident counts once: {told} events of all "
        "sources are {all} incidents.",
        "{n} incidents are told by more than one source. Each incident counts once: {told} events of all "
        "sources are {all} incidents.",
        found["n_several_sources"],
        told=found["n_told"],
        all=found["n"],
    )


def _measured(thresholds: Mapping[str, Any], lang: Language) -> str:
    known = thresholds["measured"]
    if not known:
        return lang("How often such links are right was not measured.")
    return lang(
        "Two events are linked from a probability of {least}. On {n} pairs labelled by hand, {right} of the "
        "links were right ({right_low} to {right_high}) and {seen} of the true pairs were found ({seen_low} "
        "to {seen_high}; 95% intervals).",
        least=lang.percent(thresholds["link"]),
        n=int(known["pairs"]),
        right=lang.percent(known["precision"]),
        right_low=lang.percent(known["precision_95"][0]),
        right_high=lang.percent(known["precision_95"][1]),
        seen=lang.percent(known["recall"]),
        seen_low=lang.percent(known["recall_95"][0]),
        seen_high=lang.percent(known["recall_95"][1]),
    )


def _in_windows(incident: Mapping[str, Any], assessment: Mapping[str, Any]) -> bool:
    """Say whether it began in one of the two windows; where the day may not be told it stays in."""
    day = incident["date_start"]
    windows = assessment["windows"]
    return day is None or windows["reference"]["start"] <= day <= windows["recent"]["end"]


def _apart(incident: Mapping[str, Any]) -> float:
    """Measure how far the figures of the sources lie apart; 0 = they agree or cannot be compared."""
    known = [row["best"] for row in incident["figures"].values() if row["best"] is not None]
    return log((max(known) + 1) / (min(known) + 1)) if len(known) > 1 else 0.0


def _table(shown: list[Mapping[str, Any]], lang: Language) -> Block | None:
    differing = [i for i in shown if _apart(i) > 0]
    if not differing:
        return text(lang("In the two windows no source gives another toll than another.")) if shown else None
    ordered = sorted(differing, key=lambda i: (-_apart(i), i["date_start"] or "", i["incident_id"]))
    rows: list[list[Cell]] = [
        [
            _day(i, lang),
            foreign(i["place"] or "–"),
            " · ".join(_figure(name, row, lang) for name, row in i["figures"].items()),
            lang.percent(i["score"]),
            {"text": lang("toguna why {id}", id=i["incident_id"]), "id": i["incident_id"]},
        ]
        for i in ordered[:MOST_LISTED]
    ]
    columns = [lang("date"), lang("place"), lang("deaths by source"), lang("probability"), lang("more")]
    caption = lang(
        "Where sources differ on deaths in the two windows, the widest apart first ({n} of {all})",
        n=len(rows),
        all=len(ordered),
    )
    return table(caption, columns, rows)


def _day(incident: Mapping[str, Any], lang: Language) -> str:
    first, last = incident["date_start"], incident["date_end"]
    if first is None:
        return lang("withheld")
    day = lang.short_date(date.fromisoformat(first))
    if last == first:
        return day
    return lang("{start} to {end}", start=day, end=lang.short_date(date.fromisoformat(last)))


def _figure(name: str, row: Mapping[str, Any], lang: Language) -> str:
    said = lang("withheld") if row["withheld"] else deaths(row, lang)
    rows = lang.plural("in {n} row", "in {n} rows", row["events"])
    return lang("{source}: {said}", source=lang.word(name), said=said) + (
        f" ({rows})" if row["events"] > 1 else ""
    )
