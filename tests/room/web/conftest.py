"""A room on the embedded theatre: built once for all workers, opened anew for every test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from toguna.accounts.rights import GUEST, Principal, Role
from toguna.room.web import RoomSettings, create_app
from toguna.store.home import Home

AS_OF = date(2015, 11, 24)


@pytest.fixture
def home(built_home: Path, tmp_path: Path) -> Home:
    """A copy of the built home that a test may write to."""
    return Home(Path(shutil.copytree(built_home, tmp_path / "home")))


def person(role: Role, name: str = "Awa") -> Principal:
    """Return somebody who has logged in, or a guest."""
    return GUEST if role is Role.GUEST else Principal(role=role, user_id=1, name=name, via="session")


Open = Callable[..., TestClient]


@pytest.fixture
def room(home: Home) -> Iterator[Open]:
    """Open the room as somebody: ``room(Role.ANALYST, public_view=True)``."""
    opened: list[TestClient] = []

    def open_as(role: Role | Principal = Role.ANALYST, **said: object) -> TestClient:
        settings = RoomSettings(home=home, theatres=("mali",), as_of=AS_OF, build=False, **said)
        who = role if isinstance(role, Principal) else person(role)
        app = create_app(settings, authenticate=lambda _: who)
        client = TestClient(app, base_url="http://localhost", follow_redirects=False)
        client.__enter__()
        opened.append(client)
        return client

    yield open_as
    for client in opened:
        client.__exit__(None, None, None)
