"""The columns of UCDP GED through its versions, and what is said when some are absent.

Called by `toguna.sources.ucdp`.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from toguna.core.findings import Finding
from toguna.sources.columns import absent_and_extra, with_newer_names

__all__ = ["column_findings", "rename_older"]

_PUBLISHED = frozenset(
    [
        "id",
        "relid",
        "year",
        "active_year",
        "code_status",
        "type_of_violence",
        "conflict_dset_id",
        "conflict_new_id",
        "conflict_id",
        "conflict_name",
        "dyad_dset_id",
        "dyad_new_id",
        "dyad_id",
        "dyad_name",
        "side_a_dset_id",
        "side_a_new_id",
        "side_a_id",
        "side_a",
        "side_b_dset_id",
        "side_b_new_id",
        "side_b_id",
        "side_b",
        "number_of_sources",
        "source_article",
        "source_office",
        "source_date",
        "source_headline",
        "source_original",
        "where_prec",
        "where_coordinates",
        "where_description",
        "adm_1",
        "adm_2",
        "latitude",
        "longitude",
        "geom_wkt",
        "priogrid_gid",
        "country",
        "country_id",
        "region",
        "event_clarity",
        "date_prec",
        "date_start",
        "date_end",
        "deaths_a",
        "deaths_b",
        "deaths_civilians",
        "deaths_unknown",
        "best",
        "low",
        "high",
        "gwnoa",
        "gwnob",
        "isocode",
        "gwab",
        "best_est",
        "high_est",
        "low_est",
        "month",
        "day",
    ]
)
_OLDER = {"best_est": "best", "high_est": "high", "low_est": "low", "gid": "priogrid_gid", "event_id": "id"}
_NEEDED = ("id", "date_start", "type_of_violence", "side_a", "side_b", "latitude", "longitude", "best")
_COUNTRY = ("country", "country_id")
_GROUPS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("low", "high"), "the range of deaths stays unknown"),
    (("date_end",), "the first day is taken as the last"),
    (("date_prec",), "the precision of dates stays unknown"),
    (("where_prec",), "the precision of places stays unknown"),
    (("where_coordinates", "adm_1", "adm_2"), "areas are found from points where outlines are at hand"),
    (("priogrid_gid",), "cells are computed from points"),
    (("country_id",), "countries are told by their names"),
    (("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"), "deaths by side stay unknown"),
    (("dyad_name", "conflict_name"), "events are described by their sides"),
    (("source_article",), "the articles behind an event cannot be traced"),
)


def rename_older(frame: pl.DataFrame) -> pl.DataFrame:
    """Give columns the names of the newer versions; letters of any case are understood."""
    return with_newer_names(frame, _OLDER)


def column_findings(columns: Iterable[str], table: str) -> list[Finding]:
    """Say what is absent: a stop when it is no event file, else one note per group of columns."""
    there = set(columns)
    missing = [name for name in _NEEDED if name not in there]
    if missing or not there & set(_COUNTRY):
        return [_not_an_event_file(table, missing or list(_COUNTRY))]
    return absent_and_extra(there, table, groups=_GROUPS, published=_PUBLISHED, publication="GED")


def _not_an_event_file(table: str, missing: list[str]) -> Finding:
    return Finding(
        "file-not-ged",
        "stop",
        table,
        None,
        None,
        f"no column {', '.join(missing)}",
        "a file of events: UCDP GED or UCDP Candidate, one row per event",
        "Download the GED of https://ucdp.uu.se/downloads/; files by country and year are not events.",
    )
