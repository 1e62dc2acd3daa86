"""Blocks of the pages on scores and recurrence, from bench/results; nothing here knows an outcome."""

from __future__ import annotations

from generators.benchmarks import ABSENT, Results, load, table


def _small(value: float) -> str:
    return "0" if value == 0 else f"{value:.0e}"


def scores(_: str) -> str:
    """Time and agreement of the scores with other implementations."""
    found = load("scores")
    if found is None:
        return ABSENT
    made = found["made_with"]
    whole = [
        [f"`{n}`", f"{r['seconds']:.2f}", f"{r['added_peak_mb']:.0f}"]
        for n, r in found["whole_numbers"].items()
    ]
    slow = found["fractions"]["crps"]
    whole.append(["`crps`, no draw a whole number", f"{slow['seconds']:.2f}", f"{slow['added_peak_mb']:.0f}"])
    both = [
        ["scoringrules", f"`{n}`", _small(r["largest_difference"]), f"{r['their_time_over_ours']:.1f}"]
        for n, r in found["against_scoringrules"].items()
    ]
    views = found["against_views_evaluation"]
    if isinstance(views, dict):
        both += [
            ["views-evaluation", f"`{n}`", _small(r["difference"]), f"{r['their_time_over_ours']:.1f}"]
            for n, r in views.items()
        ]
    head = (
        f"{made['forecasts']:,} forecasts of {made['draws']:,} draws (float32), {made['cores']} cores, "
        f"load of the machine over the quarter of an hour before: {made['load_before']}.\n\n"
    )
    return (
        head
        + table(["score", "seconds", "memory added at the peak, MB"], whole)
        + "\n"
        + table(["other", "score", "largest difference", "its time / ours"], both)
        + "\nFor views-evaluation the difference is that of mean scores. Time is compared on one cell in "
        "twenty (`bench/scores.py`).\n"
    )


def outlook(_: str) -> str:
    """How forecasts of single theatres did on real countries."""
    found = load("outlook")
    if found is None:
        return ABSENT
    rows: list[list[object]] = [
        [
            until,
            r["countries"],
            f"{r['ratio']:.3f}",
            f"{r['log_ratio']:.3f}",
            r["won"],
            f"{r['worst'][0]} {r['worst'][1]:.2f}",
            "; ".join(f"{name} {plain:.2f} ({log:.2f})" for name, (plain, log) in r["sahel"].items()),
            f"{r['coverage_before']:.3f}, {r['coverage']:.3f}",
            f"{r['coverage_pit']:.3f}",
        ]
        for until, r in found["until"].items()
    ]
    heads = ["data until", "countries", "CRPS / last year", "log1p", "countries won", "worst country"]
    heads += ["Sahel (log1p)", "90 % interval held: before, after", "by PIT, before"]
    return table(heads, rows) + f"\n{found['tuned']} (`python -m bench.outlook --panel FILE`)\n"


def recurrence(part: str) -> str:
    """One part of the bench of recurrence: recovery, calibration, ged, reliability WHERE, speed."""
    found = load("recurrence")
    what, _, which = part.partition(" ")
    if found is None or (what in ("ged", "reliability") and "ged" not in found):
        return ABSENT
    if what == "reliability":
        return _reliability(found["ged"][which])
    makers = {"recovery": _recovery, "calibration": _calibration, "ged": _ged, "speed": _speed}
    return makers[what](found)


def _recovery(found: Results) -> str:
    part = found["recovery"]
    rows: list[list[object]] = [
        [f"`{n}`", r["truth"], f"{r['mean']} ± {r['se_of_mean']}", f"{r['coverage_of_90']:.2f}"]
        for n, r in part["parameters"].items()
    ]
    size = f"{part['mean_events']:.0f} attacks on average"
    said = f"\n{part['worlds']} worlds of {size} (`bench/recurrence.py`).\n"
    return table(["parameter", "truth", "mean estimate", "90 % interval held the truth"], rows) + said


def _scores(parts: Results) -> str:
    """Mean scores by model, one line for each case; the best ignorance in bold."""
    rows: list[list[object]] = []
    names: list[str] = []
    for case, one in parts.items():
        names = list(one["models"])
        values = [m["ignorance"] for m in one["models"].values()]
        shown = [f"**{v:.3f}**" if v == min(values) else f"{v:.3f}" for v in values]
        rows.append([case, f"{one['forecasts']:,}", f"{one['happened']:.3f}", *shown])
    return table(["ignorance, bits", "forecasts", "happened", *names], rows)


def _calibration(found: Results) -> str:
    parts = found["calibration"]
    rows: list[list[object]] = [
        [case, f"{one['happened']:.3f}", *(f"{m['said']:.3f}" for m in one["models"].values())]
        for case, one in parts.items()
    ]
    names = list(next(iter(parts.values()))["models"])
    return _scores(parts) + "\n" + table(["mean of what was said", "happened", *names], rows)


def _ged(found: Results) -> str:
    part = found["ged"]
    cases = {"countries": part["countries"], "cells": part["cells"]}
    brier: list[list[object]] = [
        [case, *(f"{m['brier']:.4f}" for m in one["models"].values())] for case, one in cases.items()
    ]
    names = list(part["cells"]["models"])
    said = f"\nOrigins {', '.join(part['origins'])}; within {', '.join(map(str, part['months']))} months.\n"
    return _scores(cases) + "\n" + table(["Brier", *names], brier) + said


def _reliability(one: Results) -> str:
    rows: list[list[object]] = []
    for name, model in one["models"].items():
        if name not in ("last year's rate", "mean of pooled and self-exciting"):
            continue
        for r in model["reliability"]:
            share = f"{r['low']:.3f} to {r['high']:.3f}"
            rows.append([name, f"{r['said']:.3f}", f"{r['happened']:.3f}", share, f"{r['n']:,}"])
    return table(["model", "said", "happened", "90 % interval of that share", "forecasts"], rows)


def _speed(found: Results) -> str:
    r, made = found["speed"], found["made_with"]
    rows: list[list[object]] = [
        ["fit", r["fit_seconds"], r["fit_cpu_seconds"]],
        [f"{r['futures']:,} futures", r["futures_seconds"], r["futures_cpu_seconds"]],
    ]
    other = r.get("hawkes")
    said = ""
    if isinstance(other, dict):
        said = (
            f"\nPackage `hawkes` on the same times ({other['what']}): fit {other['fit']:.2f} s, "
            f"1,000 futures {other['futures']:.1f} s.\n"
        )
    load_ = f"\n{r['events']:,} events; load of the machine at the end of the run: {made['load_before']}.\n"
    return table(["", "seconds", "of which processor"], rows) + load_ + said
