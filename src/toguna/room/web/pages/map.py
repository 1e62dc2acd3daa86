"""``/t/THEATRE/map``: what happened where in a period parted in two, with what may be laid over the areas.

The page is a form, a drawing and tables; a script opens a map that moves over the same data. Guests see the
public face, see `toguna.room.search.period`; posts of forces are for members.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from toguna.accounts.rights import Right
from toguna.core.dates import parse_partial
from toguna.core.errors import UsageError
from toguna.core.language import Language
from toguna.room.charts.sketch import sketch
from toguna.room.search import Query
from toguna.room.search.period import Period, Points, bins, by_area, points
from toguna.room.search.query import MISSING
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, MissingError, needs
from toguna.room.web.kept import kept
from toguna.room.web.lands import frame, lands, marks, panel
from toguna.room.web.pages.incidents import told
from toguna.room.web.security.headers import POLICY

__all__ = ["policy", "router"]

router = APIRouter(include_in_schema=False)
_LATEST, _AREAS = 10, 100
_WIDTH = 760.0
_KEPT = {"Cache-Control": answer.DRAWING["Cache-Control"]}


def policy(tiles: str) -> str:
    """Return the policy of the room with one more host, that of the tiles: to fetch and to show them."""
    parts = urlsplit(tiles)
    host = f"{parts.scheme}://{parts.netloc}"
    told = [f"{p} {host}" if p.startswith(("img-src", "connect-src")) else p for p in POLICY.split("; ")]
    return "; ".join(told)


def _public(asked: Ask) -> bool:
    return not asked.may(Right.READ)


def _seen(asked: Ask) -> Points:
    return points(asked.built.prepared.search, public=_public(asked))


def _period(asked: Ask) -> tuple[Period, dict[str, str]]:
    """Return the period asked for, the two windows where nothing is said, and what could not be used."""
    windows = asked.built.assessment["windows"]
    usual = {
        "from": windows["reference"]["start"],
        "split": windows["recent"]["start"],
        "to": windows["recent"]["end"],
    }
    said = {name: asked.request.query_params.get(name, "").strip()[:20] for name in usual}
    days, wrong = {}, {}
    for name, text in said.items():
        try:
            days[name] = date.fromisoformat(text or usual[name])
        except ValueError:
            wrong[name] = text
            days[name] = date.fromisoformat(usual[name])
    if not said["split"]:  # the parting follows the period where nobody set it
        days["split"] = min(max(days["split"], days["from"]), days["to"])
    try:
        return Period(days["from"], days["split"], days["to"]), wrong
    except UsageError:
        wrong |= {name: text for name, text in said.items() if text}
        return Period(*(date.fromisoformat(usual[name]) for name in ("from", "split", "to"))), wrong


@router.get("/t/{theatre}/map")
@needs(Right.READ_PUBLIC)
@kept()
def page(asked: Asked) -> Response:
    """Show a period."""
    period, wrong = _period(asked)
    index, seen = asked.built.prepared.search, _seen(asked)
    before, after = (int(part.sum()) for part in seen.of(period))
    areas = [_named(row, asked) for row in by_area(index, seen, period)]
    query = Query(first=period.first, last=period.last)
    latest = index.find(query, per_page=_LATEST).rows if asked.may(Right.READ) else []
    answered = answer.page(
        asked,
        "map.html.j2",
        period=period,
        wrong=wrong,
        counts=(before, after),
        unplaced=int(sum(part.sum() for part in seen.of(period)) - _placed(seen, period)),
        areas=areas[:_AREAS],
        further=areas[_AREAS:],
        bins=bins(seen),
        latest=latest,
        told=lambda row: told(row, asked.lang),
        layers=_layers(asked),
        when=lambda said: _when(said, asked.lang),
        public=_public(asked),
        params={"from": period.first, "split": period.split, "to": period.last},
        listed=asked.link("incidents", **query.params()),
        moving=_moving(asked),
    )
    if tiles := asked.room.settings.tiles:
        answered.headers["Content-Security-Policy"] = policy(tiles)
    return answer.fresh(asked, answered)


def _placed(seen: Points, period: Period) -> int:
    before, after = seen.of(period)
    return int(((before | after) & np.isfinite(seen.lon)).sum())


def _when(said: str, L: Language) -> str:
    """Say a day or month as people write it; what is neither ("census of 2009") stays as it is."""
    found = parse_partial(said or "")
    if found is None or len(found.text) == 4:
        return said or "–"
    return L.short_date(found.first) if found.first == found.last else L.month(found.first)


def _named(row: Any, asked: Ask) -> tuple[str, Any]:
    return (asked.lang("not stated") if row.name == MISSING else row.name), row


def _layers(asked: Ask) -> Mapping[str, Any]:
    """Return what may be laid over the areas; posts of forces for members only."""
    found = asked.built.prepared.layers
    return {**found, "forces": []} if _public(asked) else found


def _moving(asked: Ask) -> dict[str, Any]:
    """Return what the script needs: addresses, frame, words."""
    L, version = asked.lang, asked.built.digest[:12]
    face = "public" if _public(asked) else "members"
    theatre = asked.theatre
    levels = [level for level in ("adm0", "adm1", "adm2") if theatre.areas(level)]
    return {
        "points": asked.link("map/points.json", v=version, face=face),
        "layers": asked.link("map/layers.json", v=version, face=face),
        "outlines": {level: asked.link(f"map/outlines/{level}.geojson", v=version) for level in levels},
        "incidents": None if _public(asked) else asked.link("incidents"),
        "frame": frame(theatre),
        "countries": list(theatre.countries),
        "tiles": asked.room.settings.tiles,
        "lang": L.code,
        "words": {
            "map": L("Map that moves: arrow keys shift it, plus and minus change its scale"),
            "here": L("Events here: {n}", n="%n"),
            "open": L("Open the list"),
            "unknown": L("no value"),
            "fingers": L("Two fingers move the map"),
            "larger": L("Zoom in"),
            "smaller": L("Zoom out"),
            "failed": L(
                "The map could not be opened: this browser draws no such maps. "
                "The drawing and the tables say the same."
            ),
        },
    }


@router.get("/t/{theatre}/map.svg")
@needs(Right.READ_PUBLIC)
def drawing(asked: Asked) -> Response:
    """Draw a period."""
    period, wrong = _period(asked)
    if wrong:
        raise MissingError("drawing", " ".join(f"{k}={v}" for k, v in wrong.items())[:80])
    seen = _seen(asked)
    drawn = sketch(
        panel(asked.theatre, _WIDTH),
        lands(asked.theatre, asked.built.prepared.layers["fronts"]),
        marks(seen, seen.of(period)),
        title=asked.lang("Map of the events from {start} to {end}", start=period.first, end=period.last),
    )
    return Response(drawn, media_type="image/svg+xml", headers=answer.DRAWING)


@router.get("/t/{theatre}/map/points.json")
@needs(Right.READ_PUBLIC)
def point_columns(asked: Asked) -> Response:
    """Return the points of all incidents as columns; the address holds a digest, so that they are kept."""
    return Response(_columns(_seen(asked)), media_type="application/json", headers=_KEPT)


@lru_cache(maxsize=4)
def _columns(seen: Points) -> bytes:
    return json.dumps(seen.columns(), separators=(",", ":")).encode()


@router.get("/t/{theatre}/map/layers.json")
@needs(Right.READ_PUBLIC)
def layer_values(asked: Asked) -> Response:
    """Return fronts, forecasts, forces and drivers."""
    return JSONResponse(dict(_layers(asked)), headers=_KEPT)


@router.get("/t/{theatre}/map/outlines/{level}.geojson")
@needs(Right.READ_PUBLIC)
def outlines(asked: Asked, level: str) -> Response:
    """Return the outlines of a level."""
    found = asked.built.prepared.outlines(level)
    if found is None:
        raise MissingError("outlines", level[:20])
    return Response(found, media_type="application/geo+json", headers=_KEPT)
