"""The door by which documents come in: from a file or bytes to texts, their days and their titles.

Enters: a path, or bytes and an ending. Leaves: `Text` values. Called by `toguna read`, the room and benches.

What a document is, is seen from its content; a name that says otherwise is noted. Plain text and small pages
are read here; PDF, Word, mail, feeds and pages of many tags in a process of their own
(`toguna.reading.apart`), because a parser can be made to loop, to eat memory, or worse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from toguna.reading.apart import texts_apart
from toguna.reading.kinds import ENDINGS, NAMES, is_readable, sniffed
from toguna.reading.prose import Note, Text, decoded, html_text, plain_text, titled
from toguna.reading.refusals import refusal

__all__ = [
    "ENDINGS",
    "MOST_BYTES",
    "MOST_LETTERS",
    "Text",
    "decoded",
    "text_of",
    "text_of_bytes",
    "texts_of",
    "texts_of_bytes",
    "titled",
]

MOST_BYTES = 16_000_000
"""Larger files are refused: no report is so long, and a text this long is a mistake or an attack."""

MOST_LETTERS = 2_000_000
"""Longer texts are refused: a thousand pages are no report."""

_MOST_TAGS = 8000
"""A page with more is parsed apart: time grows with the square of the depth, here to a quarter second."""

_STRICT = ("pdf", "word", "feed")  # kinds that cannot be told by their name alone
_HERE: dict[str, Callable[[bytes], Text]] = {"text": plain_text, "html": html_text}


def texts_of_bytes(data: bytes, ending: str, *, name: str = "") -> list[Text]:
    """Read a document from memory: one text, or every entry of a feed.

    Safe in a program with threads; a document that is parsed apart takes some 0.3 s, at most 45 s.

    Parameters
    ----------
    data : bytes
        The document.
    ending : str
        Of its name, as in `ENDINGS`; "" when it has none: then its content alone counts.
    name : str
        How messages call it.

    Raises
    ------
    NoAnswerError
        It is of no kind that is read, too large, damaged, locked, or took too much time or memory.
    DataError
        Its first line names a day that does not exist.
    """
    called = name or "-"
    if ending.lower() not in ENDINGS:
        raise refusal("unknown-ending", name=called, ending=ending, known=_known())
    if len(data) > MOST_BYTES:
        raise refusal("large", name=called, n=len(data), most=MOST_BYTES)
    kind, notes = _kind(data, ending.lower(), called)
    apart = kind not in _HERE or (kind == "html" and data.count(b"<") > _MOST_TAGS)
    texts = texts_apart(kind, data, name=called) if apart else [_HERE[kind](data)]
    if sum(len(text.text) for text in texts) > MOST_LETTERS:
        raise refusal("letters", name=called, most=MOST_LETTERS)
    return [replace(text, notes=(*notes, *text.notes)) for text in texts] if notes else texts


def _known() -> str:
    return ", ".join(k for k in ENDINGS if k)


def _kind(data: bytes, ending: str, called: str) -> tuple[str, tuple[Note, ...]]:
    """Tell the kind by the content; the name decides only where the content leaves it open."""
    named, found = ENDINGS[ending], sniffed(data)
    if not is_readable(found) or (found == "text" and named in _STRICT and data.strip()):
        raise refusal("foreign", name=called, found=NAMES.get(found, found), known=", ".join(NAMES.values()))
    if found in (named, "text") or not ending:
        return (named if ending else found), ()
    return found, (Note("named-otherwise", NAMES[found]),)


def text_of_bytes(data: bytes, ending: str, *, name: str = "") -> Text:
    """Read a document that is one text from memory; see `texts_of_bytes`.

    Raises
    ------
    NoAnswerError, DataError
        As there; and when it is a feed of several entries.
    """
    texts = texts_of_bytes(data, ending, name=name)
    if len(texts) > 1:
        raise refusal("several", name=name or "-", n=len(texts))
    return texts[0]


def texts_of(path: Path) -> list[Text]:
    """Read a file: one text, or every entry of a feed.

    Raises
    ------
    NoAnswerError, DataError
        It is not there or cannot be opened; else as `texts_of_bytes`.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise refusal("large", name=str(path), n=path.stat().st_size, most=MOST_BYTES)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise refusal("closed", name=str(path), why=error.strerror or str(error)) from None
    return texts_of_bytes(data, path.suffix, name=str(path))


def text_of(path: Path) -> Text:
    """Read a file that is one text; see `texts_of`."""
    texts = texts_of(path)
    if len(texts) > 1:
        raise refusal("several", name=str(path), n=len(texts))
    return texts[0]
