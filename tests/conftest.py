"""Fixtures for every test: no network, and the optional data that live beside the project."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from threading import Lock

import pytest

# Before anything loads them: two workers have two cores, and threads that wait for one another cost both.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(_name, "1")

from hypothesis import settings  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]

# The same examples in every run: a test that fails must fail again, and none fails for a busy machine.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")

os.environ.pop("TOGUNA_REGISTER", None)  # tests never write to somebody's database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: else one worker ends with them alone.

    The files and their seconds of CPU are in longest.txt. `make test` says --no-loadscope-reorder:
    else xdist puts the files with most tests first.
    """
    lines = (ROOT / "tests" / "longest.txt").read_text(encoding="utf-8").splitlines()
    rank = {line.split()[1]: n for n, line in enumerate(lines) if not line.startswith("#")}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(lines)))


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what is loaded by now, which stays."""
    gc.collect()
    gc.freeze()


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


@contextmanager
def _little_effort() -> Iterator[None]:
    """Analyse with few permutations, worlds, draws and searches: for tests of what is done with the outcome.

    What hangs on the numbers is tested in tests/shifts, tests/forecasts, tests/responses, tests/world and
    tests/seed, with the numbers of an assessment or those stated there.
    """
    from toguna.forecasts.recurrence import pooled, recur, rolling
    from toguna.responses.plan import plan
    from toguna.room import planning
    from toguna.shifts import population

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(population, "REPLICATES", 199)
        patch.setattr(population, "FEWEST_REPLICATES", 199)
        patch.setattr(population, "WORLDS", 2)
        patch.setattr(population, "FEWEST_WORLDS", 2)
        patch.setattr(rolling, "MOST_ORIGINS", 1)
        patch.setattr(recur, "ANSWERED", recur.Effort(draws=40, paths=20))
        patch.setattr(pooled, "DRAWS", 500)
        patch.setattr(planning, "DRAWS", 200)
        patch.setattr(plan, "QUICK", plan.Effort(gap=0.1, rounds=4, nodes=1, steps=10, roundings=1))
        patch.setattr(plan, "BRISK", plan.Effort(gap=0.2, rounds=2, nodes=1, steps=5, roundings=1))
        yield


@pytest.fixture(scope="session")
def little_effort() -> Callable[[], AbstractContextManager[None]]:
    """Return what makes an analysis short while it is entered."""
    return _little_effort


@pytest.fixture
def quick() -> Iterator[None]:
    """A short analysis during a test; see `_little_effort`."""
    with _little_effort():
        yield


@pytest.fixture(scope="session")
def for_all_workers(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], AbstractContextManager[Path]]:
    """Return a lock on a folder of this run, by name: who comes first fills it, the other workers wait."""
    from toguna.store.alone import alone

    own = tmp_path_factory.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    @contextmanager
    def locked(name: str) -> Iterator[Path]:
        folder = run / name
        folder.mkdir(exist_ok=True)
        with alone(folder):
            yield folder

    return locked


@pytest.fixture(scope="session")
def built_home(for_all_workers: Callable[[str], AbstractContextManager[Path]]) -> Path:
    """Folder of a home in which Mali of 24 November 2015 is built for the room, with little effort.

    Built once for all workers of a run; a test that writes takes a copy.
    """
    from toguna.room.web.building import build
    from toguna.store.home import Home

    with for_all_workers("built-room") as shared:
        if not (shared / "done").exists():
            with _little_effort():
                build(Home(shared / "home"), "mali", date(2015, 11, 24), stamp="as-tested")
            (shared / "done").touch()
    return shared / "home"


@pytest.fixture(scope="session", autouse=True)
def _prepared() -> Iterator[None]:
    """Make what nearly every test of the room needs once: the tables of a register, and cheap passwords.

    tests/stores and tests/accounts, which are about them, undo it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("toguna.store.register.database.upgrade", _copied_tables())
        patch.setattr("toguna.accounts.passwords._HASHER", _cheap())
        yield


def _cheap() -> object:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, hash_len=32, salt_len=16)


def _copied_tables() -> Callable[..., None]:
    """Return an upgrade that copies the tables into an empty file of SQLite, and else is the real one."""
    from sqlalchemy import Engine, StaticPool, create_engine

    from toguna.store.register.upgrade import upgrade

    lock, made = Lock(), []

    def copied(engine: Engine, writing: Mapping[str, object], address: str) -> None:
        with lock:
            if engine.dialect.name == "sqlite":
                _fill(engine)
        upgrade(engine, writing, address)

    def _fill(engine: Engine) -> None:
        if not made:
            whole = create_engine(
                "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
            )
            upgrade(whole, {}, "in memory")
            made.append(whole.raw_connection())
        raw = engine.raw_connection()
        try:
            if raw.driver_connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
                made[0].driver_connection.backup(raw.driver_connection)
        finally:
            raw.close()

    return copied
