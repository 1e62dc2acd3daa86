"""What could be known of a theatre at a date, and the account of how it was counted.

Enters: a theatre, a date, the archive. Leaves: `Gathered`. Called by the command line, `toguna.replay` and
`toguna.room`.

Rows published after `as_of` are taken out *before* anything is counted, checked or digested: deleting them
from the file changes nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from toguna.core.dates import parse_partial
from toguna.core.digest import digest_rows
from toguna.core.findings import Finding
from toguna.core.names import EVENT_SCHEMA, empty_events
from toguna.core.types import Deaths
from toguna.events.admit import Admission, admit, sum_deaths
from toguna.events.checks.context import Context
from toguna.events.checks.licence_absent import NOT_STATED, is_stated
from toguna.events.ground import ground_of, lifetimes_of
from toguna.events.locate import locate, unplaced_finding
from toguna.events.releases import Line, Release, choose_releases
from toguna.events.succession import Telling, in_force, superseded
from toguna.events.viewpoint import STANDARD, Viewpoint
from toguna.sources.chronology import SOURCE as CHRONOLOGY
from toguna.sources.protocol import Parsed, RawFile, rows_dated_of
from toguna.store.home import Home
from toguna.store.theatre import Theatre

__all__ = ["AS_PUBLISHED", "FINAL_VINTAGE", "Gathered", "SourceAccount", "gather"]

AS_PUBLISHED = "as published"
_ORDER = ("date_start", "event_id", "source", "row")
_LATE_DAYS = 92  # a quarter: as much as preliminary releases may lag
FINAL_VINTAGE = "final vintage, pseudo-real-time"


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """How the rows of one release were counted.

    Parameters
    ----------
    source, version : str
        Which release.
    read, accepted, quarantined : int
        Visible rows; read = accepted + quarantined + superseded.
    events : int
        Accepted rows that no wider event contains: those that count.
    deaths : Deaths
        Sums over the events that count.
    sha256 : str
        Digest of the visible rows.
    published_at : date or None
        When the release was published; None for a chronology.
    licence, citation : str
        Terms.
    vintage : str
        "as published", or "final vintage, pseudo-real-time" when rows are taken as known on their own last
        day although the release came later.
    coverage : str
        "uneven" when the effort of collection changed over time, else "".
    coverage_note : dict
        The same in words, by language.
    redistribute : bool
        False when the terms forbid passing rows on: only ids, counts and what is computed leave the house.
    superseded : int
        Rows of events that another release tells in their place, or that a newer one withdrew.
    """

    source: str
    version: str
    read: int
    accepted: int
    quarantined: int
    events: int
    deaths: Deaths
    sha256: str
    published_at: date | None
    licence: str
    citation: str
    vintage: str
    coverage: str = ""
    coverage_note: dict[str, str] = field(default_factory=dict)
    redistribute: bool = True
    superseded: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        published = self.published_at.isoformat() if self.published_at else None
        return plain | {"deaths": self.deaths.as_dict(), "published_at": published}


@dataclass(frozen=True, slots=True)
class Gathered:
    """Events that were visible and good, sorted by first day and id, with the accounts of their sources.

    `tables` says which sources a name of a file stands for in findings.
    """

    events: pl.DataFrame
    accounts: tuple[SourceAccount, ...]
    findings: tuple[Finding, ...]
    quarantined: pl.DataFrame
    tables: dict[str, frozenset[str]] = field(default_factory=dict)


def gather(
    theatre: Theatre,
    *,
    as_of: date,
    sources: Sequence[str] | None = None,
    home: Home | None = None,
    viewpoint: Viewpoint = STANDARD,
) -> Gathered:
    """Collect the events of a theatre that could be known at a date.

    Parameters
    ----------
    theatre : Theatre
        The pack.
    as_of : date
        Nothing published later is looked at.
    sources : sequence of str, optional
        Sources to use. None: the chronology and every archived release published by `as_of`. A source named
        here whose only release came later is used all the same, as "final vintage, pseudo-real-time".
    home : Home, optional
        Where the archive lies.
    viewpoint : Viewpoint
        Which telling of an event counts.

    Raises
    ------
    UnknownNameError
        A source is not installed.
    DataError
        A source is named of which nothing was ingested.
    """
    parts: list[tuple[Admission, SourceAccount]] = []
    findings: list[Finding] = []
    if sources is None or CHRONOLOGY.name in sources:
        parts.append(_chronology(theatre, as_of))
    named = None if sources is None else [name for name in sources if name != CHRONOLOGY.name]
    lines, said = choose_releases(home, as_of=as_of, named=named, rule=viewpoint.releases)
    findings += said
    tables: dict[str, frozenset[str]] = {}
    for line in lines:
        for name in {release.snapshot.file_name for release in line.releases}:
            tables[name] = tables.get(name, frozenset()) | {line.name}
        findings += _ends(line, as_of)
        told, said = _line(theatre, line, as_of=as_of, rule=viewpoint.releases)
        parts += told
        findings += said
    admissions = [admission for admission, _ in parts]
    return Gathered(
        events=pl.concat([empty_events(), *(a.accepted for a in admissions)]).sort(_ORDER),
        accounts=tuple(account for _, account in parts),
        findings=(*findings, *(f for a in admissions for f in a.findings)),
        quarantined=pl.concat([empty_events(), *(a.quarantined for a in admissions)]).sort(_ORDER),
        tables=tables,
    )


def _chronology(theatre: Theatre, as_of: date) -> tuple[Admission, SourceAccount]:
    raw = CHRONOLOGY.of(theatre)
    told = theatre.settings.get("chronology", {})
    known = _known_actors(theatre, as_of)
    return _count(
        theatre,
        raw=raw,
        parsed=_visible(CHRONOLOGY.parse(raw, theatre=theatre), as_of),
        context=Context(raw.table, known_actors=known, lifetimes=lifetimes_of(theatre, as_of)),
        account={
            "source": CHRONOLOGY.name,
            "vintage": str(told.get("vintage", FINAL_VINTAGE)),
            "coverage": str(told.get("coverage", "")),
            "coverage_note": {str(k): str(v) for k, v in told.get("coverage_note", {}).items()},
        },
    )


def _known_actors(theatre: Theatre, as_of: date) -> frozenset[str]:
    """Return the ids of actors that existed by then: a later row may leave no trace."""
    starts = theatre.tables["actors"].select("id", "active_from").drop_nulls("id").iter_rows()
    dates = {actor: parse_partial(text or "") for actor, text in starts}
    return frozenset(actor for actor, start in dates.items() if start is None or start.first <= as_of)


def _line(
    theatre: Theatre, line: Line, *, as_of: date, rule: str
) -> tuple[list[tuple[Admission, SourceAccount]], list[Finding]]:
    """Count the releases of one line, every event once."""
    raws = [_raw(theatre, line, release) for release in line.releases]
    tellings = [
        _told(theatre, line, release, raw=raw, as_of=as_of)
        for release, raw in zip(line.releases, raws, strict=True)
    ]
    kept = in_force(
        [
            Telling(parsed.events, release.snapshot.published_at, release.term)
            for release, parsed in zip(line.releases, tellings, strict=True)
        ],
        succession=line.succession,
        rule=rule,
    )
    parts = []
    findings: list[Finding] = []
    for release, raw, parsed, counts in zip(line.releases, raws, tellings, kept, strict=True):
        about = {
            "source": line.name,
            "vintage": FINAL_VINTAGE if release.pseudo else AS_PUBLISHED,
            "redistribute": line.source.about.redistribute,
        }
        context = Context(
            raw.table,
            published_at=release.snapshot.published_at,
            lifetimes=lifetimes_of(theatre, as_of),
        )
        parts.append(
            _count(theatre, raw=raw, parsed=parsed, context=context, account=about, counts=counts.counts)
        )
        version = release.snapshot.version or str(release.snapshot.published_at or "")
        findings += superseded(f"{line.name} {version}".rstrip(), line.name, parsed.events, counts)
    return parts, findings


def _ends(line: Line, as_of: date) -> list[Finding]:
    """Say when the releases in use end long before the date: empty months after it are no lull."""
    ends = [
        r.term.last for r in line.releases if r.term is not None and r.term.last is not None and not r.pseudo
    ]
    if not ends or (as_of - max(ends)).days <= _LATE_DAYS:
        return []
    found = f"nothing of {line.name} after {max(ends)}"
    repair = "Ingest the preliminary releases since then, or assess as of an earlier day."
    return [
        Finding(
            "coverage-ends", "note", line.name, None, "date_start", found, f"events up to {as_of}", repair
        )
    ]


def _raw(theatre: Theatre, line: Line, release: Release) -> RawFile:
    snapshot = release.snapshot
    whole = RawFile(
        release.archive.read(snapshot),
        version=snapshot.version,
        published_at=snapshot.published_at,
        table=snapshot.file_name,
        licence=snapshot.licence,
        citation=snapshot.citation,
    )
    return line.source.select(whole, theatre=theatre)


def _told(theatre: Theatre, line: Line, release: Release, *, raw: RawFile, as_of: date) -> Parsed:
    parsed = line.source.parse(raw, theatre=theatre)
    events = parsed.events.with_columns(source=pl.lit(line.name))
    if release.pseudo and not getattr(line.source, "rows_know_their_day", False):
        last = pl.max_horizontal("date_start", "date_end")
        events = events.with_columns(
            published_at=pl.coalesce("published_at", last) if _rows_dated(line, parsed) else last
        )
    return _visible(replace(parsed, events=events), as_of)


def _rows_dated(line: Line, parsed: Parsed) -> bool:
    """Whether the file states for each row when it was first known: then it is taken at its word."""
    return rows_dated_of(line.source) == "first" and "published_at" in parsed.columns


def _visible(parsed: Parsed, as_of: date) -> Parsed:
    """Take out what came later and number the rows anew, so that they do not betray what was there."""
    later = (pl.col("published_at") > as_of).fill_null(value=False)
    kept = parsed.events.filter(~later)
    numbers = kept.select(row="row", _new=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    unreadable = parsed.unreadable.join(numbers, on="row", how="inner", maintain_order="left")
    return replace(
        parsed,
        events=kept.with_columns(row=numbers["_new"]),
        unreadable=unreadable.select(row="_new", field="field", text="text"),
    )


def _count(
    theatre: Theatre,
    *,
    raw: RawFile,
    parsed: Parsed,
    context: Context,
    account: dict[str, Any],
    counts: pl.Series | None = None,
) -> tuple[Admission, SourceAccount]:
    valid = parsed.events if counts is None else parsed.events.filter(counts)
    unreadable = parsed.unreadable.join(valid.select("row"), on="row", how="semi", maintain_order="left")
    context = replace(
        context,
        unreadable=unreadable,
        columns=parsed.columns,
        decimal=parsed.decimal,
        ground=ground_of(theatre),
        licence=raw.licence,
    )
    located = locate(valid, theatre, table=raw.table)
    admission = admit(located.events, context)
    counted = admission.accepted.filter(pl.col("within").is_null())
    unplaced = unplaced_finding(counted, theatre, table=raw.table)
    findings = (*admission.findings, *located.findings, *unplaced)
    admission = replace(admission, findings=findings)
    return admission, SourceAccount(
        version=raw.version,
        read=parsed.events.height,
        accepted=admission.accepted.height,
        quarantined=admission.quarantined.height,
        superseded=parsed.events.height - valid.height,
        events=counted.height,
        deaths=sum_deaths(counted),
        sha256=digest_rows(parsed.events.select(EVENT_SCHEMA.names()).iter_rows(named=True)),
        published_at=raw.published_at,
        licence=raw.licence if not raw.licence or is_stated(raw.licence) else NOT_STATED,
        citation=raw.citation if is_stated(raw.citation) else "",
        **account,
    )
