"""Scores by name: a name carries every parameter, and none has a default.

Enters: a name such as "mis@0.9". Leaves: a function of draws and observations. Called by the benches
and the replay, which write these names into their results.

    crps, crps_fair          the CRPS of the draws handed out; of the distribution behind them
    crps_log1p               the CRPS after log(1 + x): ratios count instead of differences
    twcrps@T, twcrps_fair@T  only what lies above T
    ign@views                ignorance over the VIEWS bins, one added to each
    ign@views,of=M           the same for M of the draws, on average
    mis@L, coverage@L        interval score; 1 where the interval of level L was right
    brier@T, brier_fair@T    Brier score of "at least T"
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from toguna.core.errors import DataError, UnknownNameError, UsageError
from toguna.scores.brier import brier_at_least
from toguna.scores.crps import crps, crps_at_least, crps_fair
from toguna.scores.gate import Floats, numbers
from toguna.scores.ignorance import ignorance_views, ignorance_views_of
from toguna.scores.interval import coverage, interval_score

__all__ = ["Metric", "metric"]

Rule = Callable[[Any, Any], Floats]


@dataclass(frozen=True, slots=True)
class Metric:
    """A score with all its parameters.

    Parameters
    ----------
    name : str
        As it stands in results.
    of : function
        Takes draws (..., S) and observations (...), returns one value (...) for each forecast.
    """

    name: str
    of: Rule


def _log1p(draws: Any, observed: Any) -> Floats:
    x, y = (
        numbers(draws, what="draws", score="crps_log1p"),
        numbers(observed, what="observations", score="crps_log1p"),
    )
    if (x.size and x.min() <= -1) or (y.size and y.min() <= -1):
        raise DataError("crps_log1p: found values of -1 or less; expected counts.")
    return crps(np.log1p(x), np.log1p(y))


PLAIN: dict[str, Rule] = {
    "crps": crps,
    "crps_fair": crps_fair,
    "crps_log1p": _log1p,
    "ign@views": ignorance_views,
}
WITH: dict[str, Callable[[float], Rule]] = {
    "twcrps@": lambda t: lambda x, y: crps_at_least(x, y, threshold=t, fair=False),
    "twcrps_fair@": lambda t: lambda x, y: crps_at_least(x, y, threshold=t, fair=True),
    "ign@views,of=": lambda m: lambda x, y: ignorance_views_of(x, y, of=int(m)),
    "mis@": lambda level: lambda x, y: interval_score(x, y, level=level),
    "coverage@": lambda level: lambda x, y: coverage(x, y, level=level),
    "brier@": lambda t: lambda x, y: brier_at_least(x, y, threshold=t, fair=False),
    "brier_fair@": lambda t: lambda x, y: brier_at_least(x, y, threshold=t, fair=True),
}


def metric(name: str) -> Metric:
    """Return the score that a name means.

    Raises
    ------
    UnknownNameError
        No score is called so.
    UsageError
        The parameter is not a number.

    Examples
    --------
    >>> metric("mis@0.9").of([[0.0, 1.0, 2.0]], [1.0]).round(3)
    array([1.8])
    """
    if name in PLAIN:
        return Metric(name, PLAIN[name])
    found = re.fullmatch(r"(.*[@=])([^@=]*)", name)
    if found is None or found[1] not in WITH:
        raise UnknownNameError("score", name, [*PLAIN, *(f"{start}NUMBER" for start in WITH)])
    try:
        value = float(found[2])
    except ValueError:
        raise UsageError(
            f"score {name!r}: {found[2]!r} is not a number; expected as in {found[1]}10."
        ) from None
    if found[1].endswith("of=") and value != int(value):
        raise UsageError(f"score {name!r}: expected a whole number of draws.")
    return Metric(name, WITH[found[1]](value))
