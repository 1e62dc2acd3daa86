"""Two windows of one population side by side, with the permutations that all its tests share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.core.types import Interval
from toguna.shifts.resampling import positions
from toguna.shifts.sample import Coded, Sample
from toguna.shifts.windows import Windows

__all__ = ["FEWEST", "Comparison", "Measured", "compare", "one_hot", "unpermuted"]

FEWEST = 5
"""Events that each window must hold before anything is tested."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one test found: the effect, the events that show it, and all its numbers."""

    subject: str
    effect: Interval
    event_ids: tuple[str, ...]
    numbers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """N events of a reference and a recent window and R block permutations of their marks.

    Parameters
    ----------
    sample : Sample
        Events of both windows, sorted by day.
    windows : Windows
        The two windows.
    recent : bool, shape (N,)
        Whether the event falls in the recent window.
    position : int, shape (R, N)
        See `toguna.shifts.resampling.positions`.
    weights : float32, shape (R, N)
        1 where the permuted mark lands in the recent window.
    """

    sample: Sample
    windows: Windows
    recent: Bools
    position: NDArray[np.int64]
    weights: NDArray[np.float32]

    @property
    def n_recent(self) -> int:
        """Events in the recent window."""
        return int(self.recent.sum())

    @property
    def n_reference(self) -> int:
        """Events in the reference window."""
        return len(self.recent) - self.n_recent

    @property
    def testable(self) -> bool:
        """Whether both windows hold enough events."""
        return min(self.n_recent, self.n_reference) >= FEWEST

    def recent_ids(self, mask: Bools | None = None) -> tuple[str, ...]:
        """Ids of the recent events, or of those of them where `mask` (N,) is true."""
        chosen = self.recent if mask is None else self.recent & mask
        return tuple(str(i) for i in self.sample.ids[chosen])


def unpermuted(sample: Sample, windows: Windows) -> Comparison:
    """Cut a sample to the two windows; there are no permutations."""
    both = sample.between(windows.reference.start, windows.recent.end)
    recent = both.day >= windows.recent.start.toordinal()
    empty = np.empty((0, len(both)))
    return Comparison(both, windows, recent, empty.astype(np.int64), empty.astype(np.float32))


def compare(sample: Sample, windows: Windows, *, replicates: int, rng: np.random.Generator) -> Comparison:
    """Cut a sample to the two windows and draw the permutations."""
    cut = unpermuted(sample, windows)
    if not len(cut.sample):
        return cut
    position = positions(cut.sample.day, replicates=replicates, rng=rng)
    return replace(cut, position=position, weights=(position >= cut.n_reference).astype(np.float32))


def one_hot(coded: Coded) -> NDArray[np.float32]:
    """Turn codes into an (N, K) matrix of 0 and 1; missing codes are rows of zeros."""
    out = np.zeros((len(coded.codes), len(coded.names)), dtype=np.float32)
    known = coded.codes >= 0
    out[np.flatnonzero(known), coded.codes[known]] = 1
    return out
