"""The chronology of a theatre pack: its incidents.csv.

Enters: a pack, or the path of an incidents.csv. Leaves: events. Called by `toguna.events` through
`toguna.sources`.

A row can be known on the last day its date can mean: the day it ended, for a date known to the week six days
after its first day, for a date known to the month the last day of that month.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from toguna.core.findings import Finding
from toguna.core.geography import gid
from toguna.core.names import EVENT_SCHEMA
from toguna.core.text import fold
from toguna.sources.cells import CellReader
from toguna.sources.protocol import About, Parsed, RawFile
from toguna.store.reading import read_table
from toguna.store.tables import TABLES
from toguna.store.theatre import Theatre, load_theatre

__all__ = ["SOURCE", "Chronology"]

_TABLE = TABLES["incidents"]
_BROKEN = frozenset(["file-empty", "table-unreadable"])
_DATE_PRECISION = {"day": 1, "week": 3, "month": 4}  # UCDP codes
_PLACE_PRECISION = {str(code): code for code in range(1, 8)}
_ABOUT = About(
    provider="the compilers of the theatre pack",
    licence="as stated in theatre.toml",
    citation="as stated in theatre.toml",
    cadence="as compiled",
    url="",
    limits=(
        "Compiled afterwards: its vintage is final vintage, pseudo-real-time.",
        "The effort of collection changes over the years; see the note of the pack.",
        "Figures given by belligerents are claims.",
    ),
    columns={
        "event_id": "id",
        "date_start": "date_start",
        "date_end": "date_end",
        "date_prec": "date_precision",
        "published_at": "the last day that the date can mean",
        "event_type": "event_type",
        "tactic": "tactic",
        "target": "target_class",
        "setting": "setting",
        "perpetrators": "perpetrator",
        "responsibility": "claimed_by",
        "best": "deaths_best",
        "low": "deaths_low",
        "high": "deaths_high",
        "lat": "latitude",
        "lon": "longitude",
        "where_prec": "geo_precision",
        "place": "place",
        "admin1": "admin1",
        "country": "country",
        "within": "within",
        "confidence": "confidence",
        "note": "note",
        "source_urls": "source_urls",
    },
)
_COLUMNS = {
    "event_id": "id",
    "best": "deaths_best",
    "low": "deaths_low",
    "high": "deaths_high",
    "lat": "latitude",
    "lon": "longitude",
    "where_prec": "geo_precision",
    "date_prec": "date_precision",
    "perpetrators": "perpetrator",
    "responsibility": "claimed_by",
    "target": "target_class",
}


class Chronology:
    """The source "chronology"."""

    name = "chronology"
    about = _ABOUT

    def read(self, path: Path) -> RawFile:
        """Read a pack's folder or an incidents.csv."""
        if path.is_dir() or path.name == "theatre.toml":
            return self.of(load_theatre(path))
        frame, findings = read_table(path, _TABLE.columns)
        raw = RawFile(frame.drop("row"), findings=tuple(findings), table=path.name)
        lacking = {f.field for f in findings if f.code == "column-missing"}
        broken = frame.is_empty() and {f.code for f in findings} & _BROKEN
        if not path.exists() or broken or {"id", "date_start"} & lacking:
            return replace(raw, findings=(*raw.findings, _not_a_chronology(path)))
        return raw

    def of(self, theatre: Theatre) -> RawFile:
        """Take the incidents of a theatre that was read already."""
        told = theatre.settings.get("chronology", {})
        return RawFile(
            theatre.tables["incidents"].drop("row"),
            version=str(told.get("version", "")),
            table="incidents.csv",
            licence=str(told.get("licence", "")),
            citation=str(told.get("citation", "")),
        )

    def select(self, raw: RawFile, *, theatre: Theatre) -> RawFile:
        """Keep everything: a chronology is made for its theatre, spill-over included."""
        return raw

    def parse(self, raw: RawFile, *, theatre: Theatre | None) -> Parsed:
        """Say incidents as events."""
        cells = CellReader(raw.frame)
        start, end = cells.date("date_start"), cells.date("date_end")
        precision = cells.code("date_precision", _DATE_PRECISION)
        lat, lon = cells.number("latitude"), cells.number("longitude")
        frame = pl.DataFrame(
            {
                "event_id": "chronology:" + cells.text("id"),
                "date_start": start,
                "date_end": pl.select(pl.coalesce(end, start)).to_series(),
                "date_prec": precision,
                "where_prec": cells.code("geo_precision", _PLACE_PRECISION),
                "perpetrators": _split(cells.text("perpetrator"), ";"),
                "best": cells.count("deaths_best"),
                "low": cells.count("deaths_low"),
                "high": cells.count("deaths_high"),
                "lat": lat,
                "lon": lon,
                "admin1": _canonical(cells, theatre),
                "within": "chronology:" + cells.text("within"),
                "source_urls": _split(cells.text("source_urls"), " "),
                "target": cells.text("target_class"),
                "responsibility": cells.text("claimed_by"),
                **{name: cells.count(name) for name in _COUNTS},
                **{name: cells.text(name) for name in _TEXTS},
            }
        )
        return Parsed(_complete(frame), cells.unreadable(), _COLUMNS)


_COUNTS = (
    "deaths_attackers",
    "deaths_civilians",
    "deaths_security",
    "deaths_international",
    "wounded",
    "hostages",
)
_TEXTS = ("event_type", "tactic", "setting", "place", "country", "confidence", "note")
SOURCE = Chronology()


def _split(cells: pl.Series, mark: str) -> pl.Series:
    return cells.str.split(mark).list.eval(pl.element().str.strip_chars().filter(pl.element() != ""))


def _canonical(cells: CellReader, theatre: Theatre | None) -> pl.Series:
    told = cells.text("admin1")
    if theatre is None:
        return told
    names = theatre.names("adm1").canonical
    spellings = {text: names[fold(text)] for text in told.drop_nulls().unique() if fold(text) in names}
    known = told.replace(spellings)
    home = cells.text("country").is_in(list(theatre.countries)).fill_null(value=False)
    return pl.select(pl.when(home).then(known).otherwise(told)).to_series()


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    last = pl.max_horizontal("date_start", "date_end")
    vague = pl.col("date_prec").fill_null(4)
    known = (
        pl.when(vague == 1)
        .then(last)
        .when(vague == 3)
        .then(pl.max_horizontal(last, pl.col("date_start").dt.offset_by("6d")))
        .otherwise(last.dt.month_end())
    )
    frame = frame.with_columns(
        source=pl.lit("chronology"),
        row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        published_at=known,
        gid=_cells_of(frame),
    )
    absent = [pl.lit(None, dtype).alias(n) for n, dtype in EVENT_SCHEMA.items() if n not in frame.columns]
    return frame.with_columns(absent).select(EVENT_SCHEMA.names()).cast(EVENT_SCHEMA)


def _cells_of(frame: pl.DataFrame) -> pl.Series:
    good = (frame["lat"].is_between(-90, 90) & frame["lon"].is_between(-180, 180)).fill_null(value=False)
    cells = pl.Series(gid(frame["lat"].fill_null(0.0).to_numpy(), frame["lon"].fill_null(0.0).to_numpy()))
    return cells.set(~good, None)


def _not_a_chronology(path: Path) -> Finding:
    return Finding(
        "file-not-a-chronology",
        "stop",
        path.name,
        None,
        None,
        "a file without rows or without the columns id and date_start" if path.exists() else "no such file",
        "the incidents.csv of a theatre pack, or the pack's folder",
        "Run `toguna theatre new NAME` to see the columns.",
    )
