"""How forecasts of single theatres did on the past of real countries, beside last-year resampling.

Each country is a theatre of its own: the pool of `toguna.forecasts.outlook` knows that country's months and
nothing of others. One row for each last month of data; the record behind it has 24 origins, every third
month, steps 1 to 12.

    python -m bench.outlook --panel FILE [--until 2014-12,2021-12] [--json FILE]

The table holds country, month_end and best_all_types, one row for each country and month.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.record import RESULTS, save
from toguna.forecasts.outlook.chain import chain_of
from toguna.forecasts.outlook.layers import Layer
from toguna.forecasts.outlook.pool import LEAST_HISTORY
from toguna.forecasts.outlook.record import EVERY_RECORD, MOST_RECORD, records_of

STEPS = tuple(range(1, 13))
FEWEST_DEATHS = 200
"""Of a country in the months its record covers: below, nearly every count is 0."""
TUNED = (
    "Ridge and bands were looked at on the 24 countries with most deaths, months up to December 2014 "
    "(docs/decisions/0033); later rows were run once, after that."
)


def counts_of(path: Path) -> tuple[dict[str, np.ndarray], int]:
    """Deaths by country and month, and the number of the first month."""
    table = pl.read_parquet(path)
    day = pl.col("month_end").cast(pl.Date)
    table = table.with_columns(month=(day.dt.year().cast(pl.Int64) - 1980) * 12 + day.dt.month())
    first, last = int(table["month"].min()), int(table["month"].max())  # type: ignore[arg-type]
    out = {}
    for (name,), own in table.group_by("country"):
        counts = np.zeros(last - first + 1)
        np.add.at(counts, own["month"].to_numpy() - first, own["best_all_types"].fill_null(0).to_numpy())
        out[str(name)] = counts
    return dict(sorted(out.items())), first


def one(counts: np.ndarray, first: int, seed: int) -> dict[str, Any]:
    """The record of one country."""
    layer = Layer("country", ("it",), np.zeros(1, np.int64), {"deaths": counts[None]}, np.zeros((1, 1), bool))
    last = len(counts) - 1
    chain = chain_of((layer,), "deaths", steps=STEPS, settled=last, seed=seed, trees=False)
    return records_of(chain, first=first)[0].as_dict()


def row(told: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Over all countries: geometric means of ratios, countries won, coverage."""

    def ratio(key: str) -> dict[str, float]:
        return {name: r[key] / r[f"{key}_last_year"] for name, r in told.items() if r[f"{key}_last_year"]}

    plain, log = ratio("crps"), ratio("crps_log1p")
    worst = max(plain, key=lambda name: plain[name])
    sahel = {
        n: [round(plain[n], 3), round(log[n], 3)] for n in ("Mali", "Niger", "Burkina Faso") if n in plain
    }
    return {
        "countries": len(told),
        "ratio": round(float(np.exp(np.mean(np.log(list(plain.values()))))), 4),
        "log_ratio": round(float(np.exp(np.mean(np.log(list(log.values()))))), 4),
        "won": sum(v < 1 for v in plain.values()),
        "worst": [worst, round(plain[worst], 3)],
        "sahel": sahel,
        **{
            name: round(float(np.mean([r[key] for r in told.values()])), 4)
            for name, key in (
                ("coverage_before", "coverage@0.9_before"),
                ("coverage", "coverage@0.9"),
                ("coverage_pit", "coverage_pit@0.9"),
            )
        },
    }


def main() -> None:
    """Run every last month asked for and write the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--panel", type=Path, required=True)
    parser.add_argument("--until", default="2014-12,2021-12", help="last months of data, with commas")
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--json", type=Path, default=RESULTS / "outlook.json")
    flags = parser.parse_args()
    started = time.monotonic()
    series, first = counts_of(flags.panel)
    rows, processor = {}, time.process_time()
    for until in flags.until.split(","):
        end = (int(until[:4]) - 1980) * 12 + int(until[5:]) - first + 1
        looked = EVERY_RECORD * MOST_RECORD
        kept = {n: c[:end] for n, c in series.items() if c[max(0, end - looked) : end].sum() >= FEWEST_DEATHS}
        told = {n: one(c, first, flags.seed) for n, c in kept.items() if len(c) > LEAST_HISTORY}
        rows[until] = row(told)
        print(until, rows[until], flush=True)
    seconds = round((time.process_time() - processor) / sum(r["countries"] for r in rows.values()), 2)
    results = {"until": rows, "tuned": TUNED, "processor_seconds_a_country": seconds}
    save(flags.json, results, seed=flags.seed, started=started)


if __name__ == "__main__":
    main()
