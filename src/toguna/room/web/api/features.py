"""``/api/v1/t/THEATRE/collections``: events and areas in the shape of OGC API Features.

Enters: requests. Leaves: GeoJSON in parts, with links to the others. Called by maps of other programs. Rows
that may not be passed on are in no part; the member ``withheld`` and the header say so.

References
----------
OGC 17-069r4, OGC API - Features - Part 1: Core corrigendum, 1.0.1 (2022).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Query, Response

from toguna.accounts.rights import Right
from toguna.room.exports import feature_of
from toguna.room.web.api.answers import GEOJSON, absolute, links, send_json
from toguna.room.web.api.areas import areas_of, bounds
from toguna.room.web.api.found import part_of, shown_row
from toguna.room.web.api.held import held_header, held_of
from toguna.room.web.api.models import Collection, Collections, Conformance, FeaturePage, Link
from toguna.room.web.api.query import Asking, Box, FeatureQuery, days_of
from toguna.room.web.api.routes import offers
from toguna.room.web.ask import Ask, Asked, MissingError

__all__ = ["COLLECTIONS", "router"]

router = APIRouter(tags=["features"])
_CRS = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
_JSON = "application/json"
COLLECTIONS = ("events", "areas")


@offers(router, "/api/v1/t/{theatre}/conformance", Right.EXPORT, shows=Conformance)
def conformance(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """Which parts of the standard are kept."""
    told = Conformance(conforms_to=[_CORE + name for name in ("core", "geojson")])
    return send_json(asked, lambda: told, state=())


@offers(router, "/api/v1/t/{theatre}/collections", Right.EXPORT, shows=Collections)
def collections(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """The collections of a theatre."""

    def make() -> Collections:
        own = [_link(asked, "collections", "self", _JSON)]
        return Collections(links=own, collections=[_collection(asked, name) for name in COLLECTIONS])

    return send_json(asked, make)


@offers(router, "/api/v1/t/{theatre}/collections/{collection}", Right.EXPORT, shows=Collection)
def collection_(asked: Asked, collection: str, _query: Annotated[Asking, Query()]) -> Response:
    """One collection: what it holds, and where and when."""
    return send_json(asked, lambda: _collection(asked, _known(collection)))


@offers(
    router,
    "/api/v1/t/{theatre}/collections/{collection}/items",
    Right.EXPORT,
    shows=FeaturePage,
    media=GEOJSON,
)
def items(asked: Asked, collection: str, query: Annotated[FeatureQuery, Query()]) -> Response:
    """Features of a collection within a box and a time, in parts."""
    picks, held = _PICKS[_known(collection)], held_of(asked)

    def make() -> FeaturePage:
        total, part = picks(asked, query)
        return FeaturePage(
            features=part,
            links=[
                Link(href=href, rel=rel, type=GEOJSON)
                for rel, href in links(asked, query, total).items()
                if rel in ("self", "next", "prev")
            ],
            time_stamp=asked.built.assessment["run"]["generated_at"],
            number_matched=total,
            number_returned=len(part),
            withheld=held,
        )

    return send_json(asked, make, media=GEOJSON, headers=held_header(held))


@offers(
    router,
    "/api/v1/t/{theatre}/collections/{collection}/items/{id:path}",
    Right.EXPORT,
    shows={"type": "object", "required": ["type", "id", "geometry", "properties"]},
    media=GEOJSON,
)
def item(asked: Asked, collection: str, id: str, _query: Annotated[Asking, Query()]) -> Response:
    """One feature of a collection."""
    if _known(collection) == "areas":
        told = [feature for feature in areas_of(asked) if feature["id"] == id]
    else:
        row = shown_row(asked.built, id)
        told = [feature_of(row)] if row else []
    if not told:
        raise MissingError("feature", id[:80])
    own = f"collections/{collection}/items/{id}"
    about = [
        _link(asked, own, "self", GEOJSON),
        _link(asked, f"collections/{collection}", "collection", _JSON),
    ]
    return send_json(asked, lambda: told[0] | {"links": [a.model_dump() for a in about]}, media=GEOJSON)


def _known(collection: str) -> str:
    if collection not in COLLECTIONS:
        raise MissingError("collection", collection[:80])
    return collection


def _events(asked: Ask, query: FeatureQuery) -> tuple[int, list[dict[str, Any]]]:
    total, rows = part_of(asked.built, query.events(), offset=query.offset, limit=query.limit)
    return total, [feature_of(row) for row in rows]


def _areas(asked: Ask, query: FeatureQuery) -> tuple[int, list[dict[str, Any]]]:
    """Return areas whose outline meets the box, when the time asked for meets what was looked at."""
    rows = areas_of(asked) if _meets(asked, query) else []
    box = query.events().degrees
    rows = [feature for feature in rows if box is None or _touches(bounds(feature), box)]
    return len(rows), rows[query.offset : query.offset + query.limit]


_PICKS = {"events": _events, "areas": _areas}


def _meets(asked: Ask, query: FeatureQuery) -> bool:
    if query.datetime is None:
        return True
    first, last = days_of(query.datetime)
    start, end = _looked_at(asked.built.assessment["windows"])
    return not (first and first.isoformat() > end) and not (last and last.isoformat() < start)


def _looked_at(windows: Mapping[str, Mapping[str, str]]) -> tuple[str, str]:
    return min(w["start"] for w in windows.values()), max(w["end"] for w in windows.values())


def _touches(shape: Box | None, box: Box) -> bool:
    """Whether two boxes meet; the second may cross 180 degrees."""
    if shape is None:
        return False
    west, south, east, north = box
    if not (shape[1] <= north and shape[3] >= south):
        return False
    parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    return any(shape[0] <= last and shape[2] >= first for first, last in parts)


def _collection(asked: Ask, name: str) -> Collection:
    L = asked.lang
    said = {
        "events": (
            L("Events"),
            L("Events at their points; vague ones lie at a point of their area."),
        ),
        "areas": (L("Areas"), L("Outlines with the events of both windows and their status.")),
    }
    title, description = said[name]
    return Collection(
        id=name,
        title=title,
        description=description,
        crs=[_CRS],
        extent=_extent(asked, name),
        links=[
            _link(asked, f"collections/{name}", "self", _JSON),
            _link(asked, f"collections/{name}/items", "items", GEOJSON),
        ],
    )


def _reach(events: pl.DataFrame) -> tuple[list[Box], Sequence[str | None]]:
    """Return the box of all points, and the first and last day."""
    west, south, east, north, first, last = events.select(
        west=pl.col("lon").min(),
        south=pl.col("lat").min(),
        east=pl.col("lon").max(),
        north=pl.col("lat").max(),
        first=pl.col("date_start").min().dt.to_string("%Y-%m-%d"),
        last=pl.col("date_start").max().dt.to_string("%Y-%m-%d"),
    ).row(0)
    return ([] if west is None else [(west, south, east, north)]), (first, last)


def _extent(asked: Ask, name: str) -> dict[str, Any]:
    if name == "areas":
        boxes = [box for feature in areas_of(asked) if (box := bounds(feature))]
        days: Sequence[str | None] = _looked_at(asked.built.assessment["windows"])
    else:
        boxes, days = _reach(asked.built.shown)
    interval = [f"{day}T00:00:00Z" if day else None for day in days]
    extent: dict[str, Any] = {"temporal": {"interval": [interval]}}
    if boxes:
        west, south, east, north = zip(*boxes, strict=True)
        extent["spatial"] = {"bbox": [[min(west), min(south), max(east), max(north)]], "crs": _CRS}
    return extent


def _link(asked: Ask, path: str, rel: str, type: str) -> Link:
    return Link(href=absolute(asked, f"/api/v1/t/{asked.theatre.name}/{path}"), rel=rel, type=type)
