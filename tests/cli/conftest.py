"""One assessment for all tests of this folder, made with few permutations so that it takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from toguna.cli.app import run
from toguna.shifts import population

AS_OF = "2015-11-24"


@contextmanager
def _little_effort() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(population, "REPLICATES", 199)
        patch.setattr(population, "WORLDS", 2)
        yield


@pytest.fixture
def quick() -> Iterator[None]:
    """Few permutations and worlds: what is tested here is not the size of the tests."""
    with _little_effort():
        yield


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def assessed(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an assessment of the embedded theatre; the patch ends with it."""
    out = tmp_path_factory.mktemp("out") / "assessed"
    words = ["assess", "--theatre", "mali", "--as-of", AS_OF, "--out", str(out), "--home", str(home)]
    with _little_effort():
        assert run([*words, "--no-render", "--quiet"]) == 0
    return out


@dataclass
class Said:
    """What a command left."""

    code: int
    out: str
    err: str


@pytest.fixture
def toguna(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run the command line in this process, with a home of its own."""
    monkeypatch.setenv("TOGUNA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")

    def call(*words: str) -> Said:
        capsys.readouterr()
        code = run(list(words))
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return call
