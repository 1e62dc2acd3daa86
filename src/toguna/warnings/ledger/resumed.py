r"""Going on behind a break of the chain, without hiding it.

An entry of kind "resume" starts the chain anew. What links it to what lies before is not the hash of one
entry but a seal over every row as it was found, good and bad:

    previous_r = sha256(canonical JSON of each row before r, line by line)

so that nothing before it can be changed any more either, the bad rows among it. Its body names the first bad
entry, what was found, which rows are set aside, who goes on and why.

Enters: rows as the database gives them. Leaves: where the chain starts anew, and which rows do not count.
Pure. Called by `book`, `toguna.warnings.verify` and `toguna.warnings.resume`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from toguna.warnings.ledger.chain import fault_of

__all__ = ["KIND", "SUBJECT", "last_resumed", "seal_of", "set_aside"]

KIND, SUBJECT = "resume", "ledger"
Rows = Sequence[Mapping[str, Any]]


def seal_of(rows: Rows) -> str:
    """Return the sha256 of rows as they stand, whatever somebody put into them."""
    total = hashlib.sha256()
    for row in rows:
        text = json.dumps(dict(row), sort_keys=True, default=repr)
        total.update(text.encode() + b"\n")
    return total.hexdigest()


def last_resumed(rows: Rows, key: bytes | None = None) -> int | None:
    """Return the index of the last row that starts the chain anew and still seals what lies before it.

    Parameters
    ----------
    rows : sequence of mapping
        All rows, in the order of their numbers.
    key : bytes or None
        Key of the chain; None = signatures are not looked at.
    """
    for at in reversed(range(len(rows))):
        row = rows[at]
        if (
            row["kind"] == KIND
            and fault_of(row, seq=row["seq"], previous=seal_of(rows[:at]), key=key) is None
        ):
            return at
    return None


def set_aside(rows: Rows) -> frozenset[int]:
    """Return the numbers of the rows that do not count since the chain was resumed."""
    at = last_resumed(rows)
    return frozenset() if at is None else frozenset(json.loads(rows[at]["body"])["set_aside"])
