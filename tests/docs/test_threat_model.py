"""What the threat model names as held by a test is held by a test of that name."""

from __future__ import annotations

import ast
import re

import pytest
from pages import DOCS, ROOT

PAGE = (DOCS / "security" / "threat-model.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`tests/([\w/]+\.py)::(\w+)`", PAGE)))


def test_every_threat_but_those_it_declines_names_its_test() -> None:
    tables = PAGE.partition("### Spoofing")[2].partition("## What this does not protect against")[0]
    rows = [line for line in tables.splitlines() if line.startswith("| ")]
    threats = [line for line in rows if "| threat |" not in line]
    assert len(threats) >= 25
    bare = [line for line in threats if "`tests/" not in line and "not the task of this layer" not in line]
    assert bare == []


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_named_test_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
