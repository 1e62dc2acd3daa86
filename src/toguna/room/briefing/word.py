"""Set a briefing as a Word document, for those who cut it into their own papers.

Enters a `Briefing` and its drawings as PNG; leaves bytes, the same for the same briefing. Called by `files`.
Headings, tables and captions are Word's own styles, so that they can be restyled and read aloud.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor

from toguna.core.language import Language
from toguna.room.briefing.content import Briefing

__all__ = ["to_docx"]

_MUTED = RGBColor(0x55, 0x55, 0x55)
_WIDTH = Cm(17)
_FOLDED_ROWS = 12
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
_EPOCH = (1980, 1, 1, 0, 0, 0)


def to_docx(briefing: Briefing, drawings: Mapping[str, bytes], lang: Language, *, as_of: date) -> bytes:
    """Write the document; its date is that of the assessment."""
    page = _Page(drawings, briefing.words, lang)
    page.document.core_properties.title = _clean(f"{briefing.title} · {briefing.subtitle}")
    page.document.core_properties.author = "Toguna"
    page.document.core_properties.comments = ""
    moment = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
    page.document.core_properties.created = page.document.core_properties.modified = moment
    page.document.add_heading(_clean(briefing.title), level=0)
    page.paragraph(briefing.subtitle, size=13, muted=True)
    page.block(briefing.facts)
    for section in briefing.sections:
        page.document.add_heading(_clean(section["title"]), level=1)
        page.rows = 150 if section["id"] == "sources" else _FOLDED_ROWS
        for block in section["blocks"]:
            page.block(block)
    page.paragraph(briefing.last_line, size=9, muted=True)
    return _steady(page.bytes())


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)


class _Page:
    """A document that grows block by block."""

    def __init__(self, drawings: Mapping[str, bytes], words: Mapping[str, str], lang: Language) -> None:
        self.drawings, self.words, self.rows = drawings, words, _FOLDED_ROWS
        self.document = Document()
        for section in self.document.sections:
            section.page_width, section.page_height = Cm(21), Cm(29.7)
            section.left_margin = section.right_margin = Cm(2)
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = "Calibri", Pt(10.5)
        code = "fr-FR" if lang.code == "fr" else "en-GB"
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), code)
        normal.element.get_or_add_rPr().append(language)

    def bytes(self) -> bytes:
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()

    def paragraph(
        self,
        text: str,
        *,
        style: str | None = None,
        size: float = 0,
        muted: bool = False,
        title: bool = False,
    ) -> None:
        """Add a paragraph; a title stays on the page of what follows it."""
        added = self.document.add_paragraph(style=style)
        added.paragraph_format.keep_with_next = title or None
        run = added.add_run(_clean(text))
        run.bold = title or None
        if size:
            run.font.size = Pt(size)
        if muted:
            run.font.color.rgb = _MUTED

    def block(self, block: Mapping[str, Any]) -> None:
        getattr(self, f"_{block['kind']}")(block)

    def _text(self, x: Mapping[str, Any]) -> None:
        self.paragraph(x["text"], size=9 if x["small"] else 0, muted=bool(x["small"]))

    def _sentences(self, x: Mapping[str, Any]) -> None:
        for n, sentence in enumerate(x["items"], start=1):  # Word would number on through the whole document
            self.paragraph(f"{n}. {sentence['text']}", title=True)
            told = " ".join(t for t in (sentence["uncertainty"], sentence["why"]) if t)
            self.paragraph(told, size=9, muted=True)

    def _terms(self, x: Mapping[str, Any]) -> None:
        self.paragraph(x["title"], title=True)
        for term, meaning in x["items"]:
            self.paragraph(f"{term} – {meaning}", size=9)

    def _pairs(self, x: Mapping[str, Any]) -> None:
        for term, meaning in x["items"]:
            self.paragraph(f"{term}{self.words['colon']} {meaning}", size=9, muted=True)

    def _picture(self, x: Mapping[str, Any]) -> None:
        self.paragraph(x["title"], title=True)
        shape = self.document.add_picture(io.BytesIO(self.drawings[x["name"]]), width=_WIDTH)
        shape._inline.docPr.set("descr", _clean(x["alt"]))  # python-docx has no other way to say it
        if x["note"]:
            self.paragraph(x["note"], size=9, muted=True)

    def _table(self, x: Mapping[str, Any]) -> None:
        self._grid(x["caption"], x["columns"], x["rows"], self.rows if x["folded"] else None)

    def _grid(
        self, caption: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], most: int | None
    ) -> None:
        self.paragraph(caption, style="Caption", title=True)
        shown = rows if most is None else rows[:most]
        table = self.document.add_table(rows=1, cols=len(columns), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        head = table.rows[0]
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        head._tr.get_or_add_trPr().append(repeated)
        told = [list(columns), *([_said(c) for c in row] for row in shown)]
        widths = _widths(told)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        _write_row(head, told[0], widths, bold=True)
        if told[1:]:
            blank = table.add_row()
            _write_row(blank, ["-"] * len(columns), widths, bold=False)
            for words in told[1:]:
                blank._tr.addprevious(_filled(blank._tr, words))
            blank._tr.getparent().remove(blank._tr)
        if len(shown) < len(rows):
            self.paragraph(f"{len(rows) - len(shown)} {self.words['continued']}", size=9, muted=True)

    def _fold(self, x: Mapping[str, Any]) -> None:
        self.document.add_heading(_clean(x["title"]), level=3)
        for block in x["blocks"]:
            self.block(block | {"folded": True} if block["kind"] == "table" else block)

    def _card(self, x: Mapping[str, Any]) -> None:
        self.document.add_heading(_clean(x["label"]), level=3)
        self.paragraph(x["text"])
        if x["caveat"]:
            self.paragraph(x["caveat"], size=9, muted=True)
        facts = "  ·  ".join(f"{f[0]}{self.words['colon']} {f[1]}" for f in x["facts"])
        self.paragraph(f"{facts}  ·  {x['why']}", size=9, muted=True)

    def _links(self, x: Mapping[str, Any]) -> None:
        for link in x["items"]:
            self.paragraph(" ".join(t for t in (link["text"], link["href"]) if t), size=9)


def _widths(rows: Sequence[Sequence[str]]) -> list[Length]:
    """Share the width of the page by the longest cell of each column, and by its longest word at least."""
    wanted = []
    for column in zip(*rows, strict=True):
        longest = max(len(t) for t in column)
        word = max((len(w) for t in column for w in t.split()), default=1)
        wanted.append(max(min(longest, 50), min(word, 22) * 1.9, 5))
    return [Length(int(_WIDTH * w / sum(wanted))) for w in wanted]


def _said(cell: Any) -> str:
    if "links" in cell:
        return ", ".join(link["href"] or link["text"] for link in cell["links"])
    return str(cell["text"])


def _write_row(row: Any, words: Sequence[str], widths: Sequence[Length], *, bold: bool) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, width in zip(row.cells, words, widths, strict=True):
        cell.width = width
        run = cell.paragraphs[0].add_run(_clean(text))
        run.font.size, run.bold = Pt(8), bold


def _filled(blank: Any, words: Sequence[str]) -> Any:
    """Copy a row of the same table and put other words into its cells: ten times as fast as a new row."""
    row = deepcopy(blank)
    for run, text in zip(row.iter(qn("w:r")), words, strict=True):
        run.text = _clean(text)
    return row


def _steady(document: bytes) -> bytes:
    """Give every part the same time: the same briefing makes the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = zipfile.ZipInfo(entry.filename, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(entry.filename))
    return out.getvalue()
