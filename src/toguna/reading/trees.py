"""Small trees of signs whose values add up to log-odds: what a sum over single signs cannot say.

Enters: the signs of a draft. Leaves: its log-odds. Called by `toguna.reading.confidence`; grown by
`toguna.reading.grown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["LEAF", "Trees"]

LEAF = -1
"""In place of a sign: the node is a leaf."""


@dataclass(frozen=True)
class Trees:
    """Trees whose nodes ask for a sign, laid out one after the other.

    Parameters
    ----------
    signs : sequence of str
        What is asked for, S of them.
    roots : sequence of int
        First node of each tree.
    asks : sequence of int
        For each of N nodes the number of its sign, or `LEAF`.
    yes, no : sequence of int
        For each node the next one, with the sign and without; a leaf has itself.
    values : sequence of float
        For each node its log-odds; those of leaves count.

    Raises
    ------
    ValueError
        When nodes do not lead onward to a leaf of the same tree.

    Examples
    --------
    >>> told = Trees(["near", "late"], [0, 3], [0, -1, -1, 1, -1, -1], [1, 1, 2, 4, 4, 5],
    ...              [2, 1, 2, 5, 4, 5], [0.0, 1.0, -1.0, 0.0, -0.5, 0.25])
    >>> told.score({"near"}), told.score({"late"})
    (1.25, -1.5)
    """

    signs: Sequence[str] = field(repr=False)
    roots: Sequence[int] = field(repr=False)
    asks: Sequence[int] = field(repr=False)
    yes: Sequence[int] = field(repr=False)
    no: Sequence[int] = field(repr=False)
    values: Sequence[float] = field(repr=False)

    def __post_init__(self) -> None:
        nodes = len(self.asks)
        if not len(self.yes) == len(self.no) == len(self.values) == nodes:
            raise ValueError("trees need as many answers and values as questions")
        onward = all(
            sign == LEAF or (0 <= sign < len(self.signs) and n < yes < nodes and n < no < nodes)
            for n, (sign, yes, no) in enumerate(zip(self.asks, self.yes, self.no, strict=True))
        )
        if not onward or not all(0 <= root < nodes for root in self.roots):
            raise ValueError("trees must lead onward from each question to a leaf")

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Trees:
        """Make trees of the lists of a file."""
        roots, asks, yes, no = ([int(x) for x in told[name]] for name in ("roots", "asks", "yes", "no"))
        return cls([str(s) for s in told["signs"]], roots, asks, yes, no, [float(x) for x in told["values"]])

    def score(self, signs: Iterable[str]) -> float:
        """Return the sum of the leaves that these signs lead to."""
        held = set(signs)
        has = [s in held for s in self.signs]
        asks, yes, no = self.asks, self.yes, self.no
        total = 0.0
        for root in self.roots:
            node = root
            while (sign := asks[node]) != LEAF:
                node = yes[node] if has[sign] else no[node]
            total += self.values[node]
        return total
