"""Recurrence held against simulated worlds, against GED, and against another package for speed.

    python -m bench.recurrence --events FILE --json OUT [--origins 2004,2009,2014,2019] [--other PYTHON]

Simulated: are the parameters of the self-exciting process recovered, do 90 % intervals hold the truth nine
times in ten, are chances calibrated, and what happens when the background rate changes, which no
model knows? GED: rolling origins, each seeing only earlier events, for whole countries and for PRIO-GRID
cells with at least one event by then. The file is a final vintage: "final vintage, pseudo-real-time".
--other names the Python of an environment with the packages `hawkes`, `tick`, `hawkeslib` (processes in time
only), as far as they install there; what each did is part of the record.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from toguna import __version__
from toguna.core.geography import gid, to_km
from toguna.forecasts.recurrence import pooled, selfexciting
from toguna.forecasts.recurrence.history import Chances, Grid, History, history_of, sibling_grid
from toguna.forecasts.recurrence.limits import limits
from toguna.forecasts.recurrence.question import Kind, horizon_days
from toguna.forecasts.recurrence.rolling import (
    BLEND,
    CONSTANT,
    LAST_YEAR,
    POOLED,
    SELF_EXCITING,
    blend,
    plain,
)
from toguna.forecasts.recurrence.selfexciting import Effort
from toguna.scores.brier import brier
from toguna.scores.calibration import reliability
from toguna.scores.ignorance import ignorance
from toguna.shifts.sample import Coded, Sample
from toguna.testing.attacks import Process, simulate_attacks

EDGES = (0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95, 1)
MONTHS = (1, 3, 6, 12)
RECORD_DAYS, FUTURE_DAYS = 1500, 366
QUICK = Effort(draws=40, paths=10)
SETTINGS = Kind(setting=frozenset({"hotel"}))
TOO_FEW = 20
TRUTHS = {
    "as in the tests": Process(),
    "shorter, wider, less alike": Process(mu=0.12, n=0.65, w=1 / 8, d=15.0, rho=0.3),
}


def _rounded(**values: float) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in values.items()}


@dataclass
class Pile:
    """Forecasts of all models on the same questions, and what happened."""

    said: dict[str, list[np.ndarray]]
    happened: list[np.ndarray]

    @classmethod
    def empty(cls) -> Pile:
        """Return a pile without forecasts."""
        return cls({}, [])

    def add(self, said: dict[str, Chances], counts: np.ndarray, asked: np.ndarray) -> None:
        """Put on what every model said and what happened, where `asked`."""
        for name, one in said.items():
            self.said.setdefault(name, []).append(np.clip(one.probability[asked], 1e-6, 1 - 1e-6))
        self.happened.append(counts[asked] > 0)

    def scores(self) -> dict[str, Any]:
        """Scores and reliability of every model."""
        y = np.concatenate(self.happened)
        out: dict[str, Any] = {"forecasts": len(y), "happened": round(float(y.mean()), 4), "models": {}}
        for name, parts in self.said.items():
            p = np.concatenate(parts)
            table = reliability(p, y, edges=EDGES, level=0.9)
            out["models"][name] = {
                "ignorance": round(float(ignorance(p, y).mean()), 4),
                "brier": round(float(brier(p, y).mean()), 4),
                "said": round(float(p.mean()), 4),
                "reliability": [
                    {**_rounded(said=s, happened=h, low=a, high=b), "n": int(n)}
                    for s, h, a, b, n in zip(
                        table.said, table.happened, table.happened_low, table.happened_high, table.forecasts,
                        strict=True,
                    )
                ],
            }  # fmt: skip
        return out


def rules(past: History, grid: Grid, added: float) -> dict[str, Chances]:
    return {name: plain(past, grid, name, added) for name in (CONSTANT, LAST_YEAR)}


def everyone(past: History, grid: Grid, rng: np.random.Generator) -> dict[str, Chances]:
    """What every model says; the plain rules add 0.1 to every count, fixed beforehand."""
    excited = selfexciting.chances(selfexciting.fit(past), grid, effort=QUICK, rng=rng)
    drawn = pooled.chances(pooled.fit(past, grid), past, grid, rng=rng)
    return rules(past, grid, 0.1) | {POOLED: drawn, SELF_EXCITING: excited, BLEND: blend(drawn, excited)}


def after(history: History, grid: Grid, at: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts after an origin (A, K, H), and which areas and kinds had been seen by then."""
    past = grid.counts(history, since=0, until=at)
    seen = np.outer(past.sum(axis=1) > 0, past.sum(axis=0) > 0)[:, :, None]
    counts = [grid.counts(history, since=at, until=at + days) for days in grid.horizon]
    return np.stack(counts, axis=-1), np.broadcast_to(seen, (grid.areas, grid.kinds, len(grid.horizon)))


def recovered(worlds: int, truth: Process, rng: np.random.Generator) -> dict[str, Any]:
    """Bias and coverage of the parameters of the self-exciting process."""
    names = ("mu", "n", "w", "d", "rho")
    found, inside, sizes = [], [], []
    for _ in range(worlds):
        history, _ = history_of(
            simulate_attacks(rng, truth=truth, days=RECORD_DAYS), SETTINGS, last_day=RECORD_DAYS
        )
        fitted = selfexciting.fit(history)
        low, high = limits(fitted, 0.9)
        real = np.array([getattr(truth, n) for n in names])
        found.append(fitted.theta[:5])
        inside.append((low[:5] <= real) & (real <= high[:5]))
        sizes.append(len(history))
    values, hold = np.array(found), np.array(inside)
    return {
        "worlds": worlds,
        "mean_events": round(float(np.mean(sizes)), 1),
        "coverage_of_90": round(float(hold.mean()), 3),
        "parameters": {
            n: {
                "truth": round(getattr(truth, n), 4),
                "mean": round(float(values[:, k].mean()), 4),
                "se_of_mean": round(float(values[:, k].std(ddof=1) / np.sqrt(worlds)), 4),
                "coverage_of_90": round(float(hold[:, k].mean()), 3),
            }
            for k, n in enumerate(names)
        },
    }


def simulated(worlds: int, shift: tuple[float, float], rng: np.random.Generator) -> dict[str, Any]:
    """Calibration in simulated worlds: forecast once from each, areas by settings by horizons."""
    pile = Pile.empty()
    for _ in range(worlds):
        sample = simulate_attacks(rng, truth=Process(mu=0.08, shift=shift), days=RECORD_DAYS + FUTURE_DAYS)
        whole, _ = history_of(sample, SETTINGS, last_day=RECORD_DAYS + FUTURE_DAYS)
        at = float(RECORD_DAYS - int(sample.day[0]) + 1)
        seen = sample.take(np.flatnonzero(sample.day <= RECORD_DAYS))
        grid = sibling_grid(seen, "admin1", whole.labels, horizon_days((3, 6, 12)))
        pile.add(everyone(whole.until(at), grid, rng), *after(whole, grid, at))
    return {"worlds": worlds, **pile.scores()}


def sample_of(events: pl.DataFrame) -> Sample:
    """GED events of one country as a sample: types of violence as marks, cells as areas."""
    lat, lon = events["latitude"].to_numpy(), events["longitude"].to_numpy()
    origin = (float(lat.mean()), float(lon.mean()))
    cells, cell = np.unique(gid(lat, lon), return_inverse=True)
    n = len(events)
    return Sample(
        ids=np.arange(n).astype(np.str_),
        day=events["day_number"].to_numpy(),
        place=to_km(lat, lon, origin=origin),
        origin=origin,
        coded={"cell": Coded(tuple(map(str, cells.tolist())), cell.reshape(-1))},
        families={},
    )


def countries(path: Path) -> Iterator[tuple[str, pl.DataFrame]]:
    frame = pl.read_parquet(path).with_columns(pl.col("date_start").cast(pl.Date))
    days = [d.toordinal() for d in frame["date_start"].to_list()]
    frame = frame.with_columns(pl.Series("day_number", days, dtype=pl.Int64)).sort("day_number", "id")
    for (name,), events in sorted(frame.group_by("country"), key=lambda pair: str(pair[0][0])):
        yield str(name), events


def ged(path: Path, years: list[int], rng: np.random.Generator) -> dict[str, Any]:
    """Rolling origins on GED: countries and cells."""
    days = horizon_days(MONTHS)
    whole, local = Pile.empty(), Pile.empty()
    named = list(countries(path))
    begin = min(int(events["day_number"][0]) for _, events in named)
    every = _world(named, begin)
    for year in years:
        origin = date(year, 1, 1).toordinal()
        pooled_world = _pooled_world(every, origin - begin, days, rng)
        for code, (name, events) in enumerate(named):
            sample = sample_of(events)
            past = sample.take(np.flatnonzero(sample.day < origin))
            if len(past) < TOO_FEW:
                continue
            started = time.perf_counter()
            # The record begins with GED itself, not with the country's first event.
            history = History(
                (sample.day - begin).astype(float), sample.place, np.zeros(len(sample), np.int64), 1,
                float(sample.day[-1] + 1 - begin),
            )  # fmt: skip
            at = float(origin - begin)
            known = history.until(at)
            nation = Grid(1, 1, days, lambda p: np.zeros(len(p), np.int64), np.zeros(1, np.int64))
            cells = sibling_grid(past, "cell", 1, days)
            fitted = selfexciting.fit(known)
            said = rules(known, nation, 0.1)
            said[POOLED] = _row(pooled_world, code)
            said[SELF_EXCITING] = selfexciting.chances(fitted, nation, effort=QUICK, rng=rng)
            whole.add(said | {BLEND: blend(said[POOLED], said[SELF_EXCITING])}, *after(history, nation, at))
            said = rules(known, cells, 0.1)
            said[POOLED] = pooled.chances(pooled.fit(known, cells), known, cells, rng=rng)
            said[SELF_EXCITING] = selfexciting.chances(fitted, cells, effort=QUICK, rng=rng)
            local.add(
                said | {BLEND: blend(said[POOLED], said[SELF_EXCITING])}, *_known_cells(history, cells, at)
            )
            print(year, name, len(known), f"{time.perf_counter() - started:.1f} s", flush=True)
    return {
        "origins": [f"{y}-01-01" for y in years],
        "months": list(MONTHS),
        "countries": whole.scores(),
        "cells": local.scores(),
    }


def _known_cells(history: History, grid: Grid, at: float) -> tuple[np.ndarray, np.ndarray]:
    counts, asked = after(history, grid, at)
    asked = asked.copy()
    asked[-1] = False  # the last number is "no known cell"
    return counts, asked


def _world(named: list[tuple[str, pl.DataFrame]], begin: int) -> History:
    """All countries as one record, each at a place of its own, for the pooled rates."""
    day = np.concatenate([events["day_number"].to_numpy() for _, events in named])
    code = np.repeat(np.arange(len(named)), [len(events) for _, events in named])
    order = np.argsort(day, kind="stable")
    place = np.column_stack([code, np.zeros(len(code))])[order].astype(float)
    return History(
        (day[order] - begin).astype(float),
        place,
        np.zeros(len(day), np.int64),
        1,
        float(day.max() + 1 - begin),
    )


def _pooled_world(every: History, at: int, days: np.ndarray, rng: np.random.Generator) -> Chances:
    past = every.until(float(at))
    areas = int(every.place[:, 0].max()) + 1
    grid = Grid(areas, 1, days, lambda p: p[:, 0].astype(np.int64), np.zeros(1, np.int64))
    return pooled.chances(pooled.fit(past, grid), past, grid, rng=rng)


def _row(c: Chances, k: int) -> Chances:
    return Chances(*(getattr(c, name)[k : k + 1] for name in ("probability", "low", "high", "expected")))


TICK = """
import json, sys, time
import numpy as np
from tick.hawkes import HawkesExpKern
start = time.perf_counter()
learner = HawkesExpKern(0.05)
learner.fit([np.load(sys.argv[1])])
print(json.dumps({"fit": time.perf_counter() - start, "n": float(learner.adjacency[0, 0])}))
"""
HAWKESLIB = """
import json, sys, time
import numpy as np
from hawkeslib import UnivariateExpHawkesProcess
start = time.perf_counter()
process = UnivariateExpHawkesProcess()
process.fit(np.load(sys.argv[1]))
print(json.dumps({"fit": time.perf_counter() - start, "n": float(process.get_params()[1])}))
"""
HAWKES = """
import json, sys, time
import numpy as np
import Hawkes
times = np.load(sys.argv[1])
kernel = {"type": "exp", "num_exp": 1}
start = time.perf_counter()
model = Hawkes.estimator().set_kernel(**kernel).set_baseline("const")
model.fit(times, [0, float(times[-1]) + 1])
middle = time.perf_counter()
future = Hawkes.simulator().set_kernel(**kernel).set_baseline("const").set_parameter(model.para)
for _ in range(1000):
    future.simulate([0, 366])
end = time.perf_counter()
print(json.dumps({"fit": middle - start, "futures": end - middle, "n": float(model.para["alpha"])}))
"""


PACKAGES = {"hawkes": HAWKES, "tick": TICK, "hawkeslib": HAWKESLIB}


def others(python: Path, times: np.ndarray) -> dict[str, Any]:
    """What each package does with the same times; it sees neither places nor marks nor uncertainty."""
    if not python.is_file():
        return dict.fromkeys(PACKAGES, "not run: name the Python of an environment with it by --other")
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "times.npy"
        np.save(path, times)
        for name, code in PACKAGES.items():
            done = subprocess.run([python, "-c", code, path], capture_output=True, text=True, check=False)
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["no message"])[-1]
                told[name] = f"could not run: {last[:200]}"
            else:
                told[name] = _rounded(**json.loads(done.stdout.strip().splitlines()[-1]))
    return told


def speed(other: Path, rng: np.random.Generator) -> dict[str, Any]:
    """Fit, limits and 1,000 futures for a theatre of about 1,000 events; other packages on the same times."""
    sample = simulate_attacks(rng, truth=Process(mu=0.25), days=2000)
    sample = sample.take(np.arange(min(len(sample), 1000)))
    history, _ = history_of(sample, SETTINGS, last_day=int(sample.day[-1]))
    grid = sibling_grid(sample, "admin1", history.labels, horizon_days(MONTHS))
    selfexciting.chances(selfexciting.fit(history), grid, effort=Effort(2, 1), rng=rng)
    marks = [(time.perf_counter(), time.process_time())]
    fitted = selfexciting.fit(history)
    marks.append((time.perf_counter(), time.process_time()))
    limits(fitted)
    marks.append((time.perf_counter(), time.process_time()))
    selfexciting.chances(fitted, grid, effort=Effort(draws=100, paths=10), rng=rng)
    marks.append((time.perf_counter(), time.process_time()))
    out: dict[str, Any] = {"events": len(history), "futures": 1000, "n": round(float(fitted.theta[1]), 3)}
    for name, (wall, cpu), (end, end_cpu) in zip(
        ("fit", "limits", "futures"), marks, marks[1:], strict=False
    ):
        out |= _rounded(**{f"{name}_seconds": end - wall, f"{name}_cpu_seconds": end_cpu - cpu})
    times = np.sort(history.time + rng.random(len(history)))
    return out | {"python": platform.python_version(), "others": others(other, times)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=Path, help="GED with where_prec 1-2 (Parquet); left out when absent")
    parser.add_argument("--json", type=Path, default=Path(__file__).parent / "results" / "recurrence.json")
    parser.add_argument("--origins", default="2004,2009,2014,2019", help="years; forecast on 1 January")
    parser.add_argument("--worlds", type=int, default=60)
    parser.add_argument("--other", type=Path, default=Path(".venv-hawkes/bin/python"))
    parser.add_argument("--seed", type=int, default=20151120)
    args, started = parser.parse_args(), time.monotonic()
    rng = np.random.default_rng(args.seed)
    results: dict[str, Any] = {
        "speed": speed(args.other, rng),
        "recovery": {name: recovered(args.worlds, truth, rng) for name, truth in TRUTHS.items()},
    }
    print(json.dumps(results, indent=1), flush=True)
    results["calibration"] = {
        "as assumed": simulated(args.worlds, (0.0, 1.0), rng),
        "background doubled a year before": simulated(args.worlds, (RECORD_DAYS - 365.0, 2.0), rng),
        "background doubled on the day": simulated(args.worlds, (float(RECORD_DAYS), 2.0), rng),
        "background halved on the day": simulated(args.worlds, (float(RECORD_DAYS), 0.5), rng),
    }
    if args.events:
        results["ged"] = ged(args.events, [int(y) for y in args.origins.split(",")], rng)
    results["made_with"] = {
        "toguna": __version__,
        "python": platform.python_version(),
        "seed": args.seed,
        "load_before": round(os.getloadavg()[2], 1),
        "cpu_seconds": round(time.process_time(), 1),
        "seconds": round(time.monotonic() - started, 1),
    }
    args.json.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(json.dumps({k: v for k, v in results.items() if k != "ged"}, indent=1))


if __name__ == "__main__":
    main()
