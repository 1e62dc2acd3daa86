"""A team, closed after every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from team import Team

from toguna.store.home import Home


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    found = Team(Home(tmp_path / "home"))
    found.home.path.mkdir()
    yield found
    for client in found.opened:
        client.close()
    found.home.register.close()
