"""A text cut where the words of drafts begin and end, so that a page can mark them.

Enters: words, drafts. Leaves: `Part` values whose texts together are the words. Called by the page of
one text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from toguna.room.texts.fields import FORM
from toguna.room.texts.shelf import INCIDENT, RELATION, Draft

__all__ = ["GROUPS", "Mark", "Part", "parts_of"]

GROUPS = ("when", "where", "what", "who", "toll", "tie", "measure")
"""What words are of: each has a colour and a label of its own."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of one draft that belong to one group: extent, number of the draft, ids of the fields."""

    start: int
    end: int
    number: int
    group: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text: the marks it lies in, the shortest first, and those that begin with it."""

    text: str
    marks: tuple[Mark, ...] = ()
    begins: tuple[Mark, ...] = ()


def _marks(draft: Draft) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Yield extent, group and field of all words of a draft."""
    if draft.kind == INCIDENT:
        for f in FORM:
            for start, end in draft.field(f.told).get("spans", ()):
                yield (start, end), f.group, f.name
        return
    group = "tie" if draft.kind == RELATION else "measure"
    for name, told in draft.told["fields"].items():
        for start, end in told["spans"]:
            yield (start, end), group, name
    for start, end in draft.told["spans"][-1:]:
        yield (start, end), group, "kind"


def parts_of(words: str, drafts: Sequence[Draft]) -> list[Part]:
    """Cut a text; spans that lie outside it mark nothing.

    Examples
    --------
    >>> [p.text for p in parts_of("Gao was hit", [])]
    ['Gao was hit']
    """
    grouped: dict[tuple[int, int, int, str], list[str]] = {}
    for draft in drafts:
        for (start, end), group, name in _marks(draft):
            if 0 <= start < end <= len(words):
                grouped.setdefault((start, end, draft.number, group), []).append(f"d{draft.number}-{name}")
    marks = sorted((Mark(*key, tuple(dict.fromkeys(ids))) for key, ids in grouped.items()),
                   key=lambda m: (m.start, m.end, m.number, m.group))  # fmt: skip
    cuts = sorted({0, len(words), *(m.start for m in marks), *(m.end for m in marks)})
    found, open_, at = [], list[Mark](), 0
    for start, end in pairwise(cuts):
        open_ = [m for m in open_ if m.end > start]
        first = at
        while at < len(marks) and marks[at].start == start:
            at += 1
        open_ += marks[first:at]
        inner = tuple(sorted(open_, key=lambda m: (m.end - m.start, m.number, m.group)))
        found.append(Part(words[start:end], inner, tuple(marks[first:at])))
    return found
