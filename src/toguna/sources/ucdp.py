"""UCDP GED: georeferenced events of organised violence, yearly releases and candidate releases.

Enters: a GED file as the user has it: CSV, zip with a CSV, Parquet; columns of versions 17.1 to 25.1, fewer
accepted with a finding. Leaves: events. Called by `toguna.events` through `toguna.sources`.

References
----------
Sundberg and Melander (2013), doi 10.1177/0022343313484347; Davies, Pettersson, Sollenberg and Öberg (2025),
doi 10.1177/00223433251345636.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from toguna.core.countries import by_gwno, by_name
from toguna.core.findings import Finding, stops
from toguna.core.geography import gid
from toguna.core.names import EVENT_SCHEMA, VIOLENCE
from toguna.core.text import fold
from toguna.sources.cells import CellReader
from toguna.sources.files import read_published
from toguna.sources.protocol import About, Parsed, RawFile, Term
from toguna.sources.ucdp_columns import column_findings, rename_older
from toguna.sources.ucdp_versions import published_at, term, version_of
from toguna.store.theatre import Theatre

__all__ = ["SOURCE", "Ucdp"]

_ABOUT = About(
    provider="Uppsala Conflict Data Program, Department of Peace and Conflict Research, Uppsala University",
    licence="CC BY 4.0",
    citation=(
        "Sundberg and Melander (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace "
        "Research 50(4); and the yearly article of the version, see https://ucdp.uu.se/downloads/"
    ),
    cadence="yearly in June; candidate events monthly",
    url="https://ucdp.uu.se/downloads/",
    limits=(
        "No tactic, target or setting.",
        "Conflicts and dyads with few deaths are left out, so single grave attacks can be missing.",
        "Events of several months are booked as one row.",
        "Some rows have estimates that cross (low above best); their range is widened to hold the best.",
        "Files carry no day of publication: the latest day that fits the version is taken.",
    ),
    columns={
        "event_id": "id",
        "date_start": "date_start",
        "date_end": "date_end",
        "date_prec": "date_prec",
        "published_at": "the version of the file",
        "violence": "type_of_violence",
        "event_type": "type_of_violence",
        "perpetrators": "side_a, side_b",
        "side_a": "side_a",
        "side_b": "side_b",
        "best": "best",
        "low": "low",
        "high": "high",
        "deaths_civilians": "deaths_civilians",
        "lat": "latitude",
        "lon": "longitude",
        "where_prec": "where_prec",
        "gid": "priogrid_gid, else computed from the point",
        "place": "where_coordinates",
        "admin1": "adm_1",
        "admin2": "adm_2",
        "country": "country_id, else country",
        "note": "dyad_name",
    },
)
_KINDS = {"1": 1, "2": 2, "3": 3}
_LETTERS = {1: "sb", 2: "ns", 3: "os"}
_CIVILIANS = "civilians"
_AREA_WORDS = frozenset(
    [
        "region",
        "province",
        "state",
        "governorate",
        "district",
        "department",
        "county",
        "prefecture",
    ]
)
_COLUMNS = {
    "event_id": "id",
    "lat": "latitude",
    "lon": "longitude",
    "gid": "priogrid_gid",
    "violence": "type_of_violence",
    "place": "where_coordinates",
    "admin1": "adm_1",
    "admin2": "adm_2",
    "perpetrators": "side_a",
    "note": "dyad_name",
}


_AHEAD = (
    "id", "date_start", "date_end", "date_prec", "type_of_violence", "side_a", "side_b", "dyad_name",
    "best", "low", "high", "deaths_civilians", "latitude", "longitude", "where_prec", "priogrid_gid",
    "where_coordinates", "adm_1", "adm_2", "country", "country_id",
)  # fmt: skip


class Ucdp:
    """The source "ucdp"."""

    name = "ucdp"
    about = _ABOUT

    def read(self, path: Path) -> RawFile:
        """Read a GED file; anything else is refused with a finding of severity "stop"."""
        raw, inner = read_published(path)
        if stops(raw.findings):
            return raw
        findings = [*raw.findings, *column_findings(rename_older(raw.frame).columns, raw.table)]
        version = version_of(path.name) or version_of(inner)
        if not version and not stops(findings):
            findings.append(_unknown_version(path.name))
        return replace(
            raw,
            version=version,
            published_at=published_at(version),
            findings=tuple(findings),
            licence=_ABOUT.licence,
            citation=_ABOUT.citation,
        )

    def term(self, version: str) -> Term | None:
        """Say which days a version covers, and whether a final one is to follow."""
        return term(version)

    def select(self, raw: RawFile, *, theatre: Theatre) -> RawFile:
        """Keep the rows of the countries named under [ucdp] in theatre.toml, by number or by name."""
        told = theatre.settings.get("ucdp", {})
        frame = rename_older(raw.frame)
        cells = CellReader(frame)
        wanted = pl.Series([False]).new_from_index(0, frame.height)
        if "country_id" in frame.columns:
            ids = cells.number("country_id")
            wanted = wanted | ids.is_in([float(n) for n in told.get("gwno", [])]).fill_null(value=False)
        if "country" in frame.columns:
            names = cells.text("country")
            wanted = wanted | names.is_in([str(n) for n in told.get("names", [])]).fill_null(value=False)
        return replace(raw, frame=raw.frame.filter(wanted))

    def parse(self, raw: RawFile, *, theatre: Theatre | None) -> Parsed:
        """Say GED rows as events."""
        frame = rename_older(raw.frame)
        cells = CellReader(frame, ahead=_AHEAD)
        parts = {**_when(cells), **_who(cells), **_how_many(cells), **_where(cells, frame.height, theatre)}
        event_id = cells.key("id")
        events = pl.DataFrame(
            {
                **parts,
                "event_id": "ucdp:" + event_id,
                "note": cells.text("dyad_name"),
                "source_urls": ("UCDP GED event " + event_id).reshape((-1, 1)).arr.to_list()
                if frame.height
                else pl.Series([], dtype=pl.List(pl.String)),
            }
        ).with_columns(
            source=pl.lit("ucdp"),
            row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
            published_at=pl.lit(raw.published_at, dtype=pl.Date),
        )
        absent = [
            pl.lit(None, dtype).alias(n) for n, dtype in EVENT_SCHEMA.items() if n not in events.columns
        ]
        events = events.with_columns(absent).select(EVENT_SCHEMA.names()).cast(EVENT_SCHEMA)
        return Parsed(events, cells.unreadable(), _COLUMNS)


SOURCE = Ucdp()


def _when(cells: CellReader) -> dict[str, pl.Series]:
    start, end = cells.date("date_start"), cells.date("date_end")
    return {
        "date_start": start,
        "date_end": pl.select(pl.coalesce(end, start)).to_series(),
        "date_prec": _small(cells.count("date_prec")),
    }


def _who(cells: CellReader) -> dict[str, pl.Series]:
    """Name the sides: in a fight both, in one-sided violence the side that killed.

    Some releases join several organisations of a side with ", "; each is named by itself.
    """
    kind = cells.code("type_of_violence", _KINDS)
    side_a, side_b = cells.text("side_a"), cells.text("side_b")
    frame = pl.DataFrame({"k": kind, "a": side_a, "b": side_b})
    both = pl.concat_list(
        pl.col("a").str.split(", ").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        pl.when(pl.col("k") != 3)
        .then(pl.col("b").str.split(", "))
        .fill_null(pl.lit([], dtype=pl.List(pl.String))),
    )
    named = pl.element().filter(pl.element().str.to_lowercase() != _CIVILIANS)
    return {
        "violence": kind.replace_strict(_LETTERS, default=None, return_dtype=pl.String),
        "event_type": kind.replace_strict(
            {k: VIOLENCE[v] for k, v in _LETTERS.items()}, default=None, return_dtype=pl.String
        ),
        "side_a": side_a,
        "side_b": side_b,
        "perpetrators": frame.select(both.list.eval(named)).to_series(),
    }


def _how_many(cells: CellReader) -> dict[str, pl.Series]:
    return {name: cells.count(name) for name in ("best", "low", "high", "deaths_civilians")}


def _where(cells: CellReader, rows: int, theatre: Theatre | None) -> dict[str, pl.Series]:
    lat, lon = cells.number("latitude"), cells.number("longitude")
    return {
        "lat": lat,
        "lon": lon,
        "where_prec": _small(cells.count("where_prec")),
        "gid": _cells_of(cells.count("priogrid_gid"), lat, lon),
        "place": cells.text("where_coordinates"),
        "admin1": _canonical(cells.text("adm_1"), theatre, "adm1"),
        "admin2": _canonical(cells.text("adm_2"), theatre, "adm2"),
        "country": _country(cells),
    }


def _small(values: pl.Series) -> pl.Series:
    # A code beyond Int8 would overflow; -1 is as unknown to the checks as the code was.
    return values.set((values < -1) | (values > 127), -1).cast(pl.Int8)


def _cells_of(given: pl.Series, lat: pl.Series, lon: pl.Series) -> pl.Series:
    good = (lat.is_between(-90, 90) & lon.is_between(-180, 180)).fill_null(value=False)
    own = pl.Series(gid(lat.fill_null(0.0).to_numpy(), lon.fill_null(0.0).to_numpy())).set(~good, None)
    return pl.select(pl.coalesce(given, own)).to_series()


def _country(cells: CellReader) -> pl.Series:
    names = cells.text("country")
    known = {n: by_name().get(fold(n)) for n in names.drop_nulls().unique().sort()}
    by_text = names.replace_strict(
        {k: v for k, v in known.items() if v}, default=None, return_dtype=pl.String
    )
    numbers = cells.number("country_id").cast(pl.Int64, strict=False)
    by_number = numbers.replace_strict(by_gwno(), default=None, return_dtype=pl.String)
    return pl.select(pl.coalesce(by_number, by_text)).to_series()


def _canonical(told: pl.Series, theatre: Theatre | None, level: str) -> pl.Series:
    if theatre is None:
        return told
    names = theatre.names(level)
    spellings: dict[str, Any] = {}
    for text in told.drop_nulls().unique().sort():
        bare = " ".join(word for word in fold(text).split() if word not in _AREA_WORDS)
        name = names.find(text) or names.find(bare)
        if name:
            spellings[text] = name
    return told.replace(spellings)


def _unknown_version(table: str) -> Finding:
    return Finding(
        "version-unknown",
        "note",
        table,
        None,
        None,
        "a file name without a version",
        "a name as UCDP gives it, for example GEDEvent_v25_1.csv",
        "Rename the file: while its publication is unknown it is used only when asked for by name.",
    )
