"""Several releases in one home: from files to what counts at a date."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest

from toguna.cli.app import run
from toguna.core.types import Deaths, Snapshot
from toguna.events.freshness import suspicions
from toguna.events.gather import Gathered, gather
from toguna.events.ingest import ingest
from toguna.events.viewpoint import VIEWPOINTS
from toguna.sources.ucdp_versions import term
from toguna.store.home import Home
from toguna.store.scaffold import new_theatre
from toguna.store.theatre import Theatre, load_theatre

COLUMNS = [
    *("event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1", "actor2"),
    *("iso", "country", "admin1", "location", "latitude", "longitude", "geo_precision", "fatalities"),
    "timestamp",
]


@pytest.fixture
def theatre(tmp_path: Path) -> Theatre:
    new_theatre(tmp_path / "pack", "small")
    settings = tmp_path / "pack" / "theatre.toml"
    head, rest = settings.read_text(encoding="utf-8").split("countries = [", 1)
    text = head + 'countries = ["MLI", "NER"' + rest[rest.index("]") :]
    settings.write_text(text, encoding="utf-8")
    return load_theatre(tmp_path / "pack")


def acled(path: Path, country: str, days: dict[str, str], written: date) -> Path:
    """Write an export: id to day, all rows last written on one day."""
    stamp = int(datetime(written.year, written.month, written.day, tzinfo=UTC).timestamp())
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(COLUMNS)
        iso = {"Mali": 466, "Niger": 562}[country]
        for id, day in days.items():
            what = (id, day, 1, "Battles", "Armed clash", "Group A", "Army", iso, country)
            out.writerow([*what, "Gao", "Gao", 16.3, 0.0, 1, 2, stamp])
    return path


def exports(folder: Path) -> list[Path]:
    old = {"M1": "2015-01-01", "M2": "2015-01-10", "M3": "2015-01-20", "M4": "2015-03-01"}
    new = {"M1": "2015-01-02", "M3": "2015-01-20", "M5": "2015-01-12"}
    return [
        acled(folder / "mali-old.csv", "Mali", old, date(2015, 6, 1)),
        acled(folder / "mali-new.csv", "Mali", new, date(2015, 8, 1)),
        acled(folder / "niger.csv", "Niger", {"N1": "2015-02-01"}, date(2015, 7, 1)),
    ]


def home_of(folder: Path, *files: Path) -> Home:
    home = Home(folder)
    for file in files:
        ingest("acled", file, home)
    return home


def said(gathered: Gathered) -> tuple:
    return gathered.events.to_dicts(), gathered.accounts, gathered.findings


def test_exports_of_countries_and_renewals_count_together(tmp_path: Path, theatre: Theatre) -> None:
    home = home_of(tmp_path / "home", *exports(tmp_path))
    found = gather(theatre, as_of=date(2015, 9, 1), sources=["acled"], home=home)
    assert sorted(found.events["event_id"]) == [f"acled:{n}" for n in ("M1", "M3", "M4", "M5", "N1")]
    moved = found.events.filter(pl.col("event_id") == "acled:M1")["date_start"].to_list()
    assert moved == [date(2015, 1, 2)]
    assert sum(a.read for a in found.accounts) == 8
    for account in found.accounts:
        assert account.read == account.accepted + account.quarantined + account.superseded
    assert sum(a.deaths.best for a in found.accounts) == found.events["best"].sum() == 10
    assert {f.code for f in found.findings} >= {"event-withdrawn", "event-in-two-releases"}


def test_order_of_ingestion_means_nothing(tmp_path: Path, theatre: Theatre) -> None:
    files = exports(tmp_path)
    told = [
        said(gather(theatre, as_of=date(2015, 9, 1), home=home_of(tmp_path / f"home{k}", *order)))
        for k, order in enumerate(permutations(files))
    ]
    assert all(each == told[0] for each in told)
    again = home_of(tmp_path / "home0", *files)
    assert said(gather(theatre, as_of=date(2015, 9, 1), home=again)) == told[0]


def test_what_came_later_changes_nothing(tmp_path: Path, theatre: Theatre) -> None:
    files = exports(tmp_path)
    everything, known = home_of(tmp_path / "all", *files), home_of(tmp_path / "known", files[0], files[2])
    for rule in VIEWPOINTS.values():
        told = [
            said(gather(theatre, as_of=date(2015, 7, 15), home=home, viewpoint=rule))
            for home in (everything, known)
        ]
        assert told[0] == told[1]
        assert len(told[0][0]) == 5


def test_tables_of_two_names_stand_side_by_side(tmp_path: Path, theatre: Theatre) -> None:
    home = Home(tmp_path / "home")
    for name, version, day, ids in (
        ("North desk", "1", "2015-06-01", "ab"),
        ("North desk", "2", "2015-07-01", "bc"),
        ("South desk", "1", "2015-06-01", "a"),
    ):
        file = tmp_path / f"{name[0]}{version}.csv"
        rows = "".join(f"{i},2015-01-0{k},Mali,1\n" for k, i in enumerate(ids, start=1))
        file.write_text("id,date,country,dead\n" + rows, encoding="utf-8")
        file.with_name(file.name + ".mapping.toml").write_text(
            f'[table]\nname = "{name}"\nversion = "{version}"\npublished_at = {day}\nid = "id"\n'
            '[columns]\ndate_start = "date"\ncountry = "country"\nbest = "dead"\n',
            encoding="utf-8",
        )
        assert ingest("table", file, home).status == "new"
    found = gather(theatre, as_of=date(2015, 9, 1), sources=["table"], home=home)
    assert [(a.source, a.version) for a in found.accounts] == [
        ("table:north-desk", "2"),
        ("table:south-desk", "1"),
    ]
    assert dict(found.events.select("event_id", "source").iter_rows()) == {
        "table:north-desk:b": "table:north-desk",
        "table:north-desk:c": "table:north-desk",
        "table:south-desk:a": "table:south-desk",
    }


def release(version: str, rows: int, last: date, published: date) -> Snapshot:
    return Snapshot(
        "ucdp", version, version * 8, "f", "", "", published, "", rows, Deaths(rows, rows, rows),
        first_day=date(1989, 1, 1), last_day=last,
    )  # fmt: skip


def test_an_old_file_under_a_new_name_is_told() -> None:
    old = release("23.1", 20_000, date(2022, 12, 31), date(2023, 6, 30))
    good = release("24.1", 21_000, date(2023, 12, 31), date(2024, 6, 30))
    stale = release("24.1", 20_000, date(2022, 12, 31), date(2024, 6, 30))
    small = release("24.1", 900, date(2023, 12, 30), date(2024, 6, 30))

    def told(*line: Snapshot) -> list[tuple[str, str]]:
        found = suspicions([(s, term(s.version)) for s in line], whole=True)
        return [(f.code, f.severity) for f in found]

    assert told(old, good) == []
    assert told(stale) == [("release-stale", "failure")]
    assert told(old, stale) == [("release-stale", "failure")] * 2
    assert told(old, small) == [("release-smaller", "failure")]
    candidate = release("24.0.3", 900, date(2024, 2, 28), date(2024, 4, 30))
    assert told(old, candidate) == [("release-stale", "note")]


def test_the_very_bytes_under_another_version_are_told(tmp_path: Path, capsys) -> None:
    row = {"id": "1", "type_of_violence": "1", "country": "Mali", "country_id": "432", "best": "3"}
    row |= {"side_a": "A", "side_b": "B", "low": "3", "high": "3", "latitude": "16.2", "longitude": "0.1"}
    row |= {"date_start": "2022-05-01", "date_end": "2022-05-01", "date_prec": "1", "where_prec": "1"}
    text = "\n".join([",".join(row), ",".join(row.values())])
    for version in ("23_1", "24_1"):
        (tmp_path / f"GEDEvent_v{version}.csv").write_text(text, encoding="utf-8")
    home = Home(tmp_path / "home")
    first, second = (ingest("ucdp", tmp_path / f"GEDEvent_v{v}.csv", home) for v in ("23_1", "24_1"))
    assert "release-stale" not in {f.code for f in first.findings}
    assert (second.status, second.findings[0].code) == ("already-held", "release-stale")
    assert "GEDEvent_v24_1.csv" in second.findings[0].found
    path = str(tmp_path / "GEDEvent_v24_1.csv")
    assert run(["ingest", "ucdp", path, "--home", str(tmp_path / "home")]) == 0
    assert "release-stale" in capsys.readouterr().err


GED = (
    "id,date_start,date_end,type_of_violence,side_a,side_b,country,latitude,longitude,best,low,high,"
    "where_prec"
)


def ged(path: Path, rows: int) -> Path:
    day = "2015-08-07,2015-08-07,1,Government of Mali,AQIM,Mali,16.2,0.05,2,2,2,1"
    path.write_text("\n".join([GED, *(f"{n},{day}" for n in range(rows))]) + "\n", encoding="utf-8")
    return path


def test_a_part_is_told_though_a_preliminary_release_came_later(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    ingest("ucdp", ged(tmp_path / "GEDEvent_v21_1.csv", 40), home)
    ingest("ucdp", ged(tmp_path / "GEDEvent_v23_0_10.csv", 30), home)
    account = ingest("ucdp", ged(tmp_path / "GEDEvent_v23_1.csv", 4), home)
    assert "release-smaller" in {f.code for f in account.findings}
