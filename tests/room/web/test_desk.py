"""The desk goes on whatever goes wrong, and does not try the impossible without end."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import time
import weakref
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from toguna.accounts.rights import Principal, Role
from toguna.core.errors import StoreError
from toguna.room.web import RoomSettings, create_app, desk
from toguna.room.web.building import pointer
from toguna.room.web.desk import Desk
from toguna.room.web.pages.why import explained

AS_OF = date(2015, 11, 24)
KEY = ("mali", AS_OF)


@pytest.fixture
def empty(tmp_path):
    from toguna.store.home import Home

    return Desk(RoomSettings(home=Home(tmp_path / "home"), theatres=("mali",), as_of=AS_OF))


def test_a_build_that_fails_rests_until_the_data_change(empty, monkeypatch):
    tried = []
    monkeypatch.setattr(Desk, "_build", lambda self, key, now: tried.append(now) or "no such table")
    monkeypatch.setattr(desk, "stamp", lambda home, theatre: "one")
    for _ in range(3):
        empty.look()
        while empty._queue:
            empty._next()
    assert tried == ["one"]
    assert empty.state(*KEY).failed == "no such table"
    monkeypatch.setattr(desk, "stamp", lambda home, theatre: "two")
    empty.look()
    empty._next()
    assert tried == ["one", "two"]


@pytest.mark.parametrize("fault", [StoreError("busy"), OSError(28, "No space left on device")])
def test_a_fault_ends_one_step_and_not_the_desk(empty, monkeypatch, fault, capsys):
    def fails(home, theatre):
        raise fault

    empty.order(*KEY)
    monkeypatch.setattr(desk, "stamp", fails)
    empty._try(empty._next)
    assert str(fault) in capsys.readouterr().err
    assert str(fault) in (empty.state(*KEY).failed)
    assert not empty.state(*KEY).under_way


def test_what_runs_in_a_process_of_its_own_is_not_loaded_before_it_runs():
    """Else Python warns that it is run a second time, and the log of every build begins with that."""
    looked = (
        "import sys, toguna.room.web; print([m for m in sys.modules if m.startswith('toguna.room.web.')])"
    )
    said = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_a_folder_of_another_shape_is_built_anew(home):
    room = Desk(RoomSettings(home=home, theatres=("mali",), as_of=AS_OF, build=False))
    assert room.built(*KEY) is not None
    path = pointer(home, "mali", AS_OF)
    told = json.loads(path.read_text())
    path.write_text(json.dumps({k: v for k, v in told.items() if k != "shape"}))
    assert room.built(*KEY) is None


def test_readers_are_told_when_newer_data_could_not_be_assessed(room, monkeypatch):
    """On every page, to everybody; the fault itself only to those who can do something about it."""
    analyst, guest = room(Role.ANALYST), room(Role.GUEST, public_view=True)
    said = ["newer", "mali: no such column"]
    monkeypatch.setattr(desk, "stamp", lambda home, theatre: said[0])
    monkeypatch.setattr(Desk, "_build", lambda self, key, now: said[1])
    for client in (analyst, guest):
        of, said[:] = client.app.state.room.desk, ["newer", "mali: no such column"]
        assert "Newer data" not in client.get("/t/mali/now?lang=en").text
        of.look()
        of._queue.append(KEY)
        of._next()
        pages = [client.get(f"/t/mali/{page}?lang=fr").text for page in ("now", "map")]
        assert all("Des données plus récentes attendent depuis le" in page for page in pages)
        assert ["no such column" in page for page in pages] == [client is analyst] * 2
        said[:] = ["newer still", ""]
        of.look()
        assert "Newer data have waited since" in client.get("/t/mali/now?lang=en").text
        of._queue.append(KEY)
        of._next()
        assert "Newer data" not in client.get("/t/mali/now?lang=en").text


def told_as(client):
    """Return what programs are told of the age of the assessment: theatre, a list, headers of both."""
    answers = [client.get(f"/api/v1/t/mali{part}") for part in ("", "/headline", "/situation")]
    bodies = [a.json() for a in answers[:2]]
    return [b["stale"] for b in bodies], [a.headers.get("x-toguna-stale") for a in answers], bodies[0]


def test_programs_are_told_when_newer_data_could_not_be_assessed(room, monkeypatch):
    """In a field and in a header, so that tables say it too; the fault itself to who can mend it."""
    analyst, guest = room(Role.ANALYST), room(Role.GUEST, public_view=True)
    said = ["newer", "mali: no such column"]
    monkeypatch.setattr(desk, "stamp", lambda home, theatre: said[0])
    monkeypatch.setattr(Desk, "_build", lambda self, key, now: said[1])
    before = analyst.get("/api/v1/t/mali/situation").headers
    assert told_as(analyst)[:2] == ([None, None], [None] * 3)
    of = analyst.app.state.room.desk
    of.look()
    of._queue.append(KEY)
    of._next()
    stale, headers, about = told_as(analyst)
    assert about["ready"]
    assert about["failed"]
    assert stale[0] == stale[1]
    assert stale[0] | {"made_at": "", "since": ""} == {
        "made_at": "", "since": "", "failed": True, "lags": False, "said": "mali: no such column",
    }  # fmt: skip
    made, since = stale[0]["made_at"], stale[0]["since"]
    assert headers == [f"made={made};since={since};failed=true;lags=false"] * 3
    again = analyst.get("/api/v1/t/mali/situation", headers={"If-None-Match": before["etag"]})
    assert again.status_code == 200  # the same assessment, but no longer the newest that there can be
    guest.app.state.room.desk._failed |= of._failed
    guest.app.state.room.desk._since |= of._since
    answered = guest.get("/api/v1/t/mali").json()
    assert answered["stale"]["failed"]
    assert answered["stale"]["said"] == ""
    said[:] = ["newer still", ""]
    of._queue.append(KEY)
    of._next()
    assert told_as(analyst)[:2] == ([None, None], [None] * 3)


def test_at_midnight_the_last_assessment_stays_until_the_next_stands_ready(home, monkeypatch):
    """A room that follows the calendar is never empty at midnight, and says that what it shows is older."""
    moment = [datetime(2015, 11, 24, 23, 59, tzinfo=UTC)]
    settings = RoomSettings(home=home, theatres=("mali",), clock=lambda: moment[0])
    monkeypatch.setattr(desk, "stamp", lambda home, theatre: "as-tested")
    monkeypatch.setattr(Desk, "_build", lambda self, key, now: "disk full")
    monkeypatch.setattr(Desk, "start", lambda self: None)
    app = create_app(settings, authenticate=lambda _: Principal(Role.ANALYST, 1, "Awa", via="session"))
    client = TestClient(app, base_url="http://localhost", follow_redirects=False)
    of = app.state.room.desk
    assert told_as(client)[0] == [None, None]
    moment[0] += timedelta(minutes=2)
    page = client.get("/t/mali/now?lang=en")
    assert page.status_code == 200
    assert "You see the assessment of 24 November 2015; that of today is being built." in page.text
    assert "as it was knowable" not in page.text
    assert "as_of=" not in page.text
    stale, headers, about = told_as(client)
    assert (about["as_of"], stale[0]["failed"], stale[0]["lags"]) == ("2015-11-24", False, True)
    assert headers[2].endswith("failed=false;lags=true")
    assert list(of._queue) == [("mali", date(2015, 11, 25))]
    of.look()
    of._next()
    page = client.get("/t/mali/map?lang=fr").text
    assert "Celle d’aujourd’hui n’a pas pu être faite." in page
    assert "disk full" in page
    assert told_as(client)[0][0]["failed"]
    assert client.get("/api/v1/theatres").json()["items"][0]["as_of"] == "2015-11-24"
    asked_for = client.get("/t/mali/now?as_of=2015-11-24&lang=en").text
    assert "as it was knowable on 24 November 2015" in asked_for, "who asks for that day stepped back to it"
    stepped = client.get("/t/mali/now?as_of=2015-11-20")
    assert "could not be built" not in stepped.text
    shutil.copy(pointer(home, *KEY), pointer(home, "mali", date(2015, 11, 25)))
    of.look()
    assert client.get("/api/v1/t/mali").json()["as_of"] == "2015-11-25"
    assert told_as(client)[0] == [None, None]


def test_a_room_that_stands_on_a_day_falls_back_on_no_other(home):
    older = RoomSettings(home=home, theatres=("mali",), as_of=AS_OF + timedelta(days=1), build=False)
    assert Desk(older).standing("mali") == older.as_of
    assert Desk(older).built("mali", older.as_of) is None


@pytest.mark.parametrize(("role", "sees"), [(Role.ANALYST, True), (Role.GUEST, False)])
def test_where_there_is_no_assessment_at_all_the_fault_is_told_to_who_can_mend_it(room, role, sees):
    client = room(role, public_view=True)
    of = client.app.state.room.desk
    pointer(of.settings.home, *KEY).unlink()
    of._failed[KEY] = desk._Failed("as-tested", "mali: no such column", 0.0)
    page, answered = client.get("/t/mali/now?lang=en"), client.get("/api/v1/t/mali/headline?lang=en")
    assert (page.status_code, answered.status_code) == (503, 503)
    assert "could not be built" in page.text
    assert answered.json()["title"] == "The assessment of this day could not be built."
    assert ["no such column" in told for told in (page.text, answered.json()["detail"])] == [sees] * 2
    about = client.get("/api/v1/t/mali").json()
    assert (about["ready"], about["failed"], about["stale"]) == (False, True, None)


def test_only_so_many_builds_wait_and_the_day_that_stands_open_always_may(empty):
    for n in range(1, 2 * desk.MOST_WAITING):
        empty.order("mali", AS_OF - timedelta(days=n))
    assert len(empty._queue) == desk.MOST_WAITING
    assert empty.state(*KEY).full
    assert not empty.state("mali", AS_OF - timedelta(days=desk.MOST_WAITING + 1)).under_way
    empty.order(*KEY)
    assert empty.state(*KEY).under_way


def test_what_killed_builds_left_is_removed_and_what_is_written_now_is_not(empty):
    shelf = pointer(empty.settings.home, *KEY).parent
    for name, hours in ((".building-old", 2), (".building-new", 0)):
        (shelf / name / "data").mkdir(parents=True)
        then = time.time() - 3600 * hours
        os.utime(shelf / name / "data", (then, then))
        os.utime(shelf / name, (then, then))
    empty._tidy()
    assert [path.name for path in shelf.glob(".building-*")] == [".building-new"]


def test_reasons_end_with_the_assessment_they_are_about(home):
    room = Desk(RoomSettings(home=home, theatres=("mali",), as_of=AS_OF, build=False))
    built = room.built(*KEY)
    assert built is not None
    explained(built, "where", "fr")
    held = weakref.ref(built)
    room._held.clear()
    del built
    gc.collect()
    assert held() is None
