"""``/api/v1/t/THEATRE/exports/NAME.KIND``: data files as ``toguna export`` writes them, or narrowed down.

Enters: requests. Leaves: CSV with HXL tags, GeoJSON, Parquet, or everything in one ZIP. Rows that may not be
passed on are in none of them; X-Toguna-Withheld, ``.../withheld`` and WITHHELD.txt in the ZIP say so.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from toguna.accounts.rights import Right
from toguna.room.exports import geojson_bytes, parquet_bytes
from toguna.room.sheets import SHEETS, Sheet, event_sheet, sheet_frame, to_csv
from toguna.room.web.api.answers import GEOJSON, absolute, of_day, send, send_json
from toguna.room.web.api.areas import area_features
from toguna.room.web.api.found import found
from toguna.room.web.api.held import held_header, held_of
from toguna.room.web.api.models import Index, Link, WithheldOut
from toguna.room.web.api.query import Asking, FileQuery
from toguna.room.web.api.routes import binary, offers
from toguna.room.web.ask import Ask, Asked, MissingError

__all__ = ["FILES", "router"]

router = APIRouter(tags=["files"])
CSV, PARQUET, ZIP = "text/csv; charset=utf-8", "application/vnd.apache.parquet", "application/zip"
_BOM = b"\xef\xbb\xbf"
_SHEETS = {sheet.name: sheet for sheet in SHEETS}
Make = Callable[[Ask, FileQuery], bytes]


def _events_csv(asked: Ask, query: FileQuery) -> bytes:
    return _csv(event_sheet(), found(asked.built, query).to_dicts(), query)


def _csv(sheet: Sheet, rows: Any, query: FileQuery) -> bytes:
    return (_BOM if query.bom else b"") + to_csv(sheet, rows, tags=query.hxl)


def _sheet_csv(name: str) -> Make:
    sheet = _SHEETS[name]
    return lambda asked, query: _csv(sheet, sheet.rows(asked.built.assessment), query)


def _sheet_parquet(name: str) -> Make:
    sheet = _SHEETS[name]
    return lambda asked, _: parquet_bytes(sheet_frame(sheet, sheet.rows(asked.built.assessment)))


FILES: dict[str, tuple[str, Make]] = {
    "events.csv": (CSV, _events_csv),
    "events.geojson": (GEOJSON, lambda asked, query: geojson_bytes(found(asked.built, query))),
    "events.parquet": (PARQUET, lambda asked, query: parquet_bytes(found(asked.built, query))),
    "areas.geojson": (GEOJSON, lambda asked, _: area_features(asked)),
    **{f"{name}.csv": (CSV, _sheet_csv(name)) for name in _SHEETS},
    **{f"{name}.parquet": (PARQUET, _sheet_parquet(name)) for name in _SHEETS},
}
"""Name of a file -> what it is and how it is made."""


@offers(router, "/api/v1/t/{theatre}/exports", Right.EXPORT, shows=Index)
def files(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """Which files there are."""
    base = f"/api/v1/t/{asked.theatre.name}/exports"
    types = {name: media for name, (media, _) in FILES.items()} | {"all.zip": ZIP}
    told = [Link(href=absolute(asked, f"{base}/{name}"), rel="item", type=t) for name, t in types.items()]
    title = asked.theatre.title.get(asked.lang.code, asked.theatre.name)
    return send_json(asked, lambda: Index(title=title, version=asked.as_of.isoformat(), links=told))


@offers(router, "/api/v1/t/{theatre}/exports/all.zip", Right.EXPORT, shows=binary(), media=ZIP)
def everything(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """Every data file of the assessment, with its description and with what was withheld."""
    folder = asked.built.folder / "data"
    return send(
        asked,
        lambda: _zipped(folder),
        media=ZIP,
        state=of_day(asked),
        headers=_headers(asked, "all.zip"),
        keep=False,
    )


@offers(router, "/api/v1/t/{theatre}/exports/{file}", Right.EXPORT, shows=binary(), media="*/*")
def file(asked: Asked, file: str, query: Annotated[FileQuery, Query()]) -> Response:
    """One file; those of events can be narrowed down like a search."""
    if file not in FILES:
        raise MissingError("file", file[:80])
    make = FILES[file][1]
    whole = asked.built.folder / "data" / file
    plain = file.startswith("events.") and not query.narrows and query.sort == "newest"
    if plain and query.hxl and not query.bom and whole.is_file():
        return _file(asked, file, whole.read_bytes)
    return _file(asked, file, lambda: make(asked, query))


def _file(asked: Ask, name: str, make: Callable[[], bytes]) -> Response:
    said = _headers(asked, name)
    return send(asked, make, media=FILES[name][0], state=of_day(asked), headers=said, keep=False)


@offers(router, "/api/v1/t/{theatre}/withheld", Right.EXPORT, shows=WithheldOut)
def held(asked: Asked, _query: Annotated[Asking, Query()]) -> Response:
    """What is not among the rows given, why, and how to come by it."""
    told = {"theatre": asked.theatre.name, "as_of": asked.as_of, "items": held_of(asked)}
    return send_json(asked, lambda: told)


def _headers(asked: Ask, file: str) -> dict[str, str]:
    name = f"{asked.theatre.name}-{asked.as_of}-{file}"
    where = f'</api/v1/t/{asked.theatre.name}/withheld?as_of={asked.as_of}>; rel="describedby"'
    said = {"Content-Disposition": f'attachment; filename="{name}"', "Link": where}
    return said | held_header(held_of(asked))


def _zipped(folder: Path) -> bytes:
    """Pack a folder; the same files always make the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            packed.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()
