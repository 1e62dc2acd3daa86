"""A room on an empty home; nothing is built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lobbies import PASSWORD, Lobby

from toguna.accounts.passwords import hash_password
from toguna.store.home import Home


@pytest.fixture(scope="session")
def kept() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def lobby(tmp_path: Path, kept: str) -> Iterator[Lobby]:
    found = Lobby(Home(tmp_path / "home"), kept)
    yield found
    for client in found.opened:
        client.close()
    found.home.register.close()
