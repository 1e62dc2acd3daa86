"""Stacking finds known weights; the ensemble learns from the past only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drifts import drifting, steady
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.forecasts.ensemble import Ensemble, log_odds_pool
from toguna.forecasts.history import History, Model
from toguna.forecasts.intervals import by_magnitude
from toguna.forecasts.members import BY_COUNTRY, RESAMPLED, members, resamplings
from toguna.forecasts.outcomes import KINDS, kind_of
from toguna.forecasts.recent import recent
from toguna.forecasts.regimes import REGIMES, regime_of, regime_shares
from toguna.forecasts.resampling import past_months
from toguna.forecasts.stacking import cross_terms, pool_weights
from toguna.forecasts.support import COUNTS, distribution_of, draws_from, loss
from toguna.scores.calibration import pit

STEPS = tuple(range(3, 15))


def cheap() -> dict[str, Model]:
    return {
        "last_12": past_months(12),
        "last_24": past_months(24),
        "last_3_wide": recent(3, spread=0.5),
        "fading_6": recent(60, spread=0.4, half_life=6),
    }


def test_the_quadratic_form_is_the_score_of_the_mixture() -> None:
    rng = np.random.default_rng(1)
    f = np.stack([distribution_of(rng.poisson(m, (30, 200)).astype(float)) for m in (3, 9, 30)])
    seen, w = rng.poisson(8, 30).astype(float), np.array([0.2, 0.5, 0.3])
    for q, log in zip(cross_terms(f, seen), (False, True), strict=True):
        mixed = np.einsum("m,mng->ng", w, f).astype(np.float32)
        assert w @ q @ w == pytest.approx(loss(mixed, seen, log=log).sum(), rel=1e-4)


def test_weights_of_a_known_mixture_are_found() -> None:
    rng = np.random.default_rng(2)
    means = (2.0, 25.0, 300.0)
    f = np.stack(
        [np.repeat(distribution_of(rng.poisson(m, (1, 4000)).astype(float)), 3000, 0) for m in means]
    )
    which = rng.choice(3, 3000, p=[0.6, 0.4, 0.0])
    terms = cross_terms(f, rng.poisson(np.array(means)[which]).astype(float))
    w = pool_weights(terms[1], np.ones(3), ridge=0.0)
    np.testing.assert_allclose(w, [0.6, 0.4, 0.0], atol=0.03)
    held = pool_weights(terms[1], np.array([1.0, 1.0, 2.0]), ridge=1e4)
    np.testing.assert_allclose(held, [0.25, 0.25, 0.5], atol=0.01)
    np.testing.assert_allclose(pool_weights(np.zeros((2, 2)), np.array([3.0, 1.0]), ridge=0.1), [0.75, 0.25])


def test_the_future_moves_nothing_and_memory_does_not_leak() -> None:
    counts, _ = drifting(25, 170, np.random.default_rng(3))
    fresh = Ensemble(cheap()).pool(History(counts[:, :140]), STEPS)
    changed = counts.copy()
    changed[:, 140:] = 7_777
    other = Ensemble(cheap())
    other.pool(History(changed), STEPS)
    other.pool(History(changed[:, :140]), STEPS)
    used = Ensemble(cheap())
    used.pool(History(counts[:, :128]), STEPS)
    again = used.pool(History(counts[:, :140]), STEPS)
    np.testing.assert_array_equal(again.chances, fresh.chances)
    assert again.weights == fresh.weights and fresh.origins == 4
    later = Ensemble(cheap()).pool(History(changed).until(139), STEPS)
    np.testing.assert_array_equal(later.chances, fresh.chances)


def test_a_past_origin_counts_only_what_was_known() -> None:
    counts, _ = drifting(25, 140, np.random.default_rng(3))
    seen = Ensemble(cheap())
    seen.pool(History(counts), STEPS)
    known = {t: n for t, n, _ in seen._terms}
    assert known[139 - 12] == 10, "steps 13 and 14 from a year ago are still to come"
    assert known[139 - 24] == 12


def test_intervals_hold_in_a_steady_world() -> None:
    counts, _, _ = steady(150, 150, np.random.default_rng(4))
    pool = Ensemble(cheap() | {"last_60": past_months(60)}).pool(History(counts[:, :136]), STEPS)
    draws = draws_from(pool.chances, 300, np.random.default_rng(0))
    inside = np.abs(pit(draws, counts[:, 138:150], rng=np.random.default_rng(0)) - 0.5) <= 0.45
    assert 0.87 <= inside.mean() <= 0.94
    rows = by_magnitude(
        draws.reshape(-1, 300), counts[:, 138:150].ravel(), edges=(1.0, 20.0), rng=np.random.default_rng(0)
    )
    assert [row["from"] for row in rows] == [0.0, 1.0, 20.0]
    assert sum(row["cases"] for row in rows) == 1800
    narrow = by_magnitude(np.full((500, 299), 3.0), np.arange(500.0), edges=(), rng=np.random.default_rng(0))
    assert narrow[0]["held"] < 0.05 and narrow[0]["over"] > 0.9


def test_without_any_past_origin_the_prior_speaks() -> None:
    counts, _, _ = steady(10, 40, np.random.default_rng(5))
    pool = Ensemble(cheap()).pool(History(counts), STEPS)
    assert pool.origins == 0
    assert list(pool.weights["low"].values()) == [pytest.approx(1 / 3)] * 3


def test_the_reference_must_be_a_member() -> None:
    models = cheap()
    del models["last_12"]
    with pytest.raises(UsageError, match="no member 'last_12'"):
        Ensemble(models).pool(History(np.ones((2, 120))), STEPS)


def test_regimes_and_kinds_of_months() -> None:
    past = np.zeros((6, 60))
    past[1, 30], past[2, -3], past[3, -12:], past[4, -12:] = 4, 4, 20, 90
    past[5, -12:-3], past[5, -3:] = 100, 360
    history = History(past)
    assert [REGIMES[i] for i in regime_of(history)] == list(REGIMES)
    less = past.copy()
    less[5, -3:] = 340
    assert REGIMES[regime_of(History(less))[5]] == "war", "less than three and a half times as deadly"
    assert REGIMES[regime_of(History(past[:, -9:]))[5]] == "war", "nine months do not say what came before"
    seen = np.array([[0.0], [1], [0], [30], [190], [10]])
    assert [KINDS[i] for i in kind_of(history, seen)[:, 0]] == [
        "peace",
        "onset",
        "end",
        "continuation",
        "escalation",
        "continuation",
    ]


def test_a_steep_rise_is_not_taken_for_the_new_level() -> None:
    """Worlds in which every war that trebles within months falls back: the pool must learn to say so."""
    rng, counts = np.random.default_rng(6), np.empty((40, 180))
    counts[:] = rng.poisson(60, counts.shape)
    for u in range(40):
        for start in range(20 + int(rng.integers(0, 12)), 170, 36):
            counts[u, start : start + 3] = rng.poisson(900, 3)
    counts[0, 130:133] = rng.poisson(900, 3)
    counts[0, 112:130] = rng.poisson(60, 18)
    history = History(counts[:, :133])
    assert REGIMES[regime_of(history)[0]] == "war, just risen"
    models = cheap() | {"last_3_wide": recent(3, spread=0.5)}
    as_any_war = replace(
        BY_COUNTRY, regime=lambda h: np.minimum(regime_of(h), REGIMES.index("war")), mixed=None
    )
    at = int(np.searchsorted(COUNTS, 300))
    high, with_any = (
        1.0 - Ensemble(models, design).pool(history, STEPS).chances[0, -1, at]
        for design in (BY_COUNTRY, as_any_war)
    )
    assert high <= 0.3 < 0.35 <= with_any, "three of the last twelve months were high: 0.25"


def test_threads_change_no_number() -> None:
    counts, _ = drifting(25, 140, np.random.default_rng(3))
    one, two = (Ensemble(cheap(), threads=n).pool(History(counts), STEPS) for n in (1, 2))
    np.testing.assert_array_equal(one.chances, two.chances)
    assert one.weights == two.weights


def test_every_regime_names_members_that_are_there() -> None:
    known = members(0)
    assert len(BY_COUNTRY.priors) == len(BY_COUNTRY.ridges) == len(REGIMES)
    assert all(set(prior) <= set(known) and "last_12" in prior for prior in BY_COUNTRY.priors)
    assert set().union(*BY_COUNTRY.priors) == set(known), "a member that never speaks costs time only"
    war, alone = (design.priors[REGIMES.index("war")] for design in (BY_COUNTRY, RESAMPLED))
    assert set(alone) - set(war) == {"last_24"} and "last_24" in resamplings()


def _halves(rng: np.random.Generator, cases: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Two calibrated members, each of which knows half of what makes a count, and the counts."""
    known = rng.normal(0, 0.8, (2, cases))
    unknown = rng.normal(0, 0.8, (cases, 400))
    said = [rng.poisson(np.exp(4 + k[:, None] + unknown)).astype(float) for k in known]
    happened = rng.poisson(np.exp(4 + known.sum(axis=0))).astype(float)
    return np.stack([distribution_of(s) for s in said]), happened


def test_a_linear_pool_of_calibrated_members_is_too_wide_and_log_odds_narrow_it() -> None:
    rng = np.random.default_rng(5)
    said, happened = _halves(rng, 3000)
    pools = {"linear": said.mean(axis=0), "log odds": log_odds_pool(said, np.array([0.5, 0.5]))}
    spread = {n: pit(draws_from(f, 200, rng), happened, rng=rng).var() for n, f in pools.items()}
    assert spread["linear"] < spread["log odds"] < 1 / 12 + 0.004  # 1 / 12: calibrated; less: too wide
    assert loss(pools["log odds"], happened).mean() < loss(pools["linear"], happened).mean()


def test_where_one_member_alone_is_right_a_pool_of_log_odds_is_no_better() -> None:
    """Its assumption fails: members differ because one is wrong, and what is narrow is surely wrong."""
    rng = np.random.default_rng(6)
    right, wrong = rng.poisson(200.0, (400, 400)), rng.poisson(20.0, (400, 400))
    said = np.stack([distribution_of(x.astype(float)) for x in (right, wrong)])
    happened = rng.poisson(200.0, 400).astype(float)
    narrow = loss(log_odds_pool(said, np.array([0.5, 0.5])), happened).mean()
    assert narrow > 0.9 * loss(said.mean(axis=0), happened).mean()


def test_a_pool_of_log_odds_lies_between_its_members_and_hears_only_those_with_weight() -> None:
    rng = np.random.default_rng(7)
    f = np.stack([distribution_of(rng.poisson(m, (20, 300)).astype(float)) for m in (3, 9, 30)])
    pooled = log_odds_pool(f, np.array([0.3, 0.7, 0.0]))
    low, high = f[:2].min(axis=0) - 2e-4, f[:2].max(axis=0) + 2e-4
    assert ((pooled >= low) & (pooled <= high)).all()
    assert (np.diff(pooled, axis=-1) >= 0).all() and (pooled[..., -1] == 1).all()
    np.testing.assert_allclose(log_odds_pool(f[:1], np.ones(1)), f[0], atol=2e-4)


def test_the_share_of_log_odds_is_that_of_the_design() -> None:
    history = History(drifting(30, 140, np.random.default_rng(8))[0])
    models = cheap()
    shares = {s: replace(BY_COUNTRY, log_odds=(s,) * len(REGIMES)) for s in (0.0, 0.5, 1.0)}
    said = {s: Ensemble(models, design=d).pool(history, STEPS).chances for s, d in shares.items()}
    rising = said[0.0] + (1 + said[0.0]) / 2 * (said[1.0] - said[0.0])
    alone = np.isin(BY_COUNTRY.shares(history).max(axis=1), 1.0)
    assert 0 < alone.sum() < 30
    np.testing.assert_allclose(said[0.5][alone], np.maximum.accumulate(rising[alone], axis=-1), atol=1e-6)
    assert (np.diff(said[0.5], axis=-1) >= 0).all()
    plain = Ensemble(models, design=replace(BY_COUNTRY, log_odds=())).pool(history, STEPS).chances
    np.testing.assert_array_equal(said[0.0], plain)
    assert np.abs(said[1.0] - plain).max() > 0.01


def test_shares_pass_from_the_middle_to_war_without_a_jump() -> None:
    past = np.zeros((9, 60))
    for u, level in enumerate((3, 12, 20, 28, 40, 57, 80, 300)):
        past[u, -12:] = level
    past[8, -12:-3], past[8, -3:] = 20, 100
    shares = regime_shares(History(past))
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    low, middle, war, risen = (REGIMES.index(n) for n in ("low", "middle", "war", "war, just risen"))
    assert shares[0, low] == 1 and shares[1, middle] == shares[2, middle] == 1
    np.testing.assert_allclose(shares[3:7, war], [0.243, 0.5, 0.755, 1.0], atol=0.002)
    assert shares[7, war] == 1 and shares[8, war] == 0 and shares[8, risen] == pytest.approx(0.5)


def test_a_unit_between_two_regimes_is_said_between_them() -> None:
    """Two units that differ by one death a month are said alike; with hard limits they are not."""
    counts = np.random.default_rng(9).poisson(40.0, (40, 140)).astype(float)
    counts[:2] = counts[0]
    counts[0, -12:], counts[1, -12:] = 39.0, 40.0
    history = History(counts)
    models = cheap() | {"fading_2": recent(60, spread=0.3, half_life=2)}
    hard = replace(BY_COUNTRY, mixed=None)
    apart = {
        name: np.abs(np.diff(Ensemble(models, design=d).pool(history, STEPS).chances[:2], axis=0)).mean()
        for name, d in (("shares", BY_COUNTRY), ("limits", hard))
    }
    assert regime_of(history)[0] != regime_of(history)[1]
    assert apart["shares"] < 0.5 * apart["limits"]


def test_cases_count_as_their_shares() -> None:
    rng = np.random.default_rng(10)
    f = np.stack([distribution_of(rng.poisson(m, (20, 100)).astype(float)) for m in (3, 9)])
    seen, part = rng.poisson(5, 20).astype(float), np.repeat([1.0, 0.25], 10)
    halves = [cross_terms(f[:, half], seen[half]) for half in (slice(0, 10), slice(10, 20))]
    np.testing.assert_allclose(cross_terms(f, seen, part), halves[0] + 0.25 * halves[1], rtol=1e-4)
