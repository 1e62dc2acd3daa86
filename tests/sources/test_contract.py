"""Every installed source keeps the contract for plug-ins; and the contract catches what breaks it."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from report_files import report, write_csv
from test_acled import FULL

from toguna.sources import get_source, sources
from toguna.sources.protocol import Parsed, RawFile
from toguna.store.theatre import Theatre, load_theatre, shipped_folder
from toguna.testing.sources import SourceContract

ROWS = [["e1", "2015-08-07", "14.5", "-4.2", "3"], ["e2", "2015-08-09", "16.2", "-0.1", "0"]]
BAD = ["e3", "2015-08-10", "14.5", "-4.2", "many"]
GED = {
    "id": "1", "date_start": "2015-01-02", "date_end": "2015-01-02", "type_of_violence": "1",
    "side_a": "Government of Mali", "side_b": "AQIM", "latitude": "14.1", "longitude": "-4.2",
    "country": "Mali", "country_id": "432", "best": "3", "low": "3", "high": "4", "where_prec": "1",
    "date_prec": "1",
}  # fmt: skip


def table(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return path


def acled(folder: Path, bad: bool) -> Path:
    rows = [FULL, {**FULL, "event_id_cnty": "XYZ2", "iso": "562", "country": "Niger"}]
    rows += [{**FULL, "event_id_cnty": "XYZ3", "fatalities": "many"}] if bad else []
    return table(folder / "a.csv", [list(FULL), *(list(row.values()) for row in rows)])


def ucdp(folder: Path, bad: bool) -> Path:
    rows = [GED, {**GED, "id": "2", "country": "Niger", "country_id": "436"}]
    rows += [{**GED, "id": "3", "best": "many"}] if bad else []
    return table(folder / "GEDEvent_v17_1.csv", [list(GED), *(list(row.values()) for row in rows)])


def chronology(folder: Path, bad: bool) -> Path:
    text = (shipped_folder() / "mali" / "incidents.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(text.splitlines()))[:2]
    rows = [*lines, {**lines[0], "id": "MLI-99", "deaths_best": "many"}] if bad else lines
    return table(folder / "incidents.csv", [list(lines[0]), *(list(row.values()) for row in rows)])


def mapped(folder: Path, bad: bool) -> Path:
    path = table(folder / "t.csv", [["id", "date", "lat", "lon", "deaths"], *ROWS, *([BAD] if bad else [])])
    told = '[table]\nid = "id"\n[columns]\ndate_start = "date"\nlat = "lat"\nlon = "lon"\nbest = "deaths"\n'
    (folder / "mapping.toml").write_text(told, encoding="utf-8")
    return path


def hxl(folder: Path, bad: bool) -> Path:
    tags = ["#event+id", "#date", "#geo+lat", "#geo+lon", "#affected+killed"]
    return table(folder / "h.csv", [tags, *ROWS, *([BAD] if bad else [])])


def geojson(folder: Path, bad: bool) -> Path:
    def feature(row: list[str]) -> dict[str, Any]:
        place = {"type": "Point", "coordinates": [float(row[3]), float(row[2])]}
        properties = {"id": row[0], "date": row[1], "deaths": row[4]}
        return {"type": "Feature", "geometry": place, "properties": properties}

    path = folder / "g.geojson"
    features = [feature(row) for row in [*ROWS, *([BAD] if bad else [])]]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def reports(folder: Path, bad: bool) -> Path:
    rows = [report(1), report(2, country="NER"), *([report(3, killed="many")] if bad else [])]
    return write_csv(folder / "export.csv", rows)


SAMPLES = {
    "acled": acled,
    "chronology": chronology,
    "geojson": geojson,
    "hxl": hxl,
    "reports": reports,
    "table": mapped,
    "ucdp": ucdp,
}


@pytest.fixture(scope="module")
def mali() -> Theatre:
    return load_theatre("mali")


def contract(name: str, theatre: Theatre | None = None) -> SourceContract:
    found: Any = get_source(name)

    class Own(SourceContract):
        # Without a key of the home field reports are sealed with a new one each time.
        source = found.sealed_by(bytes(32)) if hasattr(found, "sealed_by") else found

        def sample(self, folder: Path) -> Path:
            return SAMPLES[name](folder, False)

        def bad_cells(self, folder: Path) -> tuple[Path, int]:
            return SAMPLES[name](folder, True), 3

    own = Own()
    own.theatre = theatre
    return own


def test_every_installed_source_has_a_sample_here() -> None:
    own = {name for name, source in sources().items() if type(source).__module__.startswith("toguna.")}
    assert own <= set(SAMPLES), "give the new source a sample"


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_contract_is_kept(name: str, tmp_path: Path, mali: Theatre) -> None:
    contract(name).check_all(tmp_path / "without")
    contract(name, mali).check_all(tmp_path / "with a theatre")


class Broken:
    """The source "hxl" with one thing that is wrong."""

    def __init__(self, **changed: Any) -> None:
        self._good = get_source("hxl")
        self.name, self.about = self._good.name, self._good.about
        self.__dict__.update(changed)

    def read(self, path: Path) -> RawFile:
        return self._good.read(path)

    def select(self, raw: RawFile, *, theatre: Theatre) -> RawFile:
        return self._good.select(raw, theatre=theatre)

    def parse(self, raw: RawFile, *, theatre: Theatre | None) -> Parsed:
        return self._good.parse(raw, theatre=theatre)


def _bent(change: Any) -> Any:
    good = get_source("hxl")
    return lambda raw, *, theatre: change(good.parse(raw, theatre=theatre))


def _with(**columns: Any) -> Any:
    return _bent(lambda parsed: replace(parsed, events=parsed.events.with_columns(**columns)))


def _zero(raw: RawFile, *, theatre: Theatre | None) -> Parsed:
    parsed = get_source("hxl").parse(raw, theatre=theatre)
    return replace(parsed, events=parsed.events.with_columns(pl.col("best").fill_null(0)),
                   unreadable=parsed.unreadable.clear())  # fmt: skip


def _crash(path: Path) -> RawFile:
    return RawFile(pl.read_csv(path))


calls: list[int] = []


def _moody(raw: RawFile, *, theatre: Theatre | None) -> Parsed:
    calls.append(1)
    parsed = get_source("hxl").parse(raw, theatre=theatre)
    return replace(parsed, events=parsed.events.with_columns(best=pl.lit(len(calls), pl.Int64)))


@pytest.mark.parametrize(
    ("changed", "test"),
    [
        ({"about": replace(get_source("hxl").about, licence=" ")}, "says_who"),
        ({"about": replace(get_source("hxl").about, limits=())}, "says_who"),
        ({"about": replace(get_source("hxl").about, columns={"dead": "x"})}, "says_who"),
        ({"read": _crash}, "no_file_of_it"),
        ({"read": lambda path: RawFile(pl.DataFrame())}, "no_file_of_it"),
        ({"parse": _bent(lambda p: replace(p, events=p.events.head(1)))}, "no_row_is_lost"),
        ({"parse": _bent(lambda p: replace(p, events=p.events.drop("gid")))}, "no_row_is_lost"),
        ({"parse": _with(event_id=pl.lit("other:1"))}, "ids_begin"),
        ({"parse": _with(event_id=pl.lit("hxl:1"))}, "ids_begin"),
        ({"parse": _with(published_at=pl.lit(None, pl.Date))}, "could_be_known"),
        ({"parse": _with(published_at=pl.date(2000, 1, 1))}, "could_be_known"),
        ({"parse": _moody}, "same_file"),
        ({"parse": _zero}, "cells_that_cannot"),
        (
            {"select": lambda raw, *, theatre: replace(raw, frame=raw.frame.reverse())},
            "whole_rows",
        ),
    ],
)
def test_what_breaks_it_is_caught(changed: dict[str, Any], test: str, tmp_path: Path, mali: Theatre) -> None:
    broken = contract("hxl", mali)
    broken.source = Broken(**changed)
    (name,) = [n for n in dir(broken) if n.startswith("test_") and test in n]
    with pytest.raises((AssertionError, OSError, pl.exceptions.PolarsError)):
        getattr(broken, name)(tmp_path)
    getattr(contract("hxl", mali), name)(tmp_path)
