"""State-based deaths by country and month, beside the official benchmark of the VIEWS challenge.

From October of the year before, January to December of each window. The official benchmark is given as
draws ("last 12 months"), and scored from the very draws that were published.

The target is at hand from November 2016. For months before, state-based deaths are summed from UCDP GED
events with `--events` (where_prec 1-2, about two thirds of all), multiplied by the ratio of both sources
in the months that both cover up to the first origin asked for. Nothing after an origin is used.

    python -m bench.views_challenge --actuals FILE --history FILE --events FILE --benchmark FILE
        [--scoreboard FILE] [--years 2018-2021] [--json FILE]
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
    Floats,
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
from toguna.core.countries import by_name
from toguna.core.text import fold
from toguna.forecasts.ensemble import Ensemble
from toguna.forecasts.history import History
from toguna.forecasts.outcomes import KINDS, kind_of
from toguna.forecasts.resampling import past_months
from toguna.forecasts.support import draws_from
from toguna.scores.interval import interval_score

FIRST = january(1989)
TUNED = (
    "Nothing was tuned here: members, regimes and ridge are those of bench.country_month. Weights of each "
    "window are fitted on past Octobers only, with outcomes up to its own October."
)
Units = list[int]
OTHER_NAMES = {"Congo, DRC": "COD", "Solomon Is.": "SLB"}


def code(name: str) -> str | None:
    """ISO code of "DR Congo (Zaire)" or "Yemen"; None when it is not known."""
    known = by_name()
    if name in OTHER_NAMES:
        return OTHER_NAMES[name]
    found = (known.get(fold(part.strip(" )"))) for part in (name, *name.split("(")))
    return next((iso for iso in found if iso), None)


def read(flags: argparse.Namespace) -> tuple[Units, Floats, Floats, int]:
    """Return countries, the target (U, T) since 1989 (NaN: not at hand), GED sums (U, T), first month."""
    target = pl.read_parquet(flags.history)
    units = sorted(target["country_id"].unique().to_list())
    place = {unit: i for i, unit in enumerate(units)}
    months = int(target["month_id"].max()) - FIRST + 1  # type: ignore[arg-type]
    known, ged = np.full((len(units), months), np.nan), np.zeros((len(units), months))
    u = [place[i] for i in target["country_id"]]
    known[u, target["month_id"].to_numpy() - FIRST] = target["ged_sb"].to_numpy()
    if flags.events:
        named = target.unique("country_id").select("country_id", "name").rows()
        own = {code(name): place[i] for i, name in named if code(name)}
        events = pl.read_parquet(flags.events).filter(pl.col("type_of_violence") == 1)
        for name, year, month, best in events.select("country", "year", "month", "best").iter_rows():
            t = (year - 1980) * 12 + month - FIRST
            if (i := own.get(code(name))) is not None and t < months and best is not None:
                ged[i, t] += best
    return units, known, ged, int(target["month_id"].min())  # type: ignore[arg-type]


def joined(data: tuple[Units, Floats, Floats, int], origin: int) -> Floats:
    """Join both sources, the older one scaled by what was known at a first origin (index)."""
    _, known, ged, first = data
    start = first - FIRST
    both = slice(start, origin + 1)
    below = float(ged[:, both].sum())
    out = np.rint(ged * (float(known[:, both].sum()) / below if below > 0 else 1.0))
    out[:, start:] = known[:, start:]
    return np.asarray(out)


def official(path: Path, year: int, units: Units) -> Floats:
    """Return the published draws of a window, (U, 12, S)."""
    table = pl.read_parquet(path).filter(pl.col("window") == year).sort("country_id", "month_id", "draw")
    table = table.filter(pl.col("country_id").is_in(units))
    return table["outcome"].to_numpy().astype(float).reshape(len(units), 12, -1)


def one_year(
    counts: Floats, units: Units, *, year: int, flags: argparse.Namespace, ensemble: Ensemble
) -> dict[str, Any]:
    """Forecast and score one window."""
    actuals = pl.read_parquet(flags.actuals).filter(pl.col("window") == year).sort("country_id", "month_id")
    observed = actuals["ged_sb"].to_numpy().astype(float).reshape(len(units), 12)
    history = History(counts[:, : january(year) - 2 - FIRST])
    rng = np.random.default_rng([flags.seed, year])
    pool = ensemble.pool(history, STEPS)
    draws = {
        "ensemble": draws_from(pool.chances, flags.draws, rng),
        "own_last_12": np.repeat(history.last(12)[:, None], 12, axis=1),
        "last_60": draws_from(past_months(60)(history, STEPS), flags.draws, rng),
        "zero": np.zeros((*observed.shape, 1)),
    }
    if flags.benchmark:
        draws["conflictology"] = official(flags.benchmark, year, units)
    reference = "conflictology" if flags.benchmark else "own_last_12"
    scores = {name: scored(d, observed) for name, d in draws.items()}
    (ours, ours_log), (theirs, theirs_log) = scores["ensemble"], scores[reference]
    kinds, some = kind_of(history, observed), (observed > 0).any(axis=1)
    gain = (theirs - ours).sum(axis=1)
    names = dict(actuals.select("country_id", "name").iter_rows())
    return {
        "crps": {n: round(float(s[0].mean()), 4) for n, s in scores.items()},
        "log_crps": {n: round(float(s[1].mean()), 5) for n, s in scores.items()},
        "mis90": {n: share(interval_score(d, observed, level=0.9)) for n, d in draws.items()},
        "compared_with": reference,
        "ratio": ratio(ours, theirs),
        "log_ratio": ratio(ours_log, theirs_log),
        **held(draws["ensemble"], observed, rng),
        "by_kind": {
            kind: {
                "country_months": int((kinds == k).sum()),
                "ratio": ratio(ours[kinds == k], theirs[kinds == k]),
            }
            for k, kind in enumerate(KINDS)
        },
        "countries_with_deaths": int(some.sum()),
        "countries_won": int((gain[some] > 0).sum()),
        "decided_by": {
            names[units[i]]: round(float(gain[i] / theirs.sum()), 4) for i in np.argsort(-np.abs(gain))[:5]
        },
        "past_origins": pool.origins,
    }


def published(path: Path | None) -> dict[str, Any]:
    """Return published scores of the country-month level, if the scoreboard is at hand."""
    if path is None:
        return {}
    table = pl.read_csv(path).filter(pl.col("level") == "cm").sort("CRPS_hist")
    return {"scoreboard": table.select("model", "actuals", "CRPS_hist", "CRPS_tf").to_dicts()}


def main() -> None:
    """Run the windows and write the JSON."""
    flags = parser(__doc__, name="views_challenge", years="2018-2021")
    for name, needed in (("actuals", True), ("history", True), ("events", False), ("benchmark", False)):
        flags.add_argument(f"--{name}", type=Path, required=needed)
    flags.add_argument("--scoreboard", type=Path)
    flags.add_argument("--threads", type=int, default=2, help="members that compute at once")
    flags = flags.parse_args()
    started, data, ensemble = time.monotonic(), read(flags), Ensemble(threads=flags.threads)
    wanted, years = years_of(flags.years), {}
    counts = joined(data, january(min(wanted)) - 3 - FIRST)
    for year in wanted:
        row = one_year(counts, data[0], year=year, flags=flags, ensemble=ensemble)
        years[str(year)] = row
        print(f"{year}: ratio {row['ratio']}, log {row['log_ratio']}, crps {row['crps']}", flush=True)
    names = next(iter(years.values()))["crps"]
    pooled = {n: round(float(np.mean([y["crps"][n] for y in years.values()])), 4) for n in names}
    kinds = {k: geometric([y["by_kind"][k]["ratio"] for y in years.values()]) for k in KINDS}
    extra = {"pooled_crps": pooled, "by_kind": kinds, **published(flags.scoreboard), "tuned": TUNED}
    write({"years": years, **summary(years), **extra}, flags, started)


if __name__ == "__main__":
    main()
