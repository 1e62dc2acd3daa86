"""What of sensitive reports may leave the house: some rows never, some only by region and month.

Enters: events with their class of sensitivity. Leaves: events as they may be shown, and how much was kept
back. Called by `toguna.room.view` before anything is tested, drawn or written, and again by
`toguna.room.withheld`: whatever an assessment says is a function of what this module lets through.

=========  ==========================================================================================
class      what is let through
=========  ==========================================================================================
none       public sources: as they are
low        as it is, without the pseudonym of the reporter
moderate   the first-level area and the month; no place, point, text, page, reporter, row or own id
high       nothing but the number of such rows, and their deaths and areas where three or more
severe     the same, and so any class that is not known
=========  ==========================================================================================

References
----------
OCHA Data Responsibility Guidelines (2021); Hundepool and others (2012), Statistical Disclosure Control, ch. 5
(minimum frequency, secondary suppression), doi 10.1002/9781118348239.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from toguna.core.findings import Finding
from toguna.core.grading import is_kept_back, is_restricted
from toguna.core.names import EVENT_SCHEMA
from toguna.events.admit import sum_deaths
from toguna.events.gather import Gathered, SourceAccount
from toguna.store.theatre import Theatre

__all__ = ["FEWEST", "KeptBack", "classed", "guarded", "kept_back", "released"]

FEWEST = 3
"""A sum over fewer rows than this is not told when a sensitive row is among them."""

_MONTH, _REGION = 4, 4  # UCDP codes of precision
_BLANK = (
    "row", "place", "admin2", "gid", "note", "side_a", "side_b", "responsibility", "within",
    "reporter",
)  # fmt: skip
_WITHHELD = "something in a report of a source with sensitive rows"


@dataclass(frozen=True, slots=True)
class KeptBack:
    """What was kept back of one source, told so that no single row can be worked out.

    Parameters
    ----------
    source : str
        Name of the source.
    rows, coarsened : int
        Rows that do not leave; rows that leave by region and month.
    deaths : int or None
        Best estimate over the rows that do not leave; None for fewer than three of them.
    areas : dict of str to int
        Rows that do not leave by first-level area, where three or more, and three or more elsewhere too.
    """

    source: str
    rows: int
    coarsened: int
    deaths: int | None
    areas: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def guarded(events: pl.DataFrame, theatre: Theatre | None = None) -> pl.DataFrame:
    """Return the events as they may be shown; doing it twice changes nothing.

    Parameters
    ----------
    events : DataFrame
        In the shape of `EVENT_SCHEMA`.
    theatre : Theatre, optional
        With one, moderate rows lie at a point inside their first-level area, so that they can be drawn and
        tested as other events known to that level are.
    """
    if "sensitivity" not in events.columns or events["sensitivity"].null_count() == events.height:
        return events
    hidden = events.filter(is_restricted() & ~_is_coarse())["event_id"].drop_nulls()
    inside_hidden = pl.col("within").is_in(hidden.implode())
    shown = events.filter(~is_kept_back())
    plain = shown.filter(~is_restricted()).with_columns(
        reporter=pl.lit(None, pl.String), within=pl.when(~inside_hidden).then("within")
    )
    # A restricted row inside a wider event is counted there already; alone it would count twice.
    coarse = _coarse(shown.filter(is_restricted() & pl.col("within").is_null()), theatre)
    return pl.concat([plain, coarse]).sort("date_start", "event_id", "source", "row")


def _is_coarse() -> pl.Expr:
    """Rows that were made coarse before: their number is gone, and their id is not their own."""
    return pl.col("row").is_null() & pl.col("event_id").str.contains(":m[0-9]{4,}$").fill_null(value=False)


def _coarse(rows: pl.DataFrame, theatre: Theatre | None) -> pl.DataFrame:
    points = _points(theatre) if theatre else {}
    told = rows["admin1"].to_list()
    where = {
        name: pl.Series(
            name, [points[area][i] if area in points else None for area in told], dtype=pl.Float64
        )
        for i, name in enumerate(("lat", "lon"))
    }
    if theatre is None:  # the second time: the point of the area stays
        where = {name: pl.when(_is_coarse()).then(name).otherwise(None) for name in ("lat", "lon")}  # type: ignore[misc]
    coarse = rows.with_columns(
        *(pl.lit(None, EVENT_SCHEMA[name]).alias(name) for name in _BLANK),
        date_start=pl.col("date_start").dt.month_start(),
        date_end=pl.col("date_start").dt.month_end(),
        date_prec=pl.lit(_MONTH, pl.Int8()),
        published_at=pl.col("published_at").dt.month_start(),
        where_prec=pl.lit(_REGION, pl.Int8()),
        source_urls=pl.lit([], pl.List(pl.String)),
        **where,
    )
    return _numbered(coarse)


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Give new ids, in an order that tells no more than the rows do: numbers of a server tell when."""
    order = ("source", "date_start", "admin1", "event_type", "tactic", "target", "best", "wounded")
    told = rows.sort(*order, "event_id", nulls_last=True)
    number = pl.int_range(1, pl.len() + 1).over("source").cast(pl.String).str.zfill(4)
    return told.with_columns(event_id=pl.format("{}:m{}", "source", number))


def _points(theatre: Theatre) -> dict[str, tuple[float, float]]:
    """Return a point inside every first-level area."""
    found = {}
    for area in theatre.areas("adm1"):
        point = area.geometry.representative_point()
        found[area.name] = (float(point.y), float(point.x))
    return found


def kept_back(events: pl.DataFrame) -> list[KeptBack]:
    """Say per source what `guarded` keeps back of these events; sources without such rows are left out."""
    found = []
    for name in events.filter(is_restricted())["source"].unique().sort().to_list():
        own = events.filter((pl.col("source") == name) & is_restricted())
        rows = own.filter(is_kept_back())
        deaths = sum_deaths(rows).best if rows.height >= FEWEST else None
        found.append(KeptBack(name, rows.height, own.height - rows.height, deaths, _areas(rows)))
    return found


def _areas(rows: pl.DataFrame) -> dict[str, int]:
    """Count by area; where the rest would be fewer than three, the smallest count told joins the rest."""
    counts = rows["admin1"].drop_nulls().value_counts().sort("count", "admin1", descending=[True, False])
    told = [(name, n) for name, n in counts.rows() if n >= FEWEST]
    while told and 0 < rows.height - sum(n for _, n in told) < FEWEST:
        told.pop()
    return {str(name): int(n) for name, n in told}


def classed(gathered: Gathered) -> set[str]:
    """Return the sources whose rows bear a class of sensitivity, whatever class."""
    rows = pl.concat([gathered.events, gathered.quarantined])
    return set(rows.filter(pl.col("sensitivity").is_not_null())["source"].to_list())


def released(gathered: Gathered, theatre: Theatre) -> tuple[Gathered, tuple[KeptBack, ...]]:
    """Return what was gathered as it may leave the house, and what was kept back.

    Accounts count events and deaths over what is shown: a difference would tell single rows. Of a source with
    several releases they stand with the newest alone, for all of them: shares would tell when a row was sent.
    Findings of the sources concerned lose what they quote; `toguna check` shows them whole, in the house.
    """
    rows = pl.concat([gathered.events, gathered.quarantined])
    sources = rows.filter(is_restricted())["source"].unique().sort().to_list()
    if not sources:
        return gathered, ()
    events = guarded(gathered.events, theatre)
    counted = events.filter(pl.col("within").is_null())
    files = {name for name, told in gathered.tables.items() if not told.isdisjoint(sources)}
    newest = {account.source: account for account in gathered.accounts}
    return (
        Gathered(
            events=events,
            accounts=tuple(
                _recounted(account, counted if account is newest[account.source] else counted.clear())
                if account.source in sources
                else account
                for account in gathered.accounts
            ),
            findings=tuple(_silent(finding, sources, files) for finding in gathered.findings),
            quarantined=_emptied(gathered.quarantined),
        ),
        tuple(kept_back(gathered.events)),
    )


def _emptied(quarantined: pl.DataFrame) -> pl.DataFrame:
    """Keep of sensitive rows in quarantine that they are there: they are counted, not shown."""
    kept = ("source", "sensitivity")
    return quarantined.with_columns(
        pl.when(~is_restricted()).then(name).alias(name) for name in quarantined.columns if name not in kept
    )


def _recounted(account: SourceAccount, counted: pl.DataFrame) -> SourceAccount:
    own = counted.filter(pl.col("source") == account.source)
    return replace(account, events=own.height, deaths=sum_deaths(own))


def _silent(finding: Finding, sources: list[str], files: set[str]) -> Finding:
    """Take out what a finding quotes or sums up of rows of these sources; rows are named "in SOURCE:ID"."""
    named = any(f" {finding.found}".find(f" {source}:") >= 0 for source in sources)
    named = named or finding.table in files
    return replace(finding, row=None, found=_WITHHELD) if named else finding
