"""``/t/THEATRE/measures``: what could be done at all, and what little is known of its effect."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.core.language import Language
from toguna.responses.evidence import Catalogue, Effect, Measure, prior, setting_of
from toguna.responses.evidence.words import change, kind
from toguna.room.briefing.blocks import web
from toguna.room.web import answer
from toguna.room.web.ask import Asked, MissingError, needs
from toguna.room.web.pages.warning import catalogue_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/t/{theatre}/measures")
@needs(Right.READ)
def measures(asked: Asked) -> Response:
    """List the measures by strand, each with what is known of it in one sentence."""
    catalogue, where, L = catalogue_of(asked), setting_of(asked.theatre), asked.lang
    strands: dict[str, list[dict[str, Any]]] = {}
    for measure in catalogue.measures.values():
        known = prior(catalogue, measure.id, setting=where, as_of=asked.as_of)
        row = {"id": measure.id, "name": measure.name[L.code], "kind": L.typeset(kind(L, known))}
        strands.setdefault(measure.pillar, []).append(row)
    return answer.fresh(asked, answer.page(asked, "measures.html.j2", strands=strands))


@router.get("/t/{theatre}/measures/{id}")
@needs(Right.READ)
def measure(asked: Asked, id: str) -> Response:
    """Show what a measure is, what is known of its effect by the day, and what it may do wrong."""
    catalogue, L = catalogue_of(asked), asked.lang
    if id not in catalogue.measures:
        raise MissingError("measure", id[:80])
    found = catalogue.measures[id]
    known = prior(catalogue, id, setting=setting_of(asked.theatre), as_of=asked.as_of)
    rows = {e.id: e for e in catalogue.of(id)}
    low, high = known.interval
    return answer.fresh(
        asked,
        answer.page(
            asked,
            "measure.html.j2",
            m=found,
            kind=L.typeset(kind(L, known)),
            entered=[_row(rows[e], L) for e in known.evidence],
            shown=[_row(rows[e], L) for e in known.shown],
            adverse=known.adverse,
            later=len(known.later),
            believed=L(
                "{mean} on average, between {low} and {high} in nine of ten cases; a rise of harm has a "
                "chance of {chance}.",
                mean=change(L, known.mean),
                low=change(L, low),
                high=change(L, high),
                chance=L.percent(known.chance_of_harm),
            ),
            derivation=[step[L.code] for step in known.derivation],
            cost=_cost(found, L),
            groups=_groups(found, catalogue, L),
            pairs=[(p, catalogue.measures[p].name[L.code]) for p in found.pairs if p in catalogue.measures],
        ),
    )


def _row(effect: Effect, L: Language) -> dict[str, Any]:
    says = {
        "fall": L("harm falls"),
        "none": L("no change of harm seen"),
        "rise": L("harm rises"),
        "mixed": L("falls and rises both reported"),
        "": L("says nothing of harm"),
    }
    strength = {"low": L("weak"), "medium": L("middling"), "high": L("strong")}
    return {
        "id": effect.id,
        "says": says[effect.harm],
        "size": change(L, effect.size) if effect.size is not None else L("no size"),
        "outcome": effect.outcome.replace("_", " "),
        "setting": effect.setting,
        "design": effect.design.replace("_", " "),
        "strength": strength[effect.strength],
        "limits": effect.transfer,
        "read_as": effect.read_as,
        "citation": effect.citation,
        "href": web(effect.source_url),
        "own": effect.own,
    }


def _cost(m: Measure, L: Language) -> str:
    if m.cost is None or m.cost.best is None:
        return L("Not known. Not known is not free.")
    said = f"{L.number(m.cost.best, 0)} {m.cost.currency}"
    if m.cost.low is not None and m.cost.high is not None:
        ends = L("{low} to {high}", low=L.number(m.cost.low, 0), high=L.number(m.cost.high, 0))
        said = f"{said} ({ends})"
    own = L("from your own table") if m.cost.local else L("from elsewhere: never planned with")
    return f"{said}, {own}"


def _groups(m: Measure, catalogue: Catalogue, L: Language) -> list[list[tuple[str, str]]]:
    """Return what it must go with: of each group one measure."""
    return [
        [(id, catalogue.measures[id].name[L.code]) for id in group if id in catalogue.measures]
        for group in m.requires
    ]
