"""ACLED exports: made-up rows in old and new columns, with and without HXL tags."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from toguna.core.countries import by_gwno, by_name, by_number
from toguna.core.findings import stops
from toguna.core.names import EVENT_SCHEMA
from toguna.events.gather import gather
from toguna.events.ingest import ingest
from toguna.sources.acled import SOURCE
from toguna.sources.protocol import RawFile
from toguna.store.home import Home
from toguna.store.theatre import load_theatre

SECRET = "a sentence that might name a person"
FULL = {
    "event_id_cnty": "XYZ1",
    "event_date": "2015-03-07",
    "year": "2015",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Violence against civilians",
    "sub_event_type": "Attack",
    "actor1": "Group A",
    "assoc_actor_1": "Faction B; Faction C",
    "inter1": "Rebel group",
    "actor2": "Civilians (Mali)",
    "assoc_actor_2": "Farmers (Mali)",
    "inter2": "Civilians",
    "interaction": "Rebel group-Civilians",
    "civilian_targeting": "Civilian targeting",
    "iso": "466",
    "region": "Western Africa",
    "country": "Mali",
    "admin1": "Timbuktu",
    "admin2": "Gao",
    "admin3": "",
    "location": "Gao",
    "latitude": "16.27",
    "longitude": "-0.04",
    "geo_precision": "2",
    "source": "A paper",
    "source_scale": "National",
    "notes": SECRET,
    "fatalities": "3",
    "tags": "",
    "timestamp": "1572403790",
}


def write(path: Path, *rows: dict[str, str], tags: bool = False) -> Path:
    names = list(rows[0])
    with path.open("w", encoding="utf-8", newline="") as stream:
        sheet = csv.writer(stream, lineterminator="\n")
        sheet.writerow(names)
        if tags:
            sheet.writerow([f"#event+{name}" for name in names])
        sheet.writerows([row[name] for name in names] for row in rows)
    return path


def parse(path: Path) -> tuple[RawFile, list[dict[str, object]]]:
    raw = SOURCE.read(path)
    assert not stops(raw.findings), raw.findings
    parsed = SOURCE.parse(raw, theatre=None)
    assert parsed.events.schema == EVENT_SCHEMA and parsed.events.height == raw.frame.height
    return raw, parsed.events.to_dicts()


def test_a_full_row(tmp_path: Path) -> None:
    raw, (event,) = parse(write(tmp_path / "a.csv", FULL))
    assert raw.findings == ()
    assert (raw.version, raw.published_at) == ("2019-10-30", date(2019, 10, 30))
    expected = {
        "event_id": "acled:XYZ1",
        "date_start": date(2015, 3, 7),
        "date_end": date(2015, 3, 7),
        "date_prec": 1,
        "published_at": date(2019, 10, 30),
        "violence": None,
        "event_type": "Violence against civilians",
        "tactic": None,
        "target": None,
        "setting": None,
        "perpetrators": ["Group A", "Faction B", "Faction C"],
        "side_a": "Group A",
        "side_b": "Civilians (Mali)",
        "best": 3,
        "low": 3,
        "high": 3,
        "country": "MLI",
        "where_prec": 2,
        "place": "Gao",
        "note": "Attack",
        "source_urls": [],
    }
    assert {name: event[name] for name in expected} == expected
    assert SECRET not in str(event)


@pytest.mark.parametrize("tags", [False, True])
def test_tags_are_no_row(tmp_path: Path, tags: bool) -> None:
    raw, events = parse(write(tmp_path / "a.csv", FULL, {**FULL, "event_id_cnty": "XYZ2"}, tags=tags))
    assert raw.frame.height == 2
    assert [e["row"] for e in events] == [1, 2]


def test_tags_alone_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(FULL) + "\n" + ",".join(f"#x+{n}" for n in FULL) + "\n", encoding="utf-8")
    assert [f.code for f in SOURCE.read(path).findings] == ["file-empty"]


@pytest.mark.parametrize(
    "told", ["2015-03-07", "07 March 2015", "7 March 2015", "07-March-2015", "07-Mar-2015"]
)
def test_days_as_exports_write_them(tmp_path: Path, told: str) -> None:
    _, (event,) = parse(write(tmp_path / "a.csv", {**FULL, "event_date": told}))
    assert event["date_start"] == date(2015, 3, 7)


@pytest.mark.parametrize(
    ("code", "prec", "last"),
    [("1", 1, date(2015, 2, 7)), ("2", 3, date(2015, 2, 13)), ("3", 4, date(2015, 2, 28)), ("9", -1, None)],
)
def test_vague_days_reach_as_far_as_they_can_mean(
    tmp_path: Path, code: str, prec: int, last: date | None
) -> None:
    row = {**FULL, "event_date": "2015-02-07", "time_precision": code, "timestamp": ""}
    _, (event,) = parse(write(tmp_path / "a.csv", row))
    assert (event["date_prec"], event["date_end"]) == (prec, last or date(2015, 2, 7))
    assert event["published_at"] == event["date_end"]


@pytest.mark.parametrize(("code", "prec"), [("1", 1), ("2", 2), ("3", 4), ("7", -1), ("", None)])
def test_precision_of_places(tmp_path: Path, code: str, prec: int | None) -> None:
    _, (event,) = parse(write(tmp_path / "a.csv", {**FULL, "geo_precision": code}))
    assert event["where_prec"] == prec


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("Battles", ["Group A", "Faction B", "Faction C", "Group D", "Ally E"]),
        ("Battle-No change of territory", ["Group A", "Faction B", "Faction C", "Group D", "Ally E"]),
        ("Explosions/Remote violence", ["Group A", "Faction B", "Faction C"]),
        ("Protests", ["Group A", "Faction B", "Faction C"]),
    ],
)
def test_who_acted(tmp_path: Path, kind: str, named: list[str]) -> None:
    row = {**FULL, "event_type": kind, "actor2": "Group D", "assoc_actor_2": " Ally E;"}
    _, (event,) = parse(write(tmp_path / "a.csv", row))
    assert (event["perpetrators"], event["event_type"]) == (named, kind)


@pytest.mark.parametrize(
    ("iso", "name", "code"),
    [
        ("466", "", "MLI"),
        ("466.0", "", "MLI"),
        ("MLI", "", "MLI"),
        ("mli", "", "MLI"),
        ("004", "", "AFG"),
        ("", "Mali", "MLI"),
        ("0", "Kosovo", "XKX"),
        ("275", "Palestine", "PSE"),
        ("", "Atlantis", None),
    ],
)
def test_countries(tmp_path: Path, iso: str, name: str, code: str | None) -> None:
    _, (event,) = parse(write(tmp_path / "a.csv", {**FULL, "iso": iso, "country": name}))
    assert event["country"] == code


def test_numbers_of_countries_agree_with_the_names() -> None:
    assert by_number()[466] == by_name()["mali"] == by_gwno()[432]
    assert set(by_gwno().values()) - set(by_number().values()) == {"XKX"}


def test_older_columns(tmp_path: Path) -> None:
    row = {k.upper(): v for k, v in FULL.items() if k not in ("event_id_cnty", "assoc_actor_1")}
    row |= {"DATA_ID": "77", "EVENT_ID_NO_CNTY": "1", "ALLY_ACTOR_1": "Faction B"}
    raw, (event,) = parse(write(tmp_path / "a.csv", row))
    assert raw.findings == ()
    assert (event["event_id"], event["perpetrators"]) == ("acled:77", ["Group A", "Faction B"])


def test_fewer_columns_are_used_and_told(tmp_path: Path) -> None:
    kept = (
        "event_id_cnty",
        "event_date",
        "event_type",
        "actor1",
        "latitude",
        "longitude",
        "fatalities",
        "country",
    )
    raw, (event,) = parse(write(tmp_path / "a.csv", {k: FULL[k] for k in kept} | {"mine": "x"}))
    codes = [f.code for f in raw.findings]
    assert codes == ["columns-absent"] * 7 + ["columns-extra", "publication-unknown"]
    assert (raw.version, raw.published_at) == ("", None)
    assert (event["best"], event["date_prec"], event["published_at"]) == (3, None, date(2015, 3, 7))


@pytest.mark.parametrize("lost", ["event_date", "fatalities", "actor1", "event_id_cnty"])
def test_other_tables_are_refused(tmp_path: Path, lost: str) -> None:
    path = write(tmp_path / "a.csv", {k: v for k, v in FULL.items() if k != lost})
    assert "file-not-acled" in {f.code for f in SOURCE.read(path).findings if f.severity == "stop"}


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    bad = {
        "id-missing": {"event_id_cnty": ""},
        "date-unreadable": {"event_id_cnty": "B", "event_date": "07/03/2015"},
        "deaths-not-a-number": {"event_id_cnty": "C", "fatalities": "2.5"},
        "deaths-negative": {"event_id_cnty": "D", "fatalities": "-1"},
        "precision-unknown": {"event_id_cnty": "E", "geo_precision": "9"},
        "coordinates-outside": {"event_id_cnty": "F", "latitude": "99"},
    }
    path = write(tmp_path / "a.csv", FULL, *({**FULL, **change} for change in bad.values()), tags=True)
    account = ingest("acled", path, Home(tmp_path / "kit"))
    assert (account.read, account.accepted, account.quarantined) == (7, 1, 6)
    told = {(f.code, f.row, f.field) for f in account.findings}
    assert ("date-unreadable", 3, "event_date") in told
    assert ("deaths-not-a-number", 4, "fatalities") in told
    assert ("precision-unknown", 6, "geo_precision") in told
    assert {"id-missing", "deaths-negative"} <= {code for code, *_ in told}


def test_codes_that_are_no_numbers_are_told_once(tmp_path: Path) -> None:
    row = {**FULL, "time_precision": "about", "geo_precision": "near"}
    account = ingest("acled", write(tmp_path / "a.csv", row), Home(tmp_path / "kit"))
    told = sorted((f.code, f.field) for f in account.findings)
    assert told == [("precision-unknown", "geo_precision"), ("precision-unknown", "time_precision")]


def test_a_theatre_takes_its_countries_and_its_spellings(tmp_path: Path) -> None:
    elsewhere = {**FULL, "event_id_cnty": "XYZ2", "iso": "562", "country": "Niger"}
    home = Home(tmp_path / "kit")
    ingest("acled", write(tmp_path / "a.csv", FULL, elsewhere), home)
    theatre = load_theatre("mali")
    then = gather(theatre, as_of=date(2019, 10, 29), sources=["acled"], home=home)
    assert [a.vintage for a in then.accounts] == ["final vintage, pseudo-real-time"]
    found = gather(theatre, as_of=date(2020, 1, 1), sources=["acled"], home=home)
    assert found.events["event_id"].to_list() == ["acled:XYZ1"]
    assert found.events["admin1"].to_list() == ["Tombouctou"]
    (account,) = found.accounts
    assert account.redistribute is False and account.as_dict()["redistribute"] is False
    assert account.vintage == "as published"


def test_typed_cells_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    typed = {"iso": [466], "fatalities": [3.0], "event_date": [date(2015, 3, 7)], "timestamp": [1572403790]}
    pl.DataFrame({**{k: [v] for k, v in FULL.items()}, **typed}).write_parquet(path)
    raw, (event,) = parse(path)
    assert raw.published_at == date(2019, 10, 30)
    assert (event["country"], event["best"], event["date_start"]) == ("MLI", 3, date(2015, 3, 7))
