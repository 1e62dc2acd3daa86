"""The flags of verbs that write to the ledger: who does it, and when.

Called by ``toguna warn``, ``toguna ledger`` and ``toguna lessons``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from toguna.cli.flags import Common
from toguna.core.errors import UsageError

if TYPE_CHECKING:
    from toguna.cli.flags import Common as Flags
    from toguna.warnings.ledger.book import Ledger
    from toguna.warnings.moves import Hand

__all__ = ["At", "HandFlags", "Id", "hand_of", "ledger_of", "moment"]

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the warning.")]
At = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="WHEN", help="When it was done, where that was earlier: a day or a moment (UTC)."
    ),
]


@dataclass(frozen=True, kw_only=True)
class HandFlags(Common):
    """Flags of a step on a warning."""

    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who does this: a name of office or role.")]
    at: At = None


def moment(text: str) -> datetime:
    """Read a day (noon is meant) or a moment; without an offset UTC is meant."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"--at {text!r} is no moment; write it as 2015-11-24 or 2015-11-24T18:30+00:00."
        ) from None
    if len(text.strip()) == len("2015-11-24"):
        found = found.replace(hour=12)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def hand_of(by: str, at: str | None) -> Hand:
    """Say who writes, and when."""
    from toguna.warnings.moves import Hand

    return Hand(by, datetime.now(UTC), moment(at) if at else None)


def ledger_of(flags: Flags) -> Ledger:
    """Open the ledger of the home."""
    from toguna.cli.view import home_of
    from toguna.warnings.ledger.book import Ledger

    return Ledger(home_of(flags))
