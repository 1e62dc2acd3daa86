"""One suite on both databases: a SQLite file, and a private PostgreSQL server where one can be had."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster import Cluster, start, why_not

from toguna.store.home import Home
from toguna.store.register import Register
from toguna.store.register.upgrade import upgrade

BACK_ENDS = ("sqlite", "postgresql")
for _folder in ("warnings", "room/reporting"):  # ledgers and reports to test with
    sys.path.append(str(Path(__file__).resolve().parents[1] / _folder))


@pytest.fixture(autouse=True)
def _own_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers are made here as everywhere: by their migrations."""
    monkeypatch.setattr("toguna.store.register.database.upgrade", upgrade)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server with nothing in it; skips with the reason where there is none."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    made = start()
    yield made
    made.stop()


@pytest.fixture(params=BACK_ENDS)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a register lies that was never written: a file, or an address."""
    if request.param == "sqlite":
        return tmp_path / "home" / "register.sqlite"
    return str(request.getfixturevalue("cluster").schema())


@pytest.fixture
def register(where: Path | str) -> Iterator[Register]:
    """A register that was never written."""
    made = Register(where)
    yield made
    made.close()


@pytest.fixture
def home(where: Path | str, tmp_path: Path) -> Iterator[Home]:
    """A home that was never written, with its register there."""
    made = Home(tmp_path / "home")
    if isinstance(where, str):
        made.path.mkdir()
        (made.path / "home.toml").write_text(f'[register]\nurl = "{where}"\n', encoding="utf-8")
    yield made
    made.register.close()
