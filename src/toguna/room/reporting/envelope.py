"""Reports that wait on a telephone, sealed so that the room alone can open them.

Enters: the key of the home; bytes that the form's script made. Leaves: fields and a photo. Called by the page
that takes the queue of a telephone. ECDH on P-256 with a fresh key for every report, HKDF-SHA256, AES-256-GCM
bound to the report's id: whoever takes the telephone finds bytes that nothing on it can open.

Layout: 65 bytes public key (uncompressed), 12 bytes nonce, ciphertext. In it: 4 bytes length (big-endian),
fields as JSON, the photo.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from toguna.accounts.refusals import refused
from toguna.accounts.secrets import derived_key

__all__ = ["INFO", "Letter", "open_envelope", "public_key"]

INFO = b"toguna report 1"
_POINT, _NONCE, _LENGTH = 65, 12, 4
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-4, D.1.2.3)


@dataclass(frozen=True)
class Letter:
    """What was in an envelope: fields as typed, and a photo (empty for none)."""

    fields: dict[str, str]
    photo: bytes = field(repr=False)


def _private(key: bytes) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(derived_key(key, "report-queue"), "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def public_key(key: bytes) -> str:
    """Return the public key of a home as the form's script reads it (base64url of the uncompressed point)."""
    point = _private(key).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def open_envelope(key: bytes, sealed: bytes, *, uuid: str) -> Letter:
    """Open what a telephone sealed.

    Raises
    ------
    RefusedError
        It was not sealed for this home and this report, or was damaged on the way.
    """
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sealed[:_POINT])
        shared = _private(key).exchange(ec.ECDH(), theirs)
        own = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=INFO).derive(shared)
        nonce, closed = sealed[_POINT : _POINT + _NONCE], sealed[_POINT + _NONCE :]
        plain = AESGCM(own).decrypt(nonce, closed, uuid.encode("utf-8", "replace"))
        length = int.from_bytes(plain[:_LENGTH], "big")
        told: Any = json.loads(plain[_LENGTH : _LENGTH + length])
    except (InvalidTag, ValueError, RecursionError):
        raise refused(
            "What was kept on the telephone does not open here: it belongs to another room."
        ) from None
    if not isinstance(told, dict):
        raise refused("What was kept on the telephone does not open here: it belongs to another room.")
    fields = {str(name): text for name, text in told.items() if isinstance(text, str)}
    return Letter(fields, plain[_LENGTH + length :])
