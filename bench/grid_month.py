"""Forecasts of state-based deaths by PRIO-GRID cell and month, Africa and the Middle East.

From October of the year before, January to December of each year (steps 3 to 14), beside the best of
the simple baselines of *that year* (chosen after the fact, which flatters the baselines).

Cells: every cell of these countries with an event of any kind anywhere in the file, and the 8 around
each. Which cells will be struck first is known to nobody: a model speaks of a cell only once an event
fell in it or beside it before the origin, and says 0 of all others, which are scored all the same.

    python -m bench.grid_month --events FILE [--years 2016-2020] [--json FILE]
"""

from __future__ import annotations

import argparse
import resource
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.forecasting import (
    STEPS,
    Floats,
    geometric,
    held,
    january,
    parser,
    ratio,
    scored,
    summary,
    write,
    years_of,
)
from toguna.core.countries import by_gwno, by_name
from toguna.core.geography import gid
from toguna.core.text import fold
from toguna.forecasts.cell_members import BY_CELL, MOST_ORIGINS, cell_members
from toguna.forecasts.cells import CellHistory
from toguna.forecasts.ensemble import Ensemble
from toguna.forecasts.history import History
from toguna.forecasts.last_month import last_month
from toguna.forecasts.outcomes import KINDS, kind_of
from toguna.forecasts.resampling import past_months
from toguna.forecasts.support import draws_from
from toguna.forecasts.zero import zero
from toguna.panels.counting import from_table
from toguna.panels.panel import Panel

FIRST_GWNO, LAST_GWNO = 400, 699
"""Gleditsch-Ward numbers of Africa (400-626) and the Middle East (630-698)."""
BASELINES = {
    "zero": zero,
    "last_month": last_month,
    "conflictology": past_months(12),
    "last_60": past_months(60),
    "last_240": past_months(240),
}
TUNED = (
    "Members, regimes, priors and ridges were chosen on forecasts for 1999-2015 (docs/decisions/0055, 0100); "
    "weights of each year are fitted on the eight Octobers before its own, with outcomes up to its own "
    "October. 2016-2020 were scored once, when all was fixed; scores of earlier models for these years "
    "were known."
)


def read(path: Path) -> Panel:
    """Count deaths by cell and month; columns `sb` and `every`."""
    codes = {iso for number, iso in by_gwno().items() if FIRST_GWNO <= number <= LAST_GWNO}
    named = {name for name, iso in by_name().items() if iso in codes}
    events = pl.read_parquet(path)
    inside = [_folded(country) & named != set() for country in events["country"]]
    events = events.filter(pl.Series(inside))
    cells = gid(events["latitude"].to_numpy(), events["longitude"].to_numpy())
    table = events.select(
        unit=pl.Series(cells),
        month=(pl.col("year") - 1980) * 12 + pl.col("month"),
        sb=pl.when(pl.col("type_of_violence") == 1).then("best").otherwise(0),
        every="best",
    )
    table = table.filter(pl.col("every").is_not_null())
    last = int(table["month"].max())  # type: ignore[arg-type]
    steps = [dy * 720 + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    beside = np.unique(np.add.outer(np.unique(cells), steps))
    blank = pl.DataFrame({"unit": beside, "month": int(table["month"].min())})  # type: ignore[arg-type]
    table = pl.concat([table, blank.with_columns(sb=pl.lit(0), every=pl.lit(0))], how="vertical_relaxed")
    months = (int(table["month"].min()), last + (-last) % 12)  # type: ignore[arg-type]
    return from_table(table, level="grid", columns=["sb", "every"], months=months)


@cache
def _folded(country: str) -> set[str]:
    """Both names of "DR Congo (Zaire)", without accents and capitals."""
    return {fold(part.strip(" )")) for part in country.split("(")}


def known_before(panel: Panel, year: int) -> CellHistory:
    """Return what is known in October of the year before."""
    known = panel.until(january(year) - 3)
    cells = np.array([int(unit) for unit in panel.units])
    return CellHistory(known.counts("sb"), known.counts("every"), cells)


def one_year(
    panel: Panel, history: CellHistory, year: int, flags: argparse.Namespace, ensemble: Ensemble
) -> dict[str, Any]:
    """Forecast and score one year."""
    start = panel.at(january(year))
    observed = panel.counts("sb")[:, start : start + 12]
    rng, months = np.random.default_rng([flags.seed, year]), observed.shape[1]
    scores: dict[str, tuple[Floats, Floats]] = {}
    for name, model in BASELINES.items():
        draws = _draws(name, model(history, STEPS)[:, :months], history, flags, rng)
        scores[name] = _scored(draws, observed)
    pool = ensemble.pool(history, STEPS)
    said = dict(zip(ensemble.models, ensemble.said(history, STEPS), strict=True))
    scores["cell_corrected"] = scored(
        draws_from(said["cell_corrected"][:, :months], flags.draws, rng), observed
    )
    draws = draws_from(pool.chances[:, :months], flags.draws, rng)
    scores["ensemble"] = _scored(draws, observed)
    best, best_log = (min(BASELINES, key=lambda n: float(scores[n][i].sum())) for i in (0, 1))
    kinds = kind_of(History(history.counts), observed)
    ours, theirs = scores["ensemble"][0], scores[best][0]
    return {
        "crps": {n: round(float(s[0].mean()), 6) for n, s in scores.items()},
        "log_crps": {n: round(float(s[1].mean()), 6) for n, s in scores.items()},
        "best_baseline": best,
        "ratio": ratio(ours, theirs),
        "best_baseline_log": best_log,
        "log_ratio": ratio(scores["ensemble"][1], scores[best_log][1]),
        "ratio_to_conflictology": ratio(ours, scores["conflictology"][0]),
        **held(draws, observed, rng),
        "by_kind": {
            kind: {
                "cell_months": int((kinds == k).sum()),
                "ratio": ratio(ours[kinds == k], theirs[kinds == k]),
            }
            for k, kind in enumerate(KINDS)
        },
        "weights": {r: {n: round(w, 3) for n, w in row.items()} for r, row in pool.weights.items()},
        "past_origins": pool.origins,
    }


def _scored(draws: Floats, observed: Floats) -> tuple[Floats, Floats]:
    """Score draws; where all of them are 0, as in most cells, the score is what happened."""
    plain, logs = observed.copy(), np.log1p(observed)
    some = draws.any(axis=(1, 2))
    plain[some], logs[some] = scored(draws[some], observed[some])
    return plain, logs


def _draws(
    name: str, chances: Any, history: History, flags: argparse.Namespace, rng: np.random.Generator
) -> Floats:
    """Draws of a baseline: past months as they are, others from their distribution."""
    months = {"conflictology": 12, "last_60": 60, "last_240": 240, "zero": 0}.get(name)
    if months is None:
        return draws_from(chances, flags.draws, rng)
    past = history.last(months) if months else np.zeros((len(history.counts), 1))
    return np.broadcast_to(past[:, None], (len(past), chances.shape[1], past.shape[1]))


def main() -> None:
    """Run the years and write the JSON."""
    flags = parser(__doc__, name="grid_month", years="2016-2020")
    flags.add_argument("--events", type=Path, required=True, help="Parquet of UCDP GED events")
    flags.set_defaults(draws=200)
    flags = flags.parse_args()
    started, panel = time.monotonic(), read(flags.events)
    ensemble = Ensemble(cell_members(0), BY_CELL, least_history=60, most_origins=MOST_ORIGINS)
    wanted, years = years_of(flags.years), {}
    latest = known_before(panel, max(wanted))
    for year in wanted:
        begun, origin = time.monotonic(), panel.at(january(year) - 3)
        years[str(year)] = row = one_year(panel, latest.until(origin), year, flags, ensemble)
        row["seconds"] = round(time.monotonic() - begun, 1)
        print(
            f"{year}: {row['ratio']} of {row['best_baseline']}, log {row['log_ratio']}, {row['seconds']} s",
            flush=True,
        )
    kinds = {k: geometric([y["by_kind"][k]["ratio"] for y in years.values()]) for k in KINDS}
    memory = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)
    extra = {"cells": len(panel.units), "by_kind": kinds, "peak_gb": memory, "tuned": TUNED}
    write({"years": years, **summary(years), **extra}, flags, started)


if __name__ == "__main__":
    main()
