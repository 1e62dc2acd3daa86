"""The step-up rule against its definition, and its properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toguna.shifts.fdr import q_values

p_lists = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30)


def brute(p):
    """Smallest rate at which each hypothesis is rejected, straight from the definition."""
    m = len(p)
    ordered = sorted(p)
    return [min(1.0, *(ordered[k] * m / (k + 1) for k in range(m) if ordered[k] >= v)) for v in p]


@given(p_lists)
def test_agrees_with_the_definition(p):
    assert q_values(p) == pytest.approx(brute(p))


@given(p_lists)
def test_never_below_p_and_keeps_the_order(p):
    q = q_values(p)
    assert all(b >= a - 1e-12 for a, b in zip(p, q, strict=True))
    assert (np.diff(np.array(q)[np.argsort(p, kind="stable")]) >= -1e-12).all()


def test_nothing_tested():
    assert q_values([]) == []
