"""Tables of the benchmark of the nowcast, for the pages that rest on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results" / "nowcast.json"


def _results() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return told


def _share(told: dict[str, float]) -> str:
    return f"{told['rate']:.3f} ± {told['se']:.3f}"


def block(what: str) -> str:
    """Return the table "months" (bias and coverage) or "tempo" (rejections at 5 %)."""
    found = _results()
    if what == "tempo":
        lines = ["| simulated source | without allowance | with allowance |", "|---|---|---|"]
        for name, told in found["tempo"].items():
            cells = (_share(told[k]["rejected"]) for k in ("as it is", "with allowance"))
            lines.append(f"| {name} | {' | '.join(cells)} |")
    else:
        lines = [
            "| simulated source | known of the newest month | expected / true | held the truth |",
            "|---|---|---|---|",
        ]
        for name, told in found["nowcast"].items():
            held = " · ".join(f"{c['rate']:.2f}" for c in told["coverage90"])
            ratio = " · ".join(f"{v:.2f}" for v in told["expected_over_true"])
            lines.append(f"| {name} | {told['known'][0]:.2f} | {ratio} | {held} |")
    worlds = found["made_with"]["worlds"]
    return "\n".join([*lines, "", f"({worlds} worlds a row; `python -m bench.nowcast`)"])
