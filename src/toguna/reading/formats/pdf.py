"""The text of a PDF.

Enters: bytes. Leaves: one `Text`; its day is that of the file (CreationDate), and a note says so. Scripts,
forms, attached files and addresses in it are never looked at; pictures neither: without a layer of text there
is nothing to read.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

from pypdf import PdfReader
from pypdf.errors import DependencyError

from toguna.reading.formats.child import RefusedError
from toguna.reading.prose import Note, Text, reflowed

__all__ = ["MOST_PAGES", "parse"]

MOST_PAGES = 300
_DAY = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_HYPHEN = re.compile(r"(?<=[a-zà-öø-ÿœ])[-\u00ad\u2010]\s*\n\s*(?=[a-zà-öø-ÿœ])")
_FEWEST = 2  # pages from which on a line can be one that every page bears


def parse(data: bytes) -> list[Text]:
    """Read the text of every page, without the lines that all pages bear."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise RefusedError("locked")
        n = len(reader.pages)
        if n > MOST_PAGES:
            raise RefusedError("pages", n=n, most=MOST_PAGES)
        pages = [page.extract_text().split("\n") for page in reader.pages]
        told: Mapping[str, object] = reader.metadata or {}
        title, created = str(told.get("/Title") or ""), str(told.get("/CreationDate") or "")
    except DependencyError:
        raise RefusedError("locked") from None
    text = reflowed(_HYPHEN.sub("", "\n".join(_bare(pages))))
    if not text:
        raise RefusedError("pictures")
    day = _day(created)
    title = title if title and title in text[:500] else ""  # many bear the title of a template
    notes = (Note("day-of-file", day.isoformat()),) if day else ()
    return [Text(text, day, title, notes=notes)]


def _bare(pages: list[list[str]]) -> list[str]:
    """Leave out heads and feet: edges that more than half of the pages bear, numbers aside."""
    trimmed = [[line for line in page if line.strip()] for page in pages]
    edges = Counter(_mask(line) for page in trimmed for line in {*page[:1], *page[-1:]})
    often = {m for m, n in edges.items() if len(pages) >= _FEWEST and 2 * n > len(pages)}
    out: list[str] = []
    for page in trimmed:
        last = len(page) - 1
        out += [x for i, x in enumerate(page) if i not in (0, last) or _mask(x) not in often]
    return out


def _mask(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip())


def _day(text: str) -> date | None:
    found = _DAY.match(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
