"""What people state about two events: the same incident, or two.

Enters: a register and a statement. Leaves: rows in the register, and the statements in the order in which
they were made. Called by `toguna.room.view` and ``toguna links``.

A statement is never changed: a later one about the same two events takes its place, and both stay on record.
Like the additions to actors it holds for every assessment that sees both events, whatever day it was
recorded on.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from toguna.core.errors import UsageError
from toguna.events.links import Ruling
from toguna.store.register import Register
from toguna.store.register.models import LinkStatement

__all__ = ["rulings", "state", "stated"]


def state(register: Register, theatre: str, ruling: Ruling) -> None:
    """Record a statement, in a transaction of its own; see `stated`."""
    with register.write() as session:
        stated(session, theatre, ruling)


def stated(session: Session, theatre: str, ruling: Ruling) -> None:
    """Record a statement.

    Raises
    ------
    UsageError
        It lacks a page it rests on, a reason, or a role; or it is about one event only.
    """
    for what, flag in ((ruling.source_url, "--source-url URL"), (ruling.reason, "--reason TEXT")):
        if not what.strip():
            raise UsageError(f"a statement needs {flag}.")
    if not ruling.by.strip():
        raise UsageError("a statement needs --by ROLE: in what role you state it, never a person's name.")
    if ruling.event_a == ruling.event_b:
        raise UsageError(f"{ruling.event_a} was named twice; name two events.")
    if ruling.speaks not in (None, ruling.event_a, ruling.event_b):
        raise UsageError(f"--speaks {ruling.speaks}: name one of the two events.")
    first, second = sorted((ruling.event_a, ruling.event_b))
    row = LinkStatement(
        theatre=theatre,
        event_a=first,
        event_b=second,
        verdict=ruling.verdict,
        speaks=ruling.speaks,
        stated_by=ruling.by.strip(),
        reason=ruling.reason.strip(),
        sources=ruling.source_url.strip(),
        recorded_at=ruling.recorded_at,
    )
    session.add(row)


def rulings(register: Register | None, theatre: str) -> tuple[Ruling, ...]:
    """Return every statement about a theatre, oldest first; none when the register was never written."""
    if register is None or not register.exists():
        return ()
    query = select(LinkStatement).where(LinkStatement.theatre == theatre).order_by(LinkStatement.id)
    with register.read() as session:
        return tuple(
            Ruling(
                row.event_a,
                row.event_b,
                "same" if row.verdict == "same" else "different",
                row.speaks,
                row.stated_by,
                row.reason,
                row.sources,
                row.recorded_at,
            )
            for row in session.scalars(query)
        )
