"""``toguna links`` on the embedded chronology and four invented rows in the shape of UCDP GED."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HEAD = (
    "id,date_start,date_end,date_prec,year,country,type_of_violence,side_a,side_b,latitude,longitude,"
    "where_prec,low,best,high\n"
)
GED = """900001,2015-11-20,2015-11-20,1,2015,Mali,1,Government of Mali,al-Murabitun,12.6410,-8.0280,1,20,20,25
900002,2015-08-03,2015-08-03,1,2015,Mali,1,Government of Mali,AQIM,16.8767,-1.9217,1,9,11,11
900003,2015-08-09,2015-08-09,1,2015,Mali,1,Government of Mali,FLM,14.5300,-4.0900,1,2,3,3
900004,2013-01-12,2013-01-12,1,2013,Mali,1,Government of Mali,MUJAO,10.6000,-8.0000,1,1,1,1
"""
VIEW = ("--theatre", "mali", "--as-of", "2015-11-24", "--source", "chronology", "ucdp", "--quiet")
GROUND = ("--reason", "One attack.", "--source-url", "https://example.org/1")
PAIR = ("MLI-20150807-1", "ucdp:900003")


@pytest.fixture
def ged(tmp_path: Path, toguna) -> None:
    path = tmp_path / "GEDEvent_v21_1.csv"
    path.write_text(HEAD + GED, encoding="utf-8")
    assert toguna("ingest", "ucdp", str(path), "--quiet").code == 0


def listed(toguna) -> dict:
    said = toguna("links", "list", *VIEW, "--json")
    assert said.code == 0, said.err
    return json.loads(said.out)


def linked(told: dict) -> set[tuple[str, ...]]:
    return {tuple(i["event_ids"]) for i in told["several_sources"]}


def test_list_says_figures_reasons_and_what_is_in_doubt(ged: None, toguna) -> None:
    told = listed(toguna)
    assert linked(told) == {
        ("chronology:MLI-20151120-1", "ucdp:900001"),
        ("chronology:MLI-20150803-1", "ucdp:900002"),
    }
    hotel = next(i for i in told["several_sources"] if "ucdp:900001" in i["event_ids"])
    assert (hotel["figures"]["chronology"]["best"], hotel["figures"]["ucdp"]["best"]) == (22, 20)
    assert told["n_told"] - told["n"] == 2
    assert told["thresholds"]["measured"]["precision"] > 0
    assert all(x["status"] in ("doubtful", "refused") for x in told["review"])
    said = toguna("links", *VIEW, "--lang", "fr")
    assert "incident/chronology:MLI-20151120-1" in said.out
    assert "même jour" in toguna("links", "show", "ucdp:900001", *VIEW, "--lang", "fr").out


def test_the_viewpoint_as_told_links_nothing(ged: None, toguna) -> None:
    said = toguna("links", "list", *VIEW, "--viewpoint", "as-told", "--json")
    told = json.loads(said.out)
    assert told["several_sources"] == []
    assert told["n"] == told["n_told"]


def test_confirm_split_and_history(ged: None, toguna) -> None:
    before = listed(toguna)
    stated = toguna("links", "confirm", *PAIR, "--by", "analyst", *GROUND, "--speaks", PAIR[1], *VIEW)
    assert stated.code == 0, stated.err
    after = listed(toguna)
    assert linked(after) - linked(before) == {("chronology:MLI-20150807-1", "ucdp:900003")}
    assert after["statements"][0]["by"] == "analyst"
    shown = json.loads(toguna("links", "show", PAIR[0], *VIEW, "--json").out)
    assert {t["event_id"]: t["speaks"] for t in shown["tellings"]} == {
        "chronology:MLI-20150807-1": False,
        "ucdp:900003": True,
    }
    toguna("links", "split", *PAIR, "--by", "reviewer", *GROUND, *VIEW)
    assert linked(listed(toguna)) == linked(before)
    history = json.loads(toguna("links", "show", PAIR[0], *VIEW, "--json").out)["statements"]
    assert [r["verdict"] for r in history] == ["same", "different"]
    assert "reviewer" in toguna("links", "show", PAIR[0], *VIEW).out


def test_unknown_events_are_told_with_what_is_near(ged: None, toguna) -> None:
    said = toguna("links", "show", "MLI-20151120-9", *VIEW)
    assert said.code == 2
    assert "MLI-20151120-1" in said.err
    nothing = toguna("links", "confirm", *PAIR, "--by", " ", *GROUND, *VIEW)
    assert nothing.code == 2
    assert "--by" in nothing.err


def test_why_shows_the_other_tellings(ged: None, toguna, quick: None, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = toguna("assess", *VIEW, "--no-render", "--out", str(out), "--reference-days", "365")
    assert made.code == 0, made.err
    why = toguna("why", "MLI-20151120-1", "--in", str(out)).out
    assert "also told as ucdp:900001" in why
    assert "same day" in why
    incident = toguna("why", "incident/chronology:MLI-20151120-1", "--in", str(out), "--json")
    assert json.loads(incident.out)["kind"] == "incident"
    found = json.loads((out / "assessment.json").read_text(encoding="utf-8"))
    assert found["events_counted"] == found["incidents"]["n"] == found["incidents"]["n_told"] - 2
    sentence = next(s for s in found["headline"] if s["id"] == "how-much")
    assert "counted once" in sentence["text"]["en"]
    rows = (out / "data" / "events.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].split(",")[-1] == "incident_id"
    assert sum("incident/chronology:MLI-20151120-1" in row for row in rows) == 2
    assert "incident/chronology:MLI-20151120-1" in (out / "data" / "incidents.csv").read_text()
