"""What opens an incident and what does not, which are told apart, and whose day and scene are whose."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from toguna.reading.documents import titled
from toguna.reading.gazetteer import Gazetteer
from toguna.reading.gold import same_place
from toguna.store.theatre import load_theatre

TOLD = tomllib.loads(Path(__file__).with_name("told_apart.toml").read_text(encoding="utf-8"))
CASES = [(f"{lang}.{name}", lang, case) for lang in ("en", "fr") for name, case in TOLD[lang].items()]


FAULTS = {
    name: pytest.mark.xfail(strict=True, reason=reason)
    for name, reason in (
        ("en.release", "a release that tells its kidnapping (0098)"),
        ("en.at-a-quarter-of-the-capital", "the quarter stands as the scene in place of its capital (0099)"),
    )
}
"""Cases that are read wrongly, each known since the decision named."""


@pytest.mark.parametrize(
    ("lang", "case"), [pytest.param(*c[1:], id=c[0], marks=FAULTS.get(c[0], ())) for c in CASES]
)
def test_told_apart(lang, case, reader):
    drafts = reader.read(titled(case["text"].strip(), published=case["date"]))
    assert drafts.lang == lang
    told = [tuple(d.value(k) for k in ("date_start", "place", "country")) for d in drafts.incidents]
    assert len(told) == len(case["events"]), told
    for event in case["events"]:
        near = [
            t
            for t in told
            if t[0] == event["date"]
            and ("place" not in event or same_place(t[1] or "", event["place"], reader.setting))
            and ("country" not in event or t[2] == event["country"])
        ]
        assert near, (event, told)


def test_a_page_without_a_day_states_it_itself():
    text = titled("DATE:\nSome Paper\nPublié le 12 février 2016 | Lecture : 1 minute\nUn camp attaqué.")
    assert text.published == date(2016, 2, 12)
    assert "DATE" not in text.text
    assert titled("date 2019-03-18 The paper\nTwo dead.").published == date(2019, 3, 18)
    assert titled("On 12 February 2016 two men died.").published is None


def test_communes_know_their_area():
    gazetteer = Gazetteer.build(load_theatre("mali"))
    spot = gazetteer.find("Diallassagou")[0]
    assert (spot.admin2, spot.admin1, spot.country) == ("Bankass", "Mopti", "MLI")
    assert gazetteer.find("Djibo")[0].admin2 == "Soum"
    assert gazetteer.near("Ogossagou", "Ouenkoro")  # one second-level area
    two = {s.admin1 for s in gazetteer.find("Bamba") if s.country == "MLI"}
    assert {"Mopti", "Gao"} <= two


def test_a_name_means_the_place_in_the_country_that_the_text_names():
    gazetteer = Gazetteer.build(load_theatre("mali"))
    assert gazetteer.of(["BFA"]).find("Essakane")[0].country == "BFA"
    assert gazetteer.find("Essakane")[0].country == "MLI"
