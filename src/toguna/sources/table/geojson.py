"""Points of GeoJSON as a table: properties become columns, the geometry longitude and latitude.

Enters: the text of a file. Leaves: a frame of text cells and findings. Called by `toguna.sources.table.grid`.

References
----------
Butler et al. (2016), The GeoJSON Format, RFC 7946: positions are longitude, latitude in WGS84.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import polars as pl

from toguna.core.findings import Finding
from toguna.sources.delimited import MOST_COLUMNS
from toguna.sources.table.says import finding

__all__ = ["points"]

_WGS84 = re.compile(r"crs84|\b4326\b|wgs ?84\b(?! */)")


def points(text: str, table: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Read a FeatureCollection; every feature is a row, with or without a point."""
    try:
        return _points(json.loads(text), table)
    except (ValueError, RecursionError) as error:
        return pl.DataFrame(), [_stop(table, f"not JSON ({str(error)[:80]})")]


def _points(told: dict[str, Any], table: str) -> tuple[pl.DataFrame, list[Finding]]:
    features = told.get("features") if told.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        return pl.DataFrame(), [_stop(table, "JSON without features")]
    crs = json.dumps(told.get("crs") or "crs84").lower()
    if not _WGS84.search(crs):
        return pl.DataFrame(), [_stop(table, f"coordinates in {crs[:80]}")]
    rows = [_row(feature) for feature in features]
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) > MOST_COLUMNS:
        return pl.DataFrame(), [_stop(table, f"{len(names)} properties")]
    cells = {name: [row.get(name) for row in rows] for name in names}
    places = [_position(feature.get("geometry")) for feature in features]
    for number, name in enumerate(("longitude", "latitude")):
        column = name if name not in names else f"geometry {name}"
        cells[column] = [p[number] if p else None for p in places]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String()))
    without = sum(place is None for place in places)
    return frame, [_no_point(table, without)] if without else []


def _row(feature: dict[str, Any]) -> dict[str, str | None]:
    properties = feature.get("properties")
    row = {
        str(name): _cell(value)
        for name, value in (properties.items() if isinstance(properties, dict) else ())
        if str(name).strip()
    }
    if "id" in feature:
        row.setdefault("id", _cell(feature["id"]))
    return row


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2.0**53:
        return str(int(value))
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _position(geometry: Any) -> tuple[str, str] | None:
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Point", "MultiPoint"):
        return None
    place = geometry.get("coordinates")
    if geometry["type"] == "MultiPoint":
        place = place[0] if isinstance(place, list) and len(place) == 1 else None
    if not isinstance(place, list) or len(place) < 2:
        return None
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in place[:2]):
        return None
    if any(isinstance(v, float) and not math.isfinite(v) for v in place[:2]):
        return None
    return repr(place[0]), repr(place[1])


def _no_point(table: str, number: int) -> Finding:
    said = (
        f"{number} features that are not one point",
        "points",
        "They are kept without coordinates; give the point that stands for the place.",
    )
    return finding("geometry-not-a-point", "note", table=table, said=said)


def _stop(table: str, found: str) -> Finding:
    said = (found, "a GeoJSON FeatureCollection of points in WGS84", "Export it again as GeoJSON (RFC 7946).")
    return finding("file-unreadable", "stop", table=table, said=said)
