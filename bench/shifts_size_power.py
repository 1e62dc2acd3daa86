"""Size, power and coverage of the battery of shifts in simulated conflicts.

Size: how often each test rejects where nothing changes, at 1, 5 and 10 %, and how often any alarm
sounds. Power: how often the right dimension sounds after a shift of a given strength and age.
Coverage: how often the 90 % interval holds the true effect. Stress: the same sizes when the
assumptions fail (larger bursts, months of resemblance, a doubling of reports).

    python -m bench.shifts_size_power [--worlds 500] [--seed N]
"""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import date
from typing import Any

import numpy as np

from bench.record import arguments, rate, write
from toguna.shifts import mix, spread, tempo
from toguna.shifts.battery import Battery, alarms, dimension_of, enough, planned, run
from toguna.shifts.windows import windows_ending
from toguna.testing.conflict import (
    AREAS,
    HOMES,
    NEW_MIX,
    NEW_PLACES,
    OLD_MIX,
    OLD_PLACES,
    Habits,
    Truth,
    World,
    simulate,
)

WINDOWS = windows_ending(date(2015, 12, 31))
SPAN = (WINDOWS.reference.start.toordinal(), WINDOWS.as_of.toordinal())
RIGHT = {
    "place": {"spread", "fronts", "reach"},
    "tempo": {"tempo"},
    "tactic": {"tactics"},
    "target": {"targets"},
    "setting": {"settings"},
    "reach": {"reach"},
}
STRESS = {
    "as assumed": Habits(),
    "bursts of 4": Habits(burst=4.0),
    "bursts over 60 days": Habits(burst=3.0, lag_days=60.0),
    "sparse: 20 events a year": Habits(per_day=0.055),
    "dense: 290 events a year": Habits(per_day=0.8),
}


def _battery(world: World, rng: np.random.Generator, at_least: int = 999) -> Battery:
    replicates = enough(len(planned(world.sample, WINDOWS)), at_least=at_least)
    return run(world.sample, WINDOWS, replicates=replicates, rng=rng)


def size(worlds: int, habits: Habits, rng: np.random.Generator) -> dict[str, Any]:
    """Rejection rates per dimension under no shift, and the rate of any alarm per look."""
    levels = (0.01, 0.05, 0.10)
    hits: dict[str, dict[float, int]] = defaultdict(lambda: dict.fromkeys(levels, 0))
    tests: dict[str, int] = defaultdict(int)
    any_alarm = 0
    for _ in range(worlds):
        p = _battery(simulate(rng, habits=habits, span=SPAN), rng, 499).p
        any_alarm += bool(alarms(p))
        for test, value in p.items():
            name = test if test.startswith("spread") else dimension_of(test)
            tests[name] += 1
            for level in levels:
                hits[name][level] += value <= level
    table = {name: {f"{v:g}": rate(hits[name][v], tests[name]) for v in levels} for name in sorted(tests)}
    return {"tests": table, "any_alarm": rate(any_alarm, worlds)}


def power(worlds: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Share of worlds in which the right dimension sounds."""
    rows = []
    for kind, own in RIGHT.items():
        for strength in (0.5, 1.0) if kind != "tempo" else (1.0, 2.0):
            for age in (90, 180, 365):
                truth = Truth(kind, SPAN[1] - age + 1, strength)
                right = wrong = 0
                for _ in range(worlds):
                    found = {
                        dimension_of(t)
                        for t in alarms(_battery(simulate(rng, truth=truth, span=SPAN), rng).p)
                    }
                    right += bool(found & own)
                    wrong += bool(found - own - {"tempo"})
                row = {"kind": kind, "strength": strength, "days_since": age}
                rows.append(row | {"right": rate(right, worlds), "other_dimension": rate(wrong, worlds)})
    return rows


def _held(low: float | None, high: float | None, truth: float) -> bool:
    return low is not None and high is not None and low <= truth <= high


def _held_without_shift(rng: np.random.Generator) -> dict[str, bool]:
    """Whether the intervals hold the truth where nothing changed: 0 km, 0 points, 1 times."""
    b = _battery(simulate(rng, span=SPAN), rng, 99)
    centre = spread.measure(b.comparison, rng=rng)["centre"]
    distance = mix.measure(b.comparison, "tactic", rng=rng).effect
    ratio = tempo.measure(b.comparison, "all", b.masks["all"]).effect
    south = (centre.numbers["south_km_low"], centre.numbers["south_km_high"])
    return {
        "spread/centre (km along the direction seen), no shift": _held(
            centre.effect.low, centre.effect.high, 0.0
        ),
        "spread/centre (km to the south), no shift": _held(*south, 0.0),
        "tactics (total variation distance), no shift": _held(distance.low, distance.high, 0.0),
        "tempo (rate ratio), no shift": _held(ratio.low, ratio.high, 1.0),
    }


def coverage(worlds: int, rng: np.random.Generator) -> dict[str, Any]:
    """Share of worlds in which the 90 % interval holds the truth."""
    start = WINDOWS.recent.start.toordinal()
    moved = (NEW_PLACES - OLD_PLACES) @ HOMES
    distance = 50 * float(np.abs(NEW_MIX - OLD_MIX).sum())
    held: dict[str, int] = defaultdict(int)
    for _ in range(worlds):
        b = _battery(simulate(rng, truth=Truth("place", start), span=SPAN), rng, 99)
        m = spread.measure(b.comparison, rng=rng)["centre"]
        course = np.radians(m.numbers["bearing"])
        along = float(moved @ [np.sin(course), np.cos(course)])
        held["spread/centre (km along the direction seen)"] += _held(m.effect.low, m.effect.high, along)
        south = (m.numbers["south_km_low"], m.numbers["south_km_high"])
        held["spread/centre (km to the south)"] += _held(*south, float(-moved[1]))
        b = _battery(simulate(rng, truth=Truth("tactic", start), span=SPAN), rng, 99)
        m = mix.measure(b.comparison, "tactic", rng=rng)
        held["tactics (total variation distance)"] += _held(m.effect.low, m.effect.high, distance)
        b = _battery(simulate(rng, truth=Truth("tempo", start), span=SPAN), rng, 99)
        m = tempo.measure(b.comparison, "all", b.masks["all"])
        held["tempo (rate ratio)"] += _held(m.effect.low, m.effect.high, 2.0)
        for name, hit in _held_without_shift(rng).items():
            held[name] += hit
    return {name: rate(n, worlds) for name, n in sorted(held.items())}


def main() -> None:
    """Run everything and write bench/results/shifts_size_power.json."""
    args, started = arguments(__doc__, worlds=500), time.monotonic()
    streams = iter(np.random.SeedSequence(args.seed).spawn(16))
    results = {
        "areas": len(AREAS),
        "size": {
            name: size(args.worlds, h, np.random.default_rng(next(streams))) for name, h in STRESS.items()
        },
        "power": power(max(args.worlds // 5, 1), np.random.default_rng(next(streams))),
        "coverage_of_90": coverage(max(args.worlds // 2, 1), np.random.default_rng(next(streams))),
    }
    write("shifts_size_power", results, args, started)


if __name__ == "__main__":
    main()
