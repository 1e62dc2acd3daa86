"""Country-month forecasts of deaths, beside last-year resampling ("conflictology").

From October of the year before, January to December of each year (steps 3 to 14). The table holds one
row for each country and month; nothing after the October is given to any model.

    python -m bench.country_month --panel FILE [--years 2015-2021] [--json FILE]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.forecasting import (
    STEPS,
    geometric,
    held,
    january,
    parser,
    ratio,
    scored,
    share,
    summary,
    write,
    years_of,
)
from toguna.forecasts.ensemble import Ensemble
from toguna.forecasts.history import History
from toguna.forecasts.intervals import by_magnitude
from toguna.forecasts.last_month import last_month
from toguna.forecasts.members import trees
from toguna.forecasts.negative_binomial import own_negative_binomial
from toguna.forecasts.outcomes import KINDS, kind_of
from toguna.forecasts.resampling import past_months
from toguna.forecasts.support import draws_from
from toguna.forecasts.zero import zero
from toguna.panels.counting import from_table
from toguna.panels.panel import Panel
from toguna.scores.brier import brier_at_least

TUNED = (
    "Members, regimes and ridge were chosen on forecasts for 1999-2014 (docs/decisions/0026, 0038, 0086, "
    "0090 and 0095); the weights of each year are fitted on past Octobers only, with outcomes up to its own "
    "October. While the members of 0026 were compared, scores for 2015-2021 were printed beside "
    "those of 1999-2014: they are not a clean test. What the later four changed was chosen without them, "
    "and scored on them once each."
)
BASELINES = {
    "zero": zero,
    "last_month": last_month,
    "last_60": past_months(60),
    "last_240": past_months(240),
    "own_negative_binomial": own_negative_binomial(),
}
TREES = tuple(trees(0))
EDGES = (0.5, 5.0, 50.0, 500.0)


def read(path: Path) -> Panel:
    """Read columns month_end, country, best_all_types."""
    table = pl.read_parquet(path)
    month = (pl.col("month_end").dt.year().cast(pl.Int64) - 1980) * 12 + pl.col("month_end").dt.month()
    table = table.select(unit="country", month=month, deaths=pl.col("best_all_types").fill_null(0))
    return from_table(table, level="country", columns=["deaths"])


def one_year(panel: Panel, year: int, flags: argparse.Namespace, ensemble: Ensemble) -> dict[str, Any]:
    """Forecast one year; return draws' scores and everything the account needs."""
    counts, start = panel.counts("deaths"), panel.at(january(year))
    history = History(panel.until(january(year) - 3).counts("deaths"))
    observed = counts[:, start : start + 12]
    rng, months = np.random.default_rng([flags.seed, year]), observed.shape[1]
    pool = ensemble.pool(history, STEPS)
    said = dict(zip(ensemble.models, ensemble.said(history, STEPS), strict=True))
    chances = {n: f(history, STEPS) for n, f in BASELINES.items()} | {n: said[n] for n in TREES}
    draws = {n: draws_from(c[:, :months], flags.draws, rng) for n, c in chances.items()}
    draws["ensemble"] = draws_from(pool.chances[:, :months], flags.draws, rng)
    draws["conflictology"] = np.repeat(history.last(12)[:, None], months, axis=1)
    return {
        "history": history,
        "observed": observed,
        "draws": draws["ensemble"],
        "scores": {name: scored(d, observed) for name, d in draws.items()},
        "chance": {
            n: brier_at_least(draws[n], observed, threshold=1, fair=False)
            for n in ("ensemble", "conflictology")
        },
        "coverage": held(draws["ensemble"], observed, rng),
        "weights": pool.weights,
        "origins": pool.origins,
        "rng": rng,
    }


def account(made: dict[str, Any], units: tuple[str, ...], sahel: list[str]) -> dict[str, Any]:
    """Turn the arrays of a year into its entry of the JSON."""
    (ours, ours_log), (theirs, theirs_log) = (made["scores"][n] for n in ("ensemble", "conflictology"))
    kinds = kind_of(made["history"], made["observed"])
    some = (made["observed"] > 0).any(axis=1)
    gain = (theirs - ours).sum(axis=1)
    where = np.isin(units, sahel)
    return {
        "crps": {name: round(float(s[0].mean()), 4) for name, s in made["scores"].items()},
        "log_crps": {name: round(float(s[1].mean()), 5) for name, s in made["scores"].items()},
        "ratio": ratio(ours, theirs),
        "log_ratio": ratio(ours_log, theirs_log),
        **made["coverage"],
        "by_kind": {
            kind: {
                "country_months": int((kinds == k).sum()),
                "ratio": ratio(ours[kinds == k], theirs[kinds == k]),
                "log_ratio": ratio(ours_log[kinds == k], theirs_log[kinds == k]),
            }
            for k, kind in enumerate(KINDS)
        },
        "brier_any_death": {n: share(b) for n, b in made["chance"].items()},
        "countries_with_deaths": int(some.sum()),
        "countries_won": int((gain[some] > 0).sum()),
        "sahel": {
            "ratio": ratio(ours[where], theirs[where]),
            "log_ratio": ratio(ours_log[where], theirs_log[where]),
        },
        "decided_by": {
            units[i]: round(float(gain[i] / theirs.sum()), 4) for i in np.argsort(-np.abs(gain))[:5]
        },
        "weights": {r: {n: round(w, 3) for n, w in row.items()} for r, row in made["weights"].items()},
        "past_origins": made["origins"],
    }


def over_all(made: list[dict[str, Any]], units: tuple[str, ...], sahel: list[str]) -> dict[str, Any]:
    """Return what is counted over all years together: countries, Sahel, magnitudes."""
    sums = {n: sum(m["scores"][n][0].sum(axis=1) for m in made) for n in ("ensemble", "conflictology")}
    logs = {n: sum(m["scores"][n][1].sum(axis=1) for m in made) for n in ("ensemble", "conflictology")}
    some = np.any([(m["observed"] > 0).any(axis=1) for m in made], axis=0)
    rows = {
        name: {
            "ratio": ratio(sums["ensemble"][i], sums["conflictology"][i]),
            "log_ratio": ratio(logs["ensemble"][i], logs["conflictology"][i]),
        }
        for name in sahel
        for i in [units.index(name)]
        if name in units
    }
    return {
        "countries": {
            "with_deaths": int(some.sum()),
            "won": int((sums["ensemble"] < sums["conflictology"])[some].sum()),
            "won_log": int((logs["ensemble"] < logs["conflictology"])[some].sum()),
        },
        "sahel": rows,
        "coverage_by_magnitude": by_magnitude(
            np.concatenate([m["draws"].reshape(-1, m["draws"].shape[-1]) for m in made]),
            np.concatenate([m["observed"].ravel() for m in made]),
            edges=EDGES,
            rng=np.random.default_rng(0),
        ),
    }


def might_have_been(made: list[dict[str, Any]], rng: np.random.Generator) -> dict[str, float]:
    """Return ratios of years in which other countries had weighed most.

    A year's ratio is ruled by two or three wars, and years are few. Each year is scored again 400 times
    with random weights of countries (exponential: the Bayesian bootstrap; Rubin 1981, doi
    10.1214/aos/1176345338). What is bad in one year in a hundred of these is less of an accident than the
    worst year that happened to be.
    """
    out, weights = {}, rng.exponential(size=(400, len(made[0]["observed"])))
    for k, name in enumerate(("ratio", "log_ratio")):
        ours, theirs = (
            np.stack([weights @ m["scores"][n][k].sum(axis=1) for m in made])
            for n in ("ensemble", "conflictology")
        )
        found = ours / theirs
        out |= {f"{name}_{q}": round(float(np.quantile(found, q / 100)), 4) for q in (50, 95, 99)}
        out[f"{name}_above_103"] = round(float((found > 1.03).mean()), 4)
    return out


def main() -> None:
    """Run the years and write the JSON."""
    flags = parser(__doc__, name="country_month", years="2015-2021")
    flags.add_argument(
        "--panel", type=Path, required=True, help="Parquet: month_end, country, best_all_types"
    )
    flags.add_argument("--sahel", default="Mali,Burkina Faso,Niger", help="countries scored apart")
    flags.add_argument("--threads", type=int, default=2, help="members that compute at once")
    flags = flags.parse_args()
    started, panel, ensemble = time.monotonic(), read(flags.panel), Ensemble(threads=flags.threads)
    sahel = [name for name in flags.sahel.split(",") if name in panel.units]
    years, made = {}, []
    for year in years_of(flags.years):
        made.append(one_year(panel, year, flags, ensemble))
        years[str(year)] = account(made[-1], panel.units, sahel)
        row = years[str(year)]
        print(
            f"{year}: ratio {row['ratio']}, log {row['log_ratio']}, coverage {row['coverage90']}", flush=True
        )
    kinds = {k: geometric([y["by_kind"][k]["ratio"] for y in years.values()]) for k in KINDS}
    results = {
        "years": years,
        **summary(years),
        "by_kind": kinds,
        **over_all(made, panel.units, sahel),
        "might_have_been": might_have_been(made, np.random.default_rng(flags.seed)),
        "tuned": TUNED,
    }
    write(results, flags, started)


if __name__ == "__main__":
    main()
