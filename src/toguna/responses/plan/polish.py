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
_TRIED = 40
"""Candidates looked at in a step before it is given up."""


@dataclass
class Room:
    """What is left under the limits, and the portions that use the rest."""

    rows: sparse.csc_matrix
    left: Floats
    high: Floats
    x: Floats

    @classmethod
    def of(cls, rows: sparse.csr_matrix, right: Floats, high: Floats, x: Floats) -> Room:
        """Return the room that portions (N,) leave."""
        return cls(rows.tocsc(), right - rows @ x, high, x.copy())

    def step(self, *, put: int | None = None, out: int | None = None) -> bool:
        """Begin one portion and drop another if the limits allow; otherwise change nothing."""
        change = np.zeros(len(self.left))
        for j, sign in ((put, 1.0), (out, -1.0)):
            if j is not None:
                part = slice(self.rows.indptr[j], self.rows.indptr[j + 1])
                change[self.rows.indices[part]] += sign * self.rows.data[part]
        if put is not None and self.x[put] + 1 > self.high[put]:
            return False
        # A limit that is broken already may not get worse; one that holds must go on holding.
        if ((change > 0) & (change > self.left + _SLACK)).any():
            return False
        self.left = self.left - change
        for j, sign in ((put, 1.0), (out, -1.0)):
            if j is not None:
                self.x[j] += sign
        return True


def polish(room: Room, score: Callable[[Floats], float], slopes: Callable[[Floats], Floats], prices: Floats,
           *, steps: int) -> Floats:  # fmt: skip
    """Return portions (N,) after at most `steps` changes, each of which raised the score."""
    best = score(room.x)
    gains = slopes(room.x)
    for _ in range(steps):
        moved = _better(room, score, gains / prices, best)
        if moved is None:
            break
        best, gains = moved, slopes(room.x)
    return room.x


def _better(room: Room, score: Callable[[Floats], float], worth: Floats, best: float) -> float | None:
    """Make one change that raises the score; return the new score, or None when none was found."""
    able = np.nonzero((room.x < room.high) & (worth > 0))[0]
    wanted = able[np.argsort(-worth[able], kind="stable")][: 8 * _TRIED]
    held = np.nonzero(room.x > 0)[0]
    weakest = held[np.argsort(worth[held], kind="stable")][:_TRIED]
    outs: list[int | None] = [None, *(int(j) for j in weakest)]
    tried = 0
    for out in outs:
        for put in wanted:
            if out is not None and worth[put] <= worth[out]:
                break
            if put == out or not room.step(put=int(put), out=out):
                continue
            found = score(room.x)
            if found > best + 1e-12:
                return found
            room.step(put=out, out=int(put))
            tried += 1
            if tried % 4 == 0:
                break
        if tried >= _TRIED:
            break
    return None
