"""Better whole portions, step by step: fill what is left of the budget, then change one for another.

Enters: whole portions that keep every limit. Leaves: portions that score no less and keep them too. Called by
`toguna.responses.plan.solve`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from toguna.responses.plan.problem import Floats

__all__ = ["Room", "polish"]

_SLACK = 1e-7
_PUT = 3
"""Portions tried in place of one that is dropped."""


@dataclass
class Room:
    """What is left under the limits, and the portions that use the rest."""

    rows: sparse.csc_matrix
    left: Floats
    high: Floats
    x: Floats

    def __post_init__(self) -> None:
        uses = self.rows.data > 0
        column = np.repeat(np.arange(len(self.x)), np.diff(self.rows.indptr))
        self._uses = column[uses], self.rows.indices[uses], self.rows.data[uses]

    @classmethod
    def of(cls, rows: sparse.csr_matrix, right: Floats, high: Floats, x: Floats) -> Room:
        """Return the room that portions (N,) leave."""
        return cls(rows.tocsc(), right - rows @ x, high, x.copy())

    def _column(self, j: int) -> tuple[np.ndarray, Floats]:
        part = slice(self.rows.indptr[j], self.rows.indptr[j + 1])
        return self.rows.indices[part], self.rows.data[part]

    def change(self, j: int, by: float) -> None:
        """Begin or drop portions, whatever the limits say."""
        at, size = self._column(j)
        self.left[at] -= by * size
        self.x[j] += by

    @property
    def sound(self) -> bool:
        """Whether every limit holds."""
        return bool((self.left >= -_SLACK).all())

    def fitting(self) -> np.ndarray:
        """Return the portions that could be begun with every limit kept, (N,) of bool."""
        column, limit, size = self._uses
        fits = self.x < self.high
        fits[column[size > self.left[limit] + _SLACK]] = False
        return fits


def polish(
    room: Room, score: Callable[[Floats], float], slopes: Callable[[Floats], Floats], *, steps: int, outs: int
) -> Floats:
    """Return portions (N,) after at most `steps` changes, each of which raised the score.

    In each step at most `outs` portions are tried for dropping, those with the smallest slope first.
    """
    best = score(room.x)
    for _ in range(steps):
        better = _better(room, score, slopes(room.x), best, outs)
        if better is None:
            break
        best = better
    return room.x


def _better(
    room: Room, score: Callable[[Floats], float], gains: Floats, best: float, most: int
) -> float | None:
    """Make one change that raises the score; return the new score, or None when none was found."""
    held = np.nonzero(room.x > 0)[0]
    outs: list[int | None] = [None, *(int(j) for j in held[np.argsort(gains[held], kind="stable")][:most])]
    for out in outs:
        if out is not None:
            room.change(out, -1)
        lost = 0.0 if out is None else float(gains[out])
        fits = np.nonzero(room.fitting() & (gains > lost))[0]
        for put in fits[np.argsort(-gains[fits], kind="stable")][:_PUT]:
            if put == out:
                continue
            room.change(int(put), 1)
            if room.sound and (found := score(room.x)) > best + 1e-12:
                return found
            room.change(int(put), -1)
        if out is not None:
            room.change(out, 1)
    return None
