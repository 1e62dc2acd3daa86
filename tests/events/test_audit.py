"""Every release is counted anew: what was damaged, lost or changed since is found."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from toguna.core.digest import file_sha256
from toguna.events.audit import ReleaseAudit, audit
from toguna.events.ingest import ingest
from toguna.store.home import Home

TODAY = date(2018, 6, 30)
MOMENT = datetime(2017, 7, 1, tzinfo=UTC)
HEAD = (
    "id,date_start,date_end,type_of_violence,side_a,side_b,latitude,longitude,country,country_id,"
    "best,low,high\n"
)
ROWS = (
    "1,2015-01-02,2015-01-02,1,Government of X,Y,14.1,-4.2,Senegal,433,3,3,4\n"
    "2,2015-01-03,2015-01-04,3,Y,Civilians,14.2,-4.3,Senegal,433,7,5,6\n"
    "3,2015-02-05,2015-02-05,2,Y,Z,14.3,-4.4,Senegal,433,5,9,4\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    for version in ("17_1", "18_1"):
        path = tmp_path / f"GEDEvent_v{version}.csv"
        path.write_text(
            HEAD + ROWS + ("" if version == "17_1" else ROWS.replace("1,2015", "9,2016")[:70] + "\n")
        )
        ingest("ucdp", path, home, now=MOMENT)
    return home


def first(home: Home) -> ReleaseAudit:
    return audit(home, today=TODAY)[0]


def test_whole_release_is_counted_anew(home: Home) -> None:
    one, two = audit(home, today=TODAY)
    assert (one.version, two.version) == ("17.1", "18.1")
    assert (one.problem, one.read, one.accepted, one.quarantined) == ("", 3, 2, 1)
    assert (one.deaths_read.best, one.deaths_accepted.best, one.deaths_quarantined.best) == (15, 10, 5)
    assert (one.deaths_accepted.high, one.widened.high) == (11, 1)
    assert (one.first_day, one.last_day) == (date(2015, 1, 2), date(2015, 1, 4))
    assert (one.published_at, one.age_days) == (date(2017, 6, 30), 365)
    assert one.recorded == {"read": 3, "accepted": 2, "quarantined": 1}
    assert [(f.severity, f.code, f.n) for f in one.findings][:2] == [
        ("failure", "deaths-out-of-order", 1),
        ("note", "columns-absent", 1),
    ]
    assert "deaths-range-widened" in {f.code for f in one.findings}
    assert json.loads(json.dumps(one.as_dict()))["first_day"] == "2015-01-02"


def test_damage_is_found_and_the_others_are_still_looked_at(home: Home) -> None:
    content = next(home.archive.root.glob(f"ucdp/{first(home).sha256}.parquet"))
    data = bytearray(content.read_bytes())
    data[len(data) // 2] ^= 1
    content.write_bytes(bytes(data))
    one, two = audit(home, today=TODAY)
    assert (one.problem, two.problem) == ("damaged", "")
    assert one.read == 0
    content.unlink()
    assert first(home).problem == "damaged"


def test_record_that_was_changed_is_found_although_its_digest_fits(home: Home) -> None:
    record = home.archive.root / "ucdp" / f"{first(home).sha256}.json"
    told = json.loads(record.read_text())
    record.write_text(json.dumps(told | {"deaths": told["deaths"] | {"best": 16}}))
    assert first(home).problem == "deaths-differ"
    record.write_text("{}")
    problems = {r.problem for r in audit(home, today=TODAY)}
    assert problems == {"record-unreadable", ""}


def test_rows_that_were_exchanged_are_found_although_archive_and_digest_agree(home: Home) -> None:
    one = first(home)
    record = home.archive.root / "ucdp" / f"{one.sha256}.json"
    content = record.with_suffix(".parquet")
    pl.read_parquet(content).head(2).write_parquet(content)
    told = json.loads(record.read_text())
    deaths = told["deaths"] | {"best": 10, "low": 8, "high": 10}
    record.write_text(
        json.dumps(told | {"rows": 2, "deaths": deaths, "content_sha256": file_sha256(content)})
    )
    now = first(home)
    assert (now.problem, now.read) == ("rows-differ", 2)
    assert "3 recorded at ingestion" in now.detail


def test_lost_release_is_told(home: Home) -> None:
    for path in home.archive.root.glob(f"ucdp/{first(home).sha256}.*"):
        path.unlink()
    kept, lost = audit(home, today=TODAY)
    assert (kept.problem, lost.problem, lost.version) == ("", "missing", "17.1")


def test_proof_is_held_against_the_rows(home: Home) -> None:
    one = first(home)
    proofs = home.archive.root / "ucdp" / "proofs"
    proofs.mkdir()
    (proofs / f"{one.sha256}.json").write_text(
        json.dumps({"rows": 3, "announced_total": 3, "distinct_ids": 3})
    )
    assert first(home).problem == ""
    (proofs / f"{one.sha256}.json").write_text(json.dumps({"rows": 4}))
    assert first(home).problem == "proof-differs"


def test_source_of_a_plugin_that_is_gone(home: Home) -> None:
    (home.archive.root / "ucdp").rename(home.archive.root / "gone")
    assert {r.problem for r in audit(home, today=TODAY)} == {"source-not-installed", "missing"}


def test_home_without_anything(tmp_path: Path) -> None:
    assert audit(Home(tmp_path / "none"), today=TODAY) == []
    assert not (tmp_path / "none").exists()
