"""From a file to its text, the day it was published, and its title.

Enters: a path, or bytes. Leaves: a `Text`. Called by `toguna read` and by benches; other formats join
here, by the ending of the name.

A first line ``DATE: 2015-11-24`` gives the day of publication; HTML gives it in its usual meta tags.
HTML loses script, style and everything that is no prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from toguna.core.errors import DataError
from toguna.core.mojibake import mended
from toguna.reading.days import days
from toguna.reading.lexicon import phrase
from toguna.reading.plain import cleaned, folded

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

__all__ = ["ENDINGS", "MOST_BYTES", "Text", "decoded", "text_of", "text_of_bytes", "titled"]

MOST_BYTES = 16_000_000
"""Larger files are refused: no report is so long, and a text this long is a mistake or an attack."""

_DATE_LINE = re.compile(r"\A\s*DATE\s*:[ \t]*(\d{4}-\d{2}-\d{2})?[^\n]*(?:\n|\Z)")
_HEAD = 300
"""Letters at the head of a page in which it tells its day."""
_STAMP = re.compile(r"\bdate\W{1,3}(20\d\d-[01]\d-[0-3]\d)\b", re.IGNORECASE)
_TITLE_LINE = re.compile(r"\A\s*TITLE\s*:\s*([^\n]+)\n", re.IGNORECASE)
_DATED, _BARE_DAY = phrase("marks.dated"), phrase("marks.bare_day")
_NO_PROSE = "script, style, noscript, template, svg, nav, footer, form, iframe, object, embed, head, aside"
_DATE_TAGS = (
    "article:published_time", "og:published_time", "date", "dc.date", "dcterms.date", "dc.date.issued",
    "datepublished", "pubdate", "sailthru.date", "publish-date", "parsely-pub-date",
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Text:
    """What a document says.

    Parameters
    ----------
    text : str
        Cleaned: spans of drafts are offsets into this.
    published : date or None
        Day of publication; None when the document does not tell.
    title : str
        Its title, "" when it has none; it stands in `text` too.
    """

    text: str
    published: date | None = None
    title: str = ""


def decoded(data: bytes) -> str:
    """Decode bytes: UTF-8 or UTF-16 by its mark, else UTF-8, else Windows-1252; mend doubled encodings."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
    return mended(text) or text


def titled(text: str, *, published: date | None = None, title: str = "") -> Text:
    """Make a `Text` of words; its own first line ``DATE: ...`` is read and taken off.

    Raises
    ------
    DataError
        When that line names a day that does not exist.
    """
    body = cleaned(text)
    if found := _DATE_LINE.match(body):
        published = published or (_day(found[1]) if found[1] else None)
        body = body[found.end() :]
    if (found := _TITLE_LINE.match(body)) and not title:
        title = found[1].strip()
        body = f"{title}\n\n{body[found.end() :]}"
    if published is None:
        published = _stamped(body[:_HEAD])
    return Text(body, published, title)


def _stamped(head: str) -> date | None:
    """Return the day that a page states of itself at its head."""
    fold = folded(head)
    if told := _STAMP.search(fold):
        return _day(told[1])
    for line in fold.splitlines():
        if _DATED.match(line) or _BARE_DAY.match(line):
            said = [w for lang in ("en", "fr") for w in days(line, lang, published=None)]
            if exact := next((w.first for w in said if w.rule == "date" and w.first), None):
                return exact
    return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DataError(
            f"DATE: {text} is no day of the calendar; write it as YYYY-MM-DD, for example 2015-11-24."
        ) from None


def _plain(data: bytes) -> Text:
    return titled(decoded(data))


def _html(data: bytes) -> Text:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(decoded(data))
    published = _published(tree)
    heading = tree.css_first("h1") or tree.css_first("title")
    title = " ".join(cleaned(heading.text()).split()) if heading else ""
    for node in tree.css(_NO_PROSE):
        node.decompose()
    root = tree.css_first("article") or tree.css_first("main") or tree.body
    lines = (_lines(root.text(separator="\n")) if root else "").strip()
    return titled(
        lines if lines.startswith(title) else f"{title}\n\n{lines}", published=published, title=title
    )


def _lines(text: str) -> str:
    """Join what inline tags broke apart: a line that ends a sentence, or a heading, keeps its break."""
    out: list[str] = []
    for line in (" ".join(x.split()) for x in cleaned(text).split("\n")):
        if not line:
            continue
        glued = out and not re.search(r"[.!?:…»\"”]$", out[-1]) and (line[0].islower() or line[0] in ",.;)»")
        if glued:
            out[-1] += (" " if line[0].isalnum() else "") + line
        else:
            out.append(line)
    return "\n\n".join(out)


def _published(tree: LexborHTMLParser) -> date | None:
    said = [
        node.attributes.get("content") or ""
        for node in tree.css("meta")
        if (node.attributes.get("property") or node.attributes.get("name") or "").casefold() in _DATE_TAGS
    ]
    said += [node.attributes.get("datetime") or "" for node in tree.css("time")]
    for text in said:
        if found := _DAY.match(text.strip()):
            try:
                return date.fromisoformat(found[0])
            except ValueError:
                continue
    return None


ENDINGS: dict[str, Callable[[bytes], Text]] = {
    ".txt": _plain, ".text": _plain, ".md": _plain, "": _plain,
    ".html": _html, ".htm": _html, ".xhtml": _html,
}  # fmt: skip
"""How each kind of file becomes text, by the ending of its name in lower case."""


def text_of_bytes(data: bytes, ending: str, *, name: str = "") -> Text:
    """Read a document from memory; `ending` as in `ENDINGS`.

    Raises
    ------
    DataError
        For an ending that cannot be read, or too many bytes.
    """
    if ending.lower() not in ENDINGS:
        known = ", ".join(k for k in ENDINGS if k)
        raise DataError(
            f"{name or 'the document'}: files ending in {ending!r} cannot be read; expected {known}."
        )
    if len(data) > MOST_BYTES:
        raise DataError(
            f"{name or 'the document'} has {len(data):,} bytes, the most is {MOST_BYTES:,}; "
            "cut it into its reports."
        )
    return ENDINGS[ending.lower()](data)


def text_of(path: Path) -> Text:
    """Read a document from a file.

    Raises
    ------
    DataError
        When it is not there, cannot be read, is too large or of a kind that is not known.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError(
                f"{path} has {path.stat().st_size:,} bytes, the most is {MOST_BYTES:,}; "
                "cut it into its reports."
            )
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}).") from None
    return text_of_bytes(data, path.suffix, name=str(path))
