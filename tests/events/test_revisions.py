"""What a newer release changed is said figure by figure, and silence beyond its days is no change."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from toguna.cli.app import run
from toguna.events.ingest import ingest
from toguna.events.revisions import compare, revisions
from toguna.events.succession import Telling
from toguna.sources.protocol import Term
from toguna.store.home import Home

from .frames import frame

NAMES = ("x", "1", "2")
OLD, NEW = Term(last=date(2015, 1, 31)), Term(last=date(2015, 12, 31))


def test_every_kind_of_change_is_counted() -> None:
    rows = [(f"e{k}", "MLI", k) for k in range(6)]
    before = frame(*rows, best=5).with_columns(
        low=pl.lit(1, pl.Int64), high=pl.lit(9, pl.Int64), lat=pl.lit(10.0), lon=pl.lit(0.0)
    )
    changes = {
        "best": {"e0": 9, "e1": 3, "e2": None},
        "low": {"e0": 4},
        "lat": {"e3": 10.1, "e4": 10.001},
    }
    after = before.filter(pl.col("event_id") != "e5")
    for column, values in changes.items():
        new = pl.col("event_id").replace_strict(
            values, default=pl.col(column), return_dtype=before.schema[column]
        )
        after = after.with_columns(new.alias(column))
    later = frame(("in", "MLI", 20), ("out", "MLI", 200))
    late = pl.col("event_id") == "e1"
    after = after.with_columns(date_start=pl.when(late).then(date(2015, 1, 9)).otherwise("date_start"))
    found = compare(
        Telling(before, term=OLD),
        Telling(pl.concat([after, later]), term=NEW),
        names=NAMES,
        succession="whole",
    )
    assert (found.both, found.beyond, found.added, found.withdrawn) == (5, 1, ("in",), ("e5",))
    assert (found.added_deaths, found.withdrawn_deaths) == (1, 5)
    assert found.deaths["best"].as_dict() == {"up": 1, "up_by": 4, "down": 1, "down_by": 2}
    assert found.deaths["low"].as_dict() == {"up": 1, "up_by": 3, "down": 0, "down_by": 0}
    assert (found.known, found.lost) == (0, 1)
    assert found.moved == {"date": ("e1",), "place": ("e3",), "actors": ()}
    plain = found.as_dict()
    assert plain["added"] == ["in"] and plain["deaths"]["best"]["up_by"] == 4


def test_a_preliminary_event_out_of_term_is_not_withdrawn() -> None:
    candidate = Telling(
        frame(("a", "MLI", 3), ("b", "MLI", 9), ("n", "MLI", 40)),
        term=Term(date(2015, 1, 1), date(2015, 2, 28), preliminary=True),
    )
    final = Telling(frame(("a", "MLI", 3), ("c", "MLI", 5)), term=OLD)
    found = compare(candidate, final, names=NAMES, succession="whole")
    assert (found.added, found.withdrawn, found.beyond) == (("c",), ("b",), 0)


def test_what_a_sample_lacks_says_nothing() -> None:
    whole = Telling(frame(*((f"e{k}", "MLI", k % 28) for k in range(60))), term=OLD)
    sample = Telling(frame(("e3", "MLI", 3), ("e8", "MLI", 8)), term=NEW)
    found = compare(whole, sample, names=NAMES, succession="whole")
    assert (found.both, found.added, found.withdrawn, found.withdrawn_deaths) == (2, None, None, None)


def test_submissions_withdraw_nothing() -> None:
    one, two = (
        Telling(frame(("a", "MLI", 3), ("b", "MLI", 4), ("c", "MLI", 5))),
        Telling(frame(("a", "MLI", 3))),
    )
    found = compare(one, two, names=NAMES, succession="cumulative")
    assert (found.both, found.added, found.withdrawn) == (1, (), ())


def _ged(path: Path, best: dict[str, int], first: date) -> Path:
    days = [(first + timedelta(days=k)).isoformat() for k in range(len(best))]
    same = {"type_of_violence": 1, "side_a": "A", "side_b": "B", "latitude": 16.2, "longitude": 0.1}
    same |= {"country": "Mali", "country_id": 432, "date_prec": 1, "where_prec": 1}
    pl.DataFrame(
        {"id": list(best), "best": list(best.values()), "date_start": days, "date_end": days}
    ).with_columns(low="best", high="best", **{k: pl.lit(v) for k, v in same.items()}).write_csv(path)
    return path


def test_candidate_then_annual_through_the_command_line(tmp_path: Path, capsys) -> None:
    home = Home(tmp_path / "home")
    october, year = date(2023, 10, 2), date(2023, 10, 2)
    ingest("ucdp", _ged(tmp_path / "GEDEvent_v23_0_10.csv", {"1": 5, "2": 3, "3": 1}, october), home)
    ingest("ucdp", _ged(tmp_path / "GEDEvent_v24_1.csv", {"1": 8, "2": 3, "4": 2}, year), home)
    (found,) = revisions(home, "ucdp", as_of=date(2024, 7, 1))
    assert (found.older, found.newer, found.both) == ("23.0.10", "24.1", 2)
    assert (found.added, found.withdrawn) == (("ucdp:4",), ("ucdp:3",))
    assert found.deaths["best"].up_by == 3
    assert revisions(home, "ucdp", as_of=date(2024, 1, 1)) == []
    assert run(["revisions", "--home", str(tmp_path / "home")]) == 0
    said = capsys.readouterr().out.splitlines()
    assert " ".join(said[1].split()) == "ucdp 23.0.10 24.1 2 1 2 1 1 1 3 0 0 0 0 0"


@pytest.mark.parametrize("name", ["ucdp_ged_v23_1_sample1000"])
def test_real_files(shared_data: Path, tmp_path: Path, name: str) -> None:
    home = Home(tmp_path)
    for file in ("ucdp_ged_v21_1_global_whereprec12_1989_2020", name):
        ingest("ucdp", shared_data / "ucdp" / f"{file}.parquet", home)
    (found,) = revisions(home, "ucdp", as_of=date(2024, 1, 1))
    assert (found.both, found.beyond, found.added) == (563, 114, None)
    assert len(found.moved["date"]) < 20
