"""The chain of the audit: every entry sealed with the one before, the end told outside the database.

Enters: a session that writes, and what is to be kept. Leaves: rows, and after the commit the head in
HOME/audit. Called by `toguna.accounts.audit`. The links are those of the ledger (`toguna.store.chain`), two
things differ. Nothing is refused when the end is not the one the head tells of: people could not log in any
more; an entry that says so is put first, and stays. And the oldest entries go by rule: an entry that tells
how far, and what the first one kept is linked to, is put at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from toguna.core.errors import DataError, StoreError
from toguna.store.alone import alone
from toguna.store.chain import GENESIS, hash_of, sealed, signing_key
from toguna.store.head import HEAD, Head, read_head, write_head
from toguna.store.register.account_tables import AuditEntry
from toguna.store.register.database import once_committed
from toguna.store.sealing import sealing_key

__all__ = ["BROKEN", "FOLDER", "FORGOTTEN", "SEALED", "add", "forget", "head_path", "rows_of"]

FOLDER = "audit"
BROKEN, FORGOTTEN, SEALED = "audit-broken", "audit-forgotten", "audit-sealed"
"""What the chain says of itself: its end was not as told; how far it was deleted; how far sealed late."""

_ROWS = AuditEntry.__table__
_SEALED = _ROWS.c.hash.is_not(None)
_END = "audit-end"


class _End(NamedTuple):
    """Where the next entry is put: number and hash of the one before."""

    seq: int
    hash: str


def head_path(home: Path) -> Path:
    """Return where the head lies."""
    return home / FOLDER / HEAD


def rows_of(session: Session) -> list[dict[str, Any]]:
    """Return the rows as the database gives them, in their order; their numbers stand under ``seq``."""
    return [_told(dict(row._mapping)) for row in session.execute(select(_ROWS).order_by(_ROWS.c.id))]


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {"seq" if name == "id" else name: value for name, value in row.items()}


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id" if name == "seq" else name: value for name, value in row.items()}


def add(session: Session, told: Mapping[str, str]) -> None:
    """Put an entry (at, by, act, subject) behind the end, in the transaction of the act it tells of.

    Raises
    ------
    StoreError
        The register belongs to no home, so that there is no key.
    """
    key = _ready(session, told["at"])
    _put(session, told, key)
    end: _End = session.info[_END]
    head = Head(end.seq, end.hash).signed(key)
    once_committed(session, "audit", partial(_tell, session.info["home"], head, key))


def _ready(session: Session, at: str) -> bytes:
    """Find the end of the chain, once in a transaction; return the key."""
    home = session.info.get("home")
    if home is None:
        raise StoreError("this register belongs to no home; the audit needs the key of one. Open it by Home.")
    key = signing_key(sealing_key(home)[0], "audit")
    if _END not in session.info:
        act, subject = _opened(session, home, key)
        if act:
            _put(session, {"at": at, "by": "", "act": act, "subject": subject}, key)
    return key


def _put(session: Session, told: Mapping[str, str], key: bytes) -> None:
    end: _End = session.info[_END]
    row = sealed({"seq": end.seq + 1, **told}, previous=end.hash, key=key)
    session.execute(insert(AuditEntry), [_kept(row)])
    session.info[_END] = _End(row["seq"], row["hash"])


def _opened(session: Session, home: Path, key: bytes) -> tuple[str, str]:
    """Find the end, and what has to be said of it first: an act and its subject, or nothing."""
    head, foreign = _head(home, key)
    if head is None and not foreign and not session.scalar(select(_ROWS.c.id).where(_SEALED).limit(1)):
        session.info[_END] = end = _sealed_late(session, key)
        return (SEALED, str(end.seq)) if end.seq else ("", "")
    newest = session.execute(select(_ROWS).order_by(_ROWS.c.id.desc()).limit(1)).first()
    last: dict[str, Any] = _told(dict(newest._mapping)) if newest else {"seq": 0, "hash": GENESIS}
    number = max(last["seq"], head.entries if head else 0)  # behind a cut end its numbers stay missing
    session.info[_END] = _End(number, last["hash"] or hash_of(last))
    if head and session.scalar(select(_ROWS.c.hash).where(_ROWS.c.id == head.entries)) == head.hash:
        return "", ""
    return BROKEN, f"head {f'{head.entries} {head.hash}' if head else 'none'}; register {last['seq']}"


def _head(home: Path, key: bytes) -> tuple[Head | None, bool]:
    """Read the head; and whether something lies there that we did not write."""
    try:
        head = read_head(head_path(home))
    except DataError:
        return None, True
    ours = head is None or head.is_ours(key)
    return (head, False) if ours else (None, True)


def _sealed_late(session: Session, key: bytes) -> _End:
    """Seal entries of before there was a chain, as they are found."""
    end = _End(0, GENESIS)
    for number, row in enumerate(rows_of(session), start=1):  # without gaps: a number only ever gets smaller
        linked = sealed(row | {"seq": number}, previous=end.hash, key=key)
        session.execute(update(AuditEntry).where(_ROWS.c.id == row["seq"]).values(_kept(linked)))
        end = _End(number, linked["hash"])
    return end


def forget(session: Session, before: str, *, at: str, do: bool) -> int:
    """Delete the entries older than a moment, from the first one on, and leave an entry that tells how far.

    Parameters
    ----------
    before, at : str
        The moment; now. UTC, ISO.
    do : bool
        Whether to delete; else only to count.

    Returns
    -------
    int
        How many. Entries behind a younger one stay until that goes.
    """
    if do and _oldest(session, before):
        _ready(session, at)  # it may seal and number them first
    last = _oldest(session, before)
    n = session.scalar(select(func.count()).where(_ROWS.c.id <= last)) or 0
    if do and n:
        hash = session.scalar(select(_ROWS.c.hash).where(_ROWS.c.id == last))
        add(session, {"at": at, "by": "", "act": FORGOTTEN, "subject": f"{last} {hash} {n}"})
        session.execute(delete(AuditEntry).where(_ROWS.c.id <= last))
    return n


def _oldest(session: Session, before: str) -> int:
    """Return the number of the last of the entries that are older than a moment; 0 when there is none."""
    younger = session.scalar(select(func.min(_ROWS.c.id)).where(_ROWS.c.at >= before))
    older = select(func.max(_ROWS.c.id))
    return session.scalar(older if younger is None else older.where(_ROWS.c.id < younger)) or 0


def _tell(home: Path, head: Head, key: bytes) -> None:
    """Move the head on, never back: of two who committed the first may come here last."""
    folder = home / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            known, _ = _head(home, key)
            if known is None or known.entries < head.entries:
                write_head(folder / HEAD, head)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror}.") from None
