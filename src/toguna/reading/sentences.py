"""Cut a text into paragraphs and sentences, with offsets.

Enters: a cleaned text. Leaves: `Sentence` values in order. Called by `toguna.reading.marks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Sentence", "sentences"]

MOST_LETTERS = 2000
"""A sentence longer than this (letters) is cut: no rule looks farther, and time stays linear."""

_END = re.compile(r"[.!?…]+[\"»”’')\]]*(?:\s*#\w+)*\s+(?=[\"«“‘(\[]?\s*[A-ZÀ-ÖØ-ÞŒ0-9•-])|;\s+(?=\S)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:M|MM|Mme|Mlle|Mr|Mrs|Ms|Dr|Pr|St|Ste|Lt|Col|Gen|Gén|Maj|Cap|Capt|Sgt|Adj|No|Nos|vs|etc|env|approx|art"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|janv|févr|juil|déc|av|cf|al|p|pp)|\b[A-Z](?:\.[A-Z])*"
    r"|(?:^|\s)\d{1,2}|\b[ap]\.m)\.$"
)
_TERMINAL = re.compile(r"[.!?:;…][\"»”’')\]]*\s*$")
_WRAP_COLUMN = 100


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence.

    Parameters
    ----------
    number : int
        From 0, in the order of the text.
    start, end : int
        Offsets in the text, end not included.
    paragraph : int
        Number of its paragraph, from 0.
    """

    number: int
    start: int
    end: int
    paragraph: int


def _wrapped(lines: list[str]) -> bool:
    """Say whether line breaks come from a fixed width and mean nothing."""
    full = [x.rstrip() for x in lines if x.strip()]
    if len(full) < 4:
        return False
    long = sorted(len(x) for x in full)[int(0.9 * (len(full) - 1))]
    ended = sum(bool(_TERMINAL.search(x)) for x in full) / len(full)
    return 50 <= long <= _WRAP_COLUMN and ended < 0.5


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the extents of paragraphs."""
    lines = text.split("\n")
    wrapped, widest = _wrapped(lines), max(map(len, lines), default=0)
    start = at = 0
    for line in lines:
        end = at + len(line)
        runs_on = text[end + 1 : end + 2].islower() and not _TERMINAL.search(line)
        full = not wrapped or (_TERMINAL.search(line) and len(line) < 0.6 * widest)
        ends = not line.strip() or (full and not runs_on)
        if ends:
            if text[start:end].strip():
                yield start, end
            start = end + 1
        at = end + 1
    if text[start:].strip():
        yield start, len(text)


def _cuts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for found in _END.finditer(text, start, end):
        head = text[max(begin, found.start() - 12) : found.start() + 1]
        if text[found.start()] == "." and _ABBREVIATED.search(head):
            continue
        yield begin, found.end()
        begin = found.end()
    yield begin, end


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MOST_LETTERS:
        space = text.rfind(" ", start + MOST_LETTERS // 2, start + MOST_LETTERS)
        cut = space + 1 if space > 0 else start + MOST_LETTERS
        yield start, cut
        start = cut
    yield start, end


def sentences(text: str) -> list[Sentence]:
    """Cut a text into sentences.

    Examples
    --------
    >>> [s.end - s.start for s in sentences("Two died. The U.N. said so.")]
    [9, 17]
    """
    parts = (
        (paragraph, a, b)
        for paragraph, (first, last) in enumerate(_blocks(text))
        for begin, finish in _cuts(text, first, last)
        for a, b in _short(text, begin, finish)
        if text[a:b].strip()
    )
    return [_trimmed(text, n, *part) for n, part in enumerate(parts)]


def _trimmed(text: str, number: int, paragraph: int, a: int, b: int) -> Sentence:
    bare = text[a:b]
    left, right = len(bare) - len(bare.lstrip()), len(bare.rstrip())
    return Sentence(number, a + left, a + right, paragraph)
