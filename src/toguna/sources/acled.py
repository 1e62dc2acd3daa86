"""ACLED: events of political violence and protest, as exported with one's own account.

Enters: an export as CSV (also zipped, or Parquet), with or without a row of HXL tags. Leaves: events.
Called by `toguna.events` through `toguna.sources`. ACLED forbids passing its rows on: `about.redistribute`
is False, and `toguna.room` keeps them out of what it writes. The text of `notes`, which may name persons,
is not read.

References
----------
Raleigh, Kishi and Linke (2023), doi 10.1057/s41599-023-01559-4; Raleigh, Linke, Hegre and Karlsen (2010),
doi 10.1177/0022343310378914.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from toguna.core.countries import by_name, by_number
from toguna.core.findings import Finding, stops
from toguna.core.geography import gid
from toguna.core.names import EVENT_SCHEMA
from toguna.core.text import fold
from toguna.sources.acled_columns import column_findings, renamed, with_iso_days, without_tags
from toguna.sources.cells import CellReader
from toguna.sources.files import read_published
from toguna.sources.protocol import About, Parsed, RawFile, RowsDated, Succession
from toguna.store.theatre import Theatre

__all__ = ["SOURCE", "Acled"]

_ABOUT = About(
    provider="Armed Conflict Location & Event Data (ACLED)",
    licence="ACLED terms of use",
    citation=(
        "Armed Conflict Location & Event Data (ACLED), https://acleddata.com, with the day of access; "
        "Raleigh, Kishi and Linke (2023), Political instability patterns are obscured by conflict dataset "
        "scope conditions, sources, and coding choices, Humanities and Social Sciences Communications 10, 74"
    ),
    cadence="weekly; earlier rows are revised at any time",
    url="https://acleddata.com/",
    redistribute=False,
    limits=(
        "Protests, riots and strategic developments are in it and count unless a population leaves them out.",
        "Which side began a battle is not coded; actor1 need not be the attacker.",
        "One figure of deaths without a range; 0 can mean that none was reported.",
        "No tactic, target or setting in words that match; missing.",
        "Rows are revised at any time and bear only the day of the last revision.",
        "An account may be kept from the newest months; the API client refuses such a period.",
    ),
    columns={
        "event_id": "event_id_cnty, else data_id",
        "date_start": "event_date",
        "date_end": "event_date, time_precision",
        "date_prec": "time_precision",
        "published_at": "timestamp, else the last day",
        "event_type": "event_type",
        "note": "sub_event_type",
        "perpetrators": "actor1, assoc_actor_1; in battles also actor2, assoc_actor_2",
        "side_a": "actor1",
        "side_b": "actor2",
        "best": "fatalities",
        "low": "fatalities",
        "high": "fatalities",
        "lat": "latitude",
        "lon": "longitude",
        "gid": "computed from the point",
        "where_prec": "geo_precision",
        "place": "location",
        "admin1": "admin1",
        "admin2": "admin2",
        "country": "iso, else iso3, else country",
    },
)
_READ_AS = {"event_date": "date_start", "timestamp": "published_at", "fatalities": "best"}
_COLUMNS = {
    "event_id": "event_id_cnty",
    "date_start": "event_date",
    "date_end": "event_date",
    "published_at": "timestamp",
    "date_prec": "time_precision",
    "where_prec": "geo_precision",
    "best": "fatalities",
    "low": "fatalities",
    "high": "fatalities",
    "lat": "latitude",
    "lon": "longitude",
    "place": "location",
    "perpetrators": "actor1",
    "side_a": "actor1",
    "side_b": "actor2",
    "note": "sub_event_type",
}
_DAY, _WEEK, _MONTH = 1, 3, 4
_TIMES = {1: _DAY, 2: _WEEK, 3: _MONTH}
_PLACES = {1: 1, 2: 2, 3: 4}
_UNKNOWN = -1  # a code that means nothing; the checks say so


class Acled:
    """The source "acled"."""

    name = "acled"
    about = _ABOUT
    succession: Succession = "coverage"
    rows_dated: RowsDated = "last-written"

    def read(self, path: Path) -> RawFile:
        """Read an export; anything else is refused with a finding of severity "stop"."""
        raw, _ = read_published(path)
        if stops(raw.findings):
            return raw
        frame = without_tags(raw.frame)
        findings = [*raw.findings, *column_findings(renamed(frame).columns, raw.table)]
        if frame.is_empty():
            findings.append(_no_rows(raw.table))
        if stops(findings):
            return replace(raw, frame=frame, findings=tuple(findings))
        published = CellReader(_plain(frame)).date("published_at").max()
        if not isinstance(published, date):
            published = None
            findings.append(_unpublished(raw.table))
        return replace(
            raw,
            frame=frame,
            version=published.isoformat() if published else "",
            published_at=published,
            findings=tuple(findings),
            licence=_ABOUT.licence,
            citation=_ABOUT.citation,
        )

    def select(self, raw: RawFile, *, theatre: Theatre) -> RawFile:
        """Keep the rows of the theatre's countries, by number, code or name."""
        country = _country(CellReader(renamed(raw.frame)))
        return replace(raw, frame=raw.frame.filter(country.is_in(list(theatre.countries))))

    def parse(self, raw: RawFile, *, theatre: Theatre | None) -> Parsed:
        """Say the rows as events."""
        cells = CellReader(_plain(raw.frame))
        events = pl.DataFrame(
            {
                "event_id": "acled:" + _either(cells.key("event_id_cnty"), cells.key("data_id")),
                **_when(cells),
                **_who(cells),
                **_where(cells, theatre),
                "event_type": cells.text("event_type"),
                "best": cells.count("best"),
                "note": cells.text("sub_event_type"),
            }
        ).with_columns(
            source=pl.lit("acled"),
            row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
            low=pl.col("best"),
            high=pl.col("best"),
            source_urls=pl.lit([], dtype=pl.List(pl.String)),
        )
        absent = [
            pl.lit(None, dtype).alias(n) for n, dtype in EVENT_SCHEMA.items() if n not in events.columns
        ]
        events = events.with_columns(absent).select(EVENT_SCHEMA.names()).cast(EVENT_SCHEMA)
        return Parsed(events, cells.unreadable(), _COLUMNS)


SOURCE = Acled()


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Name the columns that the checks know by the name of the event's column."""
    told = with_iso_days(renamed(frame))
    return told.rename({old: new for old, new in _READ_AS.items() if old in told.columns})


def _either(first: pl.Series, second: pl.Series) -> pl.Series:
    return pl.select(pl.coalesce(first, second)).to_series()


def _coded(values: pl.Series, codes: dict[int, int]) -> pl.Series:
    known = values.replace_strict(codes, default=_UNKNOWN, return_dtype=pl.Int8)
    return known.set(values.is_null(), None)


def _when(cells: CellReader) -> dict[str, pl.Series]:
    """Stretch a vague date to the last day it can mean: a week from it, or the end of its month."""
    start = cells.date("date_start")
    prec = _coded(cells.count("time_precision"), _TIMES)
    told = pl.DataFrame({"start": start, "prec": prec})
    end = told.select(
        pl.when(pl.col("prec") == _WEEK)
        .then(pl.col("start").dt.offset_by("6d"))
        .when(pl.col("prec") == _MONTH)
        .then(pl.col("start").dt.month_end())
        .otherwise(pl.col("start"))
    ).to_series()
    return {
        "date_start": start,
        "date_end": end,
        "date_prec": prec,
        "published_at": _either(cells.date("published_at"), end),
    }


def _who(cells: CellReader) -> dict[str, pl.Series]:
    """Name who acted, as written: in a battle both sides, else the first with those beside it."""
    told = pl.DataFrame(
        {
            "kind": cells.text("event_type").str.to_lowercase(),
            **{name: cells.text(name) for name in ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2")},
        }
    )
    nobody = pl.lit([], dtype=pl.List(pl.String))
    battle = pl.col("kind").str.starts_with("battle")
    first = [pl.col(name).str.split(";").fill_null(nobody) for name in ("actor1", "assoc_actor_1")]
    second = [
        pl.when(battle).then(pl.col(name).str.split(";")).fill_null(nobody)
        for name in ("actor2", "assoc_actor_2")
    ]
    bare = pl.element().str.strip_chars()
    named = pl.concat_list(*first, *second).list.eval(bare.filter(bare != ""))
    return {
        "side_a": told["actor1"],
        "side_b": told["actor2"],
        "perpetrators": told.select(named.list.unique(maintain_order=True)).to_series(),
    }


def _where(cells: CellReader, theatre: Theatre | None) -> dict[str, pl.Series]:
    lat, lon = cells.number("latitude"), cells.number("longitude")
    good = (lat.is_between(-90, 90) & lon.is_between(-180, 180)).fill_null(value=False)
    own = pl.Series(gid(lat.fill_null(0.0).to_numpy(), lon.fill_null(0.0).to_numpy()), dtype=pl.Int64)
    return {
        "lat": lat,
        "lon": lon,
        "where_prec": _coded(cells.count("geo_precision"), _PLACES),
        "gid": own.set(~good, None),
        "place": cells.text("location"),
        "admin1": _spelled(cells.text("admin1"), theatre, "adm1"),
        "admin2": _spelled(cells.text("admin2"), theatre, "adm2"),
        "country": _country(cells),
    }


def _spelled(told: pl.Series, theatre: Theatre | None, level: str) -> pl.Series:
    """Write areas as the theatre does."""
    if theatre is None:
        return told
    names = theatre.names(level)
    found = {text: names.find(text) for text in told.drop_nulls().unique().sort()}
    return told.replace({text: name for text, name in found.items() if name})


def _country(cells: CellReader) -> pl.Series:
    """Tell countries by `iso`, a number or three letters, then by `iso3`, then by name."""
    codes = {str(number): code for number, code in by_number().items()}
    codes |= {code: code for code in codes.values()}
    found = [
        _told(cells.key("iso").str.to_uppercase().str.strip_chars_start("0"), codes),
        _told(cells.key("iso3").str.to_uppercase(), codes),
    ]
    names = cells.text("country")
    known = {text: by_name().get(fold(text)) for text in names.drop_nulls().unique().sort()}
    found.append(_told(names, {text: code for text, code in known.items() if code}))
    return pl.select(pl.coalesce(found)).to_series()


def _told(words: pl.Series, meaning: dict[str, str]) -> pl.Series:
    return words.replace_strict(meaning, default=None, return_dtype=pl.String)


def _no_rows(table: str) -> Finding:
    found, expected = "a header and tags without rows", "rows of events"
    return Finding("file-empty", "stop", table, None, None, found, expected, "Get the file again.")


def _unpublished(table: str) -> Finding:
    return Finding(
        "publication-unknown",
        "note",
        table,
        None,
        "timestamp",
        "no day of publication",
        "the column timestamp, which says when ACLED last wrote a row",
        "Rows count as known on their last day; the file is used only when named with `--source`.",
    )
