"""Blocks of the pages on scores and recurrence, from bench/results; nothing here knows an outcome."""

from __future__ import annotations

from generators.benchmarks import ABSENT, load, table


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
