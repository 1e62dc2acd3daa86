"""The words of a text, sealed while they stand in the register.

Enters: words and the key of the home. Leaves: text that only this key opens, bound to the reading it belongs
to. Called by `intake` and `shelf`.
"""

from __future__ import annotations

import base64
import os
import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from toguna.accounts.secrets import derived_key

__all__ = ["opened", "sealed"]

_NONCE, _PURPOSE = 12, "reading"


def sealed(key: bytes, words: str, *, bound_to: str) -> str:
    """Pack and seal words."""
    nonce = os.urandom(_NONCE)
    packed = zlib.compress(words.encode(), 6)
    closed = AESGCM(derived_key(key, _PURPOSE)).encrypt(nonce, packed, bound_to.encode())
    return base64.b64encode(nonce + closed).decode()


def opened(key: bytes, text: str, *, bound_to: str) -> str | None:
    """Open words; None when the key of this home does not open them: their drafts stand all the same."""
    try:
        raw = base64.b64decode(text, validate=True)
        packed = AESGCM(derived_key(key, _PURPOSE)).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode())
    except (InvalidTag, ValueError):
        return None
    return zlib.decompress(packed).decode()
