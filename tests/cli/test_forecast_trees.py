"""``toguna forecast --trees`` on eleven made years: a run that succeeds, and what trees say in it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from toguna.forecasts.outlook import pool

HEAD = (
    "id,date_start,date_end,date_prec,year,country,type_of_violence,side_a,side_b,latitude,longitude,"
    "where_prec,low,best,high\n"
)
YEARS = range(2004, 2015)
WORDS = ("--theatre", "mali", "--as-of", "2015-01-01", "--source", "ucdp", "--level", "grid")


@pytest.fixture
def ged(tmp_path: Path, toguna) -> None:
    """Twenty-four cells of Mali whose violence comes and goes, all with an event in the first month."""
    rng, rows = np.random.default_rng(7), []
    level = rng.normal(-0.5, 1.0, 24)
    for t, month in enumerate((y, m) for y in YEARS for m in range(1, 13)):
        level += rng.normal(0, 0.3, 24) - 0.1 * (level + 0.5)
        for cell in range(24):
            deaths = 1 if t == 0 else int(rng.poisson(np.exp(level[cell])))
            if deaths:
                lat, lon = 13.25 + 0.5 * (cell // 6), -4.75 + 0.5 * (cell % 6)
                day = f"{month[0]}-{month[1]:02d}-15"
                rows.append(
                    f"{len(rows) + 1},{day},{day},1,{month[0]},Mali,1,Government of Mali,AQIM,{lat},{lon},1,"
                    f"{deaths},{deaths},{deaths}\n"
                )
    path = tmp_path / "GEDEvent_v15_1.csv"
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    assert toguna("ingest", "ucdp", str(path), "--quiet").code == 0


def test_trees_speak_where_there_are_many_units_and_years(
    toguna, ged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "WITH_TREES", (96, 12, 3))  # fewer past origins: seconds
    said = toguna(
        "forecast",
        *WORDS,
        "--target",
        "deaths",
        "--months",
        "1",
        "--draws",
        "50",
        "--trees",
        "--json",
        "--quiet",
    )
    assert said.code == 0, said.err
    told = json.loads(said.out)
    records = {record["level"]: record for record in told["records"]}
    country, grid = ({n for d in records[k]["drivers"] for n in d["weights"]} for k in ("country", "grid"))
    assert grid - country == {"beside", "exceedance", "relative"}, (
        "one country alone has too few units for trees"
    )
    weight = np.mean(
        [d["weights"]["exceedance"] + d["weights"]["relative"] for d in records["grid"]["drivers"]]
    )
    assert 0.02 < weight < 0.98
    assert any("trees" in d["parts"] and d["parts"]["trees"] != 0 for d in records["grid"]["drivers"])
    record = records["grid"]["record"]
    assert record["origins"] >= 3 and record["crps"] < record["crps_last_year"], (
        "levels here revert and drift"
    )
    rows = {level: [r for r in told["forecasts"] if r["level"] == level] for level in ("country", "grid")}
    assert len(rows["grid"]) >= 24
    assert sum(r["mean"] for r in rows["grid"]) == pytest.approx(rows["country"][0]["mean"], abs=0.05)
