"""Decisions: corrections are kept, the second of two is told, the archive follows from the day on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from reports import NOW, TODAY, send

from toguna.accounts.refusals import RefusedError
from toguna.events.gather import gather
from toguna.events.reporters import reporters
from toguna.room.reporting.likely import alike
from toguna.room.reporting.release import last_telling, release, tellings
from toguna.room.reporting.review import ConflictError, Decision, counts, decide, queue, record
from toguna.store.home import Home
from toguna.store.theatre import load_theatre

GRADES = {"reliability": "B", "credibility": "2"}


def judge(home: Home, number: int, act: str = "accepted", day: date = TODAY, by: str = "ana", **said):
    shown = record(home, "mali", number)
    answers = shown.answers | GRADES | said.pop("changes", {}) if act == "accepted" else {}
    decision = Decision(act=act, version=said.pop("version", shown.version), answers=answers, **said)
    return decide(home, shown, decision, by=by, now=NOW, today=day)


def events(home: Home, day: date):
    found = gather(load_theatre("mali"), as_of=day, home=home).events
    return found.filter(found["source"] == "reports:room")


def test_every_correction_is_recorded(home):
    number = send(home).id
    done = judge(home, number, changes={"killed": "3"})
    assert (done.state, done.version, done.reviewed_by) == ("accepted", 2, "ana")
    last = done.history[-1]
    assert last.corrections == {"killed": ["2", "3"], "reliability": ["", "B"], "credibility": ["", "2"]}
    assert [c.act for c in done.history] == ["received", "accepted"]
    assert done.history[0].corrections["killed"] == ["", "2"]  # the first word stays on record


def test_the_second_of_two_is_told_and_nothing_is_lost(home):
    number = send(home).id
    judge(home, number, changes={"killed": "3"})
    with pytest.raises(ConflictError) as told:
        judge(home, number, "rejected", version=1, reason="no", by="ben")
    assert told.value.now.reviewed_by == "ana"
    assert told.value.now.answers["killed"] == "3"
    assert len(record(home, "mali", number).history) == 2


def test_of_many_at_once_exactly_one_decides(home):
    number = send(home).id

    def one(name: str) -> str:
        try:
            return judge(home, number, version=1, by=name).reviewed_by
        except ConflictError:
            return ""

    with ThreadPoolExecutor(6) as hands:
        won = [name for name in hands.map(one, "abcdef") if name]
    assert len(won) == 1
    assert record(home, "mali", number).reviewed_by == won[0]


@pytest.mark.parametrize(
    ("act", "said", "message"),
    [
        ("rejected", {}, "Say why"),
        ("rejected", {"reason": " \n"}, "Say why"),
        ("rejected", {"reason": "x" * 1001}, "longer than"),
        ("merged", {}, "Choose the incident"),
        ("merged", {"into": "reports:room-1"}, "into itself"),
        ("received", {}, "Choose what to do"),
    ],
)
def test_a_decision_that_lacks_something_is_refused(home, act, said, message):
    number = send(home).id
    with pytest.raises(RefusedError, match=message):
        judge(home, number, act, **said)
    assert record(home, "mali", number).version == 1


def test_the_archive_tells_what_was_accepted_from_its_day_on_and_not_before(home):
    number = send(home).id
    assert release(home, now=NOW) is None
    judge(home, number)
    told = release(home, now=NOW)
    assert (told.status, told.accepted, told.published_at) == ("new", 1, "2015-11-24")
    assert release(home, now=NOW).status == "already-held"
    assert events(home, TODAY - timedelta(days=1)).is_empty()
    (row,) = events(home, TODAY).to_dicts()
    assert (row["event_id"], row["admin1"], row["best"], row["confidence"]) == (
        f"reports:room-{number}", "Mopti", 2, "high",
    )  # fmt: skip
    assert row["reporter"] == queue(home, "mali")[0].reporter
    assert not list((home.path / ".release").glob("*.json"))


def test_a_correction_counts_from_its_own_day_on(home):
    number = send(home).id
    judge(home, number)
    release(home, now=NOW)
    judge(home, number, day=TODAY + timedelta(days=3), changes={"killed": "5"})
    release(home, now=NOW)
    assert [events(home, TODAY + timedelta(days=d))["best"].to_list() for d in (0, 2, 3)] == [[2], [2], [5]]


@pytest.mark.parametrize(("act", "said"), [("rejected", {"reason": "no"}), ("merged", {"into": "ucdp:1"})])
def test_what_is_no_longer_accepted_leaves_the_archive_from_that_day_on(home, act, said):
    number = send(home).id
    judge(home, number)
    release(home, now=NOW)
    judge(home, number, act, day=TODAY + timedelta(days=1), **said)
    release(home, now=NOW)
    assert events(home, TODAY).height == 1
    assert events(home, TODAY + timedelta(days=1)).is_empty()
    judge(home, number, day=TODAY + timedelta(days=2))
    release(home, now=NOW)
    assert events(home, TODAY + timedelta(days=2)).height == 1


def test_a_room_set_to_an_earlier_day_rewrites_nothing(home):
    number = send(home).id
    judge(home, number)
    judge(home, number, day=TODAY - timedelta(days=300), changes={"killed": "9"})
    assert [t["_submission_time"][:10] for t in tellings(home)] == ["2015-11-24", "2015-11-24"]


def test_only_what_is_new_makes_a_release(home):
    one, two = send(home).id, send(home, 2, place="Gao", region="Gao", point="16.27 -0.04").id
    assert last_telling(home) == 0
    judge(home, one, "rejected", reason="no")
    assert last_telling(home) == 0
    judge(home, two)
    assert last_telling(home) > 0
    release(home, now=NOW)
    assert events(home, TODAY)["place"].to_list() == ["Gao"]
    assert counts(home, "mali") == {"received": 0, "accepted": 1, "merged": 0, "rejected": 1}
    assert [r["reports"] for r in reporters(home)] == [1]


def test_lists_are_filtered_and_no_other_theatre_is_told(home):
    send(home)
    send(home, 2, place="Gao", region="Gao")
    assert [r.answers["place"] for r in queue(home, "mali", words="gao")] == ["Gao"]
    assert queue(home, "niger") == []
    assert queue(home, "mali", state="rejected") == []
    assert record(home, "niger", 1) is None


def test_likely_doubles_are_found_among_events_and_reports(home):
    theatre = load_theatre("mali")
    known = gather(theatre, as_of=TODAY).events
    known = known.filter(known["where_prec"] == 1)
    event = known.filter(known["date_prec"] == 1).sort("date_start")[-1].to_dicts()[0]
    where = {"place": event["place"], "region": event["admin1"], "point": f"{event['lat']} {event['lon']}"}
    what = {"incident_date": str(event["date_start"]), "event_type": event["event_type"],
            "killed": None if event["best"] is None else str(event["best"])}  # fmt: skip
    first, second = send(home, 1, **where, **what), send(home, 2, **where, **what)
    far = send(home, 3, **where, **(what | {"incident_date": "2013-01-01"}))
    shown = record(home, "mali", first.id)
    found = alike(theatre, shown, events=known, others=queue(home, "mali"), as_of=TODAY)
    ids = [a.event["event_id"] for a in found]
    assert {event["event_id"], f"reports:room-{second.id}"} <= set(ids)
    assert f"reports:room-{far.id}" not in ids
    assert f"reports:room-{first.id}" not in ids
    assert found[0].probability > 0.5
    assert found[0].reasons
