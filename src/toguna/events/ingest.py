"""Take a file into the archive and give an account of it.

Enters: a source's file. Leaves: `Account`. Called by the command line.

The archive is written before the register: when a power cut comes between the two, the next ingest of the
same file finds the release and writes the missing record.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import select

from toguna.core.digest import canonical_json, digest, file_sha256
from toguna.core.errors import DataError, StoreError
from toguna.core.findings import Finding, stops
from toguna.core.types import Deaths, Snapshot
from toguna.events.admit import Admission, admit, sum_deaths
from toguna.events.checks.context import Context
from toguna.events.freshness import suspicions, under_another_name
from toguna.sources import get_source
from toguna.sources.protocol import Parsed, RawFile, Source, succession_of, term_of
from toguna.store.home import Home
from toguna.store.register.models import FindingRow, Ingestion

__all__ = ["Account", "context_of", "ingest"]

AT_ONCE_MB = 700
"""Files up to this size in memory are checked while they are written; of larger ones both together would
take more memory than an old laptop has."""


@dataclass(frozen=True, slots=True)
class Account:
    """What was taken in: read = accepted + quarantined.

    Parameters
    ----------
    source : str
        Name of the source.
    status : {"new", "already-held", "refused"}
        "already-held": the same bytes were taken in before and nothing was written. "refused": the file
        cannot be used and nothing was written; the findings say why.
    read, accepted, quarantined : int
        Rows.
    deaths : Deaths
        Sums over the accepted rows.
    findings : tuple of Finding
        What was remarkable.
    sha256 : str
        Digest of the file.
    version : str
        The publisher's version.
    published_at : str or None
        ISO day.
    snapshot : Snapshot or None
        The release in the archive.
    """

    source: str
    status: str
    read: int
    accepted: int
    quarantined: int
    deaths: Deaths
    findings: tuple[Finding, ...]
    sha256: str
    version: str
    published_at: str | None
    snapshot: Snapshot | None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        snapshot = self.snapshot
        return {
            "source": self.source,
            "status": self.status,
            "version": self.version,
            "published_at": self.published_at,
            "sha256": self.sha256,
            "read": self.read,
            "accepted": self.accepted,
            "quarantined": self.quarantined,
            "deaths": self.deaths.as_dict(),
            "findings": [f.as_dict() for f in self.findings],
            "snapshot": f"{snapshot.source}/{snapshot.sha256}" if snapshot else None,
        }


def ingest(source: str, path: Path, home: Home, *, now: datetime | None = None) -> Account:
    """Take one file into a home.

    Parameters
    ----------
    source : str
        Name of the source ("ucdp").
    path : Path
        The file, or for a chronology the pack.
    home : Home
        Where to.
    now : datetime, optional
        Moment of the ingestion; the present one when not given.

    Raises
    ------
    UnknownNameError
        No such source.
    DataError
        No such file, or it was changed while it was read.
    StoreError
        The archive or the register cannot be written.
    """
    reader = get_source(source)
    before = _state(path)
    sealed, open_key = _sealed(reader, home)
    with ThreadPoolExecutor(max_workers=1) as other_core:
        # A new file is read while it is looked for; one of a name that is held is likely the same again.
        looked_for = other_core.submit(_looked_for, reader, path, home)
        raw = None if _name_is_held(source, path, home) else sealed.read(path)
        sha256, snapshot, recorded = looked_for.result()
    if snapshot and recorded:
        return _again(recorded, snapshot, _renamed(reader, path, snapshot))
    raw = raw or sealed.read(path)
    if _state(path) != before:
        raise DataError(f"{path} was changed while it was read; ingest it again when it is whole.")
    raw = replace(raw, findings=(*open_key, *raw.findings))
    if stops(raw.findings):
        return _refused(source, raw, sha256)
    snapshot = snapshot or _snapshot(reader, raw, path=path, sha256=sha256, now=now or datetime.now(UTC))
    with ThreadPoolExecutor(max_workers=1) as other_core:
        judged = other_core.submit(_judged, reader, raw, snapshot, home)
        if raw.frame.estimated_size("mb") > AT_ONCE_MB:
            judged.result()
        home.archive.put(raw.frame, snapshot=snapshot, completed=lambda: judged.result()[1])
    account, snapshot = judged.result()
    _record(account, snapshot, home)
    return account


def _judged(reader: Source, raw: RawFile, snapshot: Snapshot, home: Home) -> tuple[Account, Snapshot]:
    """Read the rows as events and check them; the events themselves are not kept."""
    parsed = reader.parse(raw, theatre=None)
    admission = admit(parsed.events, context_of(raw, parsed, reader))
    first, last = _days(parsed.events)
    snapshot = replace(
        snapshot,
        rows=raw.frame.height,
        deaths=admission.published,
        series=raw.series,
        first_day=first,
        last_day=last,
    )
    return _account(raw, admission, snapshot, _odd(reader, snapshot, home)), snapshot


def context_of(raw: RawFile, parsed: Parsed, reader: Source) -> Context:
    """Collect what the checks may know of a file taken by itself, without a theatre."""
    return Context(
        raw.table,
        parsed.unreadable,
        parsed.columns,
        raw.published_at,
        decimal=parsed.decimal,
        licence=raw.licence or reader.about.licence,
    )


def _sealed(reader: Source, home: Home) -> tuple[Source, tuple[Finding, ...]]:
    """Let a source that holds what leads to persons seal it, first of all, with the key of the home."""
    sealed_by = getattr(reader, "sealed_by", None)
    if sealed_by is None:
        return reader, ()
    key, findings = home.sealing_key()
    reader = sealed_by(key)
    return reader, findings


def _looked_for(reader: Source, path: Path, home: Home) -> tuple[str, Snapshot | None, dict[str, Any] | None]:
    """Return the digest of a file, and what archive and register hold of these bytes."""
    sha256 = _digest(reader, path)
    return sha256, home.archive.find(reader.name, sha256), _recorded(reader.name, sha256, home)


def _digest(reader: Source, path: Path) -> str:
    """Digest the bytes of a file; with what lies beside it, where that says how the file is read."""
    own = file_sha256(_file(path))
    companions = getattr(reader, "companions", None)
    beside: list[Path] = companions(path) if companions else []
    return digest([own, *map(file_sha256, beside)]) if beside else own


def _name_is_held(source: str, path: Path, home: Home) -> bool:
    """Whether a file of this name was taken in before; a damaged record is told later, where it matters."""
    try:
        return any(s.file_name == path.name for s in home.archive.snapshots(source))
    except StoreError:
        return True


def _state(path: Path) -> tuple[int, int]:
    """Return size and time of change: the digest must be that of the rows that were read after it."""
    told = _file(path).stat()
    return told.st_size, told.st_mtime_ns


def _file(path: Path) -> Path:
    file = path / "incidents.csv" if (path / "incidents.csv").is_file() else path
    if file.is_dir():
        raise DataError(f"{path} is a folder; name the file in it.")
    if not file.is_file():
        raise DataError(f"there is no file {file}; check the path.")
    return file


def _snapshot(reader: Source, raw: RawFile, *, path: Path, sha256: str, now: datetime) -> Snapshot:
    return Snapshot(
        source=reader.name,
        version=raw.version,
        sha256=sha256,
        file_name=path.name,
        licence=raw.licence or reader.about.licence,
        citation=raw.citation or reader.about.citation,
        published_at=raw.published_at,
        ingested_at=now.isoformat(timespec="seconds"),
        rows=raw.frame.height,
        deaths=Deaths(),
    )


def _days(events: pl.DataFrame) -> tuple[date | None, date | None]:
    """Return the first day of the first event and the last day of the last."""
    last = pl.max_horizontal("date_start", "date_end").max()
    return events.select(pl.col("date_start").min(), last.alias("last")).row(0)


def _odd(reader: Source, snapshot: Snapshot, home: Home) -> list[Finding]:
    """Say what is odd about a release beside those held, where it is the newest final or preliminary one."""
    held = [s for s in home.archive.snapshots(reader.name) if s.series == snapshot.series]
    known = [s for s in held if s.published_at and s.sha256 != snapshot.sha256]
    known.sort(key=lambda s: s.published_at or date.min)
    same = [s for s in known if _is_preliminary(reader, s) == _is_preliminary(reader, snapshot)]
    if snapshot.published_at is None or any(s.published_at > snapshot.published_at for s in same):  # type: ignore[operator]
        return []
    line = [(s, term_of(reader, s.version)) for s in (*known, snapshot)]
    said = suspicions(line, whole=succession_of(reader) == "whole")
    return [f for f in said if f"version {snapshot.version}" in f.found]


def _is_preliminary(reader: Source, snapshot: Snapshot) -> bool:
    term = term_of(reader, snapshot.version)
    return term is not None and term.preliminary


def _renamed(reader: Source, path: Path, snapshot: Snapshot) -> list[Finding]:
    """Tell when bytes that are held come again under the name of another version."""
    if path.name == snapshot.file_name:
        return []
    version = reader.read(path).version
    return [under_another_name(snapshot, path.name, version)] if version != snapshot.version else []


def _account(raw: RawFile, admission: Admission, snapshot: Snapshot, odd: list[Finding]) -> Account:
    return Account(
        source=snapshot.source,
        status="new",
        read=raw.frame.height,
        accepted=admission.accepted.height,
        quarantined=admission.quarantined.height,
        deaths=sum_deaths(admission.accepted),
        findings=(*raw.findings, *odd, *admission.findings),
        sha256=snapshot.sha256,
        version=snapshot.version,
        published_at=snapshot.published_at.isoformat() if snapshot.published_at else None,
        snapshot=snapshot,
    )


def _refused(source: str, raw: RawFile, sha256: str) -> Account:
    return Account(source, "refused", 0, 0, 0, Deaths(), raw.findings, sha256, "", None, None)


def _recorded(source: str, sha256: str, home: Home) -> dict[str, Any] | None:
    with home.register.read() as session:
        text = session.scalar(
            select(Ingestion.account).where(Ingestion.source == source, Ingestion.sha256 == sha256)
        )
    told: dict[str, Any] | None = json.loads(text) if text else None
    return told


def _again(told: dict[str, Any], snapshot: Snapshot, renamed: list[Finding]) -> Account:
    """Give the account of the first time, word for word but for the status and another name of the file."""
    names = ("source", "read", "accepted", "quarantined", "sha256", "version", "published_at")
    return Account(
        status="already-held",
        deaths=Deaths(**told["deaths"]),
        findings=(*renamed, *(Finding(**finding) for finding in told["findings"])),
        snapshot=snapshot,
        **{name: told[name] for name in names},
    )


def _record(account: Account, snapshot: Snapshot, home: Home) -> None:
    """Write the ingestion and its findings, unless another process was faster."""
    with home.register.write() as session:
        held = select(Ingestion.id).where(
            Ingestion.source == account.source, Ingestion.sha256 == account.sha256
        )
        if session.scalar(held) is not None:
            return
        ingestion = Ingestion(
            source=account.source,
            sha256=account.sha256,
            version=account.version,
            file_name=snapshot.file_name,
            published_at=account.published_at,
            ingested_at=snapshot.ingested_at,
            account=canonical_json(account.as_dict()),
        )
        session.add(ingestion)
        session.flush()
        session.add_all(_finding_row(ingestion.id, finding) for finding in account.findings)


def _finding_row(ingestion: int, finding: Finding) -> FindingRow:
    # PostgreSQL keeps no NUL sign; the account beside it holds the text as it was.
    told = {k: v.replace("\0", "␀") if isinstance(v, str) else v for k, v in finding.as_dict().items()}
    return FindingRow(ingestion_id=ingestion, place=told.pop("table"), **told)
