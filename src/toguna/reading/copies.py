"""Which texts were copied from one another, whole or in part: fingerprints by winnowing.

Enters: texts. Leaves: `Prints`, and for each text the texts that it was copied from. Called by
`toguna.reading.corroboration`.

Words are folded; every run of 5 words is hashed; of every 4 neighbouring hashes the least is kept, so that
any run of 8 words that two texts share is found. Texts are taken in the order of publication and looked up
in an index of the originals so far: no text is compared with every other.

References
----------
Schleimer, Wilkerson and Aiken (2003), Winnowing: local algorithms for document fingerprinting, doi
10.1145/872757.872770. Broder (1997), On the resemblance and containment of documents, doi
10.1109/SEQUEN.1997.666900.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from toguna.reading.drafts import Span
from toguna.reading.plain import folded

__all__ = ["COPIED", "LEAST", "Index", "Prints", "copies", "prints"]

RUN, WINDOW = 5, 4
COPIED = 0.5
"""Share of the fingerprints of the shorter of two texts that the other has too, from which it is a copy.
Broder, Glassman, Manasse and Zweig (1997) cluster pages from the same share."""

LEAST = 4
"""Fewer fingerprints in common are a turn of phrase."""

FORMULA = 50
"""What stands in so many texts that are no copies of one another is a formula or a footer, and is ignored."""

_STEP = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no word is lost in the multiplication modulo 2**64


@dataclass(frozen=True)
class Prints:
    """Fingerprints of a text, and where the words of each begin and end."""

    at: dict[int, Span] = field(repr=False)

    def __len__(self) -> int:
        return len(self.at)

    def within(self, spans: Sequence[Span]) -> list[int]:
        """List the fingerprints whose words lie in some extents."""
        return [h for h, (a, b) in self.at.items() if any(s <= a and b <= e for s, e in spans)]


@lru_cache(maxsize=100_000)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(errors="replace"), digest_size=8).digest(), "little")


def prints(text: str) -> Prints:
    """Take the fingerprints of a text; a text of fewer than 5 words has none.

    Examples
    --------
    >>> a = prints("On Friday two soldiers were killed in an ambush.")
    >>> a.at.keys() == prints("ON FRIDAY, two soldiers were killed in an ambush").at.keys()
    True
    """
    words = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^\W_]+", folded(text))]
    n = len(words) - RUN + 1
    if n < 1:
        return Prints({})
    each = np.array([_hash(w) for _, _, w in words], dtype=np.uint64)
    runs = np.zeros(n, dtype=np.uint64)
    for k in range(RUN):
        runs = runs * _STEP + each[k : k + n]
    runs ^= runs >> np.uint64(29)  # a least value picks evenly only among well mixed bits
    runs = runs * _STEP
    width = min(WINDOW, n)
    windows = np.lib.stride_tricks.sliding_window_view(runs, width)
    kept = np.unique(np.arange(n - width + 1) + windows.argmin(axis=1))
    return Prints({int(runs[i]): (words[i][0], words[i + RUN - 1][1]) for i in kept.tolist()})


class Index:
    """Texts by their fingerprints."""

    def __init__(self) -> None:
        self._texts: dict[int, list[int]] = {}

    def add(self, text: int, held: Iterable[int]) -> None:
        """Take in a text by its number, with its fingerprints."""
        for h in held:
            self._texts.setdefault(h, []).append(text)

    def shared(self, held: Iterable[int]) -> Counter[int]:
        """Count for each text how many of some fingerprints it has; formulas are not counted."""
        found = (self._texts.get(h, ()) for h in held)
        return Counter(text for texts in found if len(texts) <= FORMULA for text in texts)


def copies(held: Sequence[Prints], order: Sequence[int]) -> list[tuple[int, ...]]:
    """Find for each text the originals that it was copied from.

    Parameters
    ----------
    held : sequence of Prints
        N texts.
    order : sequence of int
        Their numbers, from the first published; of a pair the later is the copy.

    Returns
    -------
    list of tuple of int
        For each text the numbers of the originals, the likest first; () for an original.
    """
    index = Index()
    found: list[tuple[int, ...]] = [()] * len(held)
    for n in order:
        shared = index.shared(held[n].at).items()
        like = [
            (-share, m)
            for m, count in shared
            if count >= LEAST and (share := count / min(len(held[n]), len(held[m]))) >= COPIED
        ]
        found[n] = tuple(m for _, m in sorted(like))
        if not like:
            index.add(n, held[n].at)
    return found
