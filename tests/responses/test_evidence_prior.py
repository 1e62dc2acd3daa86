"""Priors follow the method: shrunk, wide, with mass on harm, mixed; plain words where nothing is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toguna.responses.evidence import Catalogue, combined, load_catalogue, prior, setting_of
from toguna.responses.evidence.mixture import Component, Prior
from toguna.responses.evidence.prior import DIRECTION_SD, LEAST_SD, NOTHING_HAPPENS, TILT
from toguna.store.theatre import load_theatre

SHIPPED = load_catalogue()
EVERY = list(SHIPPED.measures)
MEASURE = "G03_community_policing"
PATTERN = SHIPPED.of(MEASURE)[0]


def one(**changes) -> Catalogue:
    """A catalogue whose only row about the measure is changed as asked."""
    row = replace(PATTERN, use="size", harm="fall", size=-0.4, regions=("sahel",), **{})
    return Catalogue(SHIPPED.measures, (replace(row, **changes),))


def several(*harms) -> Catalogue:
    rows = [replace(PATTERN, id=f"X{n}", study=f"s{n}", use="direction", harm=h) for n, h in enumerate(harms)]
    return Catalogue(SHIPPED.measures, tuple(rows))


def test_the_theatre_names_its_setting():
    assert setting_of(load_theatre("mali")) == "sahel"


@pytest.mark.parametrize("id", EVERY)
def test_every_measure_has_evidence_or_says_that_there_is_none(id):
    found = prior(SHIPPED, id, setting="sahel")
    assert bool(found.evidence) == any(e.use in ("size", "direction", "proxy") for e in SHIPPED.of(id))
    if not found.evidence and found.kind != "need":
        assert found.kind == "none"
        assert found.derivation[0]["en"].startswith("No evidence found")
    assert all(step["en"] and step["fr"] and step["en"] != step["fr"] for step in found.derivation)


@pytest.mark.parametrize("id", EVERY)
def test_every_prior_is_a_proper_distribution_with_mass_on_harm(id):
    found = prior(SHIPPED, id, setting="sahel")
    assert sum(c.weight for c in found.components) == pytest.approx(1)
    assert found.chance_of_harm >= 0.1
    low, high = found.interval
    assert low < found.mean < high and low < 0 < high
    assert found.sd >= LEAST_SD


@pytest.mark.parametrize("id", EVERY)
def test_no_part_is_narrower_than_the_rule(id):
    for entry in prior(SHIPPED, id, setting="sahel").entries:
        c = entry.component
        assert c.sd >= max(abs(c.centre), LEAST_SD)
        if entry.stated is None:
            assert c.sd >= DIRECTION_SD and abs(c.centre) <= TILT


def test_sizes_are_halved_outside_and_halved_again_when_weak():
    def centre(setting, **changes):
        return prior(one(**changes), MEASURE, setting=setting).components[0].centre

    assert centre("sahel") == pytest.approx(-0.4)
    assert centre("coast") == centre("") == pytest.approx(-0.2)
    assert centre("coast", strength="low") == pytest.approx(-0.1)
    assert centre("sahel", strength="low") == pytest.approx(-0.2)


def test_a_standard_error_narrows_only_so_far():
    without = prior(one(), MEASURE, setting="sahel").components[0].sd
    exact = prior(one(se=0.0), MEASURE, setting="sahel").components[0].sd
    elsewhere = prior(one(se=0.0), MEASURE, setting="coast").components[0].sd
    assert without == pytest.approx(0.4)
    assert exact == pytest.approx(0.2)  # half its centre: places differ however well one was measured
    assert elsewhere == pytest.approx(np.hypot(0.2, 0.1))  # what halving took off is doubt too
    assert prior(one(se=0.0, size=-0.01), MEASURE, setting="sahel").components[0].sd == LEAST_SD


@given(
    size=st.floats(-0.99, 5).filter(lambda x: abs(x) > 1e-6),
    se=st.none() | st.floats(0, 2),
    strength=st.sampled_from(["low", "medium", "high"]),
    setting=st.sampled_from(["sahel", ""]),
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_user_adds_is_shrunk_and_kept_wide(size, se, strength, setting):
    row = one(size=size, se=se, strength=strength, harm="fall" if size < 0 else "rise")
    found = prior(row, MEASURE, setting=setting)
    part = found.components[0]
    assert abs(part.centre) <= abs(size) + 1e-12
    assert part.sd >= LEAST_SD
    assert part.sd >= (abs(part.centre) if se is None else se) - 1e-12
    assert found.chance_of_harm > 0.05


def test_conflict_is_a_mixture_never_an_average():
    found = prior(several("fall", "rise"), MEASURE)
    assert found.kind == "conflicting"
    assert [c.centre for c in found.components] == [-TILT / 2, TILT / 2, 0.0]
    both = prior(several("mixed"), MEASURE)
    assert both.kind == "conflicting" and both.directions["mixed"] == 1
    assert [c.centre for c in both.components] == [-TILT / 2, TILT / 2, 0.0]


def test_mixtures_keep_their_two_ends():
    rows = [
        replace(PATTERN, id="a", study="a", use="size", harm="fall", size=-0.6, regions=("here",)),
        replace(PATTERN, id="b", study="b", use="size", harm="rise", size=0.6, regions=("here",)),
    ]
    found = prior(Catalogue(SHIPPED.measures, tuple(rows)), MEASURE, setting="here")
    assert found.mean == pytest.approx(0)
    assert found.sd > 0.6


def test_a_study_counts_once():
    rows = [replace(PATTERN, id=f"X{n}", study="one", use="direction", harm="fall") for n in range(9)]
    rows.append(replace(PATTERN, id="Y", study="other", use="direction", harm="rise"))
    found = prior(Catalogue(SHIPPED.measures, tuple(rows)), MEASURE)
    assert found.studies == 2
    assert found.components[9].weight == pytest.approx((1 - NOTHING_HAPPENS) / 2)
    assert found.mean == pytest.approx(0)


def test_views_are_not_violence():
    found = prior(SHIPPED, "A02_religious_messages", setting="sahel")
    assert found.kind == "none" and len(found.shown) == 4
    assert found.adverse == ("E088",)


def test_contrary_practice_never_enters():
    found = prior(SHIPPED, "S07_civilian_harm", setting="sahel")
    assert "E022" in found.shown and "E022" not in found.evidence


def test_welfare_measures_are_credited_with_no_fall_and_debited_with_rises():
    cash = prior(SHIPPED, "E04_cond_cash", setting="sahel")
    assert cash.kind == "need" and cash.directions["fall"] == 2 and cash.mean == 0
    assert prior(SHIPPED, "E03_uncond_cash", setting="sahel").mean > 0


def test_the_past_knows_only_what_was_published():
    then = prior(SHIPPED, "P01_un_troops", setting="sahel", as_of=date(2015, 11, 24))
    assert set(then.evidence) == {"E001", "E002"}
    assert {"E006", "E011"} <= set(then.later)
    now = prior(SHIPPED, "P01_un_troops", setting="sahel", as_of=date(2026, 1, 1))
    assert "E011" in now.evidence and "E006" in now.later


@pytest.mark.parametrize("id", ["P01_un_troops", "O02_trade_controls", "S01_intel_cells"])
def test_draws_have_the_moments_and_tails_that_are_stated(id):
    found = prior(SHIPPED, id, setting="sahel")
    draws = found.draws(np.random.default_rng(0), 200_000)
    assert draws.shape == (200_000,) and draws.min() > -1
    assert draws.mean() == pytest.approx(found.mean, abs=0.002)
    assert draws.std() == pytest.approx(found.sd, abs=0.004)
    assert (draws > 0).mean() == pytest.approx(found.chance_of_harm, abs=0.005)
    assert np.quantile(draws, [0.05, 0.95]) == pytest.approx(found.interval, abs=0.01)
    assert (draws == found.draws(np.random.default_rng(0), 200_000)).all()


def test_quantiles_of_one_lognormal_are_its_own():
    found = Prior("m", "estimate", (Component(1.0, -0.3, 0.3),))
    c = found.components[0]
    assert found.quantile(0.5) == pytest.approx(np.expm1(c.log_centre))
    assert found.quantile(0.05) == pytest.approx(np.expm1(c.log_centre - 1.6448536269514722 * c.log_sd))


def test_effects_are_never_added_up():
    falls = np.full((5, 3), -0.1)
    assert combined(falls) == pytest.approx([-0.1] * 3)
    assert combined(np.array([[-0.9], [-0.9]])) == pytest.approx([-0.5])
    assert combined(np.array([[-0.2], [0.5], [0.1]])) == pytest.approx([0.8 * 1.5 - 1])
    assert combined(np.empty((0, 2))) == pytest.approx([0, 0])


@given(st.lists(st.lists(st.floats(-0.99, 2), min_size=3, max_size=3), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_together_is_never_better_than_the_best_alone(rows):
    changes = np.array(rows)
    together = combined(changes)
    assert (together >= np.maximum(np.minimum(changes.min(axis=0), 0), -0.5) - 1e-12).all()
