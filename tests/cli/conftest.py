"""One assessment for all tests of this folder, made with few permutations so that it takes seconds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from toguna.cli.app import run

AS_OF = "2015-11-24"


@pytest.fixture(scope="session")
def home(assessed: Path) -> Path:
    """The home of the assessment; nothing of what tests read from it hangs on what they write to it."""
    return assessed.parents[1] / "home"


@pytest.fixture(scope="session")
def assessed(
    for_all_workers: Callable[[str], AbstractContextManager[Path]],
    little_effort: Callable[[], AbstractContextManager[None]],
) -> Path:
    """Folder of an assessment of the embedded theatre, made once for all workers."""
    with for_all_workers("assessed") as shared:
        out = shared / "out" / "assessed"
        words = ["assess", "--theatre", "mali", "--as-of", AS_OF, "--out", str(out)]
        if not out.exists():
            with little_effort():
                assert run([*words, "--home", str(shared / "home"), "--no-render", "--quiet"]) == 0
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
