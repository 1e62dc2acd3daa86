"""A copy of a home in one file, and a home from such a copy.

Enters: a home, or a file. Leaves: the other. Called by ``toguna backup`` and ``toguna restore``.

The file is a tar archive (gzip). The register is in it as rows, table by table, read in one transaction: it
can be put back into SQLite or PostgreSQL. All else is in it as it lies in the home, but for what can be built
again (`room/`) and the settings of this machine (`home.toml`). A list with the sha256 of every part closes
it; nothing is put back before all of them agree. The file holds the key of the home and sealed identities: it
is written for its owner alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from toguna import __version__
from toguna.accounts import auditverify
from toguna.accounts.auditchain import FOLDER as AUDIT
from toguna.core.errors import DataError, UsageError
from toguna.store.alone import alone
from toguna.store.durable import FRESH, write_durably
from toguna.store.home import Home
from toguna.store.register.models import Base
from toguna.warnings.ledger.book import FOLDER as LEDGER
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.verify import Verdict, verify

__all__ = ["Copied", "backup", "restore"]

_LIST = "toguna-backup.json"
_REGISTER = "register"
_LEFT_OUT = {"room", "home.toml"}
_ROWS = 1000


@dataclass(frozen=True)
class Copied:
    """What a copy holds.

    Parameters
    ----------
    files : int
        Files besides the register.
    rows : mapping of str to int
        Rows by table.
    bytes : int
        Size of the copy.
    verdict : Verdict or None
        Whether the ledger holds, after a copy was put back; None when there is none.
    audit : Verdict or None
        The same of the audit.
    """

    files: int
    rows: Mapping[str, int]
    bytes: int
    verdict: Verdict | None = None
    audit: auditverify.Verdict | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        ledger, audit = (one.as_dict() if one else None for one in (self.verdict, self.audit))
        counted = {"files": self.files, "rows": dict(self.rows), "bytes": self.bytes}
        return {**counted, "ledger": ledger, "audit": audit}


class _Writer:
    """An archive that notes the digest of everything put into it."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar, self.digests = tar, dict[str, str]()

    def text(self, name: str, content: str) -> None:
        data = content.encode()
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(data), 0o600
        self.tar.addfile(entry, io.BytesIO(data))
        self.digests[name] = hashlib.sha256(data).hexdigest()

    def file(self, path: Path, name: str) -> None:
        # Read once: a file that is replaced meanwhile is copied as it was when it was opened.
        with path.open("rb") as stream:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = os.fstat(stream.fileno()).st_size, 0o600
            hashed = _Hashed(stream)
            self.tar.addfile(entry, hashed)
            self.digests[name] = hashed.digest.hexdigest()


class _Hashed(io.RawIOBase):
    """A stream that is hashed as it is read."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.digest = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = bytes(self._stream.read(size))
        self.digest.update(data)
        return data


def backup(home: Home, file: Path, *, now: datetime) -> Copied:
    """Write a copy of a home; readers and writers go on meanwhile.

    Raises
    ------
    UsageError
        There is no such home, or the file would lie within it.
    """
    if not home.path.is_dir():
        raise UsageError(f"there is no home {home.path}; say --home DIR.")
    if file.resolve().is_relative_to(home.path.resolve()):
        raise UsageError(f"{file} lies in the home itself; name a place outside it, best on another disk.")
    file.parent.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    names: list[str] = []

    def write(path: Path) -> None:
        path.chmod(0o600)
        with tarfile.open(path, "w:gz", compresslevel=3) as tar:
            writer = _Writer(tar)
            rows.update(_write_register(home, writer))
            for part in _files(home.path, top=True):
                name = f"home/{part.relative_to(home.path).as_posix()}"
                if name not in writer.digests:
                    writer.file(part, name)
            names.extend(n for n in writer.digests if n.startswith("home/"))
            told = {
                "made_at": now.isoformat(),
                "version": __version__,
                "rows": rows,
                "sha256": writer.digests,
            }
            writer.text(_LIST, json.dumps(told, indent=1))

    write_durably(file, write)
    return Copied(len(names), rows, file.stat().st_size)


def _write_register(home: Home, writer: _Writer) -> dict[str, int]:
    """Write the tables, and the head of the ledger under the same lock: the two belong together.

    The head of the audit goes first, without a lock: it may be behind its rows, never ahead of them.
    """
    counted: dict[str, int] = {}
    head, audit = home.path / LEDGER, home.path / AUDIT
    for part in _files(audit) if audit.is_dir() else ():
        writer.file(part, f"home/{part.relative_to(home.path).as_posix()}")
    with ExitStack() as held:
        if head.is_dir():
            held.enter_context(alone(head))
        session = held.enter_context(home.register.read())
        for table in Base.metadata.sorted_tables:
            lines = [json.dumps(row, ensure_ascii=False) for row in _rows(session, table)]
            writer.text(f"{_REGISTER}/{table.name}.jsonl", "".join(f"{line}\n" for line in lines))
            counted[table.name] = len(lines)
        for part in _files(head) if head.is_dir() else ():
            writer.file(part, f"home/{part.relative_to(home.path).as_posix()}")
    return counted


def _rows(session: Session, table: Table) -> Iterator[dict[str, Any]]:
    order = list(table.primary_key.columns)
    for row in session.execute(select(table).order_by(*order)).mappings():
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return value


def _again(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"hex"}:
        return bytes.fromhex(value["hex"])
    if isinstance(value, dict) and set(value) == {"moment"}:
        return datetime.fromisoformat(value["moment"])
    return value


def _files(folder: Path, *, top: bool = False) -> Iterator[Path]:
    """List the files that belong into a copy; nothing half written. At the top some names are left out."""
    for path in sorted(folder.iterdir()):
        name = path.name
        if name.startswith((FRESH, ".")) or (
            top and (name in _LEFT_OUT or name.startswith("register.sqlite"))
        ):
            continue
        if path.is_symlink():
            raise UsageError(
                f"{path} is a link; what it leads to would be missing from the copy. Move it here."
            )
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def restore(home: Home, file: Path) -> Copied:
    """Make a home from a copy; it appears whole or not at all.

    Raises
    ------
    UsageError
        The home holds something already.
    DataError
        The file is no copy, or a part of it is not as it was written.
    """
    if home.path.exists() and any(home.path.iterdir()):
        raise UsageError(f"{home.path} holds something already; name an empty or new folder with --home.")
    place = home.path.absolute()
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{place.name}.", suffix=".restoring", dir=place.parent))
    try:
        told = _unpack(file, fresh)
        new = Home(fresh / "home")
        new.path.mkdir(mode=0o700, exist_ok=True)
        counted = _fill(new, fresh / _REGISTER, told)
        verdict = verify(Ledger(new)) if counted.get("ledger_entry") else None
        audit = auditverify.verify(new) if counted.get("audit_entry") else None
        new.register.close()
        if place.exists():
            place.rmdir()
        new.path.rename(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    files = sum(name.startswith("home/") for name in told["sha256"])
    return Copied(files, counted, file.stat().st_size, verdict, audit)


def _unpack(file: Path, into: Path) -> dict[str, Any]:
    """Unpack a copy into an empty folder, and hold every part against the list."""
    found: dict[str, str] = {}
    try:
        with tarfile.open(file, "r:gz") as tar:
            for entry in tar:
                found[entry.name] = _unpack_one(tar, entry, into)
        told: dict[str, Any] = json.loads((into / _LIST).read_text(encoding="utf-8"))
        listed = dict(told["sha256"])
    except FileNotFoundError:
        raise DataError(f"{file} is not there, or is no copy that `toguna backup` wrote whole.") from None
    except (tarfile.TarError, OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file} cannot be read as a copy ({error}); take another copy.") from None
    found.pop(_LIST)
    wrong = sorted(name for name in found.keys() | listed.keys() if found.get(name) != listed.get(name))
    if wrong:
        raise DataError(
            f"{file}: {len(wrong)} parts are not as they were written, first {wrong[0]}; take another copy."
        )
    return told


def _unpack_one(tar: tarfile.TarFile, entry: tarfile.TarInfo, into: Path) -> str:
    name = PurePosixPath(entry.name)
    if not entry.isreg() or name.is_absolute() or ".." in name.parts or len(entry.name) > 1024:
        raise ValueError(f"a part named {entry.name[:80]!r} that no copy has")
    path = into / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stream = tar.extractfile(entry)
    hashed = hashlib.sha256()
    with path.open("xb") as out:
        path.chmod(0o600)
        while stream is not None and (data := stream.read(1 << 20)):
            hashed.update(data)
            out.write(data)
    return hashed.hexdigest()


def _fill(home: Home, folder: Path, told: Mapping[str, Any]) -> dict[str, int]:
    """Put the rows back, in one transaction, into tables that are empty."""
    counted = {}
    known = {table.name for table in Base.metadata.sorted_tables}
    if newer := sorted(set(told["rows"]) - known):
        raise DataError(f"the copy holds tables that this version does not know ({newer[0]}); update Toguna.")
    with home.register.write() as session:
        for table in Base.metadata.sorted_tables:
            path = folder / f"{table.name}.jsonl"
            if session.scalar(select(func.count()).select_from(table)):
                raise UsageError("the register of this home holds rows already; name one that is empty.")
            counted[table.name] = _fill_table(session, table, path) if path.is_file() else 0
        if session.get_bind().dialect.name == "postgresql":
            _count_on(session)
    return counted


def _fill_table(session: Session, table: Table, path: Path) -> int:
    batch, n = [], 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            batch.append({name: _again(value) for name, value in json.loads(line).items()})
            n += 1
            if len(batch) == _ROWS:
                session.execute(insert(table), batch)
                batch = []
    if batch:
        session.execute(insert(table), batch)
    return n


def _count_on(session: Session) -> None:
    """Let PostgreSQL number new rows behind those put back."""
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "
                    f'(SELECT coalesce(max({column.name}), 0) + 1 FROM "{table.name}"), false)'
                )
            )
