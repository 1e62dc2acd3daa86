"""Fixtures for every test: no network, and the optional data that live beside the project."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# The same examples in every run: a test that fails must fail again, and none fails for a busy machine.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")

os.environ.pop("TOGUNA_REGISTER", None)  # tests never write to somebody's database


def pytest_runtest_setup() -> None:
    """Forbid the network: tests are offline."""
    from pytest_socket import disable_socket

    disable_socket(allow_unix_socket=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of files that may be used in tests but not shipped; skips when it is not there."""
    named = os.environ.get("TOGUNA_TEST_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not (folder / "ucdp").is_dir():
        pytest.skip(f"no test data in {folder}: set TOGUNA_TEST_DATA to a folder with ucdp/ and geo_test/")
    return folder


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a home in which Mali of 24 November 2015 is built for the room, with few permutations.

    Built once for all workers of a run; a test that writes takes a copy.
    """
    from toguna.room.web.building import build
    from toguna.shifts import population
    from toguna.store.alone import alone
    from toguna.store.home import Home

    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "built-room"
    shared.mkdir(exist_ok=True)
    with alone(shared), pytest.MonkeyPatch.context() as patch:
        if not (shared / "done").exists():
            patch.setattr(population, "REPLICATES", 199)
            patch.setattr(population, "WORLDS", 2)
            build(Home(shared / "home"), "mali", date(2015, 11, 24), stamp="as-tested")
            (shared / "done").touch()
    return shared / "home"
