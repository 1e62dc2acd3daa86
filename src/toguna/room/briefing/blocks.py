"""What a briefing is made of: sections of blocks, the same for screen and paper.

A block is a plain dict with a ``kind`` so that both the HTML template and the typst template read it
as it is: text, sentences, picture, card, table, pairs, terms, links, fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = [
    "Block",
    "Cell",
    "card",
    "fold",
    "foreign",
    "links",
    "pairs",
    "section",
    "sentences",
    "table",
    "terms",
    "text",
    "web",
]

Block = dict[str, Any]
Cell = str | dict[str, str]


def foreign(content: str, lang: str = "en") -> Cell:
    """Return a cell whose words stay in the language of the data."""
    return {"text": content, "lang": lang}


def web(address: str) -> str | None:
    """Return the address when it may be a link (http or https), else None."""
    return address if address.startswith(("http://", "https://")) else None


def section(name: str, title: str, blocks: Iterable[Block | None]) -> Block:
    """Return a section; blocks that are None fall away."""
    return {"id": name, "title": title, "blocks": [b for b in blocks if b is not None]}


def text(content: str, *, small: bool = False, lang: str = "") -> Block:
    """Return a paragraph."""
    return {"kind": "text", "text": content, "small": small, "lang": lang}


def sentences(items: Sequence[dict[str, Any]]) -> Block:
    """Return numbered sentences: `text`, `number`, `uncertainty`, `why`."""
    return {"kind": "sentences", "items": list(items)}


def table(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, folded: bool = False
) -> Block:
    """Return a table; the first cell of a row is its header. `folded` tables open on demand."""
    cells = [[c if isinstance(c, dict) else {"text": c} for c in row] for row in rows]
    return {"kind": "table", "caption": caption, "columns": list(columns), "rows": cells, "folded": folded}


def fold(title: str, blocks: Iterable[Block | None]) -> Block | None:
    """Return details that open on demand on a screen and follow their title on paper; None when empty."""
    inside = [b for b in blocks if b is not None]
    return {"kind": "fold", "title": title, "blocks": inside} if inside else None


def card(**content: Any) -> Block:
    """Return a card: `id`, `label`, `alarm`, `text`, `facts` (pairs), `events` (heading, ids), `why`."""
    return {"kind": "card", **content}


def pairs(items: Sequence[tuple[str, str]]) -> Block:
    """Return a list of terms and what they are."""
    return {"kind": "pairs", "items": [list(i) for i in items]}


def terms(title: str, items: Sequence[tuple[str, str]]) -> Block:
    """Return a box that explains words once."""
    return {"kind": "terms", "title": title, "items": [list(i) for i in items]}


def links(items: Sequence[tuple[str, str | None]], *, folded: str = "") -> Block:
    """Return a list of sources: what is read, and where it leads (None = nowhere)."""
    return {"kind": "links", "items": [{"text": t, "href": h or ""} for t, h in items], "folded": folded}
