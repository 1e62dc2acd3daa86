"""Go through every release of a home again: is it whole, does its account add up, how old is it?

Enters: a home and a day. Leaves: `ReleaseAudit`s. Called by the command line.

Nothing is repeated from a record: rows and deaths are counted anew from the archived copy, and then compared
with what was recorded when it was taken in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import select

from toguna.core.errors import DataError, StoreError, UnknownNameError
from toguna.core.types import Deaths, Snapshot
from toguna.events.admit import Admission, admit, sum_deaths
from toguna.events.ingest import context_of
from toguna.sources import get_source
from toguna.sources.protocol import RawFile, Source
from toguna.store.home import Home
from toguna.store.register.models import Ingestion

__all__ = ["Found", "ReleaseAudit", "audit"]

_WEIGHT = {"stop": 0, "failure": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of one code: how many, one example, and the repair."""

    severity: str
    code: str
    n: int
    example: str
    repair: str


@dataclass(frozen=True, slots=True)
class ReleaseAudit:
    """One release, counted anew.

    Parameters
    ----------
    source, version, file_name, sha256 : str
        Which release.
    problem : str
        "" when the archived copy is whole and its account adds up; else what does not hold: "damaged",
        "missing", "record-unreadable", "source-not-installed", "unreadable", "rows-differ", "deaths-differ",
        "proof-differs".
    detail : str
        The same with the figures.
    read, accepted, quarantined : int
        Rows, counted anew: read = accepted + quarantined. 0 when they cannot be counted.
    deaths_read, deaths_accepted, deaths_quarantined, widened : Deaths
        Sums, counted anew: best read = accepted + quarantined; low and high with what ranges were widened by.
    first_day, last_day : date or None
        Of the accepted events.
    published_at : date or None
        When it was published; `age_days` since then.
    ingested_at, cadence, licence, citation : str
        When it was taken in; how often the source publishes; terms.
    redistribute : bool
        Whether rows may be passed on.
    proof : dict or None
        The proof of a fetch that it came whole.
    recorded : dict or None
        What the register says of the ingestion: read, accepted, quarantined.
    findings : tuple of Found
        What the checks find now; and what was found in the file as a whole when it was taken in.
    series : str
        Which of several lines of releases of the source it belongs to, such as the name of a table.
    """

    source: str
    version: str
    file_name: str
    sha256: str
    problem: str = ""
    detail: str = ""
    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    deaths_read: Deaths = field(default_factory=Deaths)
    deaths_accepted: Deaths = field(default_factory=Deaths)
    deaths_quarantined: Deaths = field(default_factory=Deaths)
    widened: Deaths = field(default_factory=Deaths)
    first_day: date | None = None
    last_day: date | None = None
    published_at: date | None = None
    age_days: int | None = None
    ingested_at: str = ""
    cadence: str = ""
    licence: str = ""
    citation: str = ""
    redistribute: bool = True
    proof: dict[str, Any] | None = None
    recorded: dict[str, int] | None = None
    findings: tuple[Found, ...] = ()
    series: str = ""

    @property
    def line(self) -> str:
        """Name of the source, with the series where a source has several."""
        return f"{self.source}:{self.series}" if self.series else self.source

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        days = {name: getattr(self, name) for name in ("first_day", "last_day", "published_at")}
        return {
            **asdict(self),
            **{name: day.isoformat() if day else None for name, day in days.items()},
            "findings": [asdict(f) for f in self.findings],
        }


def audit(home: Home, *, today: date) -> list[ReleaseAudit]:
    """Count every release of a home anew.

    Parameters
    ----------
    home : Home
        Its archive and, where there is one, its register; nothing is written.
    today : date
        The day from which ages are counted.

    Returns
    -------
    list of ReleaseAudit
        By source and publication; releases that the register knows and the archive lost come last.
    """
    records = _records(home)
    held = [_release(home, path, records, today) for path in sorted(home.archive.root.glob("*/*.json"))]
    held.sort(key=lambda r: (r.source, r.published_at or date.min, r.ingested_at, r.sha256))
    there = {(r.source, r.sha256) for r in held}
    return [*held, *(_lost(key, told) for key, told in records.items() if key not in there)]


def _records(home: Home) -> dict[tuple[str, str], dict[str, Any]]:
    if not home.register.exists():
        return {}
    with home.register.read() as session:
        rows = session.scalars(select(Ingestion).order_by(Ingestion.source, Ingestion.id)).all()
        return {(r.source, r.sha256): json.loads(r.account) | {"file_name": r.file_name} for r in rows}


def _lost(key: tuple[str, str], told: Mapping[str, Any]) -> ReleaseAudit:
    source, sha256 = key
    return ReleaseAudit(
        source,
        str(told.get("version") or ""),
        str(told["file_name"]),
        sha256,
        problem="missing",
        detail="taken in once, but no longer in the archive; ingest the file again",
        recorded=_counts(told),
    )


def _counts(told: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(told[name]) for name in ("read", "accepted", "quarantined")}


def _release(
    home: Home, path: Path, records: Mapping[tuple[str, str], dict[str, Any]], today: date
) -> ReleaseAudit:
    """Look at one release; whatever is wrong with it is said, and the next one is looked at."""
    source, sha256 = path.parent.name, path.stem
    try:
        snapshot = next(s for s in home.archive.snapshots(source, only=sha256))
    except StoreError as error:
        return ReleaseAudit(source, "", path.name, sha256, problem="record-unreadable", detail=str(error))
    told = records.get((source, sha256))
    known = ReleaseAudit(
        source,
        snapshot.version,
        snapshot.file_name,
        sha256,
        published_at=snapshot.published_at,
        age_days=(today - snapshot.published_at).days if snapshot.published_at else None,
        ingested_at=snapshot.ingested_at,
        licence=snapshot.licence,
        citation=snapshot.citation,
        proof=_proof(path),
        series=snapshot.series,
        recorded=_counts(told) if told else None,
    )
    try:
        reader = get_source(source)
        frame = home.archive.read(snapshot)
    except UnknownNameError as error:
        return replace(known, problem="source-not-installed", detail=str(error))
    except StoreError as error:
        return replace(known, problem="damaged", detail=str(error))
    known = replace(known, cadence=reader.about.cadence, redistribute=reader.about.redistribute)
    try:
        return _counted(known, reader, frame, snapshot=snapshot, told=told)
    except DataError as error:
        return replace(known, problem="unreadable", detail=str(error))


def _counted(
    known: ReleaseAudit,
    reader: Source,
    frame: pl.DataFrame,
    *,
    snapshot: Snapshot,
    told: Mapping[str, Any] | None,
) -> ReleaseAudit:
    raw = RawFile(
        frame,
        version=snapshot.version,
        published_at=snapshot.published_at,
        table=snapshot.file_name,
        licence=snapshot.licence,
        citation=snapshot.citation,
    )
    parsed = reader.parse(raw, theatre=None)
    admission = admit(parsed.events, context_of(raw, parsed, reader))
    days = admission.accepted.select(
        pl.col("date_start").min().alias("first"),
        pl.max_horizontal("date_start", "date_end").max().alias("last"),
    )
    (first, last) = days.row(0)
    done = replace(
        known,
        read=frame.height,
        accepted=admission.accepted.height,
        quarantined=admission.quarantined.height,
        deaths_read=admission.published,
        deaths_accepted=sum_deaths(admission.accepted),
        deaths_quarantined=sum_deaths(admission.quarantined),
        widened=admission.widened,
        first_day=first,
        last_day=last,
        findings=_found(admission, told),
    )
    problem, detail = _compared(done, snapshot)
    return replace(done, problem=problem, detail=detail)


def _compared(done: ReleaseAudit, snapshot: Snapshot) -> tuple[str, str]:
    """Hold the count against the archive's record, the register's and the proof."""
    if done.read != done.accepted + done.quarantined or done.read != snapshot.rows:
        return "rows-differ", f"{done.read} rows counted, {snapshot.rows} recorded in the archive"
    if done.recorded and done.recorded["read"] != done.read:
        return "rows-differ", f"{done.read} rows counted, {done.recorded['read']} recorded at ingestion"
    if done.deaths_read.best != snapshot.deaths.best:
        return (
            "deaths-differ",
            f"{done.deaths_read.best} deaths counted, {snapshot.deaths.best} recorded in the archive",
        )
    if done.proof and done.proof.get("rows") != done.read:
        return "proof-differs", f"{done.read} rows counted, {done.proof.get('rows')} proven at the fetch"
    return "", ""


def _found(admission: Admission, told: Mapping[str, Any] | None) -> tuple[Found, ...]:
    found = [
        Found(severity, code, n, _example(admission.examples[severity, code].as_dict()),
              admission.examples[severity, code].repair)
        for (severity, code), n in admission.tally.items()
    ]  # fmt: skip
    codes = {f.code for f in found}
    for finding in (told or {}).get("findings", []):
        if finding["row"] is None and finding["code"] not in codes:
            codes.add(finding["code"])
            found.append(Found(finding["severity"], finding["code"], 1, _example(finding), finding["repair"]))
    return tuple(sorted(found, key=lambda f: (_WEIGHT[f.severity], -f.n, f.code)))


def _example(finding: Mapping[str, Any]) -> str:
    where = [f"row {finding['row']}"] if finding["row"] is not None else []
    where += [str(finding["field"])] if finding["field"] else []
    return f"{', '.join(where)}: {finding['found']}" if where else str(finding["found"])


def _proof(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads((path.parent / "proofs" / path.name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None
