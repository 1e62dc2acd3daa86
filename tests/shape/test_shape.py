"""The house rules of size and wording hold in every file of `src`. There is no list of exemptions."""

from __future__ import annotations

import ast
import io
import re
import statistics
import tokenize
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import networkx as nx

SRC = Path(__file__).resolve().parents[2] / "src" / "toguna"
FILES = sorted(SRC.rglob("*.py"))

MOST_FILE, MOST_FUNCTION, MEDIAN_FUNCTION = 400, 60, 12
MOST_PARAMETERS, MOST_NESTING, MOST_METHODS = 6, 3, 12
BANNED_ENDINGS = ("Manager", "Handler", "Helper", "Processor")
BANNED_FILES = ("utils", "util", "common", "misc", "helpers", "v2")
LEFT_OPEN = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError|NotImplemented)\b")

Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match, ast.AsyncFor, ast.AsyncWith)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def docstring_lines(node: ast.AST) -> set[int]:
    lines: set[int] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Module | ast.ClassDef | Function) and part.body:
            first = part.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                lines |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


@cache
def code_lines(path: Path) -> frozenset[int]:
    """Lines that hold code: no blanks, no comments, no docstrings."""
    skipped = (
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    )
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type not in skipped:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return frozenset(lines - docstring_lines(tree(path)))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def length(path: Path, function: Function) -> int:
    return len(code_lines(path) & set(range(function.lineno, (function.end_lineno or 0) + 1)))


def depth(node: ast.AST, level: int = 0) -> int:
    """Deepest nesting of blocks; `elif` does not nest, nor do functions defined inside."""
    deepest = level
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, Function | ast.ClassDef | ast.Lambda):
                continue
            chained = name == "orelse" and isinstance(node, ast.If) and isinstance(child, ast.If)
            deepest = max(deepest, depth(child, level + (isinstance(child, BLOCKS) and not chained)))
    return deepest


def parameters(function: Function) -> list[str]:
    spec = function.args
    every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]
    return [arg.arg for arg in every if arg is not None and arg.arg not in ("self", "cls")]


def broken_in_files(rule: Callable[[Path], list[str]]) -> list[str]:
    """Ask a rule of every file; one test for all of them: a test for each costs more than it asks."""
    assert len(FILES) > 300
    return [f"{path.relative_to(SRC)}: {wrong}" for path in FILES for wrong in rule(path)]


def oversized(path: Path) -> list[str]:
    wrong = [f"{len(code_lines(path))} code lines"] if len(code_lines(path)) > MOST_FILE else []
    for function in functions(path):
        where = f"{function.name} (line {function.lineno})"
        if (n := length(path, function)) > MOST_FUNCTION:
            wrong.append(f"{where}: {n} lines")
        if (n := len(parameters(function))) > MOST_PARAMETERS:
            wrong.append(f"{where}: {n} parameters")
        if (n := depth(function)) > MOST_NESTING:
            wrong.append(f"{where}: nested {n} deep")
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            public = [f for f in node.body if isinstance(f, Function) and not f.name.startswith("_")]
            if len(public) > MOST_METHODS:
                wrong.append(f"{node.name}: {len(public)} public methods")
    return wrong


def test_size() -> None:
    assert broken_in_files(oversized) == []


def test_median_function() -> None:
    lengths = [length(path, function) for path in FILES for function in functions(path)]
    assert statistics.median(lengths) <= MEDIAN_FUNCTION


def misnamed(path: Path) -> list[str]:
    parts = set(path.relative_to(SRC).with_suffix("").parts) & set(BANNED_FILES)
    defined = [n.name for n in ast.walk(tree(path)) if isinstance(n, ast.ClassDef | Function)]
    return [*parts, *(name for name in defined if name.endswith(BANNED_ENDINGS) or name in BANNED_FILES)]


def test_names() -> None:
    assert broken_in_files(misnamed) == []


def test_nothing_is_left_open() -> None:
    assert broken_in_files(lambda path: LEFT_OPEN.findall(path.read_text(encoding="utf-8"))) == []


def test_module_says_what_it_is() -> None:
    assert [path for path in FILES if not ast.get_docstring(tree(path))] == []


def _broad(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    names = [kind.id for kind in caught if isinstance(kind, ast.Name)]
    return node.type is None or bool({"Exception", "BaseException"} & set(names))


def catches_everything(path: Path) -> list[str]:
    if path.relative_to(SRC).parts[0] == "cli":
        return []
    return [f"line {node.lineno}" for node in ast.walk(tree(path)) if _broad(node)]


def test_only_the_command_line_catches_everything() -> None:
    assert broken_in_files(catches_everything) == []


def theatre_words() -> set[str]:
    """Names, countries, areas, places and organisations of the packs that come with the program."""
    import csv

    words: set[str] = set()
    for pack in (SRC / "theatres").iterdir():
        if not (pack / "theatre.toml").is_file():
            continue
        words.add(pack.name)
        for file, columns in (
            ("regions", ("name", "parent")),
            ("actors", ("id", "name")),
            ("places", ("place",)),
        ):
            with (pack / f"{file}.csv").open(encoding="utf-8", newline="") as stream:
                words |= {row[column].strip() for row in csv.DictReader(stream) for column in columns}
    return {word.casefold() for word in words if len(word) >= 4}


def test_no_code_knows_a_theatre() -> None:
    words = theatre_words() - {"unknown", "none", "border", "north", "south"}
    pattern = re.compile(r"(?<![\w-])(" + "|".join(sorted(map(re.escape, words))) + r")(?![\w-])")
    found = []
    for path in FILES:
        for number, line in enumerate(path.read_text(encoding="utf-8").casefold().splitlines(), start=1):
            if match := pattern.search(line):
                found.append(f"{path.relative_to(SRC)}:{number} {match.group()}")
    assert not found, found


def _target(module: str, known: set[str]) -> str | None:
    while module and module not in known:
        module = module.rpartition(".")[0]
    return module or None


def _module(path: Path) -> str:
    parts = ("toguna", *path.relative_to(SRC).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, known: set[str]) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                yield _target(f"{node.module}.{alias.name}", known) or ""
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield _target(alias.name, known) or ""


def test_no_module_imports_itself_in_a_circle() -> None:
    known = {_module(path) for path in FILES}
    graph = nx.DiGraph(
        (_module(path), target)
        for path in FILES
        for target in imports(path, known)
        if target.startswith("toguna") and target != _module(path)
    )
    circles = [c for c in nx.strongly_connected_components(graph) if len(c) > 1]
    assert not circles, circles
