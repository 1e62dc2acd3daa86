"""The page, blocks and picture of the benchmarks, from bench/results; losses are said as losses.

Nothing here knows an outcome: every word about better or worse is computed from the numbers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from generators import intake, room

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "bench" / "results"
PICTURE = ROOT / "docs" / "pictures" / "detection.svg"
RULES = {
    "change": "monthly change",
    "deaths": "deaths in 30 days",
    "sub-types": "kinds of attack in an area-week",
}
UNITS = {
    "change": "change of at least {:.0%}",
    "deaths": "at least {:.0f} deaths",
    "sub-types": "at least {:.0f} kinds",
}
ABSENT = (
    "No results are on disk: run `make bench` (it takes long), then `.venv/bin/python docs/generate.py`.\n"
)
Results = dict[str, Any]


def load(name: str) -> Results | None:
    """Read one file of results; None when it was not made."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _rate(cell: Results | None) -> str:
    return "" if cell is None else f"{cell['rate']:.3f} ± {cell['se']:.3f}"


def _line(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |\n"


def table(head: list[str], rows: list[list[object]]) -> str:
    """Return a Markdown table."""
    return _line(*head) + "|" + "---|" * len(head) + "\n" + "".join(_line(*row) for row in rows)


def size_block(tests: str) -> str:
    """Rejections at 5 % of some tests ("spread/centre" or several with commas), by stress."""
    found = load("shifts_size_power")
    if found is None:
        return ABSENT
    names = tests.split(",")
    rows = [
        [stress, *(_rate(part["tests"].get(name, {}).get("0.05")) for name in names)]
        for stress, part in found["size"].items()
    ]
    return (
        table(["simulated conflict", *names], rows)
        + "\n(± one standard error; `bench/shifts_size_power.py`)\n"
    )


def coverage_block(start: str) -> str:
    """Coverage of the 90 % interval for the measures whose name begins so."""
    found = load("shifts_size_power")
    if found is None:
        return ABSENT
    rows: list[list[object]] = [
        [name, _rate(cell)] for name, cell in found["coverage_of_90"].items() if name.startswith(start)
    ]
    return table(["interval (nominal 0.900)", "held the truth"], rows)


def page() -> str:
    """Return the page of all benchmarks."""
    sizes, delays = load("shifts_size_power"), load("shifts_delay")
    return (
        _HEAD + (_sizes(sizes) if sizes else ABSENT) + _DELAY_HEAD + (_delays(delays) if delays else ABSENT)
        + intake.sections(load, _made, ABSENT) + room.section(load, _made, ABSENT)
    )  # fmt: skip


_HEAD = """# Benchmarks

How the battery of shifts behaves in simulated conflicts where the truth is known
(`toguna.testing.conflict`): attacks in bursts, eight areas, three groups, about 29 attacks a year unless
said otherwise, three years. None of this is real data, and a simulated conflict is kinder than a real
one: nobody stops reporting.

Made by `make bench`; the numbers lie in `bench/results/`, this page and its picture are written from them
by `docs/generate.py`. Speed and safety of taking files in stand [at the end](#taking-files-in).

"""


def _made(found: Results) -> str:
    m = found["made_with"]
    worlds = f" {m['worlds']} worlds," if "worlds" in m else ""
    return (
        f"*Made with Toguna {m['toguna']}, Python {m['python']}, seed {m['seed']},{worlds} "
        f"{m['seconds']:.0f} s.*\n\n"
    )


def _sizes(found: Results) -> str:
    return _made(found) + _size(found) + _power(found) + _coverage(found)


def _size(found: Results) -> str:
    stresses = list(found["size"])
    tests = sorted({t for part in found["size"].values() for t in part["tests"]})
    rows: list[list[object]] = [
        [test, *(_rate(found["size"][s]["tests"].get(test, {}).get("0.05")) for s in stresses)]
        for test in tests
    ]
    rows.append(["any alarm (q <= 0.10)", *(_rate(found["size"][s]["any_alarm"]) for s in stresses)])
    return (
        "## Size: how often a test rejects where nothing shifts\n\nNominal: 0.050 at "
        "p <= 0.05, 0.100 for any alarm. ± is one standard error.\n\n"
        + table(["test", *stresses], rows)
        + "\n"
        + _misses(found)
        + "\n"
    )


def _misses(found: Results) -> str:
    """Name every size that lies more than two standard errors above nominal."""
    high = [
        f'{test} under "{stress}" ({cell["0.05"]["rate"]:.3f})'
        for stress, part in found["size"].items()
        for test, cell in part["tests"].items()
        if cell["0.05"]["rate"] - 2 * cell["0.05"]["se"] > 0.05
    ]
    if not high:
        return "No test rejects more often than its nominal 5 % by more than two standard errors.\n"
    return "**Too often**, by more than two standard errors: " + "; ".join(high) + ".\n"


def _power(found: Results) -> str:
    ages = sorted({row["days_since"] for row in found["power"]})
    keys = list(dict.fromkeys((row["kind"], row["strength"]) for row in found["power"]))
    cell = {(r["kind"], r["strength"], r["days_since"]): r for r in found["power"]}

    def row(kind: str, strength: float) -> list[object]:
        parts = [cell.get((kind, strength, age)) for age in ages]
        right = [_rate(p["right"]) if p else "" for p in parts]
        other = _rate(parts[-1]["other_dimension"]) if parts[-1] else ""
        return [kind, f"{strength:g}", *right, other]

    head = [
        "what shifts",
        "strength",
        *(f"after {age} days" for age in ages),
        f"another dimension, {ages[-1]} days",
    ]
    return (
        "## Power: how often the right dimension sounds\n\nStrength 1 is the whole way to a new regime "
        "(for tempo: "
        'the rate is multiplied by 1 + strength).\n"Another dimension" is an alarm of a wrong kind.\n\n'
        + table(head, [row(*key) for key in keys])
        + "\n"
    )


def _coverage(found: Results) -> str:
    rows: list[list[object]] = [[name, _rate(cell)] for name, cell in found["coverage_of_90"].items()]
    low = [n for n, c in found["coverage_of_90"].items() if c["rate"] + 2 * c["se"] < 0.9]
    said = (
        f"**Too short**, by more than two standard errors: {'; '.join(low)}.\n"
        if low
        else ("No interval holds the truth less often than 90 % by more than two standard errors.\n")
    )
    return (
        "## Coverage: how often the 90 % interval holds the truth\n\n"
        + table(["interval", "held the truth"], rows) + "\n" + said + "\n"
    )  # fmt: skip


_DELAY_HEAD = """
## Delay, against three rules in use

On the same worlds, with monthly looks, the battery stands beside three rules taken, in a simple form, from
what is in use:

- the month's events differ from the mean of the three months before by at least 25 %. In use:
  [ACLED Trendfinder](https://acleddata.com/platform/trendfinder) calls a country's latest week a large change
  beyond 25 % of the four or 52 weeks before;
- at least 100 deaths within 30 days. In use: [HDX
  Signals](https://un-ocha-centre-for-humanitarian.gitbook.io/hdx-signals/datasets/armed-conflict), which also
  asks for a level not seen in one or three years;
- at least 2 kinds of attack in one area within a week. In use:
  [TREMOR](https://www.emmanuelneneodjidja.org/praxis/ews/), by district and week.

The rules ask how much, not where or how: that they do not see a change of place or target is no fault of
theirs. Each is given the threshold at which it cries wolf as often as the battery does, so that speed is
compared at equal false alarms. An alarm counts when it starts. **The row "none" is chance alone**: what
sounds although nothing shifts.

"""


def _delays(found: Results) -> str:
    target = found["battery"]["false_alarms_per_year"]
    return (
        _made(found) + f"The battery, all dimensions together: {target:g} false alarms a year.\n\n"
        + _thresholds(found) + "\n" + _unmatched(found) + _cases(found) + "\n" + _verdict(found)
        + "\n![Shifts detected within twelve months, by method and kind of shift](pictures/detection.svg)\n"
    )  # fmt: skip


def _thresholds(found: Results) -> str:
    rows: list[list[object]] = []
    for name, label in RULES.items():
        field, matched = (found["rules"][k][name] for k in ("field", "matched"))
        rows.append(
            [label, UNITS[name].format(field["threshold"]), f"{field['false_alarms_per_year']:g}",
             UNITS[name].format(matched["threshold"]), f"{matched['false_alarms_per_year']:g}"]
        )  # fmt: skip
    return table(
        [
            "rule",
            "threshold in the field",
            "false alarms a year",
            "threshold compared here",
            "false alarms a year",
        ],
        rows,
    )


def _unmatched(found: Results) -> str:
    """Name the rules that could not be brought near the battery's rate: they are then too quiet."""
    target = found["battery"]["false_alarms_per_year"]
    quiet = [
        label
        for name, label in RULES.items()
        if found["rules"]["matched"][name]["false_alarms_per_year"] < 0.5 * target
    ]
    if not quiet:
        return ""
    return (
        f"Not equal after all: {', '.join(quiet)}. Such a rule takes few values, so the next threshold "
        "down would sound too often; here it sounds less than half as often, and is slower for it.\n\n"
    )


def _case(row: Results) -> str:
    return row["kind"] if row["strength"] == 1 else f"{row['kind']} (strength {row['strength']:g})"


def _cell(part: Results) -> str:
    median = part["median_months"]
    return f"{part['within_12_months']:.2f} ({'over 12' if median is None else f'{median:g}'})"


def _cases(found: Results) -> str:
    methods = ["battery", *RULES]
    rows: list[list[object]] = [[_case(r), *(_cell(r[m]) for m in methods)] for r in found["cases"]]
    return "Share detected within 12 months (median delay in months):\n\n" + table(
        ["what shifts", "battery", *RULES.values()], rows
    )


def _verdict(found: Results) -> str:
    """Say for every rule where the battery detects less, counting ties apart."""
    cases = [r for r in found["cases"] if r["kind"] != "none"]
    lines = []
    for name, label in RULES.items():
        gap = {_case(r): r["battery"]["within_12_months"] - r[name]["within_12_months"] for r in cases}
        won, lost = [c for c, g in gap.items() if g > 0], [c for c, g in gap.items() if g < 0]
        said = f"- Against *{label}*: the battery detects more often in {len(won)} of {len(gap)} cases"
        lines.append(said + (f", **less often in {len(lost)}** ({', '.join(lost)}).\n" if lost else ".\n"))
    slower = [
        f"{_case(r)} against {label}"
        for r in cases
        for name, label in RULES.items()
        if (r["battery"]["median_months"] or 99) > (r[name]["median_months"] or 99)
    ]
    lines.append(
        f"- **Slower in the median**: {'; '.join(slower)}.\n"
        if slower
        else "- Nowhere slower in the median.\n"
    )
    return "".join(lines) + _chance(found)


def _chance(found: Results) -> str:
    none = next((r for r in found["cases"] if r["kind"] == "none"), None)
    if none is None:
        return ""
    said = ", ".join(
        f"{label} {none[name]['within_12_months']:.2f}"
        for name, label in {"battery": "battery", **RULES}.items()
    )
    above = ", ".join(
        f"{_case(r)} {r['battery']['within_12_months'] - none['battery']['within_12_months']:+.2f}"
        for r in found["cases"]
        if r["kind"] != "none"
    )
    return (
        f"- Chance alone detects within 12 months: {said}. What is not above that is no detection.\n"
        f"- The battery, above its own chance: {above}.\n"
    )


def draw() -> Path | None:
    """Draw the share detected within twelve months; None when there are no results."""
    found = load("shifts_delay")
    if found is None:
        return None
    import altair as alt
    import vl_convert

    names = {"battery": "Toguna's battery", **RULES}
    rows = [
        {"case": _case(r), "method": label, "share": r[m]["within_12_months"]}
        for r in found["cases"]
        for m, label in names.items()
    ]
    order = [_case(r) for r in found["cases"]]
    labels, shapes = list(names.values()), ["circle", "square", "triangle-up", "cross"]
    colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"]
    chart = (
        alt.Chart(alt.Data(values=rows), width=520, height=56 * len(order))
        .mark_point(filled=True, size=90, opacity=0.9)
        .encode(
            x=alt.X("share:Q", title="share detected within 12 months", scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("case:N", sort=order, title=None, axis=alt.Axis(grid=True, tickBand="extent")),
            yOffset=alt.YOffset("method:N", sort=labels),
            color=alt.Color("method:N", title=None, scale=alt.Scale(domain=labels, range=colours)),
            shape=alt.Shape("method:N", title=None, scale=alt.Scale(domain=labels, range=shapes)),
        )
        .properties(title='Detection at equal false alarms; the row "none" is chance')
        .configure(font="sans-serif", background="white")
        .configure_legend(orient="bottom", columns=2)
    )
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(vl_convert.vegalite_to_svg(chart.to_json()), encoding="utf-8")
    return PICTURE
