"""What a month turned out to be: peace, onset, continuation, escalation.

A model that only carries on the present scores well on continuation and knows nothing of onsets; the
benches therefore score them apart. Beware: a score on cases that are chosen by their *outcome* is not
proper (a forecast that always cries wolf does best on onsets), so these are read beside the score on
all cases, never instead of it.

Enters: a history and what happened. Leaves: a kind for each unit and step. Called by the benches.

References
----------
Lerch and others (2017), doi 10.1214/16-STS588 (the forecaster's dilemma).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.history import History

__all__ = ["KINDS", "kind_of"]

KINDS = ("peace", "onset", "end", "continuation", "escalation")
_TIMES, _MORE = 2.0, 10.0


def kind_of(history: History, observed: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the index into `KINDS` of every unit and step, (U, H).

    Units without a death in the last year: peace (none) or onset (some). Others: end (none),
    escalation (at least twice the mean of the last year and 10 more), continuation (the rest).
    """
    year = history.last(12).mean(axis=1)[:, None]
    quiet, none = year == 0, observed == 0
    more = (observed >= _TIMES * year) & (observed >= year + _MORE)
    return np.asarray(np.select([quiet & none, quiet & ~none, none, more], [0, 1, 2, 4], 3))
