"""Where policies would have put the money, and where deaths came next: no causal assumption.

    python -m bench.policies --json FILE [--events GED.parquet] [--first 1994] [--last 2019]

At the start of each year every policy ranks the areas of a country by what was known then. Counted is the
share of the next year's deaths that fell in the areas it would have chosen first, for budgets that reach a
tenth, a fifth and two fifths of the areas. Nothing is said of whether money would have averted any of them.
The file is a final vintage ("final vintage, pseudo-real-time"), which flatters policies that look back. Areas
are those with an event by the date: first-level areas where the file names them (adm_1), else squares of two
degrees. A country counts with at least 5 of them and 25 deaths in the next year.

Policies: equal (any areas: the share is the budget), reactive (deaths of the last year), ever (all deaths on
record), forecast (mean of the last year, of the last five years, and of all past months halved every two
years), hedged (four fifths of the places by the forecast, the rest by all deaths on record), oracle (the next
year's deaths: what could be reached). Need cannot be tested: GED holds no figures of need.

Simulated: areas whose deaths follow known rates, a measure with a known effect; the planner's value is held
against the same spending by the other policies in worlds that were run with the effect.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.record import RESULTS, save
from toguna.responses.plan.judge import simpler
from toguna.responses.plan.problem import Aims, Limits, Option, Problem
from toguna.responses.plan.solve import Effort, solve
from toguna.responses.plan.value import Worth

BUDGETS = (0.1, 0.2, 0.4)
FEWEST_AREAS, FEWEST_DEATHS = 5, 25
HALVED = 24.0
POLICIES = ("equal", "reactive", "ever", "forecast", "hedged", "oracle")
DEFAULT = Path(__file__).parents[2] / "shared/data/ucdp/ucdp_ged_v21_1_global_whereprec12_1989_2020.parquet"


def counts(path: Path) -> dict[str, np.ndarray]:
    """Return deaths by area and month (A, T) of each country; months from January 1989."""
    events = pl.read_parquet(path)
    day = pl.col("date_end") if "date_end" in events.columns else pl.col("date_start")
    square = pl.concat_str((pl.col("latitude") / 2).floor(), (pl.col("longitude") / 2).floor(), separator="/")
    area = pl.col("adm_1") if "adm_1" in events.columns else square
    rows = (
        events.select("country", adm_1=area, best=pl.col("best").fill_null(0).cast(pl.Float64), day=day)
        .filter(pl.col("adm_1").is_not_null())
        .with_columns(
            month=(pl.col("day").dt.year().cast(pl.Int64) - 1989) * 12 + pl.col("day").dt.month() - 1
        )
        .group_by("country", "adm_1", "month")
        .agg(pl.col("best").sum())
        .sort("country", "adm_1", "month")
    )
    last = int(rows["month"].max()) + 1  # type: ignore[arg-type]
    found = {}
    for (country,), own in rows.group_by("country", maintain_order=True):
        areas = own["adm_1"].unique().sort().to_list()
        table = np.zeros((len(areas), last))
        place = {name: i for i, name in enumerate(areas)}
        at = np.array([place[a] for a in own["adm_1"]]), own["month"].to_numpy()
        np.add.at(table, at, own["best"].to_numpy())
        found[str(country)] = table
    return found


def ranks(past: np.ndarray, future: np.ndarray, share: float) -> dict[str, np.ndarray]:
    """Return what each policy ranks areas by; larger is first."""
    months = past.shape[1]
    fading = 0.5 ** (np.arange(months)[::-1] / HALVED)
    faded = 12 * (past * fading).sum(axis=1) / fading.sum()
    year, five = past[:, -12:].sum(axis=1), past[:, -60:].sum(axis=1) / 5
    forecast = (year + five + faded) / 3
    k = max(1, round(share * len(past)))
    # Four fifths of the first places stay; the areas that the long record names hedge them.
    keep = max(1, int(np.ceil(0.8 * k)))
    first = np.argsort(-forecast, kind="stable")[:keep]
    hedge = past.sum(axis=1) / (past.sum() + 1)
    hedge[first] = 2 + forecast[first] / (forecast.max() + 1)
    return {
        "reactive": year,
        "ever": past.sum(axis=1),
        "forecast": forecast,
        "hedged": hedge,
        "oracle": future,
    }


def captured(value: np.ndarray, future: np.ndarray, share: float) -> float:
    """Return the share of later deaths in the areas that come first; ties by the mean over their order."""
    k = max(1, round(share * len(value)))
    cut = np.sort(value)[::-1][k - 1]
    above, tied = value > cut, value == cut
    inside = future[above].sum() + future[tied].sum() * (k - above.sum()) / tied.sum()
    return float(inside / future.sum())


def backtest(tables: dict[str, np.ndarray], first: int, last: int) -> dict[str, Any]:
    """Return the mean captured share of each policy and budget, with 90 % intervals over countries."""
    kept: dict[tuple[str, float], dict[str, list[float]]] = {}
    cases = 0
    for country, table in tables.items():
        for year in range(first, last + 1):
            t = (year - 1989) * 12
            if t + 12 > table.shape[1]:
                continue
            known = table[:, :t].sum(axis=1) > 0
            past, future = table[known, :t], table[known, t : t + 12]
            if known.sum() < FEWEST_AREAS or future.sum() < FEWEST_DEATHS:
                continue
            cases += 1
            later = future.sum(axis=1)
            for share in BUDGETS:
                told = {n: captured(v, later, share) for n, v in ranks(past, later, share).items()}
                told["equal"] = max(1, round(share * len(past))) / len(past)
                for name, value in told.items():
                    kept.setdefault((name, share), {}).setdefault(country, []).append(value)
    rows = [
        _summary(name, share, kept[name, share], kept["reactive", share])
        for share in BUDGETS
        for name in POLICIES
    ]
    return {"rows": rows, "country_years": cases, "countries": len(kept["equal", BUDGETS[0]])}


def _summary(
    name: str, share: float, own: dict[str, list[float]], reactive: dict[str, list[float]]
) -> dict[str, Any]:
    means = np.array([np.mean(own[c]) for c in sorted(own)])
    ahead = np.array([np.mean(own[c]) - np.mean(reactive[c]) for c in sorted(own)])
    rng = np.random.default_rng(7)
    drawn = rng.integers(0, len(means), (2000, len(means)))
    return {
        "policy": name,
        "budget": share,
        "captured": round(float(means.mean()), 4),
        "interval": [round(float(v), 4) for v in np.quantile(means[drawn].mean(axis=1), [0.05, 0.95])],
        "ahead_of_reactive": round(float(ahead.mean()), 4),
        "ahead_interval": [round(float(v), 4) for v in np.quantile(ahead[drawn].mean(axis=1), [0.05, 0.95])],
        "countries_better": int((ahead > 0).sum()),
        "countries_worse": int((ahead < 0).sum()),
    }


def simulated(worlds: int, seed: int) -> list[dict[str, Any]]:
    """Return deaths averted where the truth is known: by the plan, by simpler ways, and as foretold."""
    rng = np.random.default_rng(seed)
    sums: dict[str, list[float]] = {}
    foretold = []
    A, Q, M, S = 8, 4, 4, 200
    for _ in range(worlds):
        rate = rng.gamma(0.6, 15, A)
        truth = np.array([0.08, 0.05, 0.0, -0.03])
        last = rng.poisson(rate * 4)
        seen = (last + rng.poisson(rate * 8)) / 12
        harm = rng.poisson(rng.gamma(2 + seen[None, :, None] * 12, 1 / 12.5, (S, A, 1)) * np.ones((1, 1, Q)))
        problem = Problem(
            tuple(Option(f"M{m}", "security", most=4) for m in range(M)),
            tuple(map(str, range(A))), tuple(map(str, range(Q))), harm.astype(float),
            np.clip(truth + rng.normal(0, 0.05, (S, M)), -0.9, 0.9), np.ones(A), np.zeros((M, A)), np.ones(A),
            np.ones((M, A)), 16.0, Limits(np.full(Q, 8.0), np.full((A, Q), 4.0)), aims=Aims(1.0, 0.0, 0.1),
        )  # fmt: skip
        effort = Effort(rounds=12, nodes=5, roundings=1)
        plans = {"plan": solve(problem, effort).x, **simpler(problem, last.astype(float), effort)}
        real = replace(
            problem, harm=np.broadcast_to(rate[None, :, None], (1, A, Q)).copy(), averted=truth[None]
        )
        foretold.append(Worth(problem).expected(plans["plan"]))
        for name, x in plans.items():
            sums.setdefault(name, []).append(Worth(real).expected(x))
    return [
        {
            "policy": name,
            "averted": round(float(np.mean(v)), 3),
            "se": round(float(np.std(v) / np.sqrt(len(v))), 3),
            "plan_ahead": round(float(np.mean(np.array(sums["plan"]) - v)), 3),
            "plan_ahead_se": round(float(np.std(np.array(sums["plan"]) - v) / np.sqrt(len(v))), 3),
        }
        for name, v in sums.items()
    ] + [{"policy": "plan, as foretold", "averted": round(float(np.mean(foretold)), 3)}]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=RESULTS / "policies.json")
    parser.add_argument("--events", type=Path, default=DEFAULT)
    parser.add_argument("--first", type=int, default=1994)
    parser.add_argument("--last", type=int, default=2019)
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    started = time.monotonic()
    results: dict[str, Any] = {"simulated": simulated(args.worlds, args.seed)}
    if args.events.is_file():
        results |= {"ged": backtest(counts(args.events), args.first, args.last), "events": args.events.name}
    save(args.json, results, seed=args.seed, started=started, worlds=args.worlds)


if __name__ == "__main__":
    main()
