"""Plans of full size: seconds, and the distance to the bound.

    python -m bench.plan --json FILE [--areas 100] [--measures 30] [--quarters 8] [--scenarios 500]

Made-up theatres with heavy-tailed harm, effects that may do harm, rules, limits and a budget that binds. The
aim is 1 % of the bound in under 60 s on 2 cores. The bound is of the same problem with portions that may be
split (or of the integer programme where the problem is small), so the true distance to the best plan is no
larger. With `--robust regret` the seconds hold the best plans of six kinds of world too, and the gap is in
parts of the most that any plan scores in any of them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.record import RESULTS, save
from toguna.responses.plan.constraints import broken
from toguna.responses.plan.problem import GOALS, Limits, Option, Problem
from toguna.responses.plan.regret import with_scenarios
from toguna.responses.plan.rules import Rule
from toguna.responses.plan.solve import Effort, solve

PILLARS = ("security", "basic_services", "economic_opportunity", "governance_justice", "awareness_dialogue")


def world(seed: int, *, areas: int, measures: int, quarters: int, scenarios: int) -> Problem:
    """Make up a theatre."""
    rng = np.random.default_rng(seed)
    S, A, M, Q = scenarios, areas, measures, quarters
    scale = rng.lognormal(1, 1.2, A)[None, :, None] * rng.gamma(1.0, 1.0, (S, A, 1))
    harm = rng.poisson(scale * np.exp(rng.normal(0, 0.5, (S, 1, 1))) * np.ones((1, 1, Q))).astype(float)
    centre = rng.normal(0.05, 0.06, M)
    share = np.clip(centre + (abs(centre) + 0.05) * rng.standard_normal((S, M)), -0.9, 0.8)
    options = tuple(
        Option(
            f"M{m:02}",
            PILLARS[m % len(PILLARS)],
            "long" if m % 3 == 0 else "short",
            int(rng.integers(0, 3)),
            int(rng.integers(1, 4)),
            4,
        )
        for m in range(M)
    )
    costs = rng.uniform(0.5, 2, (M, 1)) * rng.uniform(0.8, 1.5, (1, A)) / 4
    rules = (
        Rule("force-with-services", "together", measures=("M05",), any_of=("M01", "M06", "M11")),
        Rule("force-with-protection", "together", measures=("M00", "M05", "M10"), any_of=("M15",)),
        Rule("exits", "before", measures=("M04",), any_of=("M08",)),
        Rule("not-force-alone", "most-share", pillars=("security",), share=0.5),
        Rule("services", "least-share", pillars=("basic_services",), share=0.15),
        Rule("lasting", "least-share", terms=("long",), share=0.25),
    )
    return Problem(
        options=options,
        areas=tuple(f"A{a:03}" for a in range(A)),
        quarters=tuple(f"Q{q}" for q in range(Q)),
        harm=harm,
        averted=1 - np.exp(np.log1p(-share) / 4),
        need=rng.uniform(0, 1, A) * rng.lognormal(0, 1, A),
        reach=np.where(np.arange(M) % len(PILLARS) == 1, 0.08, 0.0)[:, None] * np.ones((1, A)),
        cover=np.ones(A),
        costs=costs,
        budget=0.625 * A * Q,
        limits=Limits(np.full(Q, 2.8 * A), np.full((A, Q), 12.0)),
        rules=rules,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=RESULTS / "plan.json")
    sizes = {"areas": 100, "measures": 30, "quarters": 8, "scenarios": 500}
    for name, size in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("--robust", choices=GOALS, default="mixed")
    parser.add_argument("--worlds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    started = time.monotonic()
    rows: list[dict[str, Any]] = []
    size = {name: getattr(args, name) for name in sizes}
    for seed in range(args.seed, args.seed + args.worlds):
        problem = world(seed, **size)
        clock, cpu = time.monotonic(), time.process_time()
        if args.robust == "regret":
            problem = with_scenarios(problem, Effort())
        found = solve(replace(problem, aims=problem.aims.towards(args.robust)), Effort())
        row = {
            "world": seed,
            "seconds": round(time.monotonic() - clock, 1),
            "cpu_seconds": round(time.process_time() - cpu, 1),
            "gap": round(found.gap, 5),
            "score": round(found.score, 6),
            "bound": round(found.bound, 6),
            "portions": int(found.x.sum()),
            "programmes": found.rounds,
            "broken": broken(problem, found.x),
            "spent_share": round(problem.spent(found.x) / problem.budget, 4),
        }
        print(row, flush=True)
        rows.append(row)
    save(
        args.json,
        {"size": size, "robust": args.robust, "rows": rows},
        seed=args.seed,
        started=started,
        worlds=args.worlds,
    )


if __name__ == "__main__":
    main()
