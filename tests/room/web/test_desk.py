"""The desk goes on whatever goes wrong, and does not try the impossible without end."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
import weakref
from datetime import date, timedelta

import pytest

from toguna.accounts.rights import Role
from toguna.core.errors import StoreError
from toguna.room.web import RoomSettings, desk
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
    assert empty.failed(*KEY) == "no such table"
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
    assert str(fault) in str(empty.failed(*KEY))
    assert not empty.under_way(*KEY)


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


def test_only_so_many_builds_wait_and_the_day_that_stands_open_always_may(empty):
    for n in range(1, 2 * desk.MOST_WAITING):
        empty.order("mali", AS_OF - timedelta(days=n))
    assert len(empty._queue) == desk.MOST_WAITING
    assert empty.full()
    assert not empty.under_way("mali", AS_OF - timedelta(days=desk.MOST_WAITING + 1))
    empty.order(*KEY)
    assert empty.under_way(*KEY)


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
