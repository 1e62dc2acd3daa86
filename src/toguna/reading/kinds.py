"""What kind of document some bytes are: by their content first, by the ending of their name second.

Enters: bytes, and an ending. Leaves: a kind that can be read, or `Foreign`. Called by
`toguna.reading.documents`. Nothing is parsed here: only the first bytes and a few words are looked at.
"""

from __future__ import annotations

import re

from toguna.reading.prose import decoded

__all__ = ["ENDINGS", "NAMES", "TYPES", "is_readable", "sniffed"]

ENDINGS: dict[str, str] = {
    ".txt": "text", ".text": "text", ".md": "text", "": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf", ".docx": "word", ".eml": "mail",
    ".rss": "feed", ".atom": "feed", ".xml": "feed",
}  # fmt: skip
"""Kinds by the ending of the name, in lower case."""

NAMES = {"text": "TXT", "html": "HTML", "pdf": "PDF", "word": "DOCX", "mail": "EML", "feed": "RSS/Atom"}
"""What kinds are called in messages of every language."""

TYPES: dict[str, str] = {
    "text/plain": ".txt", "text/markdown": ".txt",
    "text/html": ".html", "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
    "application/rss+xml": ".rss", "application/atom+xml": ".atom", "application/rdf+xml": ".rss",
    "application/xml": ".xml", "text/xml": ".xml",
}  # fmt: skip
"""Endings by the media type that a server states."""

_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0", "DOC/XLS/PPT/MSG"),
    (b"{\\rtf", "RTF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"7z\xbc\xaf", "7Z"),
    (b"Rar!", "RAR"),
    (b"\xfd7zXZ", "XZ"),
    (b"\x28\xb5\x2f\xfd", "ZSTD"),
    (b"\x7fELF", "ELF"),
)
_HEAD = 4096
_MARK = (b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.S | re.I
)
_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)\b", re.I)
_XML = re.compile(r"\s*<\?xml\b", re.I)
_FIELD = re.compile(
    r"^(From|To|Cc|Date|Subject|Received|Return-Path|Delivered-To|Reply-To|Sender|Message-ID|MIME-Version|"
    r"Content-Type|DKIM-Signature|X-[\w-]+):",
    re.I | re.M,
)
_OF_MAIL = {"received", "mime-version", "message-id", "return-path", "delivered-to"}
_CONTROL = bytes([*range(9), 11, 12, *range(14, 27), *range(28, 32)])


def sniffed(data: bytes) -> str:
    r"""Say what bytes are: a kind of `NAMES`, or the name of something that is not read ("JPEG").

    Examples
    --------
    >>> sniffed(b"%PDF-1.7"), sniffed(b"<html><p>x"), sniffed(b"Two died."), sniffed(b"PK\x03\x04...")
    ('pdf', 'html', 'text', 'ZIP')
    """
    start = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"PK\x03\x04"):
        return "word" if b"[Content_Types].xml" in data and b"word/" in data else "ZIP"
    for magic, found in _MAGIC:
        if start.startswith(magic):
            return found
    if not data.startswith(_MARK) and 10 * _controls(data[:_HEAD]) > min(len(data), _HEAD):
        return "BINARY"
    return _of_words(decoded(data[:_HEAD]))


def _controls(start: bytes) -> int:
    return len(start) - len(start.translate(None, _CONTROL))


def _of_words(start: str) -> str:
    if _HTML.match(start):
        return "html"
    if _XML.match(start) or start.lstrip().startswith("<"):
        if _FEED.search(start):
            return "feed"
        return "XML" if _XML.match(start) else "text"
    fields = {name.lower() for name in _FIELD.findall(re.split(r"\r?\n\r?\n", start, maxsplit=1)[0])}
    first = _FIELD.match(start)
    if first and len(fields) >= 3 and ("from" in fields or fields & _OF_MAIL):
        return "mail"
    return "text"


def is_readable(found: str) -> bool:
    """Whether what was sniffed is a kind that is read."""
    return found in NAMES
