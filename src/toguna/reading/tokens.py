"""A text as a row of words, each with what the dictionaries found there: what the network reads.

Enters: a text and the marks of its sentences. Leaves: `Tokens`. Called by `toguna.reading.network`, and by
the bench that fits it.

Words enter by a digest of their first letters (Weinberger et al. 2009, Feature hashing for large scale
multitask learning), so there is no list of words to keep; marks enter by name, in both languages the same.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.reading.marks import Marks
from toguna.reading.scenes import key_of

__all__ = ["BUCKETS", "MOST", "NEARNESS", "Extent", "Thing", "Tokens", "nearness", "tokens_of"]

BUCKETS = 4096
"""Digests of words are taken modulo this."""
STEM = 5  # letters of a word that count
MOST = 3000
"""Words of a text that the network reads; what stands behind them it does not see."""
AGES = (-1, 0, 1, 2, 3, 5, 8, 15, 31, 100, 400)
"""Days before publication between which a day told is of the news, of late or of old."""
HEAD, LATE = 6, 16  # sentences
GAPS = (0, 1, 2, 4, 8, 16, 32, 64, 128)
"""Words between a thing and the nearest mention of a name on one side, in steps."""
SENTENCES = (0, 1, 2, 4, 8)
"""The same in sentences."""
RIVALS = (0, 1, 2, 4)
"""Names that are nearer, in steps."""
NEARNESS = 2 * (len(GAPS) + 2) + 2 * (len(SENTENCES) + 2) + len(RIVALS) + 1
"""How many signs there are of how a thing stands to a name; see `nearness`."""
_WORD = re.compile(r"\w+|[^\w\s]")
_THEMES = ("deeds", "unreal", "aggregate", "mishap", "another", "earlier")

Extent = tuple[int, int]
"""First word and the one behind the last."""
Thing = tuple[str, int]
"""Kind, and the letter at which it starts."""


@dataclass(frozen=True)
class Tokens:
    """The words of a text.

    Parameters
    ----------
    words : ndarray of int (T,)
        Digest of each word, 0 to `BUCKETS` - 1.
    signs : tuple of (int, str)
        Which word bears which sign.
    names : dict of str to tuple of Extent
        Every name that is no country, by what its spellings share, and where it stands.
    by_rules : dict of str to frozenset of str
        What the rules say for and against the news being of each name.
    things : dict of (str, int) to Extent
        Days ("day"), counts (by fate) and organisations ("group") by kind and the letter they start at.
    """

    words: NDArray[np.int64]
    signs: tuple[tuple[int, str], ...]
    names: dict[str, tuple[Extent, ...]]
    by_rules: Mapping[str, frozenset[str]] = field(default_factory=dict)
    things: Mapping[Thing, Extent] = field(default_factory=dict)


def tokens_of(
    text: str,
    marks: Sequence[Marks],
    published: date | None,
    by_rules: Mapping[str, frozenset[str]] | None = None,
) -> Tokens:
    """Return the words of a text with their marks.

    `marks` are those of this text, `by_rules` what the rules say of each of its names.
    """
    cut = [(m.start(), m.end()) for m in islice(_WORD.finditer(text), MOST)]
    starts, ends = [a for a, _ in cut], [b for _, b in cut]
    folded, lang = (marks[0].folded, marks[0].lang) if marks else ("", "")
    signs: list[tuple[int, str]] = []

    def extent(start: int, end: int) -> Extent | None:
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        return (first, max(last, first + 1)) if first < len(cut) else None

    things: dict[Thing, Extent] = {}

    def put(thing: Any, *said: str, kind: str = "") -> Extent | None:
        at = extent(thing.start, thing.end)
        if at is not None:
            if kind:
                things[kind, thing.start] = at
            signs.extend([(i, s) for i in range(*at) for s in said])
            signs.extend([(at[0], f"first-{s.partition(':')[0]}") for s in said])
        return at

    names: dict[str, list[Extent]] = {}
    for n, m in enumerate(marks):
        if (at := extent(*m.span)) is not None:
            signs.append((at[0], "opens"))
            sentence = f"sentence:{min(n, HEAD) + (n > LATE)}"
            signs.extend([(i, sentence) for i in range(*at)])
        for theme in _THEMES:
            for h in getattr(m, theme):
                put(h, theme, f"{theme}:{h.key}")
        for w in m.whens:
            told = ["when", f"when:{w.precision}", *(["since"] if w.since else [])]
            if w.first and published:
                told.append(f"age:{sum((published - w.first).days >= x for x in AGES)}")
            put(w, *told, kind="day")
        for p in m.places:
            seen = names.setdefault(key_of(p), []) if p.level != "country" else []
            told = [
                f"place:{p.level}",
                f"role:{p.role}",
                f"known:{bool(p.spots)}",
                f"nth:{min(len(seen), 2)}",
            ]
            if (at := put(p, *told)) is not None:
                seen.append(at)
        for g in m.groups:
            put(g, "group", f"group:{g.kind}", *(["tied"] if g.tied else []), kind="group")
        for t in m.tolls:
            told = [f"toll:{t.fate}", f"side:{t.side}", f"told:{t.rule}"]
            put(t, *told, *(["part"] if t.part else []), *(["past"] if t.earlier else []), kind=t.fate)
    signs.extend(_written(text, cut))
    stems = [f"{lang}{folded[a : min(a + STEM, b)]}" for a, b in cut]
    return Tokens(
        np.array([_digest(s) for s in stems], dtype=np.int64),
        tuple(signs),
        {key: tuple(at) for key, at in names.items() if at},
        by_rules or {},
        things,
    )


def nearness(tokens: Tokens, things: Sequence[Extent]) -> NDArray[np.int64]:
    """Return how things stand to each name, as numbers of signs (N, K, 5).

    Words and sentences to the nearest mention before it and to that behind it, and how many names are
    nearer; each of the five counts on from the last of the one before, up to `NEARNESS`.
    """
    counts = [len(own) for own in tokens.names.values()]
    first = np.cumsum([0, *counts])[:-1]
    names = np.array([at for own in tokens.names.values() for at, _ in own])
    own = np.array([at for at, _ in things])
    opens = np.zeros(len(tokens.words), dtype=np.int64)
    opens[[at for at, sign in tokens.signs if sign == "opens"]] = 1
    sentence = np.cumsum(opens)
    words = own[:, None] - names
    sentences = sentence[own][:, None] - sentence[names]
    out, begin, nearest = [], 0, np.minimum.reduceat(np.abs(words), first, axis=1)
    for gap, steps in ((words, GAPS), (sentences, SENTENCES)):
        for side in (1, -1):
            far = np.where(words * side >= 0, np.abs(gap), MOST)
            least = np.minimum.reduceat(far, first, axis=1)
            out.append(begin + np.searchsorted((*steps, MOST - 1), least, side="left"))
            begin += len(steps) + 2
    nearer = np.stack([np.searchsorted(np.sort(row), row, side="left") for row in nearest])
    out.append(begin + np.searchsorted(RIVALS, nearer, side="left"))
    return np.stack(out, axis=2)


@lru_cache(maxsize=20_000)
def _digest(stem: str) -> int:
    return zlib.crc32(stem.encode("utf-8", "surrogatepass")) % BUCKETS


def _written(text: str, cut: Sequence[Extent]) -> list[tuple[int, str]]:
    """Return how words are written: with a capital, as a figure, as a point, at the end of a line."""
    signs = []
    for i, (a, b) in enumerate(cut):
        if looks := _looks(text[a]):
            signs.append((i, looks))
        if "\n" in text[b : cut[i + 1][0] if i + 1 < len(cut) else b + 1]:
            signs.append((i, "line"))
    return signs


@lru_cache(maxsize=1_000)
def _looks(first: str) -> str:
    """Return how a word is written by its first letter; "" for a small letter."""
    if first.isupper():
        return "capital"
    if first.isdigit():
        return "figure"
    if first.isalnum():
        return ""
    return f"point:{first}" if first in '.,:;"()?!-–' else "point"
