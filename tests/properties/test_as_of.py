"""What was published after the date of an assessment does not change a byte of it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from shelves import shelf

from toguna.core.dates import parse_partial
from toguna.core.digest import canonical_json
from toguna.core.names import EVENT_SCHEMA
from toguna.events.gather import FINAL_VINTAGE, gather
from toguna.events.links import Ruling, link
from toguna.events.revisions import revisions
from toguna.room.situation import situation
from toguna.room.view import Question, look, windows_of
from toguna.store.home import Home
from toguna.store.theatre import load_theatre, shipped_folder

FIRST_DAY = {
    "incidents": "date_start",
    "actors": "active_from",
    "relations": "from_date",
    "responses": "date_start",
    "drivers": "year",
    "forces": "from",
}


def is_later(row: dict[str, str], column: str, as_of: date) -> bool:
    """Whether a row tells of something that began after the date."""
    day = parse_partial(row[column]) if row[column] else None
    return day is not None and day.first > as_of


def forget(pack: Path, as_of: date) -> int:
    """Delete every row that is dated after `as_of`; return how many."""
    gone = 0
    for table, column in FIRST_DAY.items():
        path = pack / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            columns, rows = list(reader.fieldnames or ()), list(reader)
        kept = [row for row in rows if not is_later(row, column, as_of)]
        gone += len(rows) - len(kept)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            writer.writerows(kept)
    return gone


def assessed(pack: Path, as_of: date, home: Home | None = None) -> str:
    theatre = load_theatre(pack)
    view = look(Question(theatre=theatre, windows=windows_of(theatre, as_of), home=home))
    return canonical_json(situation(view, generated_at=""), indent=1)


DATES = date(2014, 12, 31), date(2015, 8, 7)


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, little_effort: Callable[[], AbstractContextManager[None]]
) -> dict[date, str]:
    """What is said at two dates while the pack holds what came later, too."""
    pack = tmp_path_factory.mktemp("whole") / "mali"
    shutil.copytree(shipped_folder() / "mali", pack)
    with little_effort():
        said = {as_of: assessed(pack, as_of) for as_of in DATES}
    assert str(pack.parent) not in "".join(said.values())
    return said


@pytest.mark.parametrize("as_of", DATES, ids=str)
def test_later_rows_change_nothing(as_of: date, whole: dict[date, str], quick: None, tmp_path: Path) -> None:
    pack = tmp_path / "mali"
    shutil.copytree(shipped_folder() / "mali", pack)
    assert forget(pack, as_of) > 20
    after = assessed(pack, as_of)
    old, new = json.loads(whole[as_of]), json.loads(after)
    assert {key for key in old if old[key] != new[key]} == set()
    assert after == whole[as_of]


def test_the_date_does_matter(whole: dict[date, str]) -> None:
    """The test above would pass if nothing were read: two dates must differ."""
    early, late = (json.loads(whole[as_of]) for as_of in DATES)
    assert early["events_counted"] < late["events_counted"]
    assert early["run"]["digest"] != late["run"]["digest"]


def test_later_releases_rows_and_statements_change_nothing(quick: None, tmp_path: Path) -> None:
    """Five sources: yearly and monthly releases, exports, edited reports, a table of dated rows, links."""
    as_of = date(2015, 8, 7)
    pack = tmp_path / "mali"
    shutil.copytree(shipped_folder() / "mali", pack)
    before = assessed(pack, as_of, shelf(tmp_path / "all"))
    forget(pack, as_of)
    after = assessed(pack, as_of, shelf(tmp_path / "then", until=as_of))
    old, new = json.loads(before), json.loads(after)
    assert {key for key in old if old[key] != new[key]} == set()
    assert after == before
    assert {a["source"] for a in old["data"]} == {"chronology", "acled", "reports", "table:desk", "ucdp"}
    assert {s for s, told in old["completeness"].items() if told["known"]} == {"reports", "table:desk"}
    assert {r["source"] for r in old["revisions"]} == {"acled", "table:desk", "ucdp"}
    assert len(old["incidents"]["statements"]) == 1 and old["incidents"]["several_sources"]


def test_rows_that_say_when_they_were_known_are_believed(tmp_path: Path) -> None:
    """A table is named that came later as a whole: its rows still count from their own day only."""
    as_of, theatre, told = date(2014, 9, 1), load_theatre("mali"), []
    for name, until in (("all", None), ("then", as_of)):
        home = shelf(tmp_path / name, until=until, only="table")
        found = gather(theatre, as_of=as_of, sources=["table"], home=home)
        told.append((found.events.to_dicts(), found.accounts, found.findings))
    assert told[0] == told[1]
    assert len(told[0][0]) > 50 and told[0][1][0].vintage == FINAL_VINTAGE


def test_revisions_leave_later_rows_out(tmp_path: Path) -> None:
    as_of, told = date(2015, 8, 7), []
    for name, until in (("all", None), ("then", as_of)):
        home = shelf(tmp_path / name, until=until, only="table")
        told.append([r.as_dict() for r in revisions(home, "table", as_of=as_of)])
    assert told[0] == told[1]
    assert told[0][0]["both"] > 50


def test_statements_about_events_not_known_yet_change_nothing() -> None:
    rows = [
        {"event_id": "a:9", "source": "a", "date_start": date(2015, 1, 1), "perpetrators": ["x"]},
        {"event_id": "a:1", "source": "a", "date_start": date(2015, 1, 2), "within": "a:9"},
    ]
    events = pl.DataFrame(rows, schema=EVENT_SCHEMA)
    later = Ruling("a:1", "b:7", "same")
    with_it, without = link(events, rulings=[later]), link(events)
    assert with_it.table.equals(without.table)
    assert with_it.rulings == ()
