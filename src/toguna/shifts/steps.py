"""Both windows cut into steps: a twelfth of the recent window each.

Called by `toguna.shifts.tempo` and `toguna.shifts.late`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from toguna.shifts.windows import Windows

__all__ = ["SHORTEST_RUN", "STEPS", "counts_by_step", "edges_of"]

STEPS = 12
SHORTEST_RUN = 2
"""Steps that a change must have lasted: a single step cannot be told from one burst."""

Floats = NDArray[np.float64]


@lru_cache(maxsize=16)
def edges_of(windows: Windows) -> tuple[Floats, int]:
    """Step borders (day ordinals) over both windows, and how many steps are reference.

    Only whole steps count: a longer or shorter first step would pass for another rate. The first
    days of the reference window are left out when its length is not a multiple of a step.
    """
    before = STEPS * windows.reference.days // windows.recent.days
    back = windows.recent.days * np.arange(before + STEPS, -1, -1)
    edges = np.asarray(windows.recent.end.toordinal() + 1 - back / STEPS, dtype=np.float64)
    edges.flags.writeable = False
    return edges, before


def counts_by_step(day: NDArray[np.int64], windows: Windows) -> tuple[Floats, int]:
    """Count events in steps of a twelfth of the recent window: counts (K,), reference steps."""
    edges, before = edges_of(windows)
    return np.diff(np.searchsorted(np.sort(day), edges)).astype(float), before
