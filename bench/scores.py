"""Time the scores, and compare them with scoringrules and views-evaluation, in one run.

    python -m bench.scores --json FILE [--views PYTHON] [--cells 13110]

The draws stand for 13,110 cells, 12 months and 1,000 draws (629 MB as float32), most of them 0; once as
whole numbers and once with a fraction added, so that nothing can be counted. The others are timed on
a part of the cells (they hold several copies at once) and times are compared for each forecast.

views-evaluation needs an older numpy: it runs in an environment of its own, whose Python is named by
--views. Made by::

    sh requirements/uv.sh venv .venv-views
    sh requirements/uv.sh pip install --python .venv-views/bin/python views-evaluation==2.0.0
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from toguna import __version__
from toguna.scores.brier import average_precision, brier_at_least
from toguna.scores.crps import crps, crps_at_least, crps_fair
from toguna.scores.ignorance import VIEWS_BINS, ignorance_views
from toguna.scores.interval import coverage, interval_score
from toguna.scores.multivariate import energy, variogram

MONTHS, DRAWS = 12, 1000
REPEATS = 3
THEIR_SHARE = 20
"""The others are timed on one cell in so many."""


def draws_of(cells: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Counts like deaths in cells: mostly 0, a few large; and what was observed."""
    draws = np.zeros((cells, MONTHS, DRAWS), np.float32)
    for start in range(0, cells, 500):
        part = draws[start : start + 500]
        level = rng.gamma(0.3, 30.0, (len(part), MONTHS, 1))
        part[:] = rng.poisson(rng.gamma(0.1, level, part.shape))
    return draws, draws[..., 0].astype(float)


def seconds(run: Callable[[], Any]) -> float:
    """Best of a few runs, after one that compiles."""
    run()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def peak_mb() -> float:
    """Largest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ours(draws: np.ndarray, observed: np.ndarray) -> dict[str, Any]:
    """Seconds of each score on the whole, and the memory that it added."""
    runs = {
        "crps": lambda: crps(draws, observed),
        "crps_fair": lambda: crps_fair(draws, observed),
        "twcrps@25": lambda: crps_at_least(draws, observed, threshold=25, fair=False),
        "ign@views": lambda: ignorance_views(draws, observed),
        "mis@0.9": lambda: interval_score(draws, observed, level=0.9),
        "brier@25": lambda: brier_at_least(draws, observed, threshold=25, fair=False),
    }
    out = {}
    for name, run in runs.items():
        before = peak_mb()
        out[name] = {"seconds": round(seconds(run), 3), "added_peak_mb": round(peak_mb() - before, 1)}
    return out


def gap(a: Any, b: Any) -> float:
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


def against_scoringrules(draws: np.ndarray, observed: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    """Largest difference of single scores, and how many times longer scoringrules takes."""
    import scoringrules as sr

    x, y = draws.reshape(-1, DRAWS), observed.ravel()
    joint, seen = rng.gamma(0.5, 4, (20, 12, 200)), rng.gamma(0.5, 4, (20, 12))
    axes = {"m_axis": -1, "v_axis": -2}
    pairs = {
        "crps": (lambda: crps(x, y), lambda: sr.crps_ensemble(y, x, estimator="qd", backend="numba")),
        "crps_fair": (
            lambda: crps_fair(x, y),
            lambda: sr.crps_ensemble(y, x, estimator="fair", backend="numba"),
        ),
        "energy": (
            lambda: energy(joint, seen, fair=False),
            lambda: sr.es_ensemble(seen, joint, **axes, estimator="nrg", backend="numba"),
        ),
        "variogram@0.5": (
            lambda: variogram(joint, seen, order=0.5),
            lambda: sr.vs_ensemble(seen, joint, **axes, p=0.5, estimator="nrg", backend="numba"),
        ),
    }
    return {name: compared(*pair) for name, pair in pairs.items()}


def compared(mine: Callable[[], Any], theirs: Callable[[], Any]) -> dict[str, float]:
    a, b = seconds(mine), seconds(theirs)
    return {
        "largest_difference": gap(mine(), theirs()),
        "our_seconds": round(a, 4),
        "their_seconds": round(b, 4),
        "their_time_over_ours": round(b / a, 2),
    }


VIEWS = """
import json, sys, time
import numpy as np
from views_evaluation.evaluation import native_metric_calculators as m
data = np.load(sys.argv[1])
x, y, bins = data["x"], data["y"], data["bins"].tolist()
few, seen = data["few"], data["seen"]
runs = {
    "crps": lambda: m.calculate_crps_native(y, x),
    "twcrps@25": lambda: m.calculate_twcrps_native(y, x, threshold=25.0),
    "mis@0.9": lambda: m.calculate_mean_interval_score_native(y, x, alpha=0.1),
    "coverage@0.9": lambda: m.calculate_coverage_native(y, x, alpha=0.1),
    "brier@25": lambda: m.calculate_brier_rgs_sample_native(y, x, threshold=24.5),
    "ign@views": lambda: m.calculate_ignorance_score_native(seen, few, bins=bins, low_bin=0, high_bin=10000),
    "ap": lambda: m._average_precision_numpy((y >= 1).astype(int), (x >= 1).mean(axis=1)),
}
out = {}
for name, run in runs.items():
    started = time.perf_counter()
    value = float(run())
    out[name] = {"value": value, "seconds": time.perf_counter() - started}
print(json.dumps(out))
"""


def against_views(python: Path | None, draws: np.ndarray, observed: np.ndarray) -> dict[str, Any] | str:
    """Differences of mean scores from views-evaluation, and how many times longer it takes."""
    if python is None or not python.is_file():
        return "not run: name the Python of an environment with views-evaluation by --views"
    x, y = draws.reshape(-1, DRAWS).astype(float), observed.ravel()
    # Its ignorance has an eleventh bin only for forecasts with a draw in it, and none for observations.
    few, seen = x[:400].copy(), np.minimum(y[:400], 1000)
    few[:, -1] = 2000
    runs = {
        "crps": lambda: crps(x, y).mean(),
        "twcrps@25": lambda: crps_at_least(x, y, threshold=25, fair=False).mean(),
        "mis@0.9": lambda: interval_score(x, y, level=0.9).mean(),
        "coverage@0.9": lambda: coverage(x, y, level=0.9).mean(),
        "brier@25": lambda: brier_at_least(x, y, threshold=25, fair=False).mean(),
        "ign@views": lambda: ignorance_views(few, seen).mean(),
        "ap": lambda: average_precision((x >= 1).mean(axis=1), y >= 1),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draws.npz"
        np.savez(path, x=x, y=y, bins=np.array(VIEWS_BINS), few=few, seen=seen)
        done = subprocess.run([python, "-c", VIEWS, path], capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout)
    return {
        name: {
            "difference": abs(float(run()) - theirs[name]["value"]),
            "their_time_over_ours": round(theirs[name]["seconds"] / seconds(run), 2),
        }
        for name, run in runs.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, default=Path(__file__).parent / "results" / "scores.json")
    parser.add_argument("--views", type=Path, default=Path(".venv-views/bin/python"))
    parser.add_argument("--cells", type=int, default=13110)
    parser.add_argument("--seed", type=int, default=20151120)
    args, started = parser.parse_args(), time.monotonic()
    rng = np.random.default_rng(args.seed)
    draws, observed = draws_of(args.cells, rng)
    part = slice(0, None, THEIR_SHARE)
    results: dict[str, Any] = {"whole_numbers": ours(draws, observed)}
    results["against_scoringrules"] = against_scoringrules(draws[part], observed[part], rng)
    results["against_views_evaluation"] = against_views(args.views, draws[part], observed[part])
    draws += rng.random((1, 1, DRAWS), dtype=np.float32)
    results["fractions"] = {"crps": ours(draws, observed)["crps"]}
    mine = against_scoringrules(draws[part], observed[part], rng)
    results["fractions"]["against_scoringrules"] = mine["crps"]
    results["made_with"] = {
        "toguna": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[2], 1),
        "forecasts": args.cells * MONTHS,
        "draws": DRAWS,
        "seed": args.seed,
        "seconds": round(time.monotonic() - started, 1),
    }
    args.json.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
