"""What tests of the programming interface share: one home with warnings that nobody writes to."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest
from api_room import Open, issue, opened, somebody
from fastapi.testclient import TestClient

from toguna.accounts.rights import Principal, Role
from toguna.store.home import Home
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.moves import records_of


@pytest.fixture(scope="session")
def shared_home(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with warnings that tests read and never write to."""
    home = Home(Path(shutil.copytree(built_home, tmp_path_factory.mktemp("api") / "home")))
    issue(home)
    return home


@pytest.fixture(scope="session")
def warned(shared_home: Home) -> dict[str, str]:
    """Ids of the warnings in the shared home, by what they are."""
    return dict(
        zip(("open", "addressees", "restricted", "draft"), records_of(Ledger(shared_home)), strict=True)
    )


@pytest.fixture(scope="session")
def reader(shared_home: Home) -> Open:
    """Ask the shared room as somebody: ``reader(Role.ANALYST)``, ``reader(Principal(...), public=False)``."""

    @cache
    def open_as(who: Role | Principal = Role.ANALYST, *, public: bool = True) -> TestClient:
        someone = who if isinstance(who, Principal) else somebody(who)
        return opened(shared_home, someone, public=public)

    return open_as


@pytest.fixture
def analyst(reader: Open) -> TestClient:
    """The shared room as an analyst sees it."""
    return reader(Role.ANALYST)
