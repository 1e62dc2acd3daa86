"""Scores by name: each name computes what it says, and unknown names are explained."""

import numpy as np
import pytest

from toguna.core.errors import DataError, TogunaError, UnknownNameError, UsageError
from toguna.scores.brier import brier_at_least
from toguna.scores.crps import crps, crps_at_least, crps_fair
from toguna.scores.ignorance import ignorance_views, ignorance_views_of
from toguna.scores.interval import coverage, interval_score
from toguna.scores.metrics import metric

X = np.random.default_rng(0).poisson(4, (20, 30))
Y = np.random.default_rng(1).poisson(4, 20)
NAMED = {
    "crps": crps(X, Y),
    "crps_fair": crps_fair(X, Y),
    "crps_log1p": crps(np.log1p(X), np.log1p(Y)),
    "twcrps@5": crps_at_least(X, Y, threshold=5, fair=False),
    "twcrps_fair@2.5": crps_at_least(X, Y, threshold=2.5, fair=True),
    "ign@views": ignorance_views(X, Y),
    "ign@views,of=12": ignorance_views_of(X, Y, of=12),
    "mis@0.9": interval_score(X, Y, level=0.9),
    "coverage@0.5": coverage(X, Y, level=0.5),
    "brier@5": brier_at_least(X, Y, threshold=5, fair=False),
    "brier_fair@5": brier_at_least(X, Y, threshold=5, fair=True),
}


@pytest.mark.parametrize("name", NAMED)
def test_named(name):
    found = metric(name)
    assert found.name == name
    np.testing.assert_array_equal(found.of(X, Y), NAMED[name])


@pytest.mark.parametrize("name", ["mis", "mis@", "brier@many", "ign@views,of=2.5", "crsp", "ign@0.5", ""])
def test_unknown(name):
    with pytest.raises(TogunaError):
        metric(name)


def test_messages():
    with pytest.raises(UnknownNameError, match="did you mean"):
        metric("crsp")
    with pytest.raises(UsageError, match="not a number"):
        metric("brier@many")
    with pytest.raises(DataError, match="expected counts"):
        metric("crps_log1p").of([[-1.0]], [0.0])
