"""Detection delay of the battery against three rules in use, on the same worlds, at equal false alarms.

The rules, each with the threshold used in the field and with the threshold at which it cries wolf as
often as the battery does:

- change: the month's events differ from the mean of the three months before by at least 25 %;
- deaths: at least 100 deaths within the last 30 days;
- sub-types: at least 2 kinds of attack in one area within one of the last month's weeks.

Looks are monthly for all. An alarm counts when it starts. Delay runs from the shift to the first
alarm that starts after it; the case "none" shows how often that is mere chance.

    python -m bench.shifts_delay [--worlds 200] [--seed N]
"""

from __future__ import annotations

import itertools
import time
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.record import arguments, write
from toguna.replay.rules import FIELD, RULES, Record
from toguna.shifts.battery import alarms, enough, planned, run
from toguna.shifts.windows import windows_ending
from toguna.testing.conflict import Truth, World, simulate

SHIFT = date(2014, 12, 31)
LOOKS = [SHIFT + timedelta(days=round(30.42 * k)) for k in range(-12, 13)]
SPAN = (LOOKS[0].toordinal() - 1100, LOOKS[-1].toordinal())
CASES = (
    Truth("none"),
    Truth("place"),
    Truth("place", strength=0.5),
    Truth("tactic"),
    Truth("target"),
    Truth("tempo"),
    Truth("reach"),
)
Looks = NDArray[np.float64]


def _record(world: World) -> Record:
    """What the rules see of a world."""
    coded = world.sample.coded
    return Record(
        world.sample.day, coded["admin1"].codes, coded["tactic"].codes, world.deaths.astype(np.float64)
    )


def _alarms(world: World, day: date, rng: np.random.Generator) -> set[str]:
    at = windows_ending(day)
    replicates = enough(len(planned(world.sample, at)), at_least=599)
    return set(alarms(run(world.sample, at, replicates=replicates, rng=rng).p))


def looks(world: World, rng: np.random.Generator) -> tuple[list[set[str]], dict[str, Looks]]:
    """Alarms of the battery and values of the rules at every look."""
    ours = [_alarms(world, d, rng) for d in LOOKS]
    record = _record(world)
    values = {name: np.array([rule(record, d.toordinal()) for d in LOOKS]) for name, rule in RULES.items()}
    return ours, values


def _starts(on: list[set[str]]) -> list[bool]:
    """Whether a new alarm starts at each look (the first look only sets the state)."""
    return [bool(now - before) for before, now in itertools.pairwise(on)]


def _rule_starts(values: Looks, threshold: float) -> list[bool]:
    on = values >= threshold
    return [bool(now and not before) for before, now in itertools.pairwise(on)]


def _per_year(starts: list[list[bool]]) -> float:
    return sum(map(sum, starts)) / (len(starts) * (len(LOOKS) - 1) / 12)


def _matched(values: list[Looks], target: float) -> float:
    """The lowest threshold at which a rule sounds falsely at most as often as the battery.

    Just above the largest value seen when there is none: the rule then never sounds.
    """
    everything = np.concatenate(values)
    for threshold in np.unique(everything[everything > np.median(everything)]):
        if _per_year([_rule_starts(v, float(threshold)) for v in values]) <= target and threshold > np.median(
            values
        ):
            return float(threshold)
    return float(everything.max()) + 1


def _delays(starts: list[list[bool]]) -> dict[str, Any]:
    """Share detected within 6 and 12 months of the shift, and the median delay in months."""
    first = [next((k + 1 for k, s in enumerate(row[12:]) if s), None) for row in starts]
    n = len(first)
    found = sorted(13 if f is None else f for f in first)
    median = float(np.median(found))
    return {
        "within_6_months": round(sum(f is not None and f <= 6 for f in first) / n, 3),
        "within_12_months": round(sum(f is not None for f in first) / n, 3),
        "median_months": None if median > 12 else median,
    }


def main() -> None:
    """Run everything and write bench/results/shifts_delay.json."""
    args, started = arguments(__doc__, worlds=200), time.monotonic()
    rng = np.random.default_rng(args.seed)
    null = [looks(simulate(rng, span=SPAN), rng) for _ in range(args.worlds)]
    target = _per_year([_starts(ours) for ours, _ in null])
    matched = {name: _matched([v[name] for _, v in null], target) for name in RULES}
    thresholds = {"field": FIELD, "matched": matched}
    rules = {
        kind: {
            name: {
                "threshold": t[name],
                "false_alarms_per_year": round(
                    _per_year([_rule_starts(v[name], t[name]) for _, v in null]), 3
                ),
            }
            for name in RULES
        }
        for kind, t in thresholds.items()
    }
    rows = []
    for case in CASES:
        truth = Truth(case.kind, SHIFT.toordinal() + 1, case.strength)
        seen = [looks(simulate(rng, truth=truth, span=SPAN), rng) for _ in range(args.worlds)]
        row: dict[str, Any] = {"kind": case.kind, "strength": case.strength}
        row["battery"] = _delays([_starts(ours) for ours, _ in seen])
        for name in RULES:
            row[name] = _delays([_rule_starts(v[name], matched[name]) for _, v in seen])
        rows.append(row)
    results = {"battery": {"false_alarms_per_year": round(target, 3)}, "rules": rules, "cases": rows}
    write("shifts_delay", results, args, started)


if __name__ == "__main__":
    main()
