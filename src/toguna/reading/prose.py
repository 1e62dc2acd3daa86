"""What a document says: its text, the day it was published, its title, and where it stands.

Enters: bytes of plain text or HTML, or words that another parser took out of a file. Leaves: a `Text`.
Called by `toguna.reading.documents` and by the parsers of `toguna.reading.formats`.

A first line ``DATE: 2015-11-24`` gives the day of publication; HTML gives it in its usual meta tags.
HTML loses script, style and everything that is no prose; nothing that it refers to is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from toguna.core.errors import DataError
from toguna.core.mojibake import mended
from toguna.reading.days import days
from toguna.reading.lexicon import phrase
from toguna.reading.plain import cleaned, folded

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

__all__ = [
    "Note",
    "Text",
    "at_address",
    "decoded",
    "html_text",
    "is_chronology",
    "joined",
    "plain_text",
    "reflowed",
    "titled",
]

_DATE_LINE = re.compile(r"\A\s*DATE\s*:[ \t]*(?:(\d{4}-\d{2}-\d{2})[^\n]*)?(?:\n|\Z)", re.IGNORECASE)
_HEAD = 300
"""Letters at the head of a page in which it tells its day."""
HEADINGS = 3
"""Days alone on a line: from so many on a text is a chronology."""
_STAMP = re.compile(r"\bdate\W{1,3}(20\d\d-[01]\d-[0-3]\d)\b", re.IGNORECASE)
_DATED, _BARE_DAY = phrase("marks.dated"), phrase("marks.bare_day")
_TITLE_LINE = re.compile(r"\A\s*TITLE\s*:\s*([^\n]+)\n", re.IGNORECASE)
_NO_PROSE = "script, style, noscript, template, svg, nav, footer, form, iframe, object, embed, head, aside"
_DATE_TAGS = (
    "article:published_time", "og:published_time", "date", "dc.date", "dcterms.date", "dc.date.issued",
    "datepublished", "pubdate", "sailthru.date", "publish-date", "parsely-pub-date",
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_IN_ADDRESS = re.compile(r"://[^/?#]+(?:/[^/?#]+)*?/(20\d\d)([/-]?)([01]\d)\2([0-3]\d)(?=[/_-]|$)")
_NARROWEST, _WIDEST, _FULL = 30, 130, 0.7
_ENDED = (*'.!?:…»"”',)


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader of a text should know of how it was read.

    Parameters
    ----------
    code : {"named-otherwise", "attachments", "day-of-file", "day-of-address", "no-memory-limit"}
        The content is of another kind than the name says; attachments were not opened; the day of publication
        is that which the file bears of itself, or which stands in its address; this system limits the time of
        parsing, not the memory.
    found : str
        The kind, the attachments, the day; "" where there is nothing to name.
    """

    code: str
    found: str = ""


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
    address : str
        Where it stands on the web, "" when that is not known.
    notes : tuple of Note
        What to know of how it was read.
    sensitivity : str
        "public" or a class of `toguna.core.grading.SENSITIVITY`; "" when nobody said, which readers that
        send texts away take for the strictest.
    """

    text: str
    published: date | None = None
    title: str = ""
    address: str = ""
    notes: tuple[Note, ...] = ()
    sensitivity: str = ""


def at_address(text: Text, address: str) -> Text:
    """Return a text with its address, and if it tells no day of publication itself the one in the address.

    Examples
    --------
    >>> told = at_address(Text("An attack."), "https://news.example/2015/11/20/an-attack")
    >>> str(told.published), told.notes
    ('2015-11-20', (Note(code='day-of-address', found='2015-11-20'),))
    """
    return replace(_dated_by(text, address), address=address)


def _dated_by(text: Text, address: str) -> Text:
    """Give a text that tells no day of publication the one that stands in an address."""
    found = _DAY_IN_ADDRESS.search(address) if text.published is None else None
    try:
        day = date(int(found[1]), int(found[3]), int(found[4])) if found else None
    except ValueError:  # figures that are no day
        day = None
    return (
        replace(text, published=day, notes=(*text.notes, Note("day-of-address", day.isoformat())))
        if day
        else text
    )


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
    return Text(body, published or (None if is_chronology(body) else _stamped(body[:_HEAD])), title)


def is_chronology(body: str) -> bool:
    """Say whether days alone on a line are the headings of a text, and date what follows them."""
    return sum(bool(_BARE_DAY.match(x)) for x in folded(body).splitlines()) >= HEADINGS


def _stamped(head: str) -> date | None:
    """Return the day that a page states of itself at its head; None where it states none that exists."""
    fold = folded(head)
    lines = [m[1] for m in _STAMP.finditer(fold)][:1]
    lines += [x for x in fold.splitlines() if _DATED.match(x) or _BARE_DAY.match(x)]
    said = (w for x in lines for lang in ("en", "fr") for w in days(x, lang, published=None))
    return next((w.first for w in said if w.rule == "date" and w.first), None)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DataError(
            f"DATE: {text} is no day of the calendar; write it as YYYY-MM-DD, for example 2015-11-24."
        ) from None


def plain_text(data: bytes) -> Text:
    """Read plain text."""
    return titled(decoded(data))


def html_text(data: bytes | str) -> Text:
    """Read the prose of a page: without script, style, frames and forms."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(data if isinstance(data, str) else decoded(data))
    published, own = _published(tree), tree.css_first('link[rel="canonical"]')
    address = (own.attributes.get("href") if own else None) or ""
    heading = tree.css_first("h1") or tree.css_first("title")
    title = " ".join(cleaned(heading.text()).split()) if heading else ""
    for node in tree.css(_NO_PROSE):
        node.decompose()
    root = tree.css_first("article") or tree.css_first("main") or tree.body
    lines = joined(root.text(separator="\n")) if root else ""
    said = lines if lines.startswith(title) else f"{title}\n\n{lines}"
    return _dated_by(titled(said, published=published, title=title), address)


def joined(text: str) -> str:
    r"""Join what inline tags or a narrow column broke apart, with an empty line between paragraphs.

    A line that ends a sentence, or a heading, keeps its break.

    Examples
    --------
    >>> joined("Three soldiers\nwere killed.\nThe army said so")
    'Three soldiers were killed.\n\nThe army said so'
    """
    out: list[list[str]] = []
    for line in (" ".join(x.split()) for x in cleaned(text).split("\n")):
        if not line:
            continue
        glued = out and not out[-1][-1].endswith(_ENDED) and (line[0].islower() or line[0] in ",.;)»")
        if glued:
            out[-1] += [" ", line] if line[0].isalnum() else [line]
        else:
            out.append([line])
    return "\n\n".join(map("".join, out))


def reflowed(text: str) -> str:
    """Join the lines of a column of fixed width (mail, PDF), with an empty line between paragraphs.

    A line goes on in the next unless it is much shorter than the column, or an empty line follows.
    """
    lines = [" ".join(line.split()) for line in cleaned(text).split("\n")]
    full = sorted(len(line) for line in lines if line)
    column = full[round(0.9 * (len(full) - 1))] if full else 0
    if not _NARROWEST <= column <= _WIDEST:
        return joined(text)
    out: list[list[str]] = []
    before = ""
    for line in lines:
        if line and before and (len(before) > _FULL * column or line[0].islower()):
            out[-1].append(line)
        elif line:
            out.append([line])
        before = line
    return "\n\n".join(map(" ".join, out))


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
