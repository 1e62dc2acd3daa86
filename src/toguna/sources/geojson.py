"""The source "geojson": points with properties, whose names say what they are.

Enters: a GeoJSON FeatureCollection, and the dataset's metadata beside it if there are any. Leaves: events.
Called by `toguna.events` through `toguna.sources`.

References
----------
Butler et al. (2016), The GeoJSON Format, RFC 7946.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from toguna.core.findings import Finding, stops
from toguna.sources.protocol import About, RawFile
from toguna.sources.table.grid import open_grid
from toguna.sources.table.hdx import metadata_file, read_metadata
from toguna.sources.table.header import Laid, lay
from toguna.sources.table.says import finding
from toguna.sources.table.source import Mapped, refused
from toguna.sources.table.synonyms import by_header
from toguna.sources.table.unmapped import Meant, read_unmapped

__all__ = ["SOURCE", "Geojson"]

_ABOUT = About(
    provider="whoever made the file",
    licence="as stated in the metadata beside the file",
    citation="as stated in the metadata beside the file",
    cadence="as published",
    url="https://www.rfc-editor.org/rfc/rfc7946",
    limits=(
        "Points only: lines, areas and clouds of points are kept without coordinates, and said.",
        "Names of properties are understood only when they are usual and mean one thing.",
        "A third number of a position (height) is not used.",
        "Without metadata beside the file licence and day of publication are unknown.",
    ),
    columns={
        "event_id": "id of the feature or a property, else row numbers",
        "date_start": "date, jour, date of incident ...",
        "lat": "geometry",
        "lon": "geometry",
        "best": "deaths, killed, morts, tués ...",
    },
)
_POSITION = {"longitude": "lon", "latitude": "lat"}


class Geojson(Mapped):
    """The source "geojson"."""

    name = "geojson"
    about = _ABOUT

    def read(self, path: Path) -> RawFile:
        """Read a file by the names of its properties; what forbids using it is a finding that stops."""
        grid = open_grid(path)
        if stops(grid.findings):
            return refused(path, list(grid.findings))
        if grid.kind != "points":
            return refused(path, [_not_geojson(path.name)])
        laid = lay(grid, path.name)
        raw = read_unmapped(path, grid, laid, meant=_meant(laid), metadata=read_metadata(path))
        if stops(raw.findings) or not (swapped := _swapped(self, raw)):
            return raw
        return replace(raw, findings=(*raw.findings, swapped))

    def companions(self, path: Path) -> list[Path]:
        """Name the metadata: with others it is another release."""
        place = metadata_file(path)
        return [place] if place else []


SOURCE = Geojson()


def _meant(laid: Laid) -> Iterator[Meant]:
    """Take the point from the geometry alone, everything else from the names of properties."""
    names = laid.frame.columns
    for name, event in _POSITION.items():
        geometry = f"geometry {name}"
        yield (geometry if geometry in names else name), name, event
    for name in names:
        event_column = by_header(name)
        if event_column and event_column not in _POSITION.values():
            yield name, name, event_column


def _swapped(source: Geojson, raw: RawFile) -> Finding | None:
    """Stop when points lie beyond a pole and would not, were their two numbers turned around."""
    events = source.parse(raw, theatre=None).events
    beyond = events.filter((pl.col("lat").abs() > 90) & (pl.col("lon").abs() <= 90))
    if beyond.is_empty():
        return None
    point = f"{beyond['lon'][0]}, {beyond['lat'][0]}"
    said = (f"{beyond.height} points like [{point}]", "longitude first, then latitude (RFC 7946)",
            "The two seem to be swapped: export the file again.")  # fmt: skip
    return finding("positions-swapped", "stop", table=raw.table, said=said)


def _not_geojson(table: str) -> Finding:
    said = ("a table, no GeoJSON", "a FeatureCollection of points",
            "Take it in with `toguna ingest table FILE`, after `toguna mapping FILE --write`.")  # fmt: skip
    return finding("file-not-geojson", "stop", table=table, said=said)
