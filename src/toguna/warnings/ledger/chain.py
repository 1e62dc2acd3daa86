r"""Links of the chain: what is hashed, with what it is signed, and whether a row still fits.

    hash_n      = sha256(canonical JSON of the columns of entry n, hash of n - 1 among them, seals left out)
    signature_n = HMAC-SHA256(key of the home, hash_n)

Enters: values. Leaves: entries, or what is wrong with a row. Pure. Called by `book` and `verify`.

References
----------
Haber and Stornetta (1991), How to time-stamp a digital document, doi 10.1007/BF00196791; Krawczyk and others
(1997), HMAC, RFC 2104.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from toguna.core.digest import canonical_json

__all__ = ["GENESIS", "Entry", "entry_of", "fault_of", "linked", "signing_key"]

GENESIS = "0" * 64
"""What stands for the hash before the first entry."""

_PURPOSE = b"toguna/ledger/1"
_SEALS = ("hash", "signature")


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
    """Make the key of the chain of that of the home, so that one is never used for two purposes."""
    return hmac.new(sealing_key, _PURPOSE, hashlib.sha256).digest()


def sign(key: bytes, text: str) -> str:
    """Sign a text."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _hash(row: Mapping[str, Any]) -> str:
    sealed = {name: value for name, value in row.items() if name not in _SEALS}
    return hashlib.sha256(canonical_json(sealed).encode("utf-8", "surrogatepass")).hexdigest()


def linked(entry: Entry, *, previous: str, key: bytes) -> dict[str, Any]:
    """Return the row of an entry, sealed behind the one before."""
    row = {**asdict(entry), "body": canonical_json(dict(entry.body)), "previous": previous}
    row["hash"] = _hash(row)
    row["signature"] = sign(key, row["hash"])
    return row


def entry_of(row: Mapping[str, Any]) -> Entry:
    """Read an entry back from its row."""
    return Entry(**{**row, "body": json.loads(row["body"])})


def fault_of(row: Mapping[str, Any], *, seq: int, previous: str, key: bytes | None) -> str | None:
    """Say in one word what is wrong with a row: missing, order, changed, unsigned; None when it fits.

    Parameters
    ----------
    row : mapping
        All columns as the database gives them.
    seq : int
        The number it must have.
    previous : str
        The hash that the row before bears.
    key : bytes or None
        Key of the chain; None = signatures are not looked at.
    """
    if row["seq"] != seq:
        return "missing"
    if not _whole(row):
        return "changed"
    if row["previous"] != previous:
        return "order"
    signed = key is None or hmac.compare_digest(sign(key, row["hash"]), row["signature"])
    return None if signed else "unsigned"


def _whole(row: Mapping[str, Any]) -> bool:
    """Whether all columns are of their kind, the body is as we write it, and the hash is of them."""
    if not all(isinstance(value, str) for name, value in row.items() if name != "seq"):
        return False
    try:
        if canonical_json(json.loads(row["body"])) != row["body"] or not row["signature"].isascii():
            return False
        return bool(_hash(row) == row["hash"])
    except (ValueError, TypeError, RecursionError):
        return False
