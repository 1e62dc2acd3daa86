"""Tables of the page on attacks alike, from bench/results/similar.json."""

from __future__ import annotations

from typing import Any

from generators.benchmarks import ABSENT, load

_NAMES = {"likeness": "likeness", "place-and-time": "place and time alone", "chance": "all earlier attacks"}


def block(what: str) -> str:
    """Return the table "mali", "reliability" or "simulated"."""
    found = load("similar")
    return (
        ABSENT if found is None else {"mali": _mali, "reliability": _bins, "simulated": _worlds}[what](found)
    )


def _cell(value: dict[str, Any]) -> str:
    return f"{value['value']:.2f} ({value['low']:.2f} to {value['high']:.2f})"


def _mali(found: dict[str, Any]) -> str:
    record = found["mali"]["record"]
    depths = list(record["gain"])
    lines = [
        f"| {record['attacks']} attacks | " + " | ".join(f"first {k}" for k in depths) + " | Brier score |"
    ]
    lines.append("|---" * (len(depths) + 2) + "|")
    for model, at in record["precision"].items():
        cells = " | ".join(_cell(at[k]) for k in depths)
        lines.append(f"| {_NAMES[model]} | {cells} | {record['brier'][model]:.3f} |")
    gains = " | ".join(_cell(record["gain"][k]) for k in depths)
    lines.append(f"| likeness less place and time | {gains} | |")
    return "\n".join(lines) + "\n\n(90 % intervals over attacks; `python -m bench.similar`)\n"


def _bins(found: dict[str, Any]) -> str:
    rows = found["mali"]["record"]["reliability"]
    lines = ["| probability stated | pairs | mean stated | of the same family |", "|---|---|---|---|"]
    lines += [
        f"| {r['low']:.1f} to {r['high']:.1f} | {r['pairs']} | {r['stated']:.2f} | {r['same']:.2f} |"
        for r in rows
    ]
    return "\n".join(lines) + "\n"


def _worlds(found: dict[str, Any]) -> str:
    lines = [
        "| habits | precision of the first 3 | chance | gain over place and time | gain above 0 | below 0 "
        "| Brier over chance |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['habits']:.1f} | {r['precision_at_3']:.2f} | {r['chance']:.2f} | {r['gain_at_3']:+.2f} "
        f"| {r['gain_above_zero']:.2f} | {r['gain_below_zero']:.2f} | {r['brier_over_chance']:.2f} |"
        for r in found["simulated"]
    ]
    return (
        "\n".join(lines)
        + f"\n\n({found['simulated'][0]['worlds']} worlds a row; `python -m bench.similar`)\n"
    )
