"""A home without anything in it, and the theatre's places, read once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from toguna.room.reporting.places import Gazetteer
from toguna.store.home import Home
from toguna.store.theatre import load_theatre


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    found = Home(tmp_path / "home")
    found.path.mkdir()
    yield found
    found.register.close()


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer(load_theatre("mali"))
