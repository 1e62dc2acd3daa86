"""Texts and drafts on both databases: kept, decided, and of two at once one is told."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "room" / "texts"))  # a text and its reader

from drafted import ANA, BEN, WORDS, by, read_again, rejecting, taken

from toguna.room.reporting.review import queue
from toguna.room.texts.decide import TakenError, Verdict, decide
from toguna.room.texts.shelf import listed


def test_a_text_is_kept_and_its_drafts_are_decided(home):
    home.path.mkdir(exist_ok=True)
    text = taken(home)
    assert text.words == WORDS
    (row,) = listed(home, "mali")
    assert (row["n"], row["waiting"]) == (3, 3)
    verdict = Verdict(
        act="accepted", version=1, answers={"incident_date": "2015-11-20"}, decided={"place": "é"}
    )
    decide(home, text, text.drafts[0], verdict, by())
    assert listed(home, "mali")[0]["waiting"] == 2
    (report,) = queue(home, "mali")
    done = read_again(home, text.id).drafts[0]
    assert (done.submission_id, done.decided) == (report.id, {"place": "é"})


def test_of_two_at_once_one_decides(home):
    home.path.mkdir(exist_ok=True)
    text = taken(home)

    def one(who) -> str:
        try:
            return decide(home, text, text.drafts[0], rejecting(text.drafts[0]), by(who)).decided_by
        except TakenError:
            return "told"

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(one, (ANA, BEN)))[1] == "told"
    assert read_again(home, text.id).drafts[0].version == 2
