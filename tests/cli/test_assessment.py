"""What `assess` leaves: one folder whose assessment.json keeps to its schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from toguna.cli.app import run
from toguna.room.situation import schema

Assessment = dict


@pytest.fixture(scope="module")
def assessment(assessed: Path) -> Assessment:
    return json.loads((assessed / "assessment.json").read_text(encoding="utf-8"))


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_assessment_keeps_to_its_schema(assessment: Assessment) -> None:
    jsonschema.Draft202012Validator(schema()).validate(assessment)


def test_schema_refuses_what_is_not_an_assessment(assessment: Assessment) -> None:
    for change in ({"headline": []}, {"as_of": 3}, {"surplus": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schema()).validate(assessment | change)


def test_five_sentences_in_two_languages(assessment: Assessment) -> None:
    said = assessment["headline"]
    assert [s["id"] for s in said] == ["where", "how", "who", "how-much", "response"]
    for sentence in said:
        assert sentence["text"]["en"] != sentence["text"]["fr"], sentence["id"]
        assert sentence["uncertainty"]["en"]
        assert sentence["why"]


def test_rival_claims_stand_side_by_side(assessment: Assessment) -> None:
    who = assessment["headline"][2]["text"]["en"]
    assert who.index("Al-Mourabitoun") < who.index("on one side") < who.index("Macina")


def test_recommendations_are_not_counted_as_measures(assessment: Assessment) -> None:
    advised = {r["id"] for r in assessment["responses"] if r["recommendation"]}
    assert advised
    assert not advised & set(assessment["headline"][4]["why"])


def test_nothing_says_where_the_files_lie(assessed: Path) -> None:
    text = (assessed / "assessment.json").read_text(encoding="utf-8")
    assert str(assessed.parent) not in text
    assert "/src/toguna" not in text


def test_two_runs_differ_in_the_timestamp_only(
    assessed: Path, home: Path, quick: None, tmp_path: Path
) -> None:
    out = tmp_path / "again"
    words = ["assess", "--theatre", "mali", "--as-of", "2015-11-24", "--out", str(out), "--home", str(home)]
    assert run([*words, "--no-render", "--quiet"]) == 0
    first, second = (json.loads((f / "assessment.json").read_text(encoding="utf-8")) for f in (assessed, out))
    assert first["run"].pop("generated_at")
    assert second["run"].pop("generated_at")
    assert first == second


def test_nothing_found_is_said_plainly(quick: None, tmp_path: Path) -> None:
    out, home = tmp_path / "calm", tmp_path / "home"
    words = ["assess", "--theatre", "mali", "--as-of", "2030-01-01", "--out", str(out), "--home", str(home)]
    assert run([*words, "--no-render", "--quiet"]) == 0
    found = json.loads((out / "assessment.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema()).validate(found)
    said = [sentence["text"]["en"] for sentence in found["headline"]]
    assert "too few events" in said[0]
    assert "No attack is on record" in said[2]
    assert "No event is on record" in said[3]
    assert "no measure" in said[4]
