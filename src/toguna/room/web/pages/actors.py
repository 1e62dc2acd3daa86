"""``/t/THEATRE/actors`` and ``/t/THEATRE/actors/ID``: who is with whom on a day, and what is known of each.

The genealogy of another day is drawn when it is first asked for, and kept beside the drawings of the build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from toguna.accounts.rights import Right
from toguna.actors.genealogy import genealogy, to_dict
from toguna.actors.registry import Registry
from toguna.room.additions import additions_state, with_additions
from toguna.room.atomic import write_bytes
from toguna.room.briefing.pictures import genealogy_picture
from toguna.room.briefing.scope import names_of, said
from toguna.room.charts.drawing import draw_svg
from toguna.room.charts.picture import Picture
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, MissingError, needs
from toguna.room.web.built import DRAWINGS
from toguna.room.web.kept import kept

__all__ = ["additions", "registry_of", "router"]

router = APIRouter(include_in_schema=False)
_LATEST = 20


def registry_of(asked: Ask) -> Registry:
    """Return the organisations known on the day of the room, with what users added."""
    state, held = additions(asked), asked.built.registries
    found = held.get(state)
    if found is None:
        tables = with_additions(asked.theatre, asked.room.settings.home.register)
        found = Registry.build(tables, as_of=asked.as_of)
        held.clear()
        held[state] = found
    return found


def additions(asked: Ask) -> tuple[int, ...]:
    """Return the state of what users added to the organisations: pages that tell of it are kept by it."""
    return additions_state(asked.room.settings.home.register, asked.theatre.name)


def _month(asked: Ask) -> date:
    """Return the first day of the month asked for; the day of the room when none is."""
    wanted = asked.request.query_params.get("on", "")
    try:
        day = date.fromisoformat(f"{wanted[:7]}-01") if wanted else asked.as_of
    except ValueError:
        raise MissingError("day", wanted[:40]) from None
    if day > asked.as_of:
        raise MissingError("day", wanted[:40])
    return day


def _drawn(asked: Ask, on: date) -> Picture:
    since = on - timedelta(days=365)
    tree = to_dict(genealogy(registry_of(asked), on=on, since=since))
    began, ended = (sum(e["change"] == c for e in tree["edges"]) for c in ("began", "ended"))
    told = {**tree, "since": since.isoformat()}
    return genealogy_picture(
        told, names_of(asked.built.assessment, asked.lang), asked.lang, began=began, ended=ended
    )


@router.get("/t/{theatre}/actors")
@needs(Right.READ_PUBLIC)
@kept(additions)
def actors(asked: Asked) -> Response:
    """Show who is with whom on a day, and list the organisations."""
    built, lang = asked.built, asked.lang
    on = _month(asked)
    rows = sorted(built.assessment["actors"], key=lambda a: (-int(a["n_events"] or 0), a["name"]))
    names = names_of(built.assessment, lang)
    first = min((a["active_from"] for a in rows if a["active_from"]), default=f"{asked.as_of}")
    picture = _drawn(asked, on) if on != asked.as_of else None
    return answer.fresh(
        asked,
        answer.page(
            asked,
            "actors.html.j2",
            told=built.pages[lang.code],
            tree=built.section("genealogy", lang.code) if picture is None else None,
            picture=picture,
            on=on,
            first=first[:7] if len(first) > 4 else f"{first}-01",
            rows=rows,
            names=names,
            shared=built.section("responsibility", lang.code),
        ),
    )


@router.get("/t/{theatre}/genealogy/{month}.svg")
@needs(Right.READ_PUBLIC)
def drawing(asked: Asked, month: str) -> Response:
    """Return the genealogy of the first day of a month as a drawing."""
    try:
        on = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise MissingError("drawing", month[:20]) from None
    if on > asked.as_of:
        raise MissingError("drawing", month)
    path = asked.built.folder / DRAWINGS / f"genealogy@{month}.{asked.lang.code}.svg"
    if not path.is_file():
        write_bytes(path, draw_svg(_drawn(asked, on), asked.lang).encode())
    return FileResponse(path, media_type="image/svg+xml", headers=answer.DRAWING)


@router.get("/t/{theatre}/actors/{id}")
@needs(Right.READ_PUBLIC)
@kept(additions)
def actor(asked: Asked, id: str) -> Response:
    """Show what is known of an organisation: names, relations, activity, range, claims."""
    found = next((a for a in asked.built.assessment["actors"] if a["id"] == id), None)
    if found is None:
        raise MissingError("actor", id[:80])
    names = names_of(asked.built.assessment, asked.lang)
    events = asked.built.events.filter(pl.col("perpetrators").list.contains(id)).sort(
        "date_start", descending=True
    )
    return answer.fresh(
        asked,
        answer.page(
            asked,
            "actor.html.j2",
            actor=found,
            name=names[id],
            names=names,
            note=said(found.get("note"), asked.lang),
            relations=_relations(asked, id, names),
            activity=_activity(events, asked.as_of),
            areas=_counted(events, "admin1", asked),
            tactics=_counted(events, "tactic", asked),
            targets=_counted(events, "target", asked),
            latest=events.head(_LATEST).to_dicts() if asked.may(Right.READ) else [],
            claims=_claims(asked, id, names) if asked.may(Right.READ) else [],
        ),
    )


def _relations(asked: Ask, id: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """List every statement about an organisation that was knowable on the day, newest first."""
    found = [r for r in registry_of(asked).statements if id in (r.a, r.b)]
    ordered = sorted(found, key=lambda r: (r.begin, r.id), reverse=True)
    return [
        {
            "kind": asked.lang.word(r.kind),
            "forward": r.a == id,
            "other": r.b if r.a == id else r.a,
            "name": names.get(r.b if r.a == id else r.a, r.b if r.a == id else r.a),
            "start": r.start.text if r.start else "",
            "end": r.end.text if r.end else "",
            "contested": r.contested,
            "sources": r.sources,
        }
        for r in ordered
    ]


def _activity(events: pl.DataFrame, until: date) -> list[dict[str, Any]]:
    """Count events by quarter, from the first to the day of the room."""
    days = events["date_start"].drop_nulls().to_list()
    if not days:
        return []
    counted = Counter((d.year, (d.month - 1) // 3) for d in days)
    year, quarter = min(counted)
    spans = []
    while (year, quarter) <= (until.year, (until.month - 1) // 3):
        spans.append({"year": year, "quarter": quarter + 1, "n": counted[(year, quarter)]})
        year, quarter = (year, quarter + 1) if quarter < 3 else (year + 1, 0)
    return spans


def _counted(events: pl.DataFrame, column: str, asked: Ask) -> list[tuple[str, int]]:
    counts = Counter(str(v) for v in events[column].drop_nulls())
    word = (lambda v: v) if column == "admin1" else asked.lang.word
    return [(word(v), n) for v, n in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))]


def _claims(asked: Ask, id: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """List the statements of responsibility in which an organisation is named."""
    shown = {e["event_id"]: e for e in asked.built.events.to_dicts()} if asked.built.events.height else {}
    found = []
    for account in asked.built.assessment["responsibility"]:
        for s in account["statements"]:
            event = shown.get(account["event_id"])
            if id in s["actors"] and event is not None:
                found.append(
                    {
                        "event": event,
                        "basis": asked.lang.word(s["basis"]),
                        "jointly": [names.get(a, a) for a in s["actors"] if a != id],
                        "rival": [names.get(a, a) for a in s["rival_of"]],
                        "probability": s["probability"],
                    }
                )
    return sorted(found, key=lambda c: c["event"]["date_start"], reverse=True)
