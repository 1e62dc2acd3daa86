"""Field reports on both databases: one stays one, of many reviewers one decides, the archive follows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from reports import NOW, TODAY, send

from toguna.events.gather import gather
from toguna.room.reporting.release import release
from toguna.room.reporting.review import ConflictError, Decision, decide, queue, record
from toguna.store.home import Home
from toguna.store.theatre import load_theatre

GRADES = {"reliability": "B", "credibility": "2"}


def judge(home: Home, number: int, *, by: str, version: int = 1):
    shown = record(home, "mali", number)
    assert shown is not None
    said = Decision(act="accepted", version=version, answers=shown.answers | GRADES)
    return decide(home, shown, said, by=by, now=NOW, today=TODAY)


def test_the_same_report_at_once_from_many_hands_is_one(home: Home) -> None:
    send(home, 99)  # the register is made
    with ThreadPoolExecutor(4) as hands:
        ids = {row.id for row in hands.map(lambda _: send(home, 1), range(8))}
    assert len(ids) == 1
    assert len(queue(home, "mali")) == 2


def test_of_many_reviewers_at_once_exactly_one_decides(home: Home) -> None:
    number = send(home).id

    def one(name: str) -> str:
        try:
            return judge(home, number, by=name).reviewed_by
        except ConflictError as conflict:
            return f"told of {conflict.now.reviewed_by}"

    with ThreadPoolExecutor(4) as hands:
        said = list(hands.map(one, ("ana", "ben", "cleo", "dia")))
    (first,) = [name for name in said if not name.startswith("told")]
    assert said.count(f"told of {first}") == 3


def test_what_was_accepted_is_in_the_archive_and_in_the_next_assessment(home: Home) -> None:
    number = send(home, description="Attaque de nuit, « Sévaré », ߒߞߏ.").id
    assert release(home, now=NOW) is None
    judge(home, number, by="ana")
    with pytest.raises(ConflictError):
        judge(home, number, by="ben")
    told = release(home, now=NOW)
    assert told is not None
    assert told.accepted == 1
    found = gather(load_theatre("mali"), as_of=TODAY, home=home).events
    assert found.filter(found["source"] == "reports:room")["note"].to_list() == [
        "Attaque de nuit, « Sévaré », ߒߞߏ."
    ]
