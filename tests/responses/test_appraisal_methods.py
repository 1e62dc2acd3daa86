"""The methods of appraisal recover a known effect, find none where there is none, and equal definitions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from toguna.responses.appraisal import interrupted, staggered, synthetic
from toguna.responses.appraisal.detectable import detectable, redrawn
from toguna.responses.appraisal.study import UNKNOWN, Study
from toguna.testing.measures import Measured, simulate_measure

RATES = (6.0, 5.0, 4.0, 3.0, 3.0, 2.0, 2.0, 2.0, 1.0, 1.0, 4.0, 3.0)
WORLDS = 150
# Nominal 0.1; of 150 worlds more than 0.173 would be found once in 300 by chance, fewer than 0.04 likewise.
MOST, LEAST = 0.173, 0.03
CASES = {
    "interrupted": (interrupted.estimate, (40,), 0.0),
    "staggered": (staggered.estimate, (40, 40, 46), 0.05),
    "synthetic": (synthetic.estimate, (40,), 0.05),
}


def studies(ratio, starts, common, n=WORLDS, seed=5):
    truth = Measured(RATES, starts, ratio, common=common)
    return [simulate_measure(truth, np.random.default_rng([seed, k])) for k in range(n)]


@pytest.mark.parametrize("name", CASES)
def test_no_effect_is_found_one_time_in_ten(name):
    method, starts, common = CASES[name]
    found = [method(s, None) for s in studies(1.0, starts, common)]
    assert LEAST <= np.mean([e.p <= 0.1 + 1e-9 for e in found]) <= MOST
    assert abs(np.median([e.log_ratio for e in found])) < 0.12


@pytest.mark.parametrize("name", CASES)
def test_an_effect_is_recovered(name):
    method, starts, common = CASES[name]
    n = 20 if name == "staggered" else WORLDS
    found = [method(s, 0.9) for s in studies(0.4, starts, common, n)]
    assert np.median([e.log_ratio for e in found]) == pytest.approx(np.log(0.4), abs=0.15)
    covered = np.mean([e.low <= np.log(0.4) <= e.high for e in found])
    assert covered >= (0.7 if n == 20 else 1 - MOST)  # 20 intervals of 90 %: fewer than 14 once in 400
    assert np.mean([e.high < 0 for e in found]) > 0.5


def test_poisson_fit_is_the_maximum():
    rng = np.random.default_rng(0)
    x = interrupted.design(48, 30)
    y = rng.poisson(np.exp(x @ [1.0, 0.3, -0.5, 0.2, 0.1])).astype(float)
    b, mean = interrupted.poisson(x, y)
    np.testing.assert_allclose(x.T @ (y - mean), 0, atol=1e-7)  # the score is zero
    best = minimize(lambda b: (np.exp(x @ b) - y * (x @ b)).sum(), np.zeros(5)).x
    np.testing.assert_allclose(b, best, atol=1e-4)


def test_newey_west_by_definition():
    rng = np.random.default_rng(1)
    score, bread = rng.normal(size=(30, 2)), np.array([[2.0, 0.3], [0.3, 1.0]])
    meat = np.zeros((2, 2))
    for s in range(30):
        for t in range(30):
            meat += max(0, 1 - abs(s - t) / 4) * np.outer(score[s], score[t])
    found = interrupted.newey_west(score, bread, 3)
    np.testing.assert_allclose(found, bread @ meat @ bread * 30 / 28, rtol=1e-12)


def test_no_count_after_the_start_has_an_upper_limit():
    y = np.array([5.0, 3.0, 4.0, 6.0] * 8 + [0.0] * 8)
    e = interrupted.estimate(Study(y[:, None], np.array([32])), 0.9)
    assert (e.low, e.observed) == (-np.inf, 0.0)
    assert e.high < np.log(0.2) and e.p < 0.001


def test_staggered_ratio_by_hand():
    """North falls from 4 to 1 a month where the others double: 1 / 8 of what was expected."""
    counts = np.array([[4.0, 10.0, 20.0]] * 10 + [[1.0, 20.0, 40.0]] * 10)
    e = staggered.estimate(Study(counts, np.array([10, 20, 20])), None)
    assert (e.observed, e.least_p) == (10.0, 1 / 3)
    assert e.expected == pytest.approx(80, rel=0.02)
    late = [row for row in e.path if row["month"] == 3]
    assert late[0]["observed"] == 1.0 and late[0]["expected"] == pytest.approx(8, rel=0.02)


def test_treated_areas_are_never_compared_with_treated_ones():
    rng = np.random.default_rng(2)
    counts = rng.poisson(5.0, (40, 6)).astype(float)
    starts = np.array([20, 30, 40, 40, 40, 40])
    base = staggered.estimate(Study(counts, starts), None)
    counts[:, 0] = 0.0  # a treated area that vanishes changes nothing of what the other is held against
    counts[0, 0] = 1.0
    other = staggered.estimate(Study(counts, starts), None)
    own = {r["month"]: r["expected"] for r in staggered.estimate(Study(counts[:, 1:], starts[1:]), None).path}
    assert other.expected < base.expected
    assert own[5] == pytest.approx(
        counts[:30, 1].sum() / counts[:30, 2:].sum() * counts[35, 2:].sum(), rel=0.05
    )


def test_assignments_are_all_or_a_fair_draw():
    few = Study(np.ones((20, 5)), np.array([10, 10, 15, 20, 20]))
    rows = staggered.assignments(few)
    assert len(rows) == 5 * 4 * 3 / 2 and rows[0].tolist() == [0, 1, 2]
    assert len({(*sorted(r[:2]), r[2]) for r in rows.tolist()}) == len(rows)
    many = Study(np.ones((20, 30)), np.array([10] * 4 + [20] * 26))
    assert len(staggered.assignments(many)) == staggered.MOST + 1


def test_weights_are_the_best_of_the_simplex():
    rng = np.random.default_rng(3)
    donors, target = rng.gamma(3, 1, (10, 4)), rng.gamma(3, 1, 10)
    w = synthetic.weights(donors, target)
    assert w.min() >= 0 and w.sum() == pytest.approx(1, abs=1e-9)
    best = minimize(
        lambda v: ((donors @ v - target) ** 2).sum(), np.full(4, 0.25), bounds=[(0, 1)] * 4,
        constraints={"type": "eq", "fun": lambda v: v.sum() - 1}, method="SLSQP",
    )  # fmt: skip
    assert ((donors @ w - target) ** 2).sum() == pytest.approx(best.fun, rel=1e-4)
    mixed = donors @ np.array([0.2, 0.0, 0.5, 0.3])
    np.testing.assert_allclose(synthetic.weights(donors, mixed), [0.2, 0, 0.5, 0.3], atol=1e-4)


def test_eight_comparison_areas_cannot_carry_ninety_percent():
    study = simulate_measure(Measured(RATES[:9], (40,)), np.random.default_rng(0))
    e = synthetic.estimate(study, 0.9)
    assert e.least_p == pytest.approx(1 / 9) and (e.low, e.high) == (-np.inf, np.inf)


@pytest.mark.parametrize("method", [c[0] for c in CASES.values()])
@pytest.mark.parametrize("counts", [np.zeros((40, 12)), np.ones((3, 12)), np.ones((40, 1))])
def test_too_little_is_said_to_be_too_little(method, counts):
    starts = np.full(counts.shape[1], len(counts))
    starts[0] = max(1, len(counts) // 2)
    found = method(Study(counts, starts), 0.9)
    if counts.shape == (40, 1) and method is interrupted.estimate:
        assert found.log_ratio == pytest.approx(0, abs=1e-6)  # its own past is enough
    else:
        assert found is UNKNOWN


def test_what_could_be_seen_grows_with_the_counts(monkeypatch):
    from toguna.responses.appraisal import detectable as module

    monkeypatch.setattr(module, "WORLDS", 40)
    seen = []
    for scale in (0.2, 5.0):
        rates = tuple(scale * r for r in RATES)
        study = simulate_measure(Measured(rates, (40,), common=0.0), np.random.default_rng(1))
        seen.append(
            detectable(study, interrupted.estimate, smallest=0.3, level=0.9, rng=np.random.default_rng(0))
        )
    few, many = seen
    assert many.reduction is not None and (few.reduction is None or few.reduction >= many.reduction)
    assert many.power_at_smallest >= few.power_at_smallest


def test_what_could_be_seen_looks_at_nothing_after_the_start():
    study = simulate_measure(Measured(RATES, (40,)), np.random.default_rng(1))
    changed = Study(np.vstack([study.counts[:40], study.counts[40:] * 7]), study.starts)
    a, b = (redrawn(s, 0.3, np.random.default_rng(4)).counts for s in (study, changed))
    assert (a == b).all()
