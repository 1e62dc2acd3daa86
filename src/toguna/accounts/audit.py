"""The audit: acts on accounts, and reads of sensitive records. Who, what, when; never a secret.

Called by every act on accounts and by pages that show sensitive records. Entries are added and read, never
changed; they are a chain (`toguna.accounts.auditchain`), and `toguna audit verify` sees what was done to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from toguna.accounts.auditchain import add
from toguna.accounts.gate import Gate
from toguna.accounts.moments import written
from toguna.store.register.account_tables import AuditEntry

__all__ = ["Noted", "audit", "note", "note_reads"]

_LONGEST_SUBJECT = 200
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Noted:
    """One entry: at (UTC, ISO), by (name of an account, "" for nobody), act (kebab-case), subject."""

    at: str
    by: str
    act: str
    subject: str


def note(session: Session, now: datetime, by: str, act: str, subject: str = "") -> None:
    """Keep one act, in the transaction of the act itself."""
    add(
        session,
        {"at": written(now), "by": by[:_LONGEST_NAME], "act": act, "subject": subject[:_LONGEST_SUBJECT]},
    )


def note_reads(gate: Gate, by: str, kind: str, ids: Iterable[str]) -> None:
    """Keep that somebody was shown sensitive records; called before they are shown.

    Parameters
    ----------
    gate : Gate
        Where it is kept.
    by : str
        Name of the account.
    kind : str
        What was read ("report", "reporter", "warning").
    ids : iterable of str
        Ids of the records.
    """
    with gate.register.write() as session:
        for id in ids:
            note(session, gate.now(), by, f"read-{kind}", id)


def audit(session: Session, *, by: str | None = None, act: str | None = None, most: int = 200) -> list[Noted]:
    """List the newest entries, the last one first."""
    rows = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(most)
    if by is not None:
        rows = rows.where(AuditEntry.by == by)
    if act is not None:
        rows = rows.where(AuditEntry.act == act)
    return [Noted(row.at, row.by, row.act, row.subject) for row in session.scalars(rows)]
