"""Appraisal held against simulated worlds with a known effect, and with none.

    python -m bench.appraisal --json FILE [--worlds N] [--seed N] [--other PYTHON]

Rates a month are those of the first-level areas of the Mali pack (incidents 2012 to October 2015, counted
when it runs), and ten and thirty times as many, as in later years of the Sahel. Size: how often a change
is found where there is none (nominal 0.1); coverage of 90 % intervals; power; and the verdicts. Also what
happens when areas drift by themselves, which every method assumes away. --other names the Python of an
environment with statsmodels and pysyncon: the same numbers are then worked out by them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.record import RESULTS, rate, save
from toguna.responses.appraisal import interrupted, staggered, synthetic
from toguna.responses.appraisal.detectable import detectable
from toguna.responses.appraisal.study import Study
from toguna.responses.appraisal.verdict import Checks, judge
from toguna.store.theatre import load_theatre
from toguna.testing.measures import Measured, simulate_measure

MONTHS, START, SMALLEST, LEVEL = 46, 31, 0.3, 0.9
"""January 2012 to October 2015, a measure from August 2014 on."""
METHODS = {
    "interrupted-series": (interrupted.estimate, (START,)),
    "staggered-difference": (staggered.estimate, (START, START, START + 4)),
    "synthetic-control": (synthetic.estimate, (START,)),
}
SCALES = (1, 10, 30)
RATIOS = (1.0, 0.7, 0.5, 0.25)


def pack_rates() -> tuple[float, ...]:
    """Incidents a month by first-level area of the pack, most first; areas without one count half of one."""
    theatre = load_theatre("mali")
    names = theatre.tables["regions"].filter(pl.col("level") == "region")["name"].to_list()
    table = theatre.tables["incidents"].filter(pl.col("admin1").is_in(names))
    counts = dict(table["admin1"].value_counts().rows())
    return tuple(sorted((max(counts.get(n, 0), 0.5) / MONTHS for n in names), reverse=True))


def worlds(truth: Measured, n: int, seed: int) -> Iterator[Study]:
    return (simulate_measure(truth, np.random.default_rng([seed, k])) for k in range(n))


def one(name: str, truth: Measured, n: int, seed: int) -> dict[str, Any]:
    """How a method does in worlds of one kind."""
    method, _ = METHODS[name]
    found = [method(study, LEVEL) for study in worlds(truth, n, seed)]
    usable = [e for e in found if np.isfinite(e.log_ratio)]
    checks = Checks(None, None, None, 0.0)
    said = [judge(e, checks, smallest=SMALLEST, level=LEVEL).said for e in found]
    logs = [e.log_ratio for e in usable]
    return {
        "usable": len(usable),
        "found": rate(sum(e.low > 0 or e.high < 0 for e in found), n),
        "covered": rate(sum(bool(e.low <= np.log(truth.ratio) <= e.high) for e in usable), len(usable)),
        "median_ratio": round(float(np.exp(np.median(logs))), 3) if logs else None,
        "verdicts": {v: said.count(v) for v in ("reduction", "increase", "no-difference", "unknown")},
    }


def stated(name: str, truth: Measured, n: int, seed: int) -> dict[str, Any]:
    """What is said to be detectable in a few of these worlds, beforehand."""
    method, _ = METHODS[name]
    found = [
        detectable(s, method, smallest=SMALLEST, level=LEVEL, rng=np.random.default_rng([seed, k]))
        for k, s in enumerate(worlds(truth, n, seed + 1))
        if s.counts[: s.first, s.treated].any()
    ]
    return {
        "worlds": len(found),
        "reductions": sorted(f.reduction if f.reduction is not None else 2.0 for f in found),
        "false_alarms": round(float(np.mean([f.false_alarms for f in found])), 3) if found else None,
        "unsafe": sum(f.false_alarms > 2 * (1 - LEVEL) for f in found),
    }


OTHER = """
import json, sys
import numpy as np, pandas as pd, statsmodels.api as sm
from pysyncon import Synth
told = json.load(open(sys.argv[1]))
x, y = np.array(told["x"]), np.array(told["y"])
fit = sm.GLM(y, x, family=sm.families.Poisson()).fit(tol=1e-12)
hac = sm.GLM(y, x, family=sm.families.Poisson()).fit(
    tol=1e-12, cov_type="HAC", cov_kwds={"maxlags": told["lags"], "use_correction": True})
target, donors = np.array(told["target"]), np.array(told["donors"])
w = Synth().w_optimize(V_mat=np.eye(len(target)), X0=donors, X1=target)[0]
print(json.dumps({"b": list(fit.params), "hac": float(hac.bse[2]), "weights": list(map(float, w))}))
"""


def oracle(python: Path, seed: int) -> dict[str, Any] | str:
    """The same numbers by statsmodels and pysyncon: largest differences."""
    rng = np.random.default_rng(seed)
    x, y = interrupted.design(MONTHS, START), rng.poisson(5.0, MONTHS).astype(float)
    b, mean = interrupted.poisson(x, y)
    bread = np.linalg.pinv((x * mean[:, None]).T @ x)
    hac = float(np.sqrt(interrupted.newey_west((y - mean)[:, None] * x, bread, 3)[2, 2]))
    donors, target = rng.gamma(3, 1 / 3, (12, 6)), rng.gamma(3, 1 / 3, 12)
    weights = synthetic.weights(donors, target)
    if not python.is_file():
        return "not run: name the Python of an environment with statsmodels and pysyncon by --other"
    told = {"x": x.tolist(), "y": y.tolist(), "lags": 3, "donors": donors.tolist(), "target": target.tolist()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.json"
        path.write_text(json.dumps(told), encoding="utf-8")
        done = subprocess.run([python, "-c", OTHER, path], capture_output=True, text=True, check=False)
    if done.returncode:
        return f"could not run: {(done.stderr.strip().splitlines() or ['no message'])[-1][:200]}"
    theirs = json.loads(done.stdout.strip().splitlines()[-1])
    fit = [
        float(np.sqrt(((donors @ np.array(w) - target) ** 2).mean())) for w in (weights, theirs["weights"])
    ]
    return {
        "coefficients": float(np.abs(b - theirs["b"]).max()),
        "newey_west_ratio": hac / theirs["hac"],
        "weights": float(np.abs(weights - theirs["weights"]).max()),
        "misfit_ours": fit[0],
        "misfit_theirs": fit[1],
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, default=RESULTS / "appraisal.json")
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--other", type=Path, default=Path(".venv-appraisal/bin/python"))
    args, started = parser.parse_args(), time.monotonic()
    rates = pack_rates()
    cases: list[dict[str, Any]] = []
    for name, (_, starts) in METHODS.items():
        # Nine comparison areas are the fewest that let permutations reach 0.1: four more than the pack has.
        wide = rates + rates[2:6] if name != "interrupted-series" else rates
        together = 0.0 if name == "interrupted-series" else 0.05  # without comparison, it would be drift
        for scale in SCALES:
            many = tuple(scale * r for r in wide)
            for drift, ratios in ((0.0, RATIOS), (0.05, (1.0, 0.5))):
                for ratio in ratios:
                    truth = Measured(many, starts, ratio, MONTHS, common=together, drift=drift)
                    row = {"method": name, "scale": scale, "drift": drift, "ratio": ratio, "areas": len(many)}
                    cases.append(row | one(name, truth, args.worlds, args.seed))
                    print(json.dumps(cases[-1]), flush=True)
            still = Measured(many, starts, 1.0, MONTHS)
            cases[-1]["stated"] = stated(name, still, min(args.worlds // 10, 10), args.seed)
    results = {
        "rates": [round(r, 4) for r in rates],
        "months": MONTHS,
        "cases": cases,
        "oracle": oracle(args.other, args.seed),
    }
    save(args.json, results, seed=args.seed, started=started, worlds=args.worlds)


if __name__ == "__main__":
    main()
