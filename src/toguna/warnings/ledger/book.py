"""Add to the ledger, and read it.

Enters: a home and what is to be recorded. Leaves: entries. Called by the command line and the room. Nothing
here changes or deletes a row. One writer at a time, whatever the database: a lock on the folder of the head,
and inside it one transaction; the head is written after the commit, so that a cut leaves it at most one step
behind, never ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from toguna.core.errors import DataError, StoreError
from toguna.store.alone import alone
from toguna.store.head import HEAD, Head, read_head, write_head
from toguna.store.home import Home
from toguna.store.register.models import LedgerEntry
from toguna.warnings.ledger.chain import GENESIS, Entry, entry_of, linked, signing_key
from toguna.warnings.ledger.resumed import Rows, set_aside

__all__ = ["FOLDER", "Draft", "Ledger"]

FOLDER = "ledger"
"""Where the head lies, in a home."""

_ROWS = LedgerEntry.__table__
_STATE = (
    select(select(func.count()).select_from(_ROWS).scalar_subquery(), _ROWS.c.seq, _ROWS.c.hash)
    .order_by(_ROWS.c.seq.desc())
    .limit(1)
)
_BROKEN = (
    "The ledger does not hold: run `toguna ledger verify`, and put back a copy of the register; where there "
    "is none, go on with `toguna ledger resume`."
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be recorded, before it has a number; see `toguna.warnings.ledger.chain.Entry`."""

    theatre: str
    subject: str
    kind: str
    by: str
    happened_at: str
    recorded_at: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Ledger:
    """The ledger of a home."""

    home: Home

    @property
    def head_path(self) -> Path:
        """Where the head lies."""
        return self.home.path / FOLDER / HEAD

    def exists(self) -> bool:
        """Whether anything can have been written."""
        return self.home.register.exists()

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries in their order; none when the register was never written.

        Rows that were set aside when a broken chain was resumed are left out.

        Raises
        ------
        StoreError
            A row cannot be read as an entry: somebody changed it outside the program.
        """
        if not self.exists():
            return ()
        with self.home.register.read() as session:
            return _read(session)

    def state(self) -> tuple[int, int, str]:
        """Return what differs as soon as an entry was added: rows, the last number and its hash.

        A row that somebody changed outside the program is not seen by it: `toguna ledger verify` sees that.
        """
        if not self.exists():
            return 0, 0, ""
        with self.home.register.look() as line:
            row = line.execute(_STATE).first()
        return (int(row[0]), int(row[1]), str(row[2])) if row else (0, 0, "")

    def append(self, decide: Callable[[Sequence[Entry]], Sequence[Draft]]) -> tuple[Entry, ...]:
        """Record what `decide` makes of the entries there are, all of it or nothing.

        Parameters
        ----------
        decide : callable
            Gets every entry, under the lock; whatever it raises leaves the ledger as it was.

        Raises
        ------
        StoreError
            The end of the chain is not the one that the head tells of: adding to it would hide that.
        """
        key = signing_key(self.home.sealing_key()[0])
        with self._locked():
            with self.home.register.write() as session:
                entries = _read(session)
                self._refuse_cut(entries, key)
                rows = _rows(decide(entries), entries, key)
                if rows:
                    session.execute(insert(LedgerEntry), rows)
            if rows:
                write_head(self.head_path, Head(rows[-1]["seq"], rows[-1]["hash"]).signed(key))
        return tuple(entry_of(row) for row in rows)

    def start_anew(self, make: Callable[[Rows, bytes, Head | None], tuple[Draft, int, str]]) -> Entry:
        """Write the entry that starts a broken chain anew; see `toguna.warnings.resume`.

        Parameters
        ----------
        make : callable
            Gets every row, the key and the head, under the lock; returns what is recorded, its number, and
            the seal of what lies before.
        """
        key = signing_key(self.home.sealing_key()[0])
        with self._locked():
            with self.home.register.write() as session:
                draft, seq, seal = make(rows_of(session), key, self._head())
                row = linked(Entry(seq, **_told(draft)), previous=seal, key=key)
                session.execute(insert(LedgerEntry), [row])
            write_head(self.head_path, Head(row["seq"], row["hash"]).signed(key))
        return entry_of(row)

    def _head(self) -> Head | None:
        try:
            return read_head(self.head_path)
        except DataError:
            return None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.head_path.parent.mkdir(parents=True, exist_ok=True)
            with alone(self.head_path.parent):
                yield
        except OSError as error:
            raise StoreError(f"{self.head_path.parent} cannot be written: {error.strerror}.") from None

    def _refuse_cut(self, entries: Sequence[Entry], key: bytes) -> None:
        head = read_head(self.head_path)
        if head is None:
            if entries:
                raise StoreError(
                    f"{self.head_path} is gone although the ledger in {self.home.register.address} "
                    f"has entries. {_BROKEN} If that register belongs to another home, write from there."
                )
            return
        at = {entry.seq: entry.hash for entry in entries}.get(head.entries, "")
        if not head.is_ours(key) or head.hash != (at if head.entries else GENESIS):
            raise StoreError(
                f"the end of the ledger is not the one that {self.head_path} tells of. {_BROKEN}"
            )


def _rows(drafts: Sequence[Draft], entries: Sequence[Entry], key: bytes) -> list[dict[str, Any]]:
    previous = entries[-1].hash if entries else GENESIS
    rows: list[dict[str, Any]] = []
    for seq, draft in enumerate(drafts, start=entries[-1].seq + 1 if entries else 1):
        rows.append(linked(Entry(seq, **_told(draft)), previous=previous, key=key))
        previous = rows[-1]["hash"]
    return rows


def _told(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__}


def rows_of(session: Session) -> list[dict[str, Any]]:
    """Return the rows as the database gives them, in the order of their numbers."""
    table = LedgerEntry.__table__
    return [dict(row._mapping) for row in session.execute(select(table).order_by(table.c.seq))]


def _read(session: Session) -> tuple[Entry, ...]:
    try:
        rows = rows_of(session)
        aside = set_aside(rows)
        return tuple(entry_of(row) for row in rows if row["seq"] not in aside)
    except (ValueError, TypeError) as error:
        raise StoreError(f"an entry of the ledger cannot be read ({error}). {_BROKEN}") from None
