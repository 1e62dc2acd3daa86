"""Size and power of what is said about responses, on worlds with a known truth.

    python -m bench.responses [--worlds N] [--json FILE]

Timing: bursts of attacks; measures in bursts of their own (no tie), after attacks, or before bursts.
Coverage: areas at random, those struck last, those struck next. Threats: four years of two families as
strong as one another, or a turn after two years.
"""

from __future__ import annotations

import argparse
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench.record import RESULTS, rate, save
from toguna.responses.attacks import EPOCH, Attacks
from toguna.responses.coverage import PERIOD, coverage
from toguna.responses.register import Response
from toguna.responses.threats import FAMILIES, Harm, threats
from toguna.responses.timing import timing

END = date(2015, 12, 31)
FIRST, LAST = (date(2012, 1, 1) - EPOCH).days, (END - EPOCH).days
AREAS = tuple("ABCDEFGHI")
MEASURES = 30


def attacks(days: Any, areas: Any) -> Attacks:
    order = np.argsort(days, kind="stable")
    sorted_days = np.asarray(days, dtype=np.int64)[order]
    named = tuple(str(areas[i]) for i in order)
    return Attacks(tuple(f"e{i}" for i in order), sorted_days, sorted_days, named, np.ones(len(order)))


def measure(k: int, day: int) -> Response:
    start = EPOCH + timedelta(days=int(day))
    return Response(f"R{k}", start, None, "patrols", "", "", "x", "", False, ())


def bursts(rng: np.random.Generator, n: int) -> Any:
    seeds = rng.integers(FIRST, LAST, size=n // 4)
    return np.clip(np.repeat(seeds, 4) + rng.geometric(0.1, size=4 * (n // 4)), FIRST, LAST)


def timed(rng: np.random.Generator, tie: str) -> tuple[float, float]:
    struck = np.sort(bursts(rng, 60))
    quiet = struck[np.diff(struck, prepend=struck[0] - 99) > 45]
    days = {
        "none": lambda: bursts(rng, 32)[:MEASURES],
        "after": lambda: rng.choice(struck, MEASURES) + rng.integers(1, 15, MEASURES),
        "half after": lambda: np.concatenate(
            [rng.choice(struck, MEASURES // 2) + rng.integers(1, 15, MEASURES // 2), bursts(rng, 16)[:15]]
        ),
        "before": lambda: rng.choice(quiet, MEASURES) - rng.integers(1, 15, MEASURES),
    }[tie]()
    made = [measure(k, d) for k, d in enumerate(np.clip(days, FIRST, LAST))]
    found = timing(made, attacks(struck, [""] * len(struck)), areas={}, end=END, rng=rng)
    return float(found.p_after or 1), float(found.p_before or 1)


def covered(rng: np.random.Generator, lag: int | None) -> tuple[float, float]:
    n = (LAST - FIRST + 1) // PERIOD
    at = rng.integers(0, len(AREAS), size=n)
    days, places, made, where = [FIRST], [AREAS[0]], [], {}
    for k in range(n):
        first = LAST - PERIOD * (n - k) + 1
        for day in first + rng.integers(0, PERIOD, 4):
            days.append(int(day))
            places.append(AREAS[at[k]] if rng.random() < 0.6 else AREAS[rng.integers(len(AREAS))])
        aim = at[(k + lag) % n] if lag is not None else rng.integers(len(AREAS))
        made.append(measure(k, first + 5))
        where[f"R{k}"] = AREAS[aim]
    found = coverage(made, attacks(days, places), areas=AREAS, where=where, end=END, rng=rng)
    assert found.following and found.preceding
    return float(found.following.p or 1), float(found.preceding.p or 1)


def harm(rng: np.random.Generator, turn: bool) -> Harm:
    half = (FIRST + LAST) // 2
    days, shares = [FIRST], [np.eye(len(FAMILIES))[1]]
    for day in range(FIRST, LAST - 30, 30):
        rates = (4, 1) if turn and day >= half else (1, 4) if turn else (2, 2)
        for family, mean in enumerate(rates):
            for _ in range(rng.poisson(mean)):
                days.append(int(day + rng.integers(0, 30)))
                shares.append(np.eye(len(FAMILIES))[family])
    when = np.array(days, dtype=np.int64)
    deaths = np.ceil(rng.lognormal(0.5, 1.2, size=len(days)))
    return Harm(when, when, np.array(shares), deaths)


def ranked(rng: np.random.Generator, what: str, worlds: int) -> dict[str, Any]:
    still, found, delays = 0, 0, []
    for _ in range(worlds):
        still += len(threats(harm(rng, False), what, end=END, rng=rng).changes)
        leads = [c for c in threats(harm(rng, True), what, end=END, rng=rng).changes if c.risen == "jihadist"]
        found += bool(leads)
        delays += [(int(leads[0].month[:4]) - 2014) * 12 + int(leads[0].month[5:]) for _ in leads[:1]]
    return {
        "false_changes_per_year": round(still / worlds / 3, 3),
        "turn_found": rate(found, worlds),
        "median_months_to_find": float(np.median(delays)) if delays else None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--json", type=Path, default=RESULTS / "responses.json")
    args = parser.parse_args()
    started, n = time.monotonic(), args.worlds
    rng = np.random.default_rng(args.seed)
    out: dict[str, Any] = {"timing": {}, "coverage": {}, "threats": {}}
    for tie in ("none", "after", "half after", "before"):
        p = np.array([timed(rng, tie) for _ in range(n)])
        out["timing"][tie] = {
            "after": rate(int((p[:, 0] <= 0.1).sum()), n),
            "before": rate(int((p[:, 1] <= 0.1).sum()), n),
        }
    for name, lag in (("none", None), ("last", -1), ("next", 1)):
        p = np.array([covered(rng, lag) for _ in range(n // 4)])
        out["coverage"][name] = {
            "next": rate(int((p[:, 0] <= 0.1).sum()), n // 4),
            "last": rate(int((p[:, 1] <= 0.1).sum()), n // 4),
        }
    for what in ("events", "deaths"):
        out["threats"][what] = ranked(rng, what, n // 4)
    save(args.json, out, seed=args.seed, started=started, worlds=n)


if __name__ == "__main__":
    main()
