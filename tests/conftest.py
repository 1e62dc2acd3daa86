"""Fixtures for every test: no network, and the optional data that live beside the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# The same examples in every run: a test that fails must fail again.
settings.register_profile("repeatable", derandomize=True, database=None)
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
