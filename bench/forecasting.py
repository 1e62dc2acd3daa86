"""What the benches of forecasts share: arguments, scores of draws, the account of one year.

Every score is that of draws, by `toguna.scores`. Ratios compare with a baseline of the same months.

Coverage: `coverage90` is the share of cases whose randomised PIT lies between 0.05 and 0.95. It is 90 %
for a calibrated forecast of counts; the closed interval from 5 % to 95 %, given beside it, covers more
than it claims wherever most counts are 0.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna import __version__
from toguna.scores.calibration import pit
from toguna.scores.crps import crps
from toguna.scores.interval import coverage

Floats = NDArray[np.float64]
STEPS = tuple(range(3, 15))
"""From October, January to December of the next year are steps 3 to 14."""


def years_of(text: str) -> list[int]:
    """Read "2015-2021" or "2015,2018"."""
    years: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        years += range(int(first), int(last or first) + 1)
    return years


def parser(description: str | None, *, name: str, years: str) -> argparse.ArgumentParser:
    """Return the flags all three benches know."""
    flags = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    flags.add_argument("--years", default=years, help="years to be forecast, as 2015-2021")
    flags.add_argument(
        "--json", type=Path, default=Path(__file__).parent / "results" / f"{name}.json", help="where to write"
    )
    flags.add_argument("--draws", type=int, default=500, help="draws of each forecast")
    flags.add_argument("--seed", type=int, default=20151120)
    return flags


def january(year: int) -> int:
    """Return the month number of January (1 = January 1980)."""
    return (year - 1980) * 12 + 1


def scored(draws: Floats, observed: Floats) -> tuple[Floats, Floats]:
    """Return CRPS and CRPS of log1p of draws (..., S), each (...)."""
    return crps(draws, observed), crps(np.log1p(draws), np.log1p(observed))


def held(draws: Floats, observed: Floats, rng: np.random.Generator) -> dict[str, float | None]:
    """Return the three coverages of the 90 % interval (see above)."""
    inside = np.abs(pit(draws, observed, rng=rng) - 0.5) <= 0.45
    some = observed > 0
    return {
        "coverage90": share(inside),
        "coverage90_closed": share(coverage(draws, observed, level=0.9)),
        "coverage90_where_deaths": share(inside[some]),
    }


def share(values: Floats | NDArray[np.bool_]) -> float | None:
    """Return a rounded mean, None of nothing."""
    return round(float(np.mean(values)), 4) if np.size(values) else None


def ratio(ours: Floats, theirs: Floats) -> float | None:
    """Return the ratio of two sums, None where the second is 0."""
    below = float(np.sum(theirs))
    return round(float(np.sum(ours)) / below, 4) if below > 0 else None


def geometric(values: list[float | None]) -> float | None:
    """Return the geometric mean of what is there."""
    known = [v for v in values if v]
    return round(float(np.exp(np.mean(np.log(known)))), 4) if known else None


def summary(years: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return geometric means and worst years of `ratio` and `log_ratio`."""
    rows = list(years.values())
    ratios, logs = [row["ratio"] for row in rows], [row["log_ratio"] for row in rows]
    return {
        "geometric_mean_ratio": geometric(ratios),
        "geometric_mean_log_ratio": geometric(logs),
        "worst_ratio": max((r for r in ratios if r is not None), default=None),
        "worst_log_ratio": max((r for r in logs if r is not None), default=None),
        "mean_coverage90": share(np.array([row["coverage90"] for row in rows])) if rows else None,
    }


def write(results: dict[str, Any], flags: argparse.Namespace, started: float) -> None:
    """Write the JSON with what it was made with; seconds of processors do not depend on other work."""
    made = {
        "toguna": __version__,
        "python": platform.python_version(),
        "seed": flags.seed,
        "draws": flags.draws,
    }
    spent = {
        "seconds": round(time.monotonic() - started, 1),
        "cpu_seconds": round(time.process_time(), 1),
    }
    out = {"made_with": made, **results, **spent}
    flags.json.parent.mkdir(parents=True, exist_ok=True)
    flags.json.write_text(json.dumps(out, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{flags.json} ({out['seconds']} s)")
