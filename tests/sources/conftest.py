"""A home of its own for each test, copied from the one that its file has filled once (fixture `filled`)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from toguna.store.home import Home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Home:
    shutil.copytree(filled, tmp_path / "home")
    return Home(tmp_path / "home")
