"""Tables of the pages on replay, from bench/results/replay.json."""

from __future__ import annotations

from typing import Any

from generators.benchmarks import ABSENT, load


def block(what: str) -> str:
    """Return the table "methods", "points" or "scaling", or the sentences "lessons"."""
    found = load("replay")
    makers = {"methods": _methods, "points": _points, "lessons": _lessons, "scaling": _scaling}
    return ABSENT if found is None else makers[what](found)


def _grid(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _methods(found: dict[str, Any]) -> str:
    from toguna.core.language import Language
    from toguna.replay.words import table

    return _grid(*table(found["lessons"], Language("en"))) + _made(found)


def _points(found: dict[str, Any]) -> str:
    from toguna.core.language import Language
    from toguna.replay.words import fates

    return _grid(*fates(found["lessons"], Language("en"))) + _made(found)


def _lessons(found: dict[str, Any]) -> str:
    return "".join(f"- {text}\n" for text in found["lessons"]["sentences"]["en"])


def _made(found: dict[str, Any]) -> str:
    return f"\n(seed {found['made_with']['seed']}; `python -m bench.replay`)\n"


def _scaling(found: dict[str, Any]) -> str:
    rows = [
        [name, f"{run['seconds']:.0f} s", f"{run['worker_seconds']:.0f} s", f"{run['peak_mb']:.0f} MB"]
        for name, run in found["scaling"].items()
    ]
    said = "the same bytes in all" if found["same_bytes"] else "BYTES DIFFER"
    head = ["run by", "from start to end", "workers together", "most memory of one worker"]
    return _grid(head, rows) + f"\n({found['cores']} cores, {said}; `python -m bench.replay`)\n"
