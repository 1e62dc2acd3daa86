"""The page of the forecasts' scores, from bench/results; losses are said as losses.

Nothing here knows an outcome: every word about better or worse is computed from the numbers.
"""

from __future__ import annotations

from statistics import geometric_mean
from typing import Any

from generators.benchmarks import ABSENT, load, table

Results = dict[str, Any]


def page() -> str:
    """Return the page of all scored forecasts."""
    country, design = load("country_month"), load("country_month_design")
    views, grid = load("views_challenge"), load("grid_month")
    chosen = [found for year in (1999, 2008) if (found := load(f"grid_month_design_{year}"))]
    return (
        _HEAD
        + "## Country-months, all deaths\n\n"
        + (_country(country) if country else ABSENT)
        + "\n## The years it was designed on\n\n"
        + (_design(design) if design else ABSENT)
        + "\n## State-based deaths, beside the VIEWS challenge\n\n"
        + (_views(views) if views else ABSENT)
        + "\n## PRIO-GRID cells, Africa and the Middle East\n\n"
        + (_grid(grid) if grid else ABSENT)
        + "\n### The years it was designed on\n\n"
        + "Members, regimes and penalties were chosen on these years (in two runs): they flatter "
        + "(what was tried: [first](decisions/0055-cells-correct-a-resampling.md), "
        + "[last](decisions/0100-chains-of-levels-for-cells.md)).\n\n"
        + (_grid_design(chosen) if chosen else ABSENT)
    )


_HEAD = """# Forecasts: how good they are

From October of the year before, January to December of each year (steps 3 to 14), on a final release of the
data: "final vintage, pseudo-real-time". Ratios below 1 are better than the baseline.
[Method](methods/forecasts.md); [what must not be done with it](models/index.md). Made by

```sh
.venv/bin/python -m bench.country_month --panel FILE --years 2015-2021
.venv/bin/python -m bench.views_challenge --actuals FILE --history FILE --events FILE --benchmark FILE
.venv/bin/python -m bench.grid_month --events FILE --years 2016-2020
```

Coverage is that of the 90 % interval by randomised PIT: 0.90 for a calibrated forecast of counts. The closed
interval, beside it, holds more than it claims wherever most counts are 0.

"""


def _number(value: Any, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _goal(found: Results, key: str, most: float, said: str) -> str:
    value = found[key]
    met = value is not None and value <= most
    return f"- {said}: {_number(value, 4)}, {'met' if met else '**missed**'} (at most {most:g})\n"


def _made(found: Results) -> str:
    made, cpu = found["made_with"], found.get("cpu_seconds")
    spent = f"{found['seconds']:.0f} s" + (f" ({cpu:.0f} s of processors)" if cpu else "")
    return (
        f"*Made with Toguna {made['toguna']}, Python {made['python']}, seed {made['seed']}, "
        f"{made['draws']} draws, {spent}.* {found['tuned']}\n\n"
    )


def _might_have_been(found: Results) -> str:
    row = found.get("might_have_been")
    if not row:
        return ""
    return (
        "Had other countries weighed most (each year scored again 400 times with random weights of "
        f"countries): one year in twenty above {_number(row['ratio_95'])}, one in a hundred above "
        f"{_number(row['ratio_99'])}, {row['ratio_above_103']:.1%} of years above 1.03; log1p "
        f"{_number(row['log_ratio_95'])}, {_number(row['log_ratio_99'])}, "
        f"{row['log_ratio_above_103']:.1%}.\n\n"
    )


def _country(found: Results) -> str:
    rows: list[list[object]] = [
        [
            year,
            _number(y["crps"]["conflictology"], 2),
            _number(y["crps"]["ensemble"], 2),
            _number(y["ratio"]),
            _number(y["log_ratio"]),
            _number(y["coverage90"]),
            _number(y["coverage90_closed"]),
            _number(y["coverage90_where_deaths"]),
            f"{y['countries_won']} of {y['countries_with_deaths']}",
        ]
        for year, y in found["years"].items()
    ]
    head = ["year", "CRPS, conflictology", "ensemble", "ratio", "ratio, log1p"]
    head += ["coverage", "closed interval", "where deaths", "countries won"]
    goals = (
        _goal(found, "geometric_mean_ratio", 0.89, "geometric mean of the ratios")
        + _goal(found, "geometric_mean_log_ratio", 0.94, "the same for log1p")
        + _goal(found, "worst_ratio", 1.0, "worst year")
        + _countries(found)
    )
    return (
        _made(found)
        + table(head, rows)
        + "\nGoals set before:\n\n"
        + goals
        + "\n"
        + _might_have_been(found)
        + _models(found)
        + _kinds(found)
        + _decided(found)
        + _magnitudes(found)
    )


def _countries(found: Results) -> str:
    c = found["countries"]
    sahel = "; ".join(
        f"{name} {_number(row['ratio'])} (log1p {_number(row['log_ratio'])})"
        for name, row in found["sahel"].items()
        if row["ratio"] is not None
    )
    lost = [n for n, row in found["sahel"].items() if row["ratio"] is not None and row["ratio"] >= 1]
    return (
        f"- countries with any death, won over all years: {c['won']} of {c['with_deaths']} by CRPS, "
        f"{c['won_log']} by log1p\n- Sahel, over all years: {sahel}"
        + (f"; **lost**: {', '.join(lost)}" if lost else "; none lost")
        + "\n"
    )


def _models(found: Results) -> str:
    """Every model beside conflictology, by geometric mean over the years."""
    import math

    years = list(found["years"].values())
    rows: list[list[object]] = []
    for name in sorted(years[0]["crps"]):
        both = []
        for key in ("crps", "log_crps"):
            logs = [math.log(y[key][name] / y[key]["conflictology"]) for y in years]
            both += [_number(math.exp(sum(logs) / len(logs))), _number(math.exp(max(logs)))]
        rows.append([f"`{name}`", *both])
    head = ["model", "ratio, geometric mean", "worst year", "log1p, geometric mean", "worst year"]
    return "Every model beside conflictology:\n\n" + table(head, rows) + "\n"


def _kinds(found: Results) -> str:
    years = found["years"].values()
    rows: list[list[object]] = [
        [
            kind,
            sum(
                y["by_kind"][kind].get("country_months", y["by_kind"][kind].get("cell_months", 0))
                for y in years
            ),
            _number(found["by_kind"][kind]),
        ]
        for kind in found["by_kind"]
    ]
    said = (
        "By what the month turned out to be (geometric mean of yearly ratios). Cases chosen by their outcome "
        "are no fair test: who always cries wolf wins the onsets. They show where the gain is not. Where "
        "last-year resampling is the baseline it scores 0 in peace and cannot be beaten there."
    )
    return said + "\n\n" + table(["kind", "months", "ratio"], rows) + "\n"


def _months(row: Results) -> int:
    return int(row.get("country_months", row.get("cell_months", 0)))


def _decided(found: Results) -> str:
    rows: list[list[object]] = [
        [year, "; ".join(f"{n} {100 * g:+.1f}" for n, g in y["decided_by"].items())]
        for year, y in found["years"].items()
    ]
    return (
        "What decided each year: gain (+) or loss (-) as a percentage of that year's score of the "
        "baseline.\n\n" + table(["year", "five largest"], rows) + "\n"
    )


def _magnitudes(found: Results) -> str:
    rows: list[list[object]] = [
        [
            f"{r['from']:g} to {'any' if r['below'] is None else format(r['below'], 'g')}",
            r["cases"],
            _number(r.get("held")),
            f"{_number(r.get('low'))}-{_number(r.get('high'))}",
            _number(r.get("under")),
            _number(r.get("over")),
        ]
        for r in found["coverage_by_magnitude"]
    ]
    head = ["95 % quantile of the forecast", "months", "interval held", "limits", "below it", "above it"]
    return "The 90 % interval by the size of the forecast:\n\n" + table(head, rows)


def _design(found: Results) -> str:
    rows: list[list[object]] = [
        [year, *(_number(y[k]) for k in ("ratio", "log_ratio", "coverage90")), y["past_origins"]]
        for year, y in found["years"].items()
    ]
    return (
        "Members, regimes and penalties were chosen on these years: they flatter.\n\n"
        + table(["year", "ratio", "ratio, log1p", "coverage", "past origins"], rows)
        + f"\nGeometric means {_number(found['geometric_mean_ratio'])} and "
        f"{_number(found['geometric_mean_log_ratio'])}; worst years {_number(found['worst_ratio'])} and "
        f"{_number(found['worst_log_ratio'])}.\n\n" + _might_have_been(found) + _countries(found)
    )


def _views(found: Results) -> str:
    names = list(next(iter(found["years"].values()))["crps"])
    rows: list[list[object]] = [
        [year, *(_number(y["crps"][n], 2) for n in names), *map(_number, (y["ratio"], y["log_ratio"]))]
        for year, y in found["years"].items()
    ]
    pooled = ["all", *(_number(found["pooled_crps"][n], 2) for n in names)]
    pooled += [_number(found["geometric_mean_ratio"]), _number(found["geometric_mean_log_ratio"])]
    return (
        _made(found)
        + table(["window", *(f"`{n}`" for n in names), "ratio", "ratio, log1p"], [*rows, pooled])
        + f"\nAgainst the official benchmark in these windows: worst {_number(found['worst_ratio'])}.\n\n"
        + _board(found)
    )


def _board(found: Results) -> str:
    if not found.get("scoreboard"):
        return ""
    ours, year = found["pooled_crps"]["ensemble"], list(found["years"])
    rows: list[list[object]] = [
        [f"`{r['model']}`", r["actuals"], _number(r["CRPS_hist"], 1), _number(r["CRPS_tf"], 1)]
        for r in found["scoreboard"]
        if r["CRPS_hist"] is not None and r["CRPS_hist"] < 100
    ]
    return (
        "Published scores of the challenge (those below 100), for comparison. Ours over "
        f"{year[0]}-{year[-1]}: {ours:.1f}. Theirs pool other windows as well, so only the order of size "
        "compares.\n\n" + table(["model", "actuals", "CRPS, historical windows", "CRPS, true future"], rows)
    )


def _grid(found: Results) -> str:
    names = list(next(iter(found["years"].values()))["crps"])
    rows: list[list[object]] = [
        [
            year,
            *(_number(y["crps"][n], 4) for n in names),
            f"`{y['best_baseline']}`",
            _number(y["ratio"]),
            _number(y["log_ratio"]),
            _number(y["coverage90"]),
        ]
        for year, y in found["years"].items()
    ]
    head = ["year", *(f"`{n}`" for n in names), "best baseline", "ratio", "ratio, log1p", "coverage"]
    return (
        _made(found)
        + f"{found['cells']:,} cells, {found['peak_gb']:.1f} GB at the peak. The best baseline is chosen "
        "after the fact, each year anew.\n\n"
        + table(head, rows)
        + "\n"
        + _goal(found, "geometric_mean_ratio", 0.87, "geometric mean of the ratios")
        + f"- worst year: {_number(found['worst_ratio'])}; for log1p {_number(found['worst_log_ratio'])}\n"
        + ("\n" + _kinds(found) if "by_kind" in found else "")
    )


def _grid_design(parts: list[Results]) -> str:
    years = {year: y for found in parts for year, y in found["years"].items()}
    rows: list[list[object]] = [
        [year, f"`{y['best_baseline']}`", *map(_number, (y["ratio"], y["log_ratio"], y["coverage90"]))]
        for year, y in years.items()
    ]
    means, worst = (
        [_number(of([y[k] for y in years.values()])) for k in ("ratio", "log_ratio")]
        for of in (geometric_mean, max)
    )
    return (
        table(["year", "best baseline", "ratio", "ratio, log1p", "coverage"], rows)
        + f"\nGeometric means {' and '.join(means)}; worst years {' and '.join(worst)}.\n"
    )
