"""Who reported, sealed: a code that only the key of the home makes, and a name that only it opens.

Enters: the key of the home and who is logged in. Leaves: a code, a pseudonym, sealed bytes as text. Called by
`inbox` and by the one page that opens an identity.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from toguna.accounts.rights import Principal
from toguna.accounts.secrets import derived_key
from toguna.core.errors import StoreError
from toguna.sources.reports.seal import pseudonym

__all__ = ["Reporter", "code_of", "opened", "pseudonym_of", "sealed"]

_NONCE = 12


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported: number and name of the account."""

    user_id: int | None
    name: str


def code_of(key: bytes, principal: Principal) -> str:
    """Return the code under which one account reports: always the same, and nobody's without the key."""
    told = f"account\x00{principal.user_id}".encode()
    return "room-" + hmac.digest(derived_key(key, "reporter-code"), told, "sha256").hex()[:24]


def pseudonym_of(key: bytes, code: str) -> str:
    """Return the pseudonym that the archive will give to a code."""
    return pseudonym(key, "code", code)


def sealed(key: bytes, principal: Principal, *, bound_to: str) -> str:
    """Seal who reports, bound to the report it belongs to."""
    plain = json.dumps({"user_id": principal.user_id, "name": principal.name}).encode()
    nonce = os.urandom(_NONCE)
    closed = AESGCM(derived_key(key, "reporter")).encrypt(nonce, plain, bound_to.encode())
    return base64.urlsafe_b64encode(nonce + closed).decode()


def opened(key: bytes, text: str, *, bound_to: str) -> Reporter:
    """Open an identity. The caller writes the opening to the audit first.

    Raises
    ------
    StoreError
        Another key, another report, or changed bytes.
    """
    raw = base64.urlsafe_b64decode(text)
    try:
        plain = AESGCM(derived_key(key, "reporter")).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode())
    except InvalidTag:
        raise StoreError(
            "the identity of this reporter does not open with the key of this home: seal.key was exchanged "
            "or the register was changed. Put back the key that the report was sealed with."
        ) from None
    told = json.loads(plain)
    return Reporter(told["user_id"], told["name"])
