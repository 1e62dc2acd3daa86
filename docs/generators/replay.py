"""Tables of the pages on replay, from bench/results/replay.json."""

from __future__ import annotations

from typing import Any

from generators.benchmarks import ABSENT, load


def block(what: str) -> str:
    """Return a table ("methods", "points", "scaling", "forecasts" ...) or the sentences of lessons."""
    found = load("replay")
    makers = {
        "methods": _methods,
        "points": _points,
        "lessons": lambda found: _lessons(found["lessons"], forecasts=False),
        "scaling": lambda found: _scaling(found, found["scaling"]),
        "forecasts": lambda found: _forecasts(found, found["lessons"]),
        "forecast-lessons": lambda found: _lessons(found["lessons"], forecasts=True),
        "world": lambda found: _forecasts(found, found["global"]["lessons"]),
        "world-lessons": lambda found: _lessons(found["global"]["lessons"], forecasts=True),
        "world-scaling": lambda found: _scaling(found, found["global"]["scaling"]),
    }
    wanted = "global" if what.startswith("world") else "lessons"
    silent = what.startswith("forecast") and "forecasts" not in (found or {}).get("lessons", {})
    if found is None or wanted not in found or silent:
        return ABSENT
    return makers[what](found)


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


def _lessons(facts: dict[str, Any], *, forecasts: bool) -> str:
    """Return what was said of alarms, or of forecasts."""
    from toguna.core.language import Language
    from toguna.replay.forecast_words import forecast_sentences

    told = forecast_sentences(facts["forecasts"], Language("en")) if facts.get("forecasts") else []
    said = told if forecasts else [text for text in facts["sentences"]["en"] if text not in told]
    return "".join(f"- {text}\n" for text in said)


def _forecasts(found: dict[str, Any], facts: dict[str, Any]) -> str:
    from toguna.core.language import Language
    from toguna.replay.forecast_words import forecast_table, value_table

    L, told = Language("en"), facts["forecasts"]
    return _grid(*forecast_table(told, L)) + "\n" + _grid(*value_table(told, L)) + _made(found)


def _made(found: dict[str, Any]) -> str:
    return f"\n(seed {found['made_with']['seed']}; `python -m bench.replay`)\n"


def _scaling(found: dict[str, Any], scaling: dict[str, Any]) -> str:
    rows = [
        [name, f"{run['seconds']:.0f} s", f"{run['worker_seconds']:.0f} s", f"{run['peak_mb']:.0f} MB"]
        for name, run in scaling.items()
    ]
    said = "the same bytes in all" if found["same_bytes"] else "BYTES DIFFER"
    head = ["run by", "from start to end", "workers together", "most memory of one worker"]
    return _grid(head, rows) + f"\n({found['cores']} cores, {said}; `python -m bench.replay`)\n"
