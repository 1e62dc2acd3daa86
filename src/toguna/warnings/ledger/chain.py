"""Entries of the ledger as rows of its chain; how they are sealed stands in `toguna.store.chain`.

Enters: values. Leaves: entries, or what is wrong with a row. Pure. Called by `book` and `verify`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from toguna.core.digest import canonical_json
from toguna.store import chain
from toguna.store.chain import GENESIS

__all__ = ["GENESIS", "Entry", "entry_of", "fault_of", "linked", "signing_key"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger.

    Parameters
    ----------
    seq : int
        Its number, from 1 without gaps.
    theatre, subject : str
        Theatre; id of the warning or lesson.
    kind : str
        What was done ("raise", "issue", "decide", ...).
    by : str
        Who did it, as they named themselves.
    happened_at, recorded_at : str
        When it was done, as they say; when the program wrote it down. UTC, ISO.
    body : mapping
        What was said.
    previous, hash, signature : str
        Hash of the entry before; own hash; HMAC of it with the key of the home.
    """

    seq: int
    theatre: str
    subject: str
    kind: str
    by: str
    happened_at: str
    recorded_at: str
    body: Mapping[str, Any]
    previous: str = GENESIS
    hash: str = ""
    signature: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "body": dict(self.body)}


def signing_key(sealing_key: bytes) -> bytes:
    """Make the key of the ledger of that of the home."""
    return chain.signing_key(sealing_key, "ledger")


def linked(entry: Entry, *, previous: str, key: bytes) -> dict[str, Any]:
    """Return the row of an entry, sealed behind the one before."""
    row = {**asdict(entry), "body": canonical_json(dict(entry.body))}
    return chain.sealed(row, previous=previous, key=key)


def entry_of(row: Mapping[str, Any]) -> Entry:
    """Read an entry back from its row."""
    return Entry(**{**row, "body": json.loads(row["body"])})


def fault_of(row: Mapping[str, Any], *, seq: int, previous: str, key: bytes | None) -> str | None:
    """Say what is wrong with a row, as `toguna.store.chain` does; also a body that is not as we write it."""
    found = chain.fault_of(row, seq=seq, previous=previous, key=key)
    return found if found in ("missing", "changed") or _as_we_write(row["body"]) else "changed"


def _as_we_write(body: str) -> bool:
    try:
        return canonical_json(json.loads(body)) == body
    except (ValueError, TypeError, RecursionError):
        return False
