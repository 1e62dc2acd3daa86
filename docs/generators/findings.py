"""Finding codes: which there are is read from the source, what they mean from core/findings.toml."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "toguna"
MEANINGS = SRC / "core" / "findings.toml"
MAKERS = ("accounts", "actors", "events", "sources", "store", "forecasts", "responses", "warnings", "room")
_CODE = re.compile(r"[a-z]+(-[a-z]+)+")
_NOT_MAKERS = ("append", "Literal", "word", "Word", "L", "lang", "Verdict", "sentence", "endswith", "get")


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _strings(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return _strings(node.body) + _strings(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _calls(path: Path) -> Iterator[ast.Call]:
    text = path.read_text(encoding="utf-8")
    if not any(word in text for word in ("Finding", "Rule(", "RefusedError(")):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _called(node) not in _NOT_MAKERS:
            yield node


def codes() -> dict[str, list[str]]:
    """Return every finding code made in the source, with the modules that make it."""
    found: dict[str, set[str]] = {}
    for package in MAKERS:
        for path in sorted((SRC / package).rglob("*.py")):
            module = ".".join(["toguna", *path.relative_to(SRC).with_suffix("").parts])
            for call in _calls(path):
                named = [k.value for k in call.keywords if k.arg == "code"]
                for text in (t for arg in [*call.args[:2], *named] for t in _strings(arg)):
                    if _CODE.fullmatch(text):
                        found.setdefault(text, set()).add(module)
    return {code: sorted(modules) for code, modules in sorted(found.items())}


def meanings() -> dict[str, dict[str, Any]]:
    """Return what src/toguna/core/findings.toml says about each code."""
    return tomllib.loads(MEANINGS.read_text(encoding="utf-8"))


def page() -> str:
    """Return the page of all findings."""
    told = meanings()
    rows = []
    for code, modules in codes().items():
        entry = told.get(code, {})
        made = ", ".join(f"`{m}`" for m in modules)
        rows.append(
            f"## {code}\n\n*{entry.get('severity', 'not described')}* · {entry.get('means', '')}\n\n"
            f"**Repair.** {entry.get('repair', '')}\n\nMade by {made}.\n"
        )
    return _HEAD + "\n".join(rows)


_HEAD = """# Findings

A finding is one thing that is wrong or remarkable in the data: code, severity, table, row, field, what
was found, what was expected, and how to repair it. `toguna check`, `toguna theatre check` and `toguna
ingest` print them; every assessment lists them.

| severity | what happens |
|---|---|
| note | the row is kept; look at it |
| failure | the row is put in quarantine (in a pack: must be repaired); it is always counted |
| stop | the whole file cannot be used |

Of one kind, notes are grouped above 100 and failures above 10,000.

"""
