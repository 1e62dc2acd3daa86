"""What may leave, and by which way. Called by every output before it writes a word."""

from __future__ import annotations

from toguna.core.errors import UsageError
from toguna.warnings.states import Record

__all__ = ["let_out"]


def let_out(record: Record, channel: str, *, drafts: bool = False) -> None:
    """Let a warning pass, or say why not.

    Parameters
    ----------
    record : Record
    channel : str
        Name of the way out, for the message.
    drafts : bool
        Whether a draft may pass, marked as one.

    Raises
    ------
    UsageError
        It is restricted and what it says now was not released by a second person; or it was never issued.
    """
    if not record.released:
        raise UsageError(
            f"{record.id} is restricted and nobody released what it says now: it may not leave as {channel}. "
            f"`toguna ledger release {record.id} --by NAME`, by somebody who did not write it."
        )
    if record.issued_at is None and not drafts:
        raise UsageError(
            f"{record.id} is {record.state} and was never issued: it may not leave as {channel}. "
            f"`toguna ledger issue {record.id} --by NAME` comes first."
        )
