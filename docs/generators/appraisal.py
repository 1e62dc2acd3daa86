"""Tables of the page on appraisal, from bench/results/appraisal.json."""

from __future__ import annotations

from typing import Any

from generators.benchmarks import ABSENT, load, table


def block(what: str) -> str:
    """Return the table "size", "power", "stated" or "oracle"."""
    found = load("appraisal")
    makers = {"size": _size, "power": _power, "stated": _stated, "oracle": _oracle}
    return ABSENT if found is None else makers[what](found)


def _share(value: dict[str, float]) -> str:
    return f"{value['rate']:.2f} ± {value['se']:.2f}"


def _monthly(found: dict[str, Any], scale: int) -> str:
    return f"{scale * sum(found['rates']):,.0f}"


def _size(found: dict[str, Any]) -> str:
    rows = [
        [
            c["method"],
            _monthly(found, c["scale"]),
            f"{c['drift']:g}",
            _share(c["found"]),
            _share(c["covered"]),
        ]
        for c in found["cases"]
        if c["ratio"] == 1
    ]
    columns = ["method", "counts a month, all areas", "drift", "found (nominal 0.10)", "90 % interval held 1"]
    made = found["made_with"]
    return table(columns, rows) + f"\n{made['worlds']} worlds a row (`python -m bench.appraisal`).\n"


def _power(found: dict[str, Any]) -> str:
    rows = []
    for c in found["cases"]:
        if c["ratio"] == 1 or c["drift"]:
            continue
        said = c["verdicts"]
        row = [c["method"], _monthly(found, c["scale"]), f"{1 - c['ratio']:.0%}", _share(c["found"])]
        row += [_share(c["covered"]), c["median_ratio"]]
        rows.append([*row, said["unknown"], said["no-difference"], said["increase"]])
    columns = ["method", "counts a month", "reduction", "found", "90 % interval held it", "median ratio",
               "unknown", "no difference above 30 %", "increase"]  # fmt: skip
    return table(columns, rows)


def _stated(found: dict[str, Any]) -> str:
    rows = []
    for c in found["cases"]:
        if "stated" not in c:
            continue
        s = c["stated"]
        shown = ", ".join("none" if r > 1 else f"{r:.0%}" for r in s["reductions"])
        unsafe = f"{s['unsafe']} of {s['worlds']}"
        rows.append([c["method"], _monthly(found, c["scale"]), shown, s["false_alarms"], unsafe])
    columns = ["method", "counts a month", "smallest reduction said to be seen", "false alarms", "unsafe"]
    return table(columns, rows)


def _oracle(found: dict[str, Any]) -> str:
    o = found["oracle"]
    if isinstance(o, str):
        return o + "\n"
    return (
        f"Poisson coefficients differ from statsmodels by at most {o['coefficients']:.0e}, the Newey-West "
        f"deviation by a factor of {o['newey_west_ratio']:.6f}; weights of the synthetic control from "
        f"pysyncon by at most {o['weights']:.0e} (misfit {o['misfit_ours']:.6f} here, "
        f"{o['misfit_theirs']:.6f} there).\n"
    )
