"""Now, actors, replay and why: what a reader sees, and what only some may see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from toguna.accounts.rights import Role
from toguna.room.web.changes import between


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.moment = datetime(2015, 11, 24, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


def test_now_says_the_five_sentences_and_leads_to_their_reasons(room):
    client = room(Role.ANALYST)
    page = client.get("/t/mali/now").text
    assert page.count('class="why"') >= 5
    assert "/t/mali/why/where" in page
    assert "Mopti" in client.get("/t/mali/why/where").text


def test_why_walks_to_source_lines_and_knows_when_there_is_nothing(room):
    client = room(Role.ANALYST)
    page = client.get("/t/mali/why/chronology:MLI-20151120-1").text
    assert "https://" in page
    assert client.get("/t/mali/why/no-such-thing").status_code == 404
    assert "&lt;script&gt;" in client.get("/t/mali/why/<script>").text


def test_guests_do_not_see_what_members_do(room):
    guest = room(Role.GUEST, public_view=True)
    now = guest.get("/t/mali/now").text
    assert "Open warnings" not in now
    assert "/why/" not in now
    assert "Latest events" not in guest.get("/t/mali/actors/MOURABITOUN").text


def test_a_visit_ends_after_half_an_hour(room):
    clock = Clock()
    client = room(Role.ANALYST, clock=clock)
    assert "What changed last" in client.get("/t/mali/now").text
    clock.moment += timedelta(minutes=10)
    assert "What changed last" in client.get("/t/mali/now").text
    clock.moment += timedelta(days=2)
    assert "New since your last visit, 24 November 2015" in client.get("/t/mali/now").text


@pytest.mark.parametrize(
    "cookie", ["", "x", "_", "2015-11-24_2015-11-24", "a_b_c", "2015-13-01T00:00+00:00_"]
)
def test_a_strange_cookie_is_a_first_visit(room, cookie):
    client = room(Role.ANALYST)
    answered = client.get("/t/mali/now", headers={"Cookie": f"seen_mali={cookie}"})
    assert answered.status_code == 200
    assert "What changed last" in answered.text


def _told(**more):
    empty = {"run": {"generated_at": "2015-11-24T00:00:00+00:00"}, "data": [], "shifts": [], "warnings": []}
    return empty | more


def test_changes_name_new_rows_alarms_and_warnings():
    text = {"en": "A front.", "fr": "Un front."}
    older = _told(
        data=[{"source": "ucdp", "version": "21.1", "accepted": 10}], shifts=[{"id": "gone", "text": text}]
    )
    newer = _told(
        data=[{"source": "ucdp", "version": "21.1", "accepted": 12}],
        shifts=[{"id": "new", "text": text}],
        warnings=[{"id": "w", "headline": text}],
    )
    found = between(older, newer)
    assert [(c["kind"], c["id"]) for c in found] == [
        ("data", "ucdp"), ("alarm", "new"), ("quiet", "gone"), ("warning", "w"),
    ]  # fmt: skip
    assert "2 rows more" in found[0]["text"]["en"]
    assert between(newer, newer) == []


def test_an_actor_has_its_names_relations_and_claims(room):
    page = room(Role.ANALYST).get("/t/mali/actors/MOURABITOUN", headers={"Accept-Language": "fr"}).text
    for wanted in ("Al-Mourabitoune", "fusion dans", "Événements où elle est nommée", "revendi"):
        assert wanted in page


def test_relations_of_an_actor_are_those_known_on_the_day(room, home):
    from toguna.room.web.building import pointer

    day = date(2013, 1, 31)
    pointer(home, "mali", day).write_text(pointer(home, "mali", date(2015, 11, 24)).read_text())
    page = room(Role.ANALYST).get(f"/t/mali/actors/MUJAO?as_of={day}").text
    assert "2013-08" not in page  # the merger came later


def test_the_genealogy_of_another_month_is_drawn_once(room):
    client = room(Role.ANALYST)
    page = client.get("/t/mali/actors?on=2013-09").text
    assert "/t/mali/genealogy/2013-09.svg" in page
    first = client.get("/t/mali/genealogy/2013-09.svg")
    assert first.headers["Content-Type"] == "image/svg+xml"
    assert client.get("/t/mali/genealogy/2013-09.svg").content == first.content
    assert client.get("/t/mali/genealogy/2016-01.svg").status_code == 404


@pytest.mark.parametrize("on", ["2016-01", "never", "2013-13"])
def test_a_month_that_cannot_be_shown_is_said(room, on):
    assert room(Role.ANALYST).get(f"/t/mali/actors?on={on}").status_code == 404


def test_replay_steps_back_and_never_ahead(room):
    client = room(Role.ANALYST)
    page = client.get("/t/mali/replay").text
    assert "before Mopti was struck" in page
    there = client.get("/t/mali/step?to=2014-01-31")
    assert there.headers["Location"] == "/t/mali/now?as_of=2014-01-31"
    assert client.get("/t/mali/step?to=2015-11-24").headers["Location"] == "/t/mali/now"
    assert client.get("/t/mali/step?to=2015-11-25").status_code == 404
    assert client.get("/t/mali/step?to=yesterday").status_code == 404
