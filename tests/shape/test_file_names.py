"""Most folders of tests are no packages: of two files of one name there the second is not collected."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def test_no_two_test_files_bear_one_name() -> None:
    bare = (p for p in TESTS.rglob("*.py") if not (p.parent / "__init__.py").is_file())
    names = Counter(p.name for p in bare if p.name != "conftest.py")
    assert sorted(name for name, n in names.items() if n > 1) == []


def test_files_that_take_longest_are_there() -> None:
    lines = (TESTS / "longest.txt").read_text(encoding="utf-8").splitlines()
    named = [line.split()[1] for line in lines if not line.startswith("#")]
    assert named
    assert [name for name in named if not (TESTS.parent / name).is_file()] == []
    assert len(set(named)) == len(named)
