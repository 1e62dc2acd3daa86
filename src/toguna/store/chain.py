r"""Links of a chain of rows: what is hashed, with what it is signed, and whether a row still fits.

    hash_n      = sha256(canonical JSON of the columns of row n, hash of n - 1 among them, seals left out)
    signature_n = HMAC-SHA256(key of the home, hash_n)

Enters: values. Leaves: rows with their seals, or what is wrong with a row. Pure. Called by the ledger of
warnings and by the audit of accounts.

References
----------
Haber and Stornetta (1991), How to time-stamp a digital document, doi 10.1007/BF00196791; Krawczyk and others
(1997), HMAC, RFC 2104.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from toguna.core.digest import canonical_json

__all__ = ["FAULTS", "GENESIS", "fault_of", "hash_of", "sealed", "sign", "signing_key"]

GENESIS = "0" * 64
"""What stands for the hash before the first row."""

_SEALS = ("hash", "signature")


def signing_key(sealing_key: bytes, chain: str) -> bytes:
    """Make the key of a chain ("ledger", "audit") of that of the home: one key is never used for two."""
    return hmac.digest(sealing_key, f"toguna/{chain}/1".encode(), "sha256")


def sign(key: bytes, text: str) -> str:
    """Sign a text."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def hash_of(row: Mapping[str, Any]) -> str:
    """Return the sha256 of a row, its seals left out."""
    bare = {name: value for name, value in row.items() if name not in _SEALS}
    return hashlib.sha256(canonical_json(bare).encode("utf-8", "surrogatepass")).hexdigest()


def sealed(row: Mapping[str, Any], *, previous: str, key: bytes) -> dict[str, Any]:
    """Return a row sealed behind the one before; its number stands under ``seq``."""
    linked = {**row, "previous": previous}
    linked["hash"] = hash_of(linked)
    return {**linked, "signature": sign(key, linked["hash"])}


FAULTS = {
    "missing": ("another number, {seq}", "the entry with this number"),
    "changed": ("columns that do not give its hash", "the entry as written"),
    "order": ("a hash of another entry before it", "that of the entry before it"),
    "unsigned": ("a signature by another key", "one by the key of this home"),
}
"""What was found and expected, by the faults that `fault_of` names."""


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
    """Whether all columns are of their kind, and the hash is of them."""
    if not all(isinstance(value, str) for name, value in row.items() if name != "seq"):
        return False
    try:
        return bool(row["signature"].isascii() and hash_of(row) == row["hash"])
    except (ValueError, TypeError, RecursionError):
        return False
