"""From an export of ACLED to every file of an assessment: no cell of a row leaves the house."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest
from pypdf import PdfReader

from toguna.cli.app import run

MARK = "Zqx"
TEXTS = ("sub_event_type", "assoc_actor_1", "actor2", "location", "source", "notes", "tags")


def row(number: int, **changed: str) -> dict[str, str]:
    day = date(2013, 6, 1) + timedelta(days=17 * number)
    return {
        **{name: f"{MARK}{name}{number}" for name in TEXTS},
        "event_id_cnty": f"MLI{number}",
        "event_date": day.isoformat(),
        "time_precision": "1",
        "event_type": "Battles" if number % 2 else "Violence against civilians",
        "actor1": f"{MARK} front of {number}" if number % 3 else "AQIM",
        "iso": "466",
        "country": "Mali",
        "admin1": "Gao",  # counts by area are no rows: names of areas may be told
        "latitude": f"{14 + number % 4}.5",
        "longitude": f"-{number % 5}.25",
        "geo_precision": "1",
        "fatalities": str(number % 7),
        "timestamp": "1447000000",
        **changed,
    }


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bad = [
        row(50, event_date=f"{MARK}day"),
        row(51, fatalities=f"{MARK}many", event_id_cnty=""),
        row(52, location=f"<b>{MARK}markup</b>", actor1=f"={MARK}formula()"),
        row(53, event_id_cnty="MLI1"),
    ]
    path = tmp_path_factory.mktemp("export") / "acled.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        sheet = csv.DictWriter(stream, list(row(0)), lineterminator="\n")
        sheet.writeheader()
        sheet.writerows([*(row(i) for i in range(45)), *bad])
    return path


def text_of(path: Path) -> str:
    """What a file says, whatever its kind."""
    if path.suffix == ".pdf":
        return "\n".join(page.extract_text() for page in PdfReader(path).pages)
    if path.suffix == ".docx":
        with ZipFile(path) as parts:
            return "\n".join(
                parts.read(name).decode("utf-8")
                for name in parts.namelist()
                if name.endswith((".xml", ".rels"))
            )
    if path.suffix == ".parquet":
        return json.dumps(pl.read_parquet(path).to_dicts(), ensure_ascii=False, default=str)
    return path.read_text(encoding="utf-8")


def test_no_cell_of_acled_is_in_any_file(
    export: Path, tmp_path: Path, quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    home, out = ("--home", str(tmp_path / "home")), tmp_path / "out"
    run(["ingest", "acled", str(export), *home, "--quiet"])
    assert MARK in capsys.readouterr().err, "at home the analyst sees the cell that is wrong"
    words = ["assess", "--theatre", "mali", "--as-of", "2015-11-24", "--source", "acled", *home, "--quiet"]
    assert run([*words, "--out", str(out)]) == 0
    printed = capsys.readouterr()
    assert MARK not in printed.out + printed.err
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {
        ".html",
        ".pdf",
        ".docx",
        ".json",
        ".csv",
        ".geojson",
        ".parquet",
    }
    leaks = [path.name for path in files if MARK.casefold() in text_of(path).casefold()]
    assert leaks == []
    found = json.loads((out / "assessment.json").read_text(encoding="utf-8"))
    (account,) = [a for a in found["data"] if a["source"] == "acled"]
    assert account["redistribute"] is False and account["accepted"] >= 40
    withheld = [f for f in found["findings"] if "may not be passed on" in f["found"]]
    assert {"date-unreadable", "actor-unresolved", "id-missing"} <= {f["code"] for f in withheld}
    assert any("acled:MLI50" in f["found"] for f in withheld), "which row it is is said"
    for name in ["acled", "window/recent/acled", *{f["code"] for f in found["findings"]}]:
        assert run(["why", name, "--in", str(out)]) == 0
    printed = capsys.readouterr()
    assert MARK.casefold() not in (printed.out + printed.err).casefold()
    assert "acled:MLI" in printed.out and "withheld" in printed.out
    assert run(["brief", str(out)]) == 2, "the rows are not in the folder"
