"""Secrets: made from the random numbers of the system, kept as hashes, or sealed where they are needed again.

Tokens of sessions, links and programs have 256 random bits: a plain SHA-256 of them cannot be searched, so
no slow hash is needed. Secrets of codes (TOTP) must be read again: AES-256-GCM under a key derived from the
key of the home, bound to what they belong to, so that a sealed secret moved to another row does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from toguna.core.errors import StoreError

__all__ = ["derived_key", "hashed", "new_token", "seal", "unseal"]

_TOKEN_BYTES = 32
_NONCE_BYTES = 12


def new_token() -> str:
    """Return 256 random bits as 43 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hashed(token: str) -> str:
    """Return what the register holds of a token: SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def derived_key(key: bytes, purpose: str) -> bytes:
    """Return the key for one purpose: HMAC-SHA256 of its name, as the ledger does."""
    return hmac.digest(key, f"toguna/{purpose}/1".encode(), "sha256")


def seal(key: bytes, secret: str, *, bound_to: str) -> str:
    """Seal a secret under the key of the home, bound to what it belongs to ("account:7")."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(derived_key(key, "totp")).encrypt(nonce, secret.encode(), bound_to.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(key: bytes, sealed: str, *, bound_to: str) -> str:
    """Open what `seal` sealed.

    Raises
    ------
    StoreError
        Another key, another owner, or bytes that somebody changed.
    """
    raw = base64.urlsafe_b64decode(sealed)
    try:
        plain = AESGCM(derived_key(key, "totp")).decrypt(
            raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode()
        )
    except InvalidTag:
        raise StoreError(
            f"the sealed secret of {bound_to} does not open with the key of this home: seal.key was "
            "exchanged, or the register changed. Put back the key, or let "
            "`toguna user reset-codes` forget the secret."
        ) from None
    return plain.decode()
