"""A home without anything in it, and the theatre's places, read once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from toguna.core.language import Language
from toguna.room.reporting.places import Gazetteer
from toguna.room.reporting.questionnaire import Rules
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


@pytest.fixture
def rules(gazetteer: Gazetteer) -> Rules:
    from reports import TODAY

    return Rules(Language("en"), TODAY, gazetteer, ("reporter-secret",))
