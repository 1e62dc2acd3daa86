"""The article of November 2015, where it lies beside the project: attacks, claims, ties, measures."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from toguna.reading.documents import titled

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def drafts(reader):
    named = os.environ.get("TOGUNA_TEST_SEED")
    folder = Path(named) if named else ROOT.parent / "shared" / "seed"
    files = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    if not files:
        pytest.skip(f"no article in {folder}: set TOGUNA_TEST_SEED to the folder that holds it")
    return reader.read(titled(files[0].read_text(encoding="utf-8"), published=date(2015, 11, 24)))


def test_all_three_attacks(drafts):
    told = {d.value("date_start"): d for d in drafts.incidents}
    assert set(told) == {"2015-11-20", "2015-03-07", "2015-08-07"}
    hotel, restaurant, siege = (told[k] for k in ("2015-11-20", "2015-03-07", "2015-08-07"))
    assert (hotel.value("place"), hotel.value("killed_best"), hotel.value("killed_attackers")) == (
        "Bamako",
        22,
        2,
    )
    assert (restaurant.value("place"), restaurant.value("setting")) == ("Bamako", "restaurant")
    assert (siege.value("place"), siege.value("killed_best"), siege.value("tactic")) == (
        "Sévaré",
        13,
        "siege_hostage",
    )
    assert [d.main for d in (hotel, restaurant, siege)] == [True, False, False]


def test_both_rival_joint_claims(drafts):
    claimed = {d.value("date_start"): d.value("claimed_by") for d in drafts.incidents}
    assert claimed["2015-11-20"] == "MOURABITOUN+AQIM|MLF+ANSAR_DINE"
    assert claimed["2015-08-07"] == "MLF"


def test_alliance_and_tie(drafts):
    told = {(r.kind, frozenset((r.a.value, r.b.value))) for r in drafts.relations}
    assert ("alliance", frozenset(("MUJAO", "MULATHAMUN"))) in told
    assert ("cooperation", frozenset(("MLF", "ANSAR_DINE"))) in told


def test_state_of_emergency_and_measures_asked_for(drafts):
    taken = {r.kind: r for r in drafts.responses if not r.recommended}
    assert taken["state_of_emergency"].fields["days"].value == 10
    assert "patrols" in taken
    asked = {r.pillar for r in drafts.responses if r.recommended}
    assert {"security", "basic_services", "awareness_dialogue", "organised_crime"} <= asked
