"""The text of a Word file (DOCX).

Enters: bytes. Leaves: one `Text`; its day is that of the last change, and a note says so. What the file would
unfold to is looked at before; macros, embedded files, pictures and remote templates are never opened.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from toguna.reading.formats.child import RefusedError
from toguna.reading.prose import Note, Text

__all__ = ["MOST_PARTS", "MOST_UNFOLDED", "parse"]

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
MOST_UNFOLDED, MOST_PARTS = 64_000_000, 2000


def parse(data: bytes) -> list[Text]:
    """Read paragraphs and tables in their order."""
    _look(data)
    document = docx.Document(io.BytesIO(data))
    text = "\n\n".join(filter(None, _blocks(document.element.body)))
    changed, title = _about(document)
    if not text:
        raise RefusedError("pictures")
    day = changed.date() if changed else None
    title = title if title and title in text[:500] else ""
    return [Text(text, day, title, notes=(Note("day-of-file", day.isoformat()),) if day else ())]


def _about(document: Any) -> tuple[datetime | None, str]:
    """Return when the file was last changed and its title; nothing is made up where it says nothing."""
    try:
        about = document.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES).core_properties
    except KeyError:
        return None, ""
    return about.modified or about.created, about.title or ""


def _look(data: bytes) -> None:
    """Refuse what would unfold to too much; of a part no more is read later than it says here."""
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        parts = box.infolist()
    size = sum(part.file_size for part in parts)
    if size > MOST_UNFOLDED or len(parts) > MOST_PARTS:
        raise RefusedError("unfolds", n=size, parts=len(parts), most=MOST_UNFOLDED, most_parts=MOST_PARTS)


def _blocks(body: Any) -> Iterator[str]:
    """Yield paragraphs, also those of tables and text boxes, each once; deleted words are left out."""
    for paragraph in body.iter(qn("w:p")):
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            yield "".join(_runs(paragraph)).strip()


def _runs(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")):
        if next(node.iterancestors(qn("w:p"))) is not paragraph:
            continue  # of a text box inside, which comes by itself
        yield node.text or "" if node.tag == qn("w:t") else " "
