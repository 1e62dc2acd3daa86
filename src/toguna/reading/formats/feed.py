"""The entries of a feed: RSS 2.0, RSS 1.0 or Atom.

Enters: bytes. Leaves: a `Text` for each entry, with its own day and link. Document types, entities and
anything outside the file are refused; links are kept, never followed.
"""

from __future__ import annotations

import io
import re
from contextlib import suppress
from datetime import date
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element

import selectolax.lexbor  # noqa: F401  # loaded before files are closed to this process
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from toguna.reading.formats.child import RefusedError
from toguna.reading.prose import Text, html_text, joined

__all__ = ["MOST_DEEP", "MOST_ENTRIES", "parse"]

MOST_ENTRIES, MOST_DEEP = 500, 100
_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})")
_DATES = ("pubdate", "published", "date", "issued", "updated", "modified")
_WORDS = ("encoded", "content", "description", "summary")


def parse(data: bytes) -> list[Text]:
    """Read every entry, in the order of the file."""
    try:
        entries = _entries(data)
    except DefusedXmlException:
        raise RefusedError("entities") from None
    texts = [_text(entry) for entry in entries]
    found = [text for text in texts if text.text]
    if not found:
        raise RefusedError("no-feed")
    return found


def _entries(data: bytes) -> list[Element]:
    found: list[Element] = []
    depth = 0
    for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if depth > MOST_DEEP:
            raise RefusedError("deep", most=MOST_DEEP)
        if event == "end" and _name(element) in ("item", "entry"):
            found.append(element)
        if len(found) > MOST_ENTRIES:
            raise RefusedError("entries", most=MOST_ENTRIES)
    return found


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _text(entry: Element) -> Text:
    parts: dict[str, Element] = {}
    for child in entry:
        parts.setdefault(_name(child), child)
    title = _prose(parts.get("title"))
    body = next((words for name in _WORDS if (words := _prose(parts.get(name)))), "")
    text = body if body.startswith(title) else f"{title}\n\n{body}"
    days = (_day("".join(parts[name].itertext())) for name in _DATES if name in parts)
    return Text(text.strip(), next(filter(None, days), None), title, _link(entry))


def _prose(element: Element | None) -> str:
    """Take the words of an element: text, escaped HTML, or XHTML inside it."""
    if element is None:
        return ""
    words = "\n".join(element.itertext()) if len(element) else element.text or ""
    if "<" in words or "&" in words:
        return html_text(words).text.strip()
    return joined(words)


def _link(entry: Element) -> str:
    """Find the address of an entry: a link to itself, else a guid that is one."""
    for element in entry:
        name, kind = _name(element), element.get("rel", "alternate")
        said = (element.get("href") or element.text or "").strip()
        if name in ("link", "guid") and kind == "alternate" and re.match(r"https?://\S+\Z", said):
            return said
    return ""


def _day(text: str) -> date | None:
    if found := _DAY.match(text):
        with suppress(ValueError):
            return date.fromisoformat(found[1])
        return None
    with suppress(ValueError, IndexError, TypeError):
        return parsedate_to_datetime(text.strip()).date()
    return None
