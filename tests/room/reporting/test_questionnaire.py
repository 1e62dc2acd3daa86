"""What was typed is understood or said to be wrong at its field; nothing hidden passes, nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import TODAY

from toguna.core.language import Language
from toguna.room.reporting.places import Gazetteer
from toguna.room.reporting.questionnaire import ASKED, Rules, as_typed, read, settled_later
from toguna.room.reporting.typed import clean
from toguna.store.scaffold import new_theatre
from toguna.store.theatre import load_theatre
from typed_form import TYPED

ANY = Rules(Language("en"), TODAY, Gazetteer(load_theatre("mali")), ("reporter-secret",))


def wrong(rules, **changes):
    return read(TYPED | changes, rules).wrong


def test_a_whole_report_is_understood_with_the_place_of_the_gazetteer(rules):
    found = read(TYPED, rules)
    assert found.wrong == {}
    assert found.answers["place"] == "Sévaré"
    assert found.answers["region"] == "Mopti"
    assert found.answers["point"] == "14.5333 -4.1"
    assert found.answers["killed"] == "0"
    assert "wounded" not in found.answers  # not known is no number, and 0 is one
    assert read(as_typed(found.answers), rules).answers == found.answers


@pytest.mark.parametrize("day", ["20/11/2015", "20-11-2015", "20.11.2015", " 2015-11-20 "])
def test_a_day_may_be_typed_as_in_french(rules, day):
    assert read(TYPED | {"incident_date": day}, rules).answers["incident_date"] == "2015-11-20"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("incident_date", ""),
        ("incident_date", "2015-11-25"),
        ("incident_date", "1815-06-18"),
        ("incident_date", "2015-02-30"),
        ("incident_date", "12"),
        ("incident_time", "25:00"),
        ("event_type", ""),
        ("event_type", "party"),
        ("tactic", "<script>"),
        ("killed", "-1"),
        ("killed", "2.5"),
        ("killed", "1e3"),
        ("killed", "99999999"),
        ("place", ""),
        ("place", "x" * 121),
        ("description", ""),
        ("description", "\x00\u200f"),
        ("sensitivity", ""),
        ("consent", "no"),
        ("region", "Atlantis"),
        ("perpetrators", "a group, and not known"),
        ("wounded", "3"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(rules, name, text):
    assert list(wrong(rules, **{name: text})) == [name]


def test_a_blank_is_no_answer_to_what_must_be_known_or_said_to_be_unknown(rules):
    assert set(wrong(rules, killed="", wounded_unknown="", perpetrators_unknown="")) == {
        "killed", "wounded", "perpetrators",
    }  # fmt: skip


def test_numbers_must_agree(rules):
    assert list(wrong(rules, killed="2", killed_low="3")) == ["killed_low"]
    assert list(wrong(rules, killed="2", killed_high="1")) == ["killed_low"]
    assert list(wrong(rules, killed="2", killed_civilians="3")) == ["killed_civilians"]
    assert wrong(rules, killed="2", killed_low="1", killed_high="4", killed_civilians="4") == {}
    assert read(TYPED | {"killed": "١٢"}, rules).answers["killed"] == "12"  # digits of another script


def test_a_place_that_is_not_in_the_list_is_asked_back(rules):
    found = read(TYPED | {"place": "Severre"}, rules)
    assert [place.title for place in found.candidates] == ["Sévaré (Mopti)"]
    chosen = read(TYPED | {"place": "Severre", "place_choice": "Sévaré (Mopti)"}, rules)
    assert (chosen.wrong, chosen.answers["place"]) == ({}, "Sévaré")
    assert list(wrong(rules, place="Hamlet", place_choice="as-typed")) == ["region"]
    kept = read(TYPED | {"place": "Hamlet", "place_choice": "as-typed", "region": "Gao"}, rules)
    assert (kept.wrong, kept.answers["place"], kept.answers["region"]) == ({}, "Hamlet", "Gao")
    assert "point" not in kept.answers


def test_a_point_says_the_region_and_must_agree_with_it(rules):
    at = {"place": "Hamlet", "lat": "14,53", "lon": "-4.1"}
    assert read(TYPED | at, rules).answers["region"] == "Mopti"
    assert list(wrong(rules, **at, region="Gao")) == ["region"]
    for lat, lon in (("14.5", ""), ("91", "0"), ("nan", "1"), ("inf", "1"), ("48.85", "2.35")):
        assert list(wrong(rules, lat=lat, lon=lon)) == ["lat"]


def test_a_region_that_contradicts_the_place_is_said(rules):
    assert list(wrong(rules, region="Gao")) == ["region"]


def test_numbers_addresses_and_the_own_name_are_masked(rules):
    text = "Appelez 76 12 34 56 ou moi, reporter-secret, a@example.org"
    found = read(TYPED | {"description": text}, rules)
    assert found.answers["description"] == "Appelez [masked] ou moi, [masked], [masked]"
    assert found.masked == 1


def test_a_reviewer_must_grade(rules):
    assert set(read(TYPED, replace(rules, graded=True)).wrong) == {"reliability", "credibility"}


def test_signs_that_nobody_sees_are_taken_out():
    assert clean("a\x00b\u202ec\ud800d\u2066e") == "abcde"
    assert clean("e\u0301") == "é"
    assert clean("a\r\n\n\n\nb", lines=True) == "a\n\nb"
    assert clean("\u200b\u200f ") == ""
    assert clean("می\u200cخواهم") == "می\u200cخواهم"  # a joiner is part of a word


def test_a_megabyte_in_every_field_is_refused_and_kept_as_typed(rules):
    typed = dict.fromkeys(ASKED, "é" * 1000000) | {"lat": "9" * 1_000_000, "lon": "1"}
    found = read(typed, rules)
    assert {"place", "description", "perpetrators", "event_type", "killed", "lat"} <= set(found.wrong)
    assert found.typed == typed
    assert all(len(text) <= 4000 for text in settled_later(found, rules).values())


TEXTS = st.text(st.characters(codec=None), max_size=40)


@given(st.dictionaries(st.sampled_from([*ASKED, "lat", "lon", "place_choice"]), TEXTS, max_size=12))
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_is_answered_and_what_is_kept_can_be_read_again(typed):
    found = read(TYPED | typed, ANY)
    kept = settled_later(found, ANY)
    for text in kept.values():
        text.encode()
        assert "\x00" not in text
    if not found.wrong:
        again = read(as_typed(found.answers), ANY)
        assert again.wrong == {}
        assert again.answers == found.answers


def test_a_theatre_without_outlines_takes_points_and_keeps_the_region(tmp_path):
    new_theatre(tmp_path / "delta", "delta")
    told = (tmp_path / "delta" / "theatre.toml").read_text()
    (tmp_path / "delta" / "theatre.toml").write_text(told.replace('["SEN"]', '["MLI"]'))
    with (tmp_path / "delta" / "places.csv").open("a") as table:
        table.write("Sévaré,Mopti,MLI,14.53,-4.09,1,a map\n")
    rules = Rules(Language("en"), TODAY, Gazetteer(load_theatre(str(tmp_path / "delta"))), (), graded=True)
    assert rules.gazetteer.regions == ("Mopti",)
    typed = TYPED | {
        "lat": "14.53",
        "lon": "-4.09",
        "region": "Mopti",
        "reliability": "B",
        "credibility": "2",
    }
    found = read(typed, rules)
    assert found.wrong == {}
    assert (found.answers["region"], found.answers["point"]) == ("Mopti", "14.53 -4.09")
