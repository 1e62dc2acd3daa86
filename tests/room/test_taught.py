"""A briefing tells of a replay only when it ended by its day, on the data that are known; else it says so."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from toguna.core.language import LANGUAGES, Language
from toguna.replay.lessons import lessons
from toguna.replay.run import replay
from toguna.replay.skill import Asked
from toguna.room.again import Again
from toguna.room.briefing.taught import taught as section_of
from toguna.room.briefing.taught import taught_pictures
from toguna.room.taught.kept import command, keep, taught
from toguna.room.taught.page import lessons_page
from toguna.room.view import Question, windows_of
from toguna.shifts import population
from toguna.store.home import Home
from toguna.store.theatre import load_theatre, shipped_folder

DATES = [date(2013, 6, 30), date(2013, 7, 31), date(2013, 8, 31), date(2013, 9, 30)]
LAST = DATES[-1]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A copy of the pack, a home, and a replay of it that is kept."""
    folder = tmp_path_factory.mktemp("taught")
    pack, home = folder / "mali", folder / "home"
    shutil.copytree(shipped_folder() / "mali", pack)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(population, "REPLICATES", 99)
        chain = Again(pack, home=home, areas=tuple(sorted(load_theatre(pack).outlines.items())))
        looks = replay(chain, DATES, out=folder / "out", asked={"seed": 2}).looks
    facts = lessons(looks, title=load_theatre(pack).title, asked=Asked(1, 0.2))
    return pack, Home(home), keep(chain, looks, facts), facts, (chain, looks)


def question(pack, home, as_of=date(2013, 10, 15), sources=None):
    theatre = load_theatre(pack)
    return Question(theatre, windows_of(theatre, as_of), sources=sources, home=home)


def test_a_replay_that_ended_by_the_day_is_shown(made):
    pack, home, digest, facts, _ = made
    for as_of in (LAST, date(2013, 10, 15), date(2015, 11, 24)):
        found = taught(question(pack, home, as_of))
        assert (found["state"], found["digest"]) == ("shown", digest)
        assert json.loads(json.dumps(facts)) == found["facts"]
        assert [look["as_of"] for look in found["looks"]] == [d.isoformat() for d in DATES]


def test_a_replay_that_looked_further_changes_nothing(made):
    pack, home, *_ = made
    before = taught(question(pack, home, date(2013, 9, 29)))
    assert before == taught(question(pack, None, date(2013, 9, 29)))
    assert before["state"] == "none"
    assert before["command"] == "toguna replay --theatre mali --from 2010-09 --to 2013-08"


def test_other_sources_viewpoints_and_versions_are_not_shown(made, monkeypatch):
    pack, home, *_ = made
    assert taught(question(pack, home, sources=("chronology",)))["state"] == "none"
    asked = question(pack, home)
    other = replace(asked, viewpoint=replace(asked.viewpoint, name="other"))
    assert taught(other)["state"] == "none"
    monkeypatch.setattr("toguna.room.taught.kept.__version__", "99.0")
    assert taught(asked)["state"] == "none"


def test_a_corrected_row_that_the_replay_saw_hides_it_and_a_later_one_does_not(made, tmp_path):
    pack, home, digest, *_ = made
    copy = tmp_path / "mali"
    shutil.copytree(pack, copy)
    rows = pl.read_csv(copy / "incidents.csv", infer_schema_length=0)
    known = rows["date_start"] <= LAST.isoformat()
    rows.filter(known).write_csv(copy / "incidents.csv")
    assert taught(question(copy, home))["digest"] == digest
    rows.filter(known)[1:].write_csv(copy / "incidents.csv")
    assert taught(question(copy, home))["state"] == "changed"


def test_a_longer_replay_is_preferred_and_a_damaged_one_is_passed_over(made, tmp_path):
    pack, _, digest, facts, (chain, looks) = made
    other = Home(tmp_path / "home")
    moved = replace(chain, home=other.path)
    short = keep(moved, looks[1:], facts)
    assert taught(question(pack, other))["digest"] == short
    whole = keep(moved, looks, facts)
    assert whole == digest  # by content: no folder of a machine is in it
    assert taught(question(pack, other))["digest"] == whole
    path = other.path / "replays" / f"{whole}.json"
    path.write_bytes(path.read_bytes()[:-100])
    assert taught(question(pack, other))["digest"] == short
    assert keep(moved, looks, facts) == whole  # written again
    assert taught(question(pack, other))["digest"] == whole
    assert str(tmp_path) not in path.read_text()


def test_the_command_of_january_ends_in_december():
    assert command(load_theatre("mali"), date(2015, 1, 9)).endswith("--from 2012-01 --to 2014-12")


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_briefing_says_what_there_is_and_what_is_missing(made, code):
    pack, home, *_ = made
    lang = Language(code)
    shown = {"replay": taught(question(pack, home))}
    pictures = taught_pictures(shown, lang)
    assert list(pictures) == ["alarms", "value"]
    blocks = section_of(shown, pictures, lang)["blocks"]
    said = " ".join(b["text"] for b in blocks if b["kind"] == "text")
    assert "method:" not in said and "{" not in said
    assert [b["name"] for b in blocks if b["kind"] == "picture"] == ["alarms", "value"]
    for state in ("none", "changed"):
        told = {"replay": shown["replay"] | {"state": state, "facts": None}}
        assert taught_pictures(told, lang) == {}
        (only,) = section_of(told, {}, lang)["blocks"]
        assert "toguna replay --theatre mali" in only["text"]
    assert section_of({}, {}, lang)["blocks"] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_of_lessons_stands_alone(made, code):
    *_, facts, _ = made
    page = lessons_page(facts, Language(code))
    assert page.count("<figure") == 4
    assert not re.search(r"<script|https?://(?!www\.w3\.org)", page)
    for sentence in facts["sentences"][code]:
        assert sentence.split("“")[0].split("'")[0][:30] in page
    assert "method:" not in page and "alarm:" not in page
