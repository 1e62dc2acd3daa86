"""Tables of the page on warnings, from the file of rules and bench/results/warnings.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.benchmarks import ABSENT, load


def block(what: str) -> str:
    """Return the table "rules", "points", "scores" or "given"."""
    if what == "rules":
        return _rules()
    found = load("warnings")
    makers = {"points": _points, "scores": _scores, "given": _given}
    return ABSENT if found is None else makers[what](found) + _made(found)


def _grid(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _made(found: Mapping[str, Any]) -> str:
    return f"\n(seed {found['made_with']['seed']}; `python -m bench.warnings`)\n"


def _rules() -> str:
    from toguna.warnings.rules import read_rules

    rows = [[f"`{r.id}`", _when(r), r.level, r.kind, r.reason] for r in read_rules().rules]
    return _grid(["rule", "when", "level", "kind", "why"], rows)


def _when(rule: Any) -> str:
    part = f", {rule.part}" if rule.part else ""
    said = [f"{rule.on} {rule.dimension}{part}".strip()]
    if rule.q is not None:
        said.append(f"q at most {rule.q:g}")
    if rule.deaths is not None:
        said.append(f"{rule.deaths} deaths or more")
    if rule.within is not None:
        said.append(f"within {rule.within} months")
    if rule.least is not None:
        said.append(f"probability at least {rule.least:g}")
    if rule.least_low is not None:
        said.append(f"lower limit at least {rule.least_low:g}")
    return "; ".join(said)


def _days(value: int | None) -> str:
    return "never" if value is None else f"{value} days"


def _points(found: Mapping[str, Any]) -> str:
    head = [
        "turning point",
        "day",
        "named before",
        "something given before, naming no area",
        "first named after",
        "highest chance of 25 deaths in a month, forecast for it before",
    ]
    keys = ("named_before_days", "unnamed_before_days", "named_after_days")
    rows = [
        [str(p["area"]), p["day"], *(_days(p[key]) for key in keys), _chance(p["foreseen_before"])]
        for p in found["rehearsal"]["points"]
    ]
    return _grid(head, rows)


def _chance(top: Mapping[str, Any] | None) -> str:
    return "none made" if top is None else f"{top['probability']:.1%} ({top['as_of']})"


def _scores(found: Mapping[str, Any]) -> str:
    names = {
        "rehearsal": "all: shifts, chances, forecasts",
        "without_forecasts": "shifts and chances",
        "without_chances": "shifts alone",
        "forecasts_alone": "forecasts alone",
    }
    levels = {"any": "any", "warning": "those that ask for a decision"}
    rows = []
    for run, told in names.items():
        for level, said in levels.items():
            one = found[run]["scores"][level]
            rate = one["false_per_year"]
            spread = f"{rate['value']:.1f} ({rate['low']:.1f}–{rate['high']:.1f})" if rate else ""
            hits = f"{one['hits']}/{len(one['fates'])}"
            rows.append([told, said, hits, str(one["hits_by_chance"]), spread])
    head = ["rules", "warnings", "announced", "by chance", "false a year (90% interval)"]
    said = _named(found["rehearsal"]["aftermath"]) + "\n" + _forecasts(found["rehearsal"]["forecasts"])
    return _grid(head, rows) + "\n" + said


def _forecasts(found: Mapping[str, Any]) -> str:
    top = found["highest"]
    return (
        f"Forecasts of deaths by area were published on {found['published']} of {found['looks']} looks "
        f"(before that the record was too short) and withheld on {found['withheld']}. The highest chance of "
        f"{top['deaths']} deaths or more that any area was ever given is {top['probability']:.1%} "
        f"({top['area']}, {top['as_of']}); the rule asks for 50%.\n"
    )


def _named(after: Mapping[str, Any]) -> str:
    named, events = after["named"], after["events"]
    return (
        f"Of {named['decided']} warnings that named areas {named['hits']} were followed by an attack there "
        f"within their period; areas drawn at random on the same days would give {named['hits_by_chance']}. "
        f"{events['covered']} of {events['events']} attacks since the first of them fell in an area under a "
        f"warning ({events['share']:.0%}), and {events['share_of_area_days']:.0%} of area-days were "
        "under one.\n"
    )


def _given(found: Mapping[str, Any]) -> str:
    verdicts = {row["id"]: row["verdict"] for row in found["rehearsal"]["aftermath"]["warnings"]}
    rows = [
        [
            w["day"],
            w["headline"]["en"],
            f"{w['louder']['level']} from {w['louder']['day']}" if w["louder"] else "",
            verdicts[w["id"]] if w["areas"] else "names no area",
        ]
        for w in found["rehearsal"]["warnings"]
    ]
    head = ["given", "what", "became louder", "an attack there within its period"]
    return _grid(head, rows)
