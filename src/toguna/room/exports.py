"""The data files of an assessment, for other programs: CSV with HXL tags, GeoJSON, Parquet, GraphML.

Enters the assessment and its events; leaves a folder with a `datapackage.json` that describes every
file, its columns and its licence. Called by `toguna.room.assess`. Organisations, places and periods
only: no row is about a person. Rows that may not be passed on stay out; WITHHELD.txt says so.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import polars as pl

from toguna.actors.genealogy import to_graphml
from toguna.core.digest import canonical_json
from toguna.core.language import Language
from toguna.core.names import EXPORT_COLUMNS
from toguna.events.checks.licence_absent import is_stated
from toguna.events.viewpoint import sentence
from toguna.room.atomic import write_bytes
from toguna.room.sheets import SHEETS, Sheet, event_sheet, to_csv
from toguna.room.withheld import NOTICE, kept_notice, may_be_shown, notice, said, withheld

__all__ = ["export", "feature_of", "geojson_bytes", "parquet_bytes"]

_ACTIVE_NOTE = (
    "Do no harm: the unit is a place, a period or an organisation, never a person. Points with where_prec 2 "
    "or more are approximate. Do not use these files to choose targets, and do not join them to "
    "lists of people."
)
_TYPES = {pl.Int64: "integer", pl.Int8: "integer", pl.Float64: "number", pl.Date: "date"}
_MEDIA = {
    "csv": "text/csv", "geojson": "application/geo+json", "parquet": "application/vnd.apache.parquet",
    "graphml": "application/graphml+xml", "txt": "text/plain",
}  # fmt: skip


def export(assessment: Mapping[str, Any], events: pl.DataFrame, out: Path) -> list[Path]:
    """Write all data files of an assessment.

    Parameters
    ----------
    assessment : mapping
        As written to assessment.json.
    events : DataFrame
        Its events, in the shape of `toguna.core.names.EVENT_SCHEMA`.
    out : Path
        Folder; made when it is not there. Each file is replaced in one step.

    Returns
    -------
    list of Path
        The files written, `datapackage.json` last.
    """
    out.mkdir(parents=True, exist_ok=True)
    shown, held = may_be_shown(events, assessment), withheld(assessment)
    contents: dict[str, bytes] = {
        "events.csv": to_csv(event_sheet(), shown.to_dicts()),
        "events.geojson": geojson_bytes(shown),
        "events.parquet": parquet_bytes(shown),
    }
    if texts := [text for text in (notice(held) if held else "", kept_notice(assessment)) if text]:
        contents[NOTICE] = "\n".join(texts).encode()
    else:
        (out / NOTICE).unlink(missing_ok=True)
    for sheet in SHEETS:
        contents[f"{sheet.name}.csv"] = to_csv(sheet, sheet.rows(assessment))
    written = [write_bytes(out / name, content) for name, content in contents.items()]
    written.append(_graphml(assessment.get("genealogy", {}), out / "genealogy.graphml"))
    package = canonical_json(_package(assessment, written), indent=1) + "\n"
    written.append(write_bytes(out / "datapackage.json", package.encode()))
    return written


def parquet_bytes(rows: pl.DataFrame) -> bytes:
    """Write Parquet."""
    stream = io.BytesIO()
    rows.write_parquet(stream, compression="zstd")
    return stream.getvalue()


def feature_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event as a feature (RFC 7946): WGS84, longitude first; null without a point."""
    lat, lon = event["lat"], event["lon"]
    point = None if lat is None or lon is None else {"type": "Point", "coordinates": [lon, lat]}
    properties = {name: value for name, value in event.items() if name not in ("lat", "lon")}
    return {"type": "Feature", "id": event["event_id"], "geometry": point, "properties": properties}


def geojson_bytes(events: pl.DataFrame) -> bytes:
    """Write events as one collection of features."""
    features = [feature_of(row) for row in events.iter_rows(named=True)]
    return (canonical_json({"type": "FeatureCollection", "features": features}) + "\n").encode()


def _graphml(genealogy: Mapping[str, Any], path: Path) -> Path:
    net = nx.MultiDiGraph()
    for node in genealogy.get("nodes", []):
        net.add_node(node["id"], **{k: "" if v is None else v for k, v in node.items() if k != "id"})
    for i, edge in enumerate(genealogy.get("edges", [])):
        rest = {k: "" if v is None else v for k, v in edge.items() if k not in ("id", "source", "target")}
        net.add_edge(edge["source"], edge["target"], key=str(edge.get("id", i)), **rest)
    half = path.with_name(f".{path.name}.half")
    to_graphml(net, half)
    half.replace(path)
    return path


def _licences(accounts: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    names = sorted({str(d["licence"]) for d in accounts if is_stated(str(d.get("licence") or ""))})
    return [{"name": n.replace("CC BY", "CC-BY").replace(" ", "-"), "title": n} for n in names]


def _package(assessment: Mapping[str, Any], files: list[Path]) -> dict[str, Any]:
    accounts, held = assessment.get("data", []), withheld(assessment)
    licences = _licences(accounts)
    of_rows = _licences(d for d in accounts if d not in held)
    title = assessment["theatre"]["title"].get("en", assessment["theatre"]["name"])
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": f"{assessment['theatre']['name']}-{assessment['as_of']}",
        "title": f"{title}: data of the assessment as of {assessment['as_of']}",
        "description": _ACTIVE_NOTE,
        "version": str(assessment.get("run", {}).get("code_version", "")),
        "sources": [
            {"title": d.get("citation") or d["source"], "version": d.get("version") or ""} for d in accounts
        ],
        "resources": [_resource(p, of_rows if p.stem == "events" else licences) for p in files],
    }
    if rule := assessment.get("run", {}).get("parameters", {}).get("viewpoint"):
        package["viewpoint"] = {**rule, "text": sentence(rule, Language("en"))}
    if held:
        package["withheld"] = [said(account) for account in held]
    return package | ({"licenses": licences} if licences else {})


def _resource(path: Path, licences: list[dict[str, str]]) -> dict[str, Any]:
    content = path.read_bytes()
    kind = path.suffix[1:]
    found: dict[str, Any] = {
        "name": path.name.replace(".", "-"),
        "path": path.name,
        "format": kind,
        "mediatype": _MEDIA[kind],
        "bytes": len(content),
        "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
    }
    if licences:
        found["licenses"] = licences
    if kind == "csv":
        found |= {"encoding": "utf-8", "profile": "tabular-data-resource"}
        found["dialect"] = {"headerRows": [1], "commentRows": [2]}
        found["schema"] = {"fields": _fields(path.stem)}
    return found


def _fields(stem: str) -> list[dict[str, str]]:
    if stem == "events":
        return [
            {"name": c.name, "type": _TYPES.get(type(c.dtype), "string"), "description": c.meaning}
            for c in EXPORT_COLUMNS
        ]
    sheet: Sheet = next(s for s in SHEETS if s.name == stem)
    return [{"name": c.name, "type": c.kind} for c in sheet.columns]
