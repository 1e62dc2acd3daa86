"""The columns of ACLED exports through the years, and what is said when some are absent.

Enters: a frame as published. Leaves: the same rows under the newer names, days as ISO text, without the
row of HXL tags. Called by `toguna.sources.acled`.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from toguna.core.findings import Finding
from toguna.sources.cells import CellReader
from toguna.sources.columns import absent_and_extra, with_newer_names

__all__ = ["column_findings", "renamed", "with_iso_days", "without_tags"]

_PUBLISHED = frozenset(
    [
        "data_id",
        "iso",
        "iso3",
        "event_id_cnty",
        "event_id_no_cnty",
        "event_date",
        "year",
        "time_precision",
        "disorder_type",
        "event_type",
        "sub_event_type",
        "actor1",
        "assoc_actor_1",
        "inter1",
        "actor2",
        "assoc_actor_2",
        "inter2",
        "interaction",
        "civilian_targeting",
        "region",
        "country",
        "admin1",
        "admin2",
        "admin3",
        "location",
        "latitude",
        "longitude",
        "geo_precision",
        "source",
        "source_scale",
        "notes",
        "fatalities",
        "tags",
        "timestamp",
        "gwno",
        "population_1km",
        "population_2km",
        "population_5km",
        "population_best",
    ]
)
_OLDER = {
    "ally_actor_1": "assoc_actor_1",
    "ally_actor_2": "assoc_actor_2",
    "geo_precis": "geo_precision",
    "time_precis": "time_precision",
}
_IDS, _COUNTRY = ("event_id_cnty", "data_id"), ("country", "iso", "iso3")
_NEEDED = ("event_date", "event_type", "actor1", "latitude", "longitude", "fatalities")
_GROUPS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("time_precision",), "the precision of dates stays unknown"),
    (("geo_precision",), "the precision of places stays unknown"),
    (("actor2",), "of a battle one side only is named"),
    (("assoc_actor_1", "assoc_actor_2"), "associated actors stay unknown"),
    (("sub_event_type",), "events are described by their type only"),
    (("location", "admin1", "admin2"), "areas are found from points where outlines are at hand"),
    (("timestamp",), "events count as known on their last day"),
)
_LONG_DAY = r"^\d{1,2}[ -][A-Za-z]+[ -]\d{4}$"
_SECONDS = r"^\d{9,10}(\.0+)?$"  # from 1973 to 2286; fewer digits are no time at which ACLED wrote a row


def renamed(frame: pl.DataFrame) -> pl.DataFrame:
    """Give columns their newer names; letters of any case are understood."""
    return with_newer_names(frame, _OLDER)


def without_tags(frame: pl.DataFrame) -> pl.DataFrame:
    """Take out a first row of HXL tags: a line of the header, not an event."""
    if frame.is_empty():
        return frame
    cells = [str(cell).strip() for cell in frame.row(0) if cell is not None and str(cell).strip()]
    tagged = bool(cells) and all(cell.startswith("#") for cell in cells)
    return frame.slice(1) if tagged else frame


def with_iso_days(frame: pl.DataFrame) -> pl.DataFrame:
    """Write "07 March 2015", "07-March-2015" and seconds since 1970 as ISO days; other text stays."""
    cells = CellReader(frame)
    told = [_iso(cells, name) for name in ("event_date", "timestamp") if name in frame.columns]
    return frame.with_columns(told)


def _iso(cells: CellReader, name: str) -> pl.Series:
    text = cells.text(name)
    read = pl.col(name)
    words = pl.when(read.str.contains(_LONG_DAY)).then(read.str.replace_all("-", " "))
    seconds = pl.when(read.str.contains(_SECONDS)).then(read.str.slice(0, read.str.find(r"(\.|$)")))
    day = pl.coalesce(
        words.str.to_date("%d %B %Y", strict=False),
        pl.from_epoch(seconds.cast(pl.Int64, strict=False), time_unit="s").cast(pl.Date),
    )
    return text.to_frame(name).select(pl.coalesce(day.cast(pl.String), read).alias(name)).to_series()


def column_findings(columns: Iterable[str], table: str) -> list[Finding]:
    """Say what is absent: a stop when it is no file of events, else one note per group of columns."""
    there = set(columns)
    missing = [name for name in _NEEDED if name not in there]
    missing += [" or ".join(group) for group in (_IDS, _COUNTRY) if not there & set(group)]
    if missing:
        return [_not_an_event_file(table, missing)]
    return absent_and_extra(there, table, groups=_GROUPS, published=_PUBLISHED, publication="ACLED")


def _not_an_event_file(table: str, missing: list[str]) -> Finding:
    return Finding(
        "file-not-acled",
        "stop",
        table,
        None,
        None,
        f"no column {', '.join(missing)}",
        "an export of ACLED, one row per event",
        "Export events as CSV from your ACLED account; tables of counts by month are not events.",
    )
