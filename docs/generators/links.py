"""How well the linking does, from `bench/results/linking.json`, for docs/methods/links.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results" / "linking.json"


def _share(value: float | None, span: list[float]) -> str:
    return "none linked" if value is None else f"{value:.2f} ({span[0]:.2f} to {span[1]:.2f})"


def _row(name: str, found: dict[str, Any]) -> str:
    precision = _share(found["precision"], found["precision_95"])
    recall = _share(found["recall"], found["recall_95"])
    return (
        f"| {name} | {found['pairs']} | {found['same']} | {found['linked']} | {precision} | {recall} | "
        f"{found['f1']:.2f} |"
    )


def _labels(told: dict[str, Any]) -> list[str]:
    lines = [
        "| pairs | labelled | of one incident | linked | precision (95 %) | recall (95 %) | F1 |",
        "|---|---|---|---|---|---|---|",
    ]
    for part, name in (("held_out", "held out"), ("tune", "tuned on")):
        lines += [
            _row(f"{name}: links", told[part]["links"]),
            _row(f"{name}: links, sure labels only", told[part]["links_sure_only"]),
            _row(f"{name}: 2 days and 50 km", told[part]["simple_rule"]),
        ]
    low, high = told["held_out"]["f1_above_simple_rule_95"]
    verdict = (
        "The F1 of the links is above that of the simple rule."
        if low > 0
        else "The F1 of the simple rule is above that of the links: **a loss**."
        if high < 0
        else "**No gain in F1 over the simple rule is shown.**"
    )
    lines += [
        "",
        f"Held out, F1 of the links minus F1 of the simple rule: {low:.2f} to {high:.2f} (95 %, by whole "
        f"rows of the chronology). {verdict} Blocking lets "
        f"{told['held_out']['blocking_recall'] * 100:.0f} % of the true pairs through "
        f"(tuned on: {told['tune']['blocking_recall'] * 100:.0f} %).",
        "",
    ]
    return lines


def block(_rest: str = "") -> str:
    """Return the tables; without recorded labels only the simulated part."""
    told = json.loads(RESULTS.read_text(encoding="utf-8"))
    lines = _labels(told["labels"]) if told["labels"] else []
    lines += [
        "| simulated | events | candidates | precision | recall | seconds |",
        "|---|---|---|---|---|---|",
    ]
    for name, words in (
        ("sharp", "exact days and places"),
        ("vague", "30 % by month, 30 % by region, in one source"),
    ):
        row = told["simulated"][name]
        lines.append(
            f"| {words} | {row['events']:,} | {row['candidates']:,} | {row['precision']:.2f} | "
            f"{row['recall']:.2f} | {row['seconds']} |"
        )
    lines += ["", f"Peak memory: {told['simulated']['peak_memory_mb']} MB."]
    if "copies" in told:
        copies = told["copies"]
        lines[-1] += (
            f" Rows called copies in {copies['rows']:,} rows of UCDP GED: {copies['rows_beyond_the_first']} "
            f"({copies['share'] * 100:.2f} %)."
        )
    return "\n".join(lines)
