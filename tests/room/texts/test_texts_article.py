"""The article of November 2015: read, its drafts accepted, they are the chronology's incidents.

The chronology rests on more pages than the article, so its rows say more: a second claimant, who else was
killed. What the article tells must agree with them, and nothing of it may contradict them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from drafted import NOW, TODAY, accepting, by, taken

from toguna.core.geography import distance_km
from toguna.reading.documents import titled
from toguna.reading.rules import RulesReader, setting_of_theatre
from toguna.room.reporting.release import release
from toguna.room.texts.decide import decide
from toguna.room.view import Question, collect, windows_of
from toguna.store.home import Home
from toguna.store.theatre import load_theatre

ROOT = Path(__file__).resolve().parents[3]
DAYS = {"2015-11-20", "2015-08-07", "2015-03-07"}


@pytest.fixture(scope="module")
def article() -> str:
    named = os.environ.get("TOGUNA_TEST_SEED")
    folder = Path(named) if named else ROOT.parent / "shared" / "seed"
    files = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    if not files:
        pytest.skip(f"no article in {folder}: set TOGUNA_TEST_SEED to the folder that holds it")
    return files[0].read_text(encoding="utf-8")


def claims(text: str | None) -> set[frozenset[str]]:
    return {frozenset(joint.split("+")) for joint in (text or "").split("|") if joint}


def asked(home: Home) -> Question:
    theatre = load_theatre("mali")
    return Question(theatre, windows_of(theatre, TODAY), home=home)


@pytest.fixture(scope="module")
def accepted(article, gazetteer, tmp_path_factory) -> Iterator[dict[str, Any]]:
    """Events before anything was accepted, of which no draft is one, and after: all accepted as they are."""
    home = Home(tmp_path_factory.mktemp("article"))
    reader = RulesReader(setting_of_theatre(load_theatre("mali"), as_of=TODAY))
    taken(home, 2, reader=reader, text=titled(article, published=TODAY))
    assert release(home, now=NOW) is None  # nothing that a machine read is told before a person looked
    before = collect(asked(home)).events
    assert set(before["source"]) == {"chronology"}
    known = [
        {"id": e["event_id"], "date": e["date_start"], "place": e["place"] or ""}
        for e in before.iter_rows(named=True)
        if e["date_start"]
    ]
    reader = RulesReader(setting_of_theatre(load_theatre("mali"), as_of=TODAY, known=known))
    text = taken(home, reader=reader, text=titled(article, published=TODAY))
    for draft in text.drafts:
        if draft.kind == "incident":
            verdict = accepting(text, draft, gazetteer, same_as=draft.told["known"] or "")
            decide(home, text, draft, verdict, by())
    release(home, now=NOW)
    yield {"before": before, "after": collect(asked(home)).events}
    home.register.close()


def test_accepting_the_article_gives_the_incidents_of_the_chronology(accepted):
    before, after = accepted["before"], accepted["after"]
    read = after.filter(pl.col("source") == "reports:room")
    assert {d.isoformat() for d in read["date_start"]} == DAYS
    # Nothing is doubled: every accepted draft is one more telling of an incident on record.
    assert after["incident_id"].n_unique() == before["incident_id"].n_unique()
    for told in read.iter_rows(named=True):
        row = before.filter(pl.col("incident_id") == told["incident_id"]).row(0, named=True)
        assert row["source"] == "chronology"
        agrees(told, row)


def agrees(told: dict[str, Any], row: dict[str, Any]) -> None:
    """Hold what the article tells of an incident against the row of the chronology."""
    assert told["date_start"] == row["date_start"]
    assert told["place"] == row["place"].split(" (")[0]
    assert told["admin1"] == row["admin1"]
    assert distance_km(told["lat"], told["lon"], row["lat"], row["lon"]) < 25
    if told["best"] is not None:
        assert row["low"] <= told["low"] <= told["best"] <= told["high"] <= row["high"]
        assert told["best"] == row["best"]
    for side in ("deaths_attackers", "wounded", "hostages"):
        assert told[side] in (None, row[side])
    assert set(told["perpetrators"] or ()) <= set(row["perpetrators"])
    assert claims(told["responsibility"]) <= claims(row["responsibility"])


def test_what_the_article_tells_of_each_attack_is_there(accepted):
    read = accepted["after"].filter(pl.col("source") == "reports:room")
    told = {e["date_start"].isoformat(): e for e in read.iter_rows(named=True)}
    hotel, siege = told["2015-11-20"], told["2015-08-07"]
    assert claims(hotel["responsibility"]) == {
        frozenset(("MOURABITOUN", "AQIM")), frozenset(("MLF", "ANSAR_DINE")),
    }  # fmt: skip
    assert (hotel["best"], hotel["deaths_attackers"], hotel["setting"]) == (22, 2, "hotel")
    assert (siege["best"], siege["tactic"], claims(siege["responsibility"])) == (
        13, "siege_hostage", {frozenset(("MLF",))},
    )  # fmt: skip
    assert told["2015-03-07"]["setting"] == "restaurant"
    assert all("Read by machine" in e["note"] for e in told.values())
