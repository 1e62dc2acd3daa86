"""Resume a ledger whose chain was broken: say what is broken, who goes on and why, and seal it as it is.

Enters: a ledger that does not hold. Leaves: the entry that starts the chain anew. Called by ``toguna ledger
resume``. Nothing is repaired, nothing deleted: rows that are not as they were written, and steps that without
them are not allowed, are set aside by number and stay where they are. `verify` tells of the break for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from toguna.core.errors import ConflictError, DataError, FieldError, StoreError, TogunaError
from toguna.core.language import in_every_language as _
from toguna.store.head import Head
from toguna.store.sealing import KEY_FILE
from toguna.warnings.ledger.book import Draft, Ledger, rows_of
from toguna.warnings.ledger.chain import Entry, entry_of, fault_of
from toguna.warnings.ledger.resumed import KIND, SUBJECT, Rows, seal_of
from toguna.warnings.moves import Hand
from toguna.warnings.states import Record, apply
from toguna.warnings.verify import Verdict, verify

__all__ = ["resume"]


def resume(ledger: Ledger, hand: Hand, *, reason: str, anchor: Head | None = None) -> Entry:
    """Go on behind a break.

    Parameters
    ----------
    ledger : Ledger
    hand : Hand
        Who, and when.
    reason : str
        What was found out about the break, and why the team goes on.
    anchor : Head, optional
        An anchor kept elsewhere: how far it vouches for what lies before is recorded.

    Returns
    -------
    Entry
        The entry that starts the chain anew.

    Raises
    ------
    FieldError
        The reason is missing.
    DataError
        The ledger holds.
    StoreError
        The key or the table is gone: no row could be told from a false one.
    """
    if not reason.strip():
        raise FieldError("reason", _("Going on behind a break needs its reason: what was found out of it."))
    before = _seal(ledger)
    verdict = verify(ledger, anchor)
    if all(f.severity == "note" for f in verdict.findings):
        raise DataError("the ledger holds; there is nothing to resume.")
    if not (ledger.home.path / KEY_FILE).exists():
        raise StoreError(
            f"{KEY_FILE} is gone: nobody can tell which entries are real. Put back a copy of it."
        )

    def made(rows: Rows, key: bytes, head: Head | None) -> tuple[Draft, int, str]:
        aside = _set_aside(rows, key)
        if rows and len(aside) == len(rows):
            raise StoreError(
                f"no entry was signed with {KEY_FILE} as it is: it is another key, or every entry was "
                "changed. Put back copies of the key and of the register."
            )
        if seal_of(rows) != before:
            raise ConflictError(_("The ledger changed while it was looked at. Nothing was written."), now="")
        last = int(rows[-1]["seq"]) if rows else 0
        known = head.entries if head is not None and head.is_ours(key) else 0
        body = _body(verdict, reason, aside, anchor) | {"lost": [last + 1, known] if known > last else None}
        return hand.draft("", SUBJECT, KIND, body), max(last, known) + 1, seal_of(rows)

    return ledger.start_anew(made)


def _seal(ledger: Ledger) -> str:
    if not ledger.exists():
        return seal_of(())
    with ledger.home.register.read() as session:
        return seal_of(rows_of(session))


def _body(verdict: Verdict, reason: str, aside: Sequence[int], anchor: Head | None) -> dict[str, Any]:
    broken = [f for f in verdict.findings if f.severity != "note"]
    kept = None
    if anchor is not None:
        differs = any(f.code == "ledger-anchor-differs" for f in broken)
        kept = {**asdict(anchor), "holds": not differs}
    return {
        "reason": reason.strip(),
        "first_bad": verdict.first_bad,
        "codes": [f.code for f in broken],
        "rows": verdict.entries,
        "set_aside": list(aside),
        "anchor": kept,
    }


def _set_aside(rows: Rows, key: bytes) -> list[int]:
    """Number the rows that are not as they were written, and those that are not possible without them."""
    records: dict[str, Record] = {}
    aside = []
    for row in rows:
        whole = fault_of(row, seq=row["seq"], previous=row["previous"], key=key) is None
        try:
            if not whole:
                raise ValueError
            apply(records, entry_of(row))
        except (TogunaError, KeyError, ValueError, TypeError, AttributeError):
            aside.append(int(row["seq"]))
    return aside
