"""How well what is said about responses does on simulated worlds, from `bench/results/responses.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results" / "responses.json"
_TIMING = {
    "none": "no tie",
    "after": "all after attacks",
    "half after": "half after attacks",
    "before": "all before bursts",
}
_COVERAGE = {"none": "areas at random", "last": "areas struck last", "next": "areas struck next"}


def _rate(found: dict[str, Any]) -> str:
    return f"{found['rate']:.2f} (se {found['se']:.2f})"


def block(_rest: str = "") -> str:
    """Return the tables."""
    told = json.loads(RESULTS.read_text(encoding="utf-8"))
    lines = [
        "Share of worlds in which p is at most 0.10 (30 measures, 60 attacks in bursts, four years):",
        "",
    ]
    lines += ["| measures | called after | called before |", "|---|---|---|"]
    lines += [
        f"| {w} | {_rate(told['timing'][k]['after'])} | {_rate(told['timing'][k]['before'])} |"
        for k, w in _TIMING.items()
    ]
    lines += ["", "| covered | matched with the next period | with the period before |", "|---|---|---|"]
    lines += [
        f"| {w} | {_rate(told['coverage'][k]['next'])} | {_rate(told['coverage'][k]['last'])} |"
        for k, w in _COVERAGE.items()
    ]
    lines += [
        "",
        "| ranks by | changes a year between equals | turn from 1:4 to 4:1 found | median months to it |",
        "|---|---|---|---|",
    ]
    for what, found in told["threats"].items():
        lines.append(
            f"| {what} | {found['false_changes_per_year']} | {_rate(found['turn_found'])} | "
            f"{found['median_months_to_find']} |"
        )
    made = told["made_with"]
    lines += [
        "",
        f"`python -m bench.responses`: {made['worlds']} worlds (a quarter of them for coverage and ranks).",
    ]
    return "\n".join(lines)
