"""Most folders of tests are no packages: of two files of one name there the second is not collected."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def test_no_two_test_files_bear_one_name() -> None:
    bare = (p for p in TESTS.rglob("*.py") if not (p.parent / "__init__.py").is_file())
    names = Counter(p.name for p in bare if p.name != "conftest.py")
    assert sorted(name for name, n in names.items() if n > 1) == []
