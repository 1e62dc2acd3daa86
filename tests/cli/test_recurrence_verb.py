"""``toguna recurrence`` on the Mali pack: what it rests on, what it refuses, and words in both languages."""

from __future__ import annotations

import json

import pytest

ASKED = ("--theatre", "mali", "--place", "Bamako", "--setting", "hotel", "--setting", "restaurant")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    from toguna.forecasts.recurrence import recur, rolling
    from toguna.forecasts.recurrence.selfexciting import Effort

    monkeypatch.setattr(rolling, "MOST_ORIGINS", 1)
    monkeypatch.setattr(recur, "ANSWERED", Effort(draws=40, paths=20))


def test_before_and_after_the_attack_of_20_november(toguna) -> None:
    told = {}
    for day in ("2015-11-19", "2015-11-24"):
        said = toguna("recurrence", *ASKED, "--as-of", day, "--within", "12", "--json", "--quiet")
        assert (said.code, said.err) == (0, "")
        (told[day],) = json.loads(said.out)["recurrence"]
    before, after = told["2015-11-19"], told["2015-11-24"]
    assert (before["alike_here"], after["alike_here"]) == (1, 2)
    assert after["events"] == before["events"] + 2
    for one in told.values():
        assert 0 < one["low"] <= one["probability"] <= one["high"] < 1
        assert len(one["record"]["models"]) == 5
        assert one["place"] == "Bamako" and one["kind"] == {"setting": ["hotel", "restaurant"]}
    # By hand: the rate of the whole record, 2 + what is added, over 3.73 years.
    rule = after["record"]["models"]["constant rate"]
    assert 2 / 3.73 <= rule["expected"] <= 2.5 / 3.73 + 0.01
    assert before["probability"] < after["probability"]


def test_sentences_and_table(toguna) -> None:
    said = toguna("recurrence", *ASKED, "--as-of", "2015-11-24", "--within", "6", "--lang", "fr", "--quiet")
    assert said.code == 0
    assert "d’ici 6 mois" in said.out and "hôtel, restaurant" in said.out
    assert "auto-excitation" in said.out and "taux constant" in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--place", "Bamakoo"), "did you mean"),
        (("--place", "Bamako", "--setting", "hotels"), "did you mean"),
        (("--place", "12.65,-8.0", "--radius", "2"), "finer than a town"),
        (("--place", "Bamako", "--family", "NOBODY"), "unknown family"),
        (("--place", "Bamako", "--subject", "x"), "unknown population"),
        (("--place", "Bamako", "--within", "99"), "1 to 36"),
    ],
)
def test_misuse_is_explained(toguna, words, told) -> None:
    said = toguna("recurrence", "--theatre", "mali", "--as-of", "2015-11-24", "--quiet", *words)
    assert said.code == 2
    assert told in said.err


def test_too_early_a_day_cannot_proceed(toguna) -> None:
    said = toguna("recurrence", *ASKED, "--as-of", "2012-04-01", "--quiet")
    assert said.code == 3
    assert "expected at least 10" in said.err or "no event of" in said.err


def test_a_town_is_a_circle(toguna) -> None:
    words = ("--theatre", "mali", "--as-of", "2015-11-24", "--place", "Diabaly", "--within", "3")
    said = toguna("recurrence", *words, "--quiet", "--json")
    assert said.code == 0
    assert json.loads(said.out)["recurrence"][0]["place"] == "Diabaly (25 km)"
