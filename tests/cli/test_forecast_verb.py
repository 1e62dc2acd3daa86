"""``toguna forecast`` and ``toguna score`` on the Mali pack and on tables of one's own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from toguna.store.theatre import shipped_folder

ASKED = ("--theatre", "mali", "--as-of", "2014-12-31", "--draws", "100", "--months", "6")


def deaths_by_month(months: range) -> list[int]:
    """Deaths in Mali in months of 2015, added up from the pack's own rows."""
    with (shipped_folder() / "mali" / "incidents.csv").open(encoding="utf-8") as stream:
        rows = [r for r in csv.DictReader(stream) if r["country"] == "MLI" and not r["within"]]
    return [
        sum(
            int(r["deaths_best"] or 0)
            for r in rows
            if (r["date_end"] or r["date_start"])[:7] == f"2015-{m:02d}"
        )
        for m in months
    ]


def test_a_forecast_is_saved_and_scored_later(toguna, tmp_path: Path) -> None:
    home = tmp_path / "home"
    said = toguna("forecast", *ASKED, "--target", "deaths", "--save", "--json", "--quiet")
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    assert told["origin"] == "2014-12" and told["source"] == "chronology"
    assert {(r["level"], r["unit"]) for r in told["forecasts"]} >= {("country", "MLI"), ("admin1", "MLI/Gao")}
    assert all(record["record"]["origins"] >= 3 for record in told["records"])
    again = json.loads(toguna("forecast", *ASKED, "--target", "deaths", "--save", "--json", "--quiet").out)
    assert again == told

    early = toguna("score", "--theatre", "mali", "--as-of", "2015-01-20", "--quiet")
    assert "No month after its origin" in early.out
    scored = json.loads(
        toguna("score", "--theatre", "mali", "--as-of", "2015-11-24", "--json", "--quiet").out
    )
    (one,) = scored["forecasts"]
    assert (one["digest"], one["until"]) == (told["saved"], "2015-06")
    whole = next(r for r in one["scores"] if r["level"] == "country" and r["step"] is None)
    assert whole["cases"] == 6
    draws = pl.read_parquet(home / "forecasts" / f"{told['saved']}.parquet").filter(level="country")
    by_hand = [
        abs(x - y).mean() - abs(x[:, None] - x[None]).mean() / 2
        for x, y in zip(map(np.array, draws["draws"]), deaths_by_month(range(1, 7)), strict=True)
    ]
    assert whole["forecast"]["crps"] == pytest.approx(np.mean(by_hand), abs=1e-5)
    plain = toguna("score", "--theatre", "mali", "--as-of", "2015-11-24", "--lang", "fr", "--quiet").out
    assert "année passée" in plain and "l’intervalle à 90" in plain


def test_words_in_both_languages(toguna) -> None:
    english = toguna("forecast", *ASKED, "--level", "country", "--quiet").out
    assert "repeating last year" in english and "Dec 2014; 36 months are on record" in english
    french = toguna("forecast", *ASKED, "--level", "country", "--quiet", "--lang", "fr").out
    assert "en répétant l’année passée" in french and "juin 2015" in french


def test_a_place_before_its_first_month_says_why(toguna) -> None:
    said = toguna("forecast", "--theatre", "mali", "--as-of", "2012-01-20", "--quiet")
    assert said.code == 0 and "Nothing can be forecast" in said.out
    refused = toguna("forecast", "--theatre", "mali", "--as-of", "2012-01-20", "--quiet", "--save")
    assert refused.code == 2 and "no forecast to save" in refused.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("forecast", *ASKED, "--level", "admin"), "did you mean"),
        (("forecast", *ASKED, "--target", "death"), "did you mean"),
        (("forecast", *ASKED, "--trees"), "trees need"),
        (("score", "--actuals", "x.csv"), "name a FILE"),
        (("score", "x.csv"), "--actuals FILE"),
    ],
)
def test_misuse_is_explained(toguna, words, told) -> None:
    said = toguna(*words, "--quiet")
    assert said.code == 2
    assert told in said.err


def write(path: Path, rows: list[dict[str, object]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def test_a_table_of_draws_is_scored_beside_last_year(toguna, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    counts = [
        {"unit": u, "month": f"20{14 + t // 12}-{t % 12 + 1:02d}", "count": int(rng.poisson(4))}
        for u in "ab"
        for t in range(18)
    ]
    draws = [
        {"unit": u, "month": f"2015-{step:02d}", "step": step, "draw": k, "value": int(rng.poisson(4))}
        for u in "abc"
        for step in (1, 2, 3)
        for k in range(50)
    ]
    files = write(tmp_path / "draws.csv", draws), "--actuals", write(tmp_path / "counts.csv", counts)
    said = toguna("score", *files, "--json", "--quiet")
    assert said.code == 0
    told = json.loads(said.out)
    assert told["not_scored"] == 3  # nothing is known of unit c
    whole = told["scores"][0]
    assert whole["cases"] == 6 and [r["step"] for r in told["scores"]] == [None, 1, 2, 3]
    value = {(r["unit"], r["month"]): r["count"] for r in counts}
    by_hand = []
    for unit in "ab":
        for step in (1, 2, 3):
            x = np.array([r["value"] for r in draws if (r["unit"], r["step"]) == (unit, step)])
            y = value[unit, f"2015-{step:02d}"]
            by_hand.append(abs(x - y).mean() - abs(x[:, None] - x[None]).mean() / 2)
    assert whole["forecast"]["crps"] == pytest.approx(np.mean(by_hand), abs=1e-6)
    year = []
    for unit in "ab":
        x = np.array([value[unit, f"2014-{m:02d}"] for m in range(1, 13)])
        for step in (1, 2, 3):
            y = value[unit, f"2015-{step:02d}"]
            year.append(abs(x - y).mean() - abs(x[:, None] - x[None]).mean() / 2)
    assert whole["last_year"]["crps"] == pytest.approx(np.mean(year), abs=1e-6)


@pytest.mark.parametrize(
    ("draws", "counts", "told"),
    [
        ("unit,month\na,1\n", "unit,month,count\na,1,2\n", "no column for value"),
        ("unit,month,value\na,1,x\n", "unit,month,count\na,1,2\n", "no number"),
        ("unit,month,value\na,May,1\n", "unit,month,count\na,1,2\n", "neither a number"),
        ("unit,month,value\na,1,1\n", "unit,month,count\na,1,2\na,1,3\n", "one count for each"),
        ("unit,month,value\na,1,1\n", "", "cannot be read"),
        ("unit,month,value\na,1,1\n", "unit,month,count\nb,1,2\n", "written alike"),
    ],
)
def test_tables_that_cannot_be_scored_say_why(toguna, tmp_path: Path, draws, counts, told) -> None:
    for name, text in (("d.csv", draws), ("c.csv", counts)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = toguna("score", str(tmp_path / "d.csv"), "--actuals", str(tmp_path / "c.csv"), "--quiet")
    assert said.code in (2, 3)
    assert told in said.err
