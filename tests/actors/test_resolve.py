"""Names in all spellings."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_theatres import actor, small_theatre

from toguna.actors.registry import Registry
from toguna.core.text import fold

DAY = date(2015, 11, 24)


@pytest.mark.parametrize(
    ("name", "id_", "how"),
    [
        ("MUJAO", "MUJAO", "exact"),
        ("Movement for Oneness and Jihad in West Africa", "MUJAO", "exact"),
        ("MOJWA", "MUJAO", "alias"),
        ("MUJWA", "MUJAO", "alias"),
        ("mojwa", "MUJAO", "folded"),
        ("Mouvement pour l’Unicité et le JIHAD en Afrique de l'ouest", "MUJAO", "folded"),
        ("GSPC", "AQIM", "alias"),
        ("gspc", "AQIM", "folded"),
        ("Ançar  dine", "ANSAR_DINE", "folded"),
        ("ansar-dine", "ANSAR_DINE", "folded"),
        ("Al-Mulathamun Battalion", "MULATHAMUN", "alias"),
        ("Movement for Onenes and Jihad in West Africa", "MUJAO", "fuzzy"),
    ],
)
def test_spellings(mali, name, id_, how):
    match = Registry.build(mali, as_of=DAY).resolve(name)
    assert (match.actor_id, match.how) == (id_, how)
    assert match.certain == (how != "fuzzy")


@pytest.mark.parametrize("name", ["CPA", "cpa", "Coalition of the People of Azawad"])
def test_shared_alias_names_nobody(mali, name):
    match = Registry.build(mali, as_of=DAY).resolve(name)
    assert match.actor_id is None
    assert not match.certain
    assert [i for i, _ in match.alternatives] == ["CPA_CMA", "CPA_PLATFORM"]
    assert sum(c for _, c in match.alternatives) <= 1


@pytest.mark.parametrize("name", ["", "   ", "MIB", "Zzyzx Road Club", "حركة", "--"])
def test_no_match(mali, name):
    match = Registry.build(mali, as_of=DAY).resolve(name)
    assert (match.actor_id, match.confidence, match.how, match.alternatives) == (None, 0.0, "none", ())


def test_names_in_other_scripts_stay_apart():
    theatre = small_theatre([actor("A", name="حركة"), actor("B", name="雲")])
    registry = Registry.build(theatre, as_of=DAY)
    assert registry.resolve("حركة").actor_id == "A"
    assert registry.resolve("雲").actor_id == "B"
    assert registry.resolve("山").how == "none"


def test_formula_of_fuzzy_confidence():
    theatre = small_theatre([actor("LONG_NAME_X"), actor("LONG_NAME_Y")])
    match = Registry.build(theatre, as_of=DAY).resolve("LONG NAME Z")
    s = 10 / 11
    assert match.actor_id is None
    assert [c for _, c in match.alternatives] == [pytest.approx(0.9 * s / 2, abs=1e-4)] * 2


NAMES = st.text(min_size=1, max_size=24)


@given(name=NAMES)
def test_resolve_is_total_and_bounded(name):
    theatre = small_theatre([actor("ALPHA_FRONT", aliases="Front A;FA"), actor("BETA_FRONT", aliases="FA")])
    match = Registry.build(theatre, as_of=DAY).resolve(name)
    assert 0 <= match.confidence <= 1
    assert sum(c for _, c in match.alternatives) <= 1.001
    if match.actor_id is not None:
        assert match.alternatives[0] == (match.actor_id, match.confidence)
    assert (match.how == "none") == (match.alternatives == ())


@given(name=NAMES.filter(lambda n: len(fold(n)) > 0 and ";" not in n and "(" not in n))
def test_a_listed_name_is_found_whatever_case_and_accents(name):
    registry = Registry.build(small_theatre([actor("X1Y2Z3", name=name)]), as_of=DAY)
    for spelling in (name, name.strip(), fold(name), fold(name).upper(), f"  {fold(name)}."):
        assert registry.resolve(spelling).actor_id == "X1Y2Z3"
        assert registry.resolve(spelling).certain
