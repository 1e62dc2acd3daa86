"""What a file is, by its first bytes: its name and what the browser calls it prove nothing.

Enters: bytes. Leaves: a kind, or None. Called by every route that takes a file.
"""

from __future__ import annotations

__all__ = ["kind_of"]

_SIGNATURES = (
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/webp", 8, b"WEBP"),
    ("image/heic", 4, b"ftypheic"),
    ("image/heic", 4, b"ftypmif1"),
    ("application/pdf", 0, b"%PDF-"),
    ("application/zip", 0, b"PK\x03\x04"),  # also XLSX and DOCX: who reads them checks further
)


def kind_of(start: bytes) -> str | None:
    """Return the kind of a file by its first bytes; None when it is none that the room takes.

    Parameters
    ----------
    start : bytes
        The first 16 bytes or more.

    Examples
    --------
    >>> kind_of(b"%PDF-1.7 and so on")
    'application/pdf'
    """
    for kind, at, signature in _SIGNATURES:
        if start[at : at + len(signature)] == signature and (kind != "image/webp" or start[:4] == b"RIFF"):
            return kind
    return None
