"""Find what an id names, and explain it. Called by ``toguna why`` and the room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from toguna.core.errors import UnknownNameError
from toguna.core.language import Language
from toguna.room.briefing.scope import names_of
from toguna.room.why import figures, rows
from toguna.room.why.reason import Assessment, Case, Explain, Reason

__all__ = ["known_ids", "why"]


def _warning(case: Case, id: str) -> Reason:
    row = next(w for w in case.assessment["warnings"] if w["id"] == id)
    kinds = _kinds(case)
    parts = tuple(_rested_on(case, basis, kinds) for basis in row["basis"])
    state = case.L.word(f"state:{row['status']}")
    return Reason(id, "warning", f"{case.say(row['headline'])} ({state}). {case.say(row['text'])}", parts)


def _rested_on(case: Case, basis: dict[str, Any], kinds: Mapping[str, Explain]) -> Reason:
    numbers = ", ".join(f"{name} {case.number(value)}" for name, value in basis["numbers"].items())
    text = case.L(
        "{rule}, as of {day}: {numbers}; sha256 {digest}",
        rule=basis["rule"] or basis["origin"],
        day=basis["as_of"],
        numbers=numbers,
        digest=basis["digest"][:12],
    )
    below = (kinds[basis["id"]](case, basis["id"]),) if basis["id"] in kinds else ()
    return Reason(basis["id"], "line", text, below)


def _headline(case: Case, id: str) -> Reason:
    sentence = next(s for s in case.assessment["headline"] if s["id"] == id)
    number, unsure = case.number(sentence["number"]), case.say(sentence["uncertainty"])
    text = f"{case.say(sentence['text'])} [{number}{case.L(';')} {unsure}]"
    kinds = _kinds(case)
    parts = tuple(kinds[part](case, part) for part in sentence["why"] if part in kinds and part != id)
    return Reason(id, "headline", text, parts)


def _kinds(case: Case) -> dict[str, Explain]:
    """Say for every id of an assessment how it is explained; earlier kinds win."""
    found = case.assessment
    groups: tuple[tuple[Explain, Iterable[str]], ...] = (
        (rows.finding, (f["code"] for f in found["findings"])),
        (figures.actor, (a["id"] for a in found["actors"])),
        (figures.response, (r["id"] for r in found["responses"])),
        (figures.area, (f"area/{a['level']}/{a['name']}" for a in found["areas"])),
        (rows.data, (a["source"] for a in found["data"])),
        (lambda case, _: rows.rule(case)[0], (rule.id for rule in rows.rule(case))),
        (rows.window, (f"window/{w}/{a['source']}" for w in ("recent", "reference") for a in found["data"])),
        (rows.incident, (i["incident_id"] for i in rows.linked(case))),
        (rows.event, case.events),
        (figures.recurrence, (r["id"] for r in found.get("recurrence", []))),
        (figures.similar, (s["id"] for s in found.get("similar", []))),
        (figures.forecast, (f["id"] for f in found.get("forecasts", []))),
        (_warning, (w["id"] for w in found.get("warnings", []))),
        (figures.plan, (p["id"] for p in found.get("plans", []))),
        (figures.claim, (c["id"] for c in found["claims"])),
        (figures.shift, (s["id"] for s in (*found["shifts"], *found["tested"]))),
        (_headline, (s["id"] for s in found["headline"])),
    )
    return {id: explain for explain, ids in groups for id in ids}


def known_ids(assessment: Assessment, events: pl.DataFrame) -> list[str]:
    """List every id that can be asked for."""
    return sorted(_kinds(_case(assessment, events, "en")))


def _case(assessment: Assessment, events: pl.DataFrame, lang: str) -> Case:
    L = Language(lang)
    told = {e["event_id"]: e for e in events.iter_rows(named=True)}
    return Case(assessment, told, L, names_of(assessment, L))


def why(assessment: Assessment, events: pl.DataFrame, id: str, *, lang: str = "en") -> Reason:
    """Explain a figure: what it says and, below, everything it rests on.

    Parameters
    ----------
    assessment : dict
        As in assessment.json.
    events : DataFrame
        Event frame of the same assessment.
    id : str
        Headline, shift, claim, ``recurrence/QUESTION/MONTHS``, ``similar/EVENT``, warning, ``plan/best``,
        ``forecast/LEVEL/TARGET/UNIT/STEP``, ``area/LEVEL/NAME``, ``window/recent/SOURCE``, response,
        actor, event, source, ``viewpoint`` or finding code.
    lang : {"en", "fr"}
        Language of the sentences; words of sources and of their rows stay in their own.

    Raises
    ------
    UnknownNameError
        When nothing has that id.
    """
    case = _case(assessment, events, lang)
    kinds = _kinds(case)
    bare = {key.partition(":")[2]: key for key in case.events}
    found = id if id in kinds else bare.get(id, id)
    if found not in kinds:
        raise UnknownNameError("id", id, kinds)
    return kinds[found](case, found)
