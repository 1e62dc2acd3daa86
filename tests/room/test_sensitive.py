"""What may not leave the house does not: every file of an assessment is scanned for planted secrets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, cast

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pypdf import PdfReader

from toguna.cli.app import run
from toguna.core.grading import is_restricted
from toguna.core.names import EVENT_SCHEMA, empty_events
from toguna.events.ingest import ingest
from toguna.events.revisions import revisions
from toguna.room.disclosure import guarded, kept_back
from toguna.room.exports import export
from toguna.room.folder import read_assessment, read_events
from toguna.room.situation import changed
from toguna.room.view import Question, View, collect, windows_of
from toguna.room.why import known_ids, why
from toguna.shifts.population import for_tests
from toguna.store.home import Home
from toguna.store.theatre import load_theatre

AS_OF = "2015-11-24"
PERSONS = ("REPORTER-SECRET", "76 12 34", "secret@example.org")
SEVERE = ("SEVERE-SECRET", "15.987654", "-3.123987", "severetown")
MODERATE = ("MODERATE-SECRET", "14.876543", "-4.321876", "moderatetown", "2015-10-17", "reports:2002")
FIELDS = (
    "_id", "_submission_time", "username", "phonenumber", "consent", "incident_date", "region", "place",
    "point", "event_type", "tactic", "target", "setting", "killed", "description", "reliability",
    "credibility", "sensitivity",
)  # fmt: skip


def _row(number: int, **changes: str) -> dict[str, str]:
    day = changes.get("incident_date", f"2015-{1 + number % 11:02d}-{1 + number % 28:02d}")
    return {
        "_id": str(1000 + number), "_submission_time": f"{day}T12:00:00",
        "username": f"REPORTER-SECRET-{number % 5}", "phonenumber": f"76 12 34 0{number % 5}",
        "consent": "yes", "incident_date": day, "region": "Mopti" if number % 2 else "Gao",
        "place": f"Place {number}", "point": f"{14 + number / 50} {-4 + number / 50} 0 0",
        "event_type": "armed_attack", "tactic": "ambush", "target": "national_forces", "setting": "road",
        "killed": "1", "description": f"Report {number}.", "reliability": "B", "credibility": "2",
        "sensitivity": "low", **changes,
    }  # fmt: skip


def _export(path: Path) -> Path:
    rows = [_row(n) for n in range(30)]
    rows += [
        _row(40, _id="2001", sensitivity="severe", description="SEVERE-SECRET-1", place="Severetown",
             point="15.987654 -3.123987 0 0", killed="907", incident_date="2015-09-13"),
        _row(41, _id="2002", sensitivity="moderate", description="MODERATE-SECRET-1", place="Moderatetown",
             point="14.876543 -4.321876 0 0", incident_date="2015-10-17"),
        _row(42, _id="2003", sensitivity="who knows", description="SEVERE-SECRET-2",
             killed="SEVERE-SECRET"),
        _row(43, _id="2004", sensitivity="high", description="SEVERE-SECRET-3", region="Gao",
             setting="SEVERE-SECRET", killed="several SEVERE-SECRET"),
        _row(44, _id="2005", reliability="E", killed="2",
             description="Seen by REPORTER-SECRET-4, 76 12 34 04."),
        _row(45, _id="2006", description="Write to secret@example.org."),
    ]  # fmt: skip
    return _written(path, rows)


def _written(path: Path, rows: list[dict[str, str]], fields: tuple[str, ...] = FIELDS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fields, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, little_effort: Callable[[], AbstractContextManager[None]]
) -> Path:
    """A home with reports of every class, and an assessment of it with pages."""
    folder = tmp_path_factory.mktemp("sensitive")
    with little_effort():
        home = ["--home", str(folder / "home"), "--quiet"]
        assert run(["ingest", "reports", str(_export(folder / "export.csv")), *home]) == 1
        theatre = ["--theatre", "mali", "--as-of", AS_OF]
        out = str(folder / "out")
        assert run(["assess", *theatre, "--source", "reports", "--out", out, *home]) == 0
        assert run(["export", *theatre, "--out", str(folder / "data"), *home]) == 0
    return folder


def _texts(path: Path) -> Iterator[str]:
    yield path.read_bytes().decode("utf-8", errors="replace")
    if path.name == "briefing.en.pdf":  # the French one is typeset from the same blocks
        yield "\n".join(page.extract_text() for page in PdfReader(path).pages)
    if path.suffix == ".parquet":
        yield pl.read_parquet(path).write_json()


def _assert_clean(text: str, where: object) -> None:
    found = [s for s in (*PERSONS, *SEVERE, *MODERATE) if s.casefold() in text.casefold()]
    assert not found, (where, found)


def test_no_file_holds_a_secret(place: Path) -> None:
    files = [p for part in ("out", "data") for p in sorted((place / part).rglob("*")) if p.is_file()]
    assert {p.suffix for p in files} >= {".html", ".pdf", ".json", ".csv", ".geojson", ".parquet", ".graphml"}
    for path in files:
        for text in _texts(path):
            _assert_clean(text, path.name)
    # The scan can find something: what may be told is there.
    assert "Place 7" in (place / "out" / "data" / "events.csv").read_text(encoding="utf-8")


def test_the_home_holds_no_person(place: Path) -> None:
    for path in sorted((place / "home").rglob("*")):
        for text in _texts(path) if path.is_file() else ():
            assert not [s for s in PERSONS if s in text], path.name


def test_why_answers_without_a_secret(place: Path) -> None:
    assessment, events = read_assessment(place / "out"), read_events(place / "out")
    ids = known_ids(assessment, events)
    assert "reports:m0001" in ids and "reports:2005" in ids
    for id in ids:
        _assert_clean(json.dumps(why(assessment, events, id).as_dict()), id)
    assert "graded E2, confidence low" in why(assessment, events, "reports:2005").text
    assert "told by region and month" in why(assessment, events, "reports:m0001").text


def test_what_is_held_back_is_counted(place: Path) -> None:
    assessment = read_assessment(place / "out")
    # Row 2003 has deaths in words and is in quarantine; of the others two may not leave: too few for a sum.
    assert assessment["notes"]["kept_back"] == [
        {"source": "reports", "rows": 2, "coarsened": 1, "deaths": None, "areas": {}}
    ]
    account = assessment["data"][0]
    assert (account["read"], account["accepted"], account["quarantined"]) == (36, 35, 1)
    assert (account["events"], account["deaths"]["best"]) == (33, 30 + 1 + 2 + 1)
    notice = (place / "out" / "data" / "WITHHELD.txt").read_text(encoding="utf-8")
    assert "2 rows of class high or severe" in notice and "RAPPORTS SENSIBLES" in notice
    page = (place / "out" / "briefing.fr.html").read_text(encoding="utf-8")
    assert "sortir de l’organisation" in page
    assert "ne comptent pas dans les tests" in page or "ne compte pas dans les tests" in page


def test_a_moderate_report_bears_region_and_month(place: Path) -> None:
    row = read_events(place / "out").filter(pl.col("sensitivity") == "moderate").to_dicts()
    assert len(row) == 1
    told = {name: value for name, value in row[0].items() if value not in (None, [])}
    assert told["date_start"] == date(2015, 10, 1) and told["date_end"] == date(2015, 10, 31)
    assert (told["date_prec"], told["where_prec"], told["admin1"]) == (4, 4, "Mopti")
    assert not {"place", "admin2", "note", "row", "reporter", "gid"} & set(told)


def test_in_the_house_a_finding_is_whole(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(place / "home"), "--quiet"]
    run(["check", "--theatre", "mali", "--as-of", AS_OF, "--source", "reports", *home])
    assert "several SEVERE-SECRET" in capsys.readouterr().out
    assert run(["reports", "--json", *home]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sum(r["reports"] for r in told) == 35 and len(told) == 5
    assert all(r["reporter"].startswith("R-") for r in told)


def _events(*rows: dict[str, object]) -> pl.DataFrame:
    base = {
        "source": "reports", "date_start": date(2015, 3, 9), "date_end": date(2015, 3, 9), "best": 1,
        "published_at": date(2015, 3, 10), "admin1": "Mopti", "perpetrators": [], "source_urls": [],
        "reporter": "R-1", "reliability": "B", "credibility": 2, "confidence": "high",
    }  # fmt: skip
    full = [{"event_id": f"reports:{n}", "row": n, **base, **row} for n, row in enumerate(rows, start=1)]
    return pl.DataFrame([{n: r.get(n) for n in EVENT_SCHEMA} for r in full], schema=EVENT_SCHEMA)


def test_guarding_twice_changes_nothing() -> None:
    theatre = load_theatre("mali")
    events = _events({"sensitivity": "moderate", "lat": 14.5, "lon": -4.0}, {"sensitivity": "low"},
                     {"sensitivity": "moderate", "admin1": "Gao"}, {"sensitivity": "severe"})  # fmt: skip
    once = guarded(events, theatre)
    assert once.height == 3 and once.filter(is_restricted())["lat"].null_count() == 0
    assert_frame_equal(guarded(once), once)
    assert_frame_equal(guarded(once, theatre), once)


def test_a_row_inside_a_hidden_one_counts_by_itself() -> None:
    events = _events({"sensitivity": "severe"}, {"sensitivity": "low", "within": "reports:1"},
                     {"sensitivity": "moderate", "within": "reports:2"})  # fmt: skip
    assert guarded(events).select("event_id", "within").rows() == [("reports:2", None)]


@pytest.mark.parametrize(
    ("areas", "deaths", "told"),
    [
        ({"Mopti": 2}, None, {}),
        ({"Mopti": 3}, 3, {"Mopti": 3}),
        ({"Mopti": 5, "Gao": 1}, 6, {}),  # Gao would be the difference
        ({"Mopti": 5, "Gao": 3, "Kidal": 2}, 10, {"Mopti": 5}),
        ({"Mopti": 5, "Gao": 2, "Kidal": 2}, 9, {"Mopti": 5}),
    ],
)
def test_no_sum_of_fewer_than_three_can_be_worked_out(
    areas: dict[str, int], deaths: int | None, told: dict[str, int]
) -> None:
    rows = [{"sensitivity": "high", "admin1": name} for name, n in areas.items() for _ in range(n)]
    kept = kept_back(_events(*rows))[0]
    assert (kept.rows, kept.deaths, kept.areas) == (sum(areas.values()), deaths, told)


def test_export_by_itself_holds_back_too(place: Path, tmp_path: Path) -> None:
    """A program that calls `export` with rows of its own gets no further than the command line."""
    raw = _events(
        {"sensitivity": "severe", "note": "SEVERE-SECRET"},
        {"sensitivity": "nonsense"},
        {"sensitivity": "moderate", "note": "MODERATE-SECRET", "place": "Moderatetown"},
    )
    export(read_assessment(place / "out"), raw, tmp_path)
    for path in tmp_path.iterdir():
        for text in _texts(path):
            _assert_clean(text, path.name)
    stream = io.StringIO((tmp_path / "events.csv").read_text(encoding="utf-8"))
    assert [row["event_id"] for row in csv.DictReader(stream)][1:] == ["reports:m0001"]


def test_little_trusted_reports_are_shown_and_not_tested(place: Path) -> None:
    events = read_events(place / "out")
    assert "reports:2005" in events["event_id"] and "reports:2005" not in for_tests(events)["event_id"]
    ungraded = _events({"sensitivity": None, "reliability": None, "credibility": None, "confidence": "low"})
    assert for_tests(ungraded).height == 1  # the word of another source is no grade
    assert for_tests(empty_events()).is_empty()
    shifts = [*read_assessment(place / "out")["shifts"], *read_assessment(place / "out")["tested"]]
    assert shifts and not any("reports:2005" in s["event_ids"] for s in shifts)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> View:
    """Reports exported twice; the second time a severe and a moderate one tell of more deaths."""
    folder = tmp_path_factory.mktemp("twice")
    home = Home(folder / "home")
    for name, killed in (("first.csv", "1"), ("second.csv", "907")):
        rows = [_row(n) for n in range(6)]
        rows += [_row(40, sensitivity="severe", killed=killed)]
        rows += [_row(41, sensitivity="moderate", killed=killed)]
        rows += [_row(50, _submission_time="2015-11-20T12:00:00")] if name == "second.csv" else []
        ingest("reports", _written(folder / name, rows), home)
    theatre = load_theatre("mali")
    windows = windows_of(theatre, date.fromisoformat(AS_OF))
    question = Question(theatre, windows, ("reports",), home)
    return View(question, collect(question), cast(Any, None), [])


def test_accounts_of_several_exports_count_every_report_once(twice: View) -> None:
    first, second = twice.collected.gathered.accounts
    assert (first.superseded, first.events, second.events) == (8, 0, 8)
    assert second.deaths.best == twice.told["best"].sum() == 7 + 907


def test_changes_between_exports_tell_nothing_of_sensitive_reports(twice: View) -> None:
    question = twice.question
    assert question.home is not None
    in_the_house = revisions(question.home, "reports", as_of=question.as_of, theatre=question.theatre)
    assert [r.deaths["best"].up_by for r in in_the_house] == [2 * 906]
    assert changed(twice) == []


def test_nothing_is_stated_on_a_number_that_passes(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = ["--by", "analyst", "--reason", "One attack.", "--source-url", "https://example.org/1"]
    view = ["--theatre", "mali", "--as-of", AS_OF, "--home", str(place / "home"), "--quiet"]
    assert run(["links", "confirm", "reports:m0001", "reports:2005", *said, *view]) == 2
    assert "of this output alone" in capsys.readouterr().err


def test_sums_over_kept_reports_are_in_no_finding(tmp_path: Path) -> None:
    point = {"region": "", "point": "10.0 5.0 0 0", "place_known": "region", "sensitivity": "severe"}
    rows = [*(_row(n, **point, killed="907") for n in range(12)), _row(20)]
    home = Home(tmp_path / "home")
    fields = (*FIELDS, "place_known")
    ingest("reports", _written(tmp_path / "reports.csv", rows, fields), home)
    theatre = load_theatre("mali")
    question = Question(theatre, windows_of(theatre, date.fromisoformat(AS_OF)), ("reports",), home)
    in_the_house = " ".join(f.found for f in collect(question, in_the_house=True).findings)
    assert "12 of 13 events" in in_the_house and "10.0, 5.0" in in_the_house
    told = " ".join(f.found for f in collect(question).findings)
    assert "12 of 13" not in told and "10.0, 5.0" not in told
