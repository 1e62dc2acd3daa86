"""The chain that is replayed sees nothing that came later, and computes what an assessment does."""

from __future__ import annotations

import pickle
import shutil
from datetime import date

import polars as pl
import pytest

from toguna.core.errors import DataError
from toguna.replay.looks import seed_of
from toguna.replay.run import replay
from toguna.room import view
from toguna.room.again import Again
from toguna.shifts import population
from toguna.store.theatre import load_theatre, shipped_folder

EARLY, LATE = date(2012, 12, 31), date(2015, 11, 30)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(population, "REPLICATES", 199)


def test_two_looks_at_mali(tmp_path):
    chain = pickle.loads(pickle.dumps(Again("mali")))
    found = replay(chain, [EARLY, LATE], out=tmp_path / "out", asked={"seed": 5})
    early, late = (look["found"] for look in found.looks)
    assert early["alarms"] == []
    assert early["events"] < late["events"]
    assert {"Mopti", "Bamako"} <= {place for alarm in late["alarms"] for place in alarm["places"]}
    quiet = {o["area"]: o["day"] for o in late["onsets"] if o["quiet_days"] >= 365}
    assert {"Mopti", "Ségou", "Bamako", "Sikasso"} <= set(quiet)
    assert all(day.startswith("2015-") for day in quiet.values())
    assert late["false_alarms"] == {}

    theatre, seed = load_theatre("mali"), seed_of(5, LATE.isoformat())
    assert found.looks[1]["seed"] == seed
    question = view.Question(theatre, view.windows_of(theatre, LATE), seed=seed)
    same = view.tested(question, view.collect(question), most_worlds=0)
    assert [s.as_dict() | {"event_ids": None} for s in same.tested] == [
        s | {"event_ids": None} for s in late["shifts"]
    ]


def test_rows_of_later_days_change_neither_key_nor_result(tmp_path):
    pack = tmp_path / "mali"
    shutil.copytree(shipped_folder() / "mali", pack)
    whole = replay(Again(pack), [EARLY], out=tmp_path / "whole", asked={})
    rows = pl.read_csv(pack / "incidents.csv", infer_schema_length=0)
    known = pl.coalesce("date_end", "date_start") <= EARLY.isoformat()
    assert 0 < rows.filter(known).height < rows.height
    rows.filter(known).write_csv(pack / "incidents.csv")
    cut = replay(Again(pack), [EARLY], out=tmp_path / "cut", asked={})
    assert cut.looks == whole.looks
    earlier = known & (pl.col("id") != rows["id"][0])
    rows.filter(earlier).write_csv(pack / "incidents.csv")
    assert replay(Again(pack), [EARLY], out=tmp_path / "cut", asked={}).computed == 1


def test_stated_turning_points_are_read_up_to_the_day(tmp_path):
    pack = tmp_path / "mali"
    shutil.copytree(shipped_folder() / "mali", pack)
    (pack / "turning_points.csv").write_text(
        "id,date,admin1,title,title_fr,source_urls,note\n"
        "T1,2012-04-06,,A declaration,Une déclaration,https://example.org/a,\n"
        "T2,2013-01-11,,An operation,,https://example.org/b,\n",
        encoding="utf-8",
    )
    look = replay(Again(pack), [EARLY], out=tmp_path / "out", asked={}).looks[0]
    assert [row["id"] for row in look["found"]["stated"]] == ["T1"]


@pytest.mark.parametrize(
    "row", ["T1,2012-13-06,,A,,https://a,", "T1,2012-04,,A,,https://a,", "T1,2012-04-06,,A,,,"]
)
def test_a_stated_turning_point_that_cannot_be_scored_stops_the_replay(tmp_path, row):
    pack = tmp_path / "mali"
    shutil.copytree(shipped_folder() / "mali", pack)
    head = "id,date,admin1,title,title_fr,source_urls,note\n"
    (pack / "turning_points.csv").write_text(head + row + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"turning_points\.csv row 1: .* See `toguna theatre check`"):
        Again(pack).begin(EARLY, 0)
