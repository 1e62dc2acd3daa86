"""What a model may know: counts up to the origin, and nothing after it.

Enters: counts (U, T). Leaves: `History` and the type of every model. Called by every model: a model
is a function of a history and steps, so it cannot see what it is not given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.panels.features import Features, history_features

__all__ = ["History", "Model", "Singles"]

Singles = NDArray[np.float32]


@dataclass(frozen=True)
class History:
    """Monthly counts of U units, the last column being the origin.

    Parameters
    ----------
    counts : (U, T) float
        Counts, 0 or more, T >= 1.
    """

    counts: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.counts.ndim != 2 or not self.counts.shape[1]:
            raise UsageError(f"a history is (units, months) with a month at least, got {self.counts.shape}.")

    @property
    def origin(self) -> int:
        """Index of the last known month."""
        return int(self.counts.shape[1]) - 1

    def until(self, month: int) -> History:
        """Return the history as it stood at an earlier month (index)."""
        if not 0 <= month <= self.origin:
            raise UsageError(f"month {month} is not within 0 and the origin {self.origin}.")
        return History(self.counts[:, : month + 1])

    def last(self, months: int) -> NDArray[np.float64]:
        """Return the last months, (U, at most `months`)."""
        return self.counts[:, max(0, self.origin + 1 - months) :]

    @cached_property
    def features(self) -> Features:
        """Features of every month, (T, U, K); each knows only the months before it."""
        return history_features(self.counts, np.arange(self.origin + 1))


Model = Callable[[History, tuple[int, ...]], Singles]
"""History and steps (1 = the month after the origin) -> chances (U, H, G) on `support.COUNTS`."""
