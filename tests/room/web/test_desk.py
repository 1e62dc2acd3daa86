"""The desk goes on whatever goes wrong, and does not try the impossible without end."""

from __future__ import annotations

import json
from datetime import date

import pytest

from toguna.core.errors import StoreError
from toguna.room.web import RoomSettings, desk
from toguna.room.web.building import pointer
from toguna.room.web.desk import Desk

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


def test_a_folder_of_another_shape_is_built_anew(home):
    room = Desk(RoomSettings(home=home, theatres=("mali",), as_of=AS_OF, build=False))
    assert room.built(*KEY) is not None
    path = pointer(home, "mali", AS_OF)
    told = json.loads(path.read_text())
    path.write_text(json.dumps({k: v for k, v in told.items() if k != "shape"}))
    assert room.built(*KEY) is None
