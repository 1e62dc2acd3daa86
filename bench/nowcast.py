"""How well the share of events known by now is estimated, and what that does to the test of tempo.

    python -m bench.nowcast --json FILE [--worlds N] [--seed N]

Simulated worlds with known delays. First table: bias of the expected number of events and coverage of its
90 % interval, by size of the source, difference between months, time watched, and when delays change. Second:
how often the test of tempo rejects at 5 % where nothing changed (and calls it a lull), and where a lull is
real, with reports late or at once, without and with allowance for what is missing.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench.record import RESULTS, rate
from toguna import __version__
from toguna.core.dates import Window
from toguna.events.nowcast import STEP_DAYS, Completeness, Reports, completeness
from toguna.shifts import late, tempo
from toguna.shifts.windows import Windows

AS_OF = date(2015, 11, 24)
MEAN_DELAY = 45.0
AGES = 3
ROWS: dict[str, dict[str, Any]] = {
    "5 events a month": {"per_step": 5},
    "30 events a month": {"per_step": 30},
    "200 events a month": {"per_step": 200},
    "30, months differ": {"per_step": 30, "differ": 0.5},
    "200, months differ": {"per_step": 200, "differ": 0.5},
    "30, months differ, 24 months": {"per_step": 30, "differ": 0.5, "steps": 24},
    "30, months differ, watched 18 months": {"per_step": 30, "differ": 0.5, "watched": 18},
    "30, months differ, watched 12 months": {"per_step": 30, "differ": 0.5, "watched": 12},
    "30, delays doubled 3 months ago": {"per_step": 30, "jump": 2.0},
    "30, delays halved 3 months ago": {"per_step": 30, "jump": 0.5},
    "30, no delay": {"per_step": 30, "delay": 0.0},
}
REPLICATES = 499
WINDOWS = Windows(Window.ending(AS_OF, 365), Window.ending(AS_OF - timedelta(days=365), 730))


def reports(rng: np.random.Generator, how: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Days of events and of their publication, everything that will ever be known."""
    end, days, known = AS_OF.toordinal(), [], []
    for age in range(how.get("steps", 48)):
        n = rng.poisson(how["per_step"] * rng.gamma(5.0, 0.2))
        day = end - age * STEP_DAYS - rng.integers(0, STEP_DAYS, n)
        mean = how.get("delay", MEAN_DELAY) * np.exp(how.get("differ", 0.0) * rng.normal())
        mean *= how.get("jump", 1.0) if age < 3 else 1.0
        days.append(day)
        known.append(day + np.floor(rng.exponential(mean, n) if mean else np.zeros(n)).astype(np.int64))
    return np.concatenate(days), np.concatenate(known)


def estimated(
    day: np.ndarray, known: np.ndarray, rng: np.random.Generator, watched: int | None = None
) -> Completeness:
    """Estimate from what is known by the date alone."""
    end = AS_OF.toordinal()
    seen = known <= end
    since = None if watched is None else end - watched * STEP_DAYS
    told = known[seen] if since is None else np.maximum(known[seen], since)
    return completeness(Reports(day[seen], told, np.ones(seen.sum()), since), as_of=end, rng=rng)


def nowcast_row(how: dict[str, Any], worlds: int, seed: int) -> dict[str, Any]:
    """Bias and coverage for the three newest months."""
    end, hits, expected, truth, said = AS_OF.toordinal(), np.zeros(AGES, int), 0.0, 0.0, 0
    first = np.zeros(AGES)
    all_of = np.zeros(AGES)
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        day, known = reports(rng, how)
        found = estimated(day, known, rng, how.get("watched"))
        if not found.known:
            continue
        said += 1
        step = (end - day) // STEP_DAYS
        total = np.bincount(step, minlength=AGES)[:AGES]
        counts = np.bincount(step[known <= end], minlength=AGES)[:AGES]
        guess, low, high = found.predict(counts, rng=rng)
        hits += (low <= total) & (total <= high)
        expected, truth = expected + guess, truth + total
        first, all_of = first + counts, all_of + total
    return {
        "estimated": said,
        "known": [round(float(v), 3) for v in first / np.maximum(all_of, 1)],
        "expected_over_true": [round(float(v), 3) for v in np.asarray(expected) / np.maximum(truth, 1)],
        "coverage90": [rate(int(h), said) for h in hits],
    }


def tempo_row(delay: float, lull: float, worlds: int, seed: int) -> dict[str, Any]:
    """Rejections at 5 % without and with allowance, and how many of them are called a lull."""
    end = AS_OF.toordinal()
    counts = {name: {"rejected": 0, "lull": 0} for name in ("as it is", "with allowance")}
    for world in range(worlds):
        rng = np.random.default_rng([seed, 7, world])
        n = rng.poisson(0.4 * 1095)
        day = end - rng.integers(0, 1095, n)
        day = day[(day < end - 150) | (rng.random(n) >= lull)]
        known = day + np.floor(rng.exponential(delay, len(day)) if delay else np.zeros(len(day))).astype(
            np.int64
        )
        found = estimated(day, known, rng)
        seen = day[known <= end]
        order = tempo.orders(WINDOWS, replicates=REPLICATES, rng=rng)
        per, before = tempo.counts_by_step(seen, WINDOWS)
        share = late.exposure(WINDOWS, found) if found.known else np.ones(len(per))
        p = (
            tempo.p_value(seen, WINDOWS, order),
            (late.p_value(seen, WINDOWS, order, known=found, rng=rng) if found.matters else None),
        )
        for name, value, whole in zip(
            counts, (p[0], p[0] if p[1] is None else p[1]), (np.ones(len(per)), share), strict=True
        ):
            at = late.glr(per, whole, before, tempo.SHORTEST_RUN)[1]
            fewer = per[at:].sum() / whole[at:].sum() < per[:before].sum() / before
            counts[name]["rejected"] += value <= 0.05
            counts[name]["lull"] += value <= 0.05 and fewer
    return {name: {k: rate(int(v), worlds) for k, v in told.items()} for name, told in counts.items()}


def main() -> None:
    """Run every row and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path, default=RESULTS / "nowcast.json", metavar="FILE")
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20151120)
    flags = parser.parse_args()
    started = time.monotonic()
    results = {
        "nowcast": {name: nowcast_row(how, flags.worlds, flags.seed) for name, how in ROWS.items()},
        "tempo": {
            "nothing changed, reports after 45 days": tempo_row(45.0, 0.0, flags.worlds, flags.seed),
            "nothing changed, reports at once": tempo_row(0.0, 0.0, flags.worlds, flags.seed),
            "half as many for five months, reports after 45 days": tempo_row(
                45.0, 0.5, flags.worlds, flags.seed
            ),
            "half as many for five months, reports at once": tempo_row(0.0, 0.5, flags.worlds, flags.seed),
        },
    }
    made = {
        "toguna": __version__,
        "python": platform.python_version(),
        "seed": flags.seed,
        "worlds": flags.worlds,
        "seconds": round(time.monotonic() - started, 1),
    }
    text = json.dumps({"made_with": made, **results}, indent=1, sort_keys=True) + "\n"
    flags.json.parent.mkdir(parents=True, exist_ok=True)
    flags.json.write_text(text, encoding="utf-8")
    print(f"{flags.json} ({made['seconds']} s)")


if __name__ == "__main__":
    main()
