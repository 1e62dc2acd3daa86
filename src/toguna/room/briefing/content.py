"""What a briefing says, in one language: the sections in their order.

Enters the assessment, the events shown and the pictures; leaves sections of blocks. Called by `files`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from toguna.core.language import Language
from toguna.core.text import fold
from toguna.room.briefing import (
    coming,
    doing,
    evidence,
    findings,
    incidents,
    planning,
    reading,
    shifts,
    taught,
    warned,
)
from toguna.room.briefing.blocks import Block, Cell, foreign, pairs, section, sentences, table, text
from toguna.room.briefing.scope import Scope, names_of, said
from toguna.room.charts.picture import Picture

__all__ = ["Briefing", "compose", "page_words"]


@dataclass(frozen=True)
class Briefing:
    """A briefing ready to be set: title lines, sections and the last line."""

    title: str
    subtitle: str
    facts: Block
    sections: list[Block]
    last_line: str
    words: dict[str, str]


def compose(
    assessment: Mapping[str, Any], scope: Scope, pictures: Mapping[str, Picture], lang: Language
) -> Briefing:
    """Write all sections of a briefing."""
    theatre = said(assessment["theatre"]["title"], lang)
    as_of = lang.date(date.fromisoformat(assessment["as_of"]))
    sections = [
        _headline(assessment, lang),
        section("map", lang("Where it struck, before and now"), [_picture(pictures, "map")]),
        shifts.alarms(assessment, scope, lang),
        shifts.mixes(pictures, lang),
        shifts.tested(assessment, scope, lang),
        section(
            "genealogy",
            lang("Who is with whom"),
            [_picture(pictures, "genealogy"), _actors(assessment, lang)],
        ),
        evidence.responsibility(assessment, scope, lang),
        evidence.claims(assessment, lang),
        _areas(assessment, lang),
        coming.coming(assessment, pictures, lang),
        taught.taught(assessment, pictures, lang),
        doing.doing(assessment, pictures, lang),
        planning.planned(assessment, lang),
        warned.warnings(assessment, lang),
        warned.learnt(assessment, lang),
        incidents.incidents(assessment, lang),
        findings.data(assessment, lang),
        findings.limits(assessment, scope, lang),
        findings.found(assessment, lang),
        evidence.sources(assessment, scope, lang),
    ]
    return Briefing(
        title=lang("{theatre}: what has changed", theatre=theatre),
        subtitle=lang("Strategic assessment as of {day}", day=as_of),
        facts=_facts(assessment, scope, lang),
        sections=[s for s in sections if s["blocks"]],
        last_line=findings.last_line(assessment, lang),
        words=page_words(lang),
    )


def _picture(pictures: Mapping[str, Picture], name: str) -> Block | None:
    return shifts.picture(pictures[name]) if name in pictures else None


def _facts(assessment: Mapping[str, Any], scope: Scope, lang: Language) -> Block:
    def window(w: Any) -> str:
        return lang("{start} to {end} ({n} days)", start=w.start, end=w.end, n=w.days)

    run = assessment.get("run", {})
    return pairs(
        [
            (lang("recent window (“now”)"), window(scope.recent)),
            (lang("reference window (“before”)"), window(scope.reference)),
            (lang("events shown in pictures"), _shown(scope, lang)),
            (lang("run"), str(run.get("digest", ""))[:12]),
        ]
    )


def _shown(scope: Scope, lang: Language) -> str:
    label = scope.label.get(lang.code) or lang("all events")
    return lang(
        "{subject}; source: {source}",
        subject=label,
        source=lang.word(scope.source) if scope.source else lang("none"),
    )


def _headline(assessment: Mapping[str, Any], lang: Language) -> Block:
    items = [
        {
            "id": h["id"],
            "text": said(h["text"], lang),
            "uncertainty": lang("Uncertainty: {said}.", said=said(h["uncertainty"], lang))
            if h.get("uncertainty")
            else "",
            "why": _ask(h, lang),
        }
        for h in assessment.get("headline", [])
    ]
    return section(
        "headline", lang("In five sentences"), [sentences(items), reading.box(lang)] if items else []
    )


def _ask(headline: Mapping[str, Any], lang: Language) -> str:
    ids = [str(i) for i in headline.get("why") or []] or [str(headline["id"])]
    asked = lang("Ask: toguna why {id}", id=ids[0])
    more = lang.plural("{n} more id", "{n} more ids", len(ids) - 1)
    return f"{asked} (+ {more})" if len(ids) > 1 else asked


def _actors(assessment: Mapping[str, Any], lang: Language) -> Block | None:
    names = names_of(assessment, lang)
    rows: list[list[Cell]] = [
        [
            names[a["id"]],
            lang.word(a.get("kind")),
            names.get(str(a.get("family")), "–") if a.get("family") != a["id"] else "–",
            lang.word(f"actor:{a['status']}") if a.get("status") else "–",
            lang.say(int(a.get("n_events") or 0)),
            foreign(", ".join(_spellings(a, names[a["id"]]))),
        ]
        for a in sorted(assessment.get("actors", []), key=lambda a: (-int(a.get("n_events") or 0), a["name"]))
    ]
    columns = [
        lang("actor"),
        lang("kind"),
        lang("family"),
        lang("status"),
        lang("events"),
        lang("also written"),
    ]
    return table(lang("Actors on record at this date"), columns, rows, folded=True) if rows else None


def _spellings(actor: Mapping[str, Any], shown: str) -> list[str]:
    """Return the other names of an actor, each once whatever its capitals and apostrophes."""
    every = [str(actor["name"]), *(str(a) for a in actor.get("aliases") or [])]
    once = {fold(a): a for a in reversed(every)}
    return [
        a for key, a in reversed(once.items()) if key not in (fold(shown), fold(shown.partition(" (")[0]))
    ]


def _areas(assessment: Mapping[str, Any], lang: Language) -> Block:
    ranks = {"new": 0, "re-activated": 1, "active": 2, "quiet": 3}
    every = list(assessment.get("areas", []))
    named = [a for a in every if a["level"] != "cell"]
    ordered = sorted(
        named or every,
        key=lambda a: (ranks.get(a["status"], 4), -int(a.get("recent") or 0), a["name"]),
    )
    rows: list[list[Cell]] = [
        [
            str(a["name"]),
            lang.word(a["level"]),
            lang.word(a["status"]),
            lang.say(int(a.get("reference") or 0)),
            lang.say(int(a.get("recent") or 0)),
            lang.p_value(a.get("p")),
        ]
        for a in ordered
        if a["status"] != "quiet" or a["level"] in ("adm1", "admin1")
    ]
    columns = [lang("area"), lang("level"), lang("status"), lang("events before"), lang("events now"), "p"]
    intro = text(
        lang(
            "New: no event before the recent window. Re-activated: none in the reference window, "
            "though there had "
            "been earlier ones. The p value says how often such a gathering would arise if times and "
            "places were unrelated."
        ),
        small=True,
    )
    return section(
        "areas", lang("Areas"), [intro, table(lang("Areas and their state"), columns, rows)] if rows else []
    )


def page_words(lang: Language) -> dict[str, str]:
    """Return the words around the content of a page."""
    return {
        "skip": lang("Skip to the content"),
        "contents": lang("Contents"),
        "behind": lang("The numbers behind the picture"),
        "page": lang("page"),
        "of": lang("of"),
        "made": lang("Made with Toguna. The unit is a place, a period, an organisation: never a person."),
        "open": lang("Show"),
        "colon": lang(":"),
        "continued": lang("more: see the HTML page or the data files"),
    }
