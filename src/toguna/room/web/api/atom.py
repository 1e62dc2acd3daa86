"""Warnings as a feed.

Enters: records that may be told. Leaves: Atom. Called by `toguna.room.web.api.warned`.

References
----------
Nottingham and Sayre (2005), The Atom Syndication Format, RFC 4287.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from toguna.core.language import Language
from toguna.warnings.outputs.words import facts
from toguna.warnings.states import Record

__all__ = ["atom"]

NAMESPACE = "http://www.w3.org/2005/Atom"
_NEVER = "1970-01-01T00:00:00Z"


def atom(records: Sequence[Record], title: Mapping[str, str], *, own: str, lang: str) -> bytes:
    """Write issued warnings as a feed, in the order given.

    Parameters
    ----------
    own : str
        Full address of the feed; addresses of warnings lie beside it.
    """
    L = Language(lang)
    ET.register_namespace("", NAMESPACE)
    feed = ET.Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": lang})
    moments = [_moment(record.history[-1].happened_at) for record in records]
    _add(feed, "id", own)
    _add(feed, "title", L("Warnings: {theatre}", theatre=title.get(lang) or next(iter(title.values()), "")))
    _add(feed, "updated", max(moments, default=_NEVER))
    _add(feed, "generator", "Toguna")
    _link(feed, own, "self", "application/atom+xml")
    for record in records:
        _entry(feed, record, L, base=own.removesuffix(".atom"))
    told: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return told


def _entry(feed: ET.Element, record: Record, L: Language, *, base: str) -> None:
    w = record.warning
    entry = ET.SubElement(feed, _name("entry"))
    _add(entry, "id", f"{base}/{record.id}")
    _add(entry, "title", f"{L.word(f'level:{w.level}')} {record.id}{L(':')} {w.headline[L.code]}")
    _add(entry, "published", _moment(record.issued_at or record.history[-1].happened_at))
    _add(entry, "updated", _moment(record.history[-1].happened_at))
    author = ET.SubElement(entry, _name("author"))
    _add(author, "name", w.owner)
    ET.SubElement(entry, _name("category"), {"term": w.level, "label": L.word(f"level:{w.level}")})
    ET.SubElement(entry, _name("category"), {"term": record.state})
    _link(entry, f"{base}/{record.id}", "alternate", "text/html")
    _link(entry, f"{base}/{record.id}.cap.xml", "related", "application/cap+xml")
    told = [w.text[L.code], *(f"{name}{L(':')} {value}" for name, value in facts(record, L))]
    _add(entry, "summary", "\n".join(told))


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _link(parent: ET.Element, href: str, rel: str, type: str) -> None:
    ET.SubElement(parent, _name("link"), {"href": href, "rel": rel, "type": type})


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _add(parent: ET.Element, tag: str, text: str) -> None:
    """Add a text; signs that XML does not know fall away."""
    ET.SubElement(parent, _name(tag)).text = "".join(c for c in text if c.isprintable() or c in "\n\t")
