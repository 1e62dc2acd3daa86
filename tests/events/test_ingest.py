"""Files are taken in once, whole, and with an account that adds up."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import func, select

from toguna.core.errors import DataError, UnknownNameError
from toguna.core.findings import Finding
from toguna.events.ingest import ingest
from toguna.sources.protocol import RawFile
from toguna.sources.ucdp import Ucdp
from toguna.store.home import Home
from toguna.store.register.models import FindingRow, Ingestion
from toguna.store.theatre import shipped_folder

GED = (
    "id,date_start,date_end,type_of_violence,side_a,side_b,latitude,longitude,country,country_id,best,low,high,"
    "where_prec,date_prec\n"
    "1,2015-01-02,2015-01-02,1,Government of X,Y,14.1,-4.2,Senegal,433,3,3,4,1,1\n"
    "2,2015-01-03 00:00:00.000,2015-01-04 00:00:00.000,3,Y,Civilians,14.2,-4.3,Senegal,433,5,9,4,1,1\n"
    "3,2015-01-05,2015-01-05,2,Y,Z,14.3,-4.4,Senegal,433,,,,2,2\n"
)
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def ged(tmp_path: Path) -> Path:
    path = tmp_path / "GEDEvent_v17_1.csv"
    path.write_text(GED, encoding="utf-8")
    return path


def test_account_adds_up_and_the_second_time_is_the_same(ged: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    first = ingest("ucdp", ged, home, now=MOMENT)
    told = first.as_dict()
    assert (told["read"], told["accepted"], told["quarantined"]) == (3, 2, 1)
    assert told["deaths"] == {"best": 3, "low": 3, "high": 4, "unknown": 1}
    assert (told["version"], told["published_at"], told["status"]) == ("17.1", "2017-06-30", "new")
    assert {"deaths-out-of-order", "columns-absent"} <= {f["code"] for f in told["findings"]}
    assert first.snapshot is not None
    assert first.snapshot.deaths.best == 8  # as published, before any check
    files = {p: p.read_bytes() for p in sorted((tmp_path / "home" / "archive").rglob("*")) if p.is_file()}
    again = ingest("ucdp", ged, home)
    assert again.as_dict() == {**told, "status": "already-held"}
    assert files == {
        p: p.read_bytes() for p in sorted((tmp_path / "home" / "archive").rglob("*")) if p.is_file()
    }
    assert len(files) == 2
    json.dumps(told)


def test_what_is_archived_is_what_was_published(ged: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    account = ingest("ucdp", ged, home)
    assert account.snapshot is not None
    kept = home.archive.read(account.snapshot)
    assert kept.equals(pl.read_csv(ged, infer_schema=False))


def test_cut_between_archive_and_register_heals(ged: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    ingest("ucdp", ged, home)
    home.register.close()
    for path in (tmp_path / "home").glob("register.sqlite*"):
        path.unlink()
    healed = Home(tmp_path / "home")
    assert ingest("ucdp", ged, healed).status == "new"
    assert ingest("ucdp", ged, healed).status == "already-held"
    with healed.register.read() as session:
        assert session.scalar(select(func.count()).select_from(Ingestion)) == 1


def test_lost_archive_heals_too(ged: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    account = ingest("ucdp", ged, home)
    next((tmp_path / "home" / "archive").rglob("*.parquet")).unlink()
    assert ingest("ucdp", ged, home).read == 3
    assert account.snapshot is not None
    assert home.archive.read(account.snapshot).height == 3


def test_findings_are_kept_in_the_register(ged: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    account = ingest("ucdp", ged, home)
    with home.register.read() as session:
        rows = session.scalars(select(FindingRow)).all()
    assert len(rows) == len(account.findings)
    assert {(r.code, r.row) for r in rows} == {(f.code, f.row) for f in account.findings}


def test_refused_file_leaves_no_trace(tmp_path: Path) -> None:
    page = tmp_path / "GEDEvent_v25_1.csv"
    page.write_text("<!DOCTYPE html><html>404</html>", encoding="utf-8")
    home = Home(tmp_path / "home")
    account = ingest("ucdp", page, home)
    assert account.status == "refused"
    assert [f.severity for f in account.findings] == ["stop"]
    assert not (tmp_path / "home" / "archive").exists()


def test_chronology_of_a_pack_can_be_archived(tmp_path: Path) -> None:
    account = ingest("chronology", shipped_folder() / "mali", Home(tmp_path / "home"))
    assert (account.read, account.accepted) == (160, 160)


def test_misuse_is_told(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(UnknownNameError, match="did you mean 'ucdp'"):
        ingest("ucpd", tmp_path, home)
    with pytest.raises(DataError, match="there is no file"):
        ingest("ucdp", tmp_path / "none.csv", home)


@pytest.mark.parametrize(
    ("name", "rows", "release"),
    [
        ("ucdp_ged_v21_1_global_whereprec12_1989_2020", (176_579, 176_576, 3), ("21.1", "2021-06-30")),
        ("ucdp_candidate_ged_v23_0_10", (2_391, 2_391, 0), ("23.0.10", "2023-11-30")),
        ("ucdp_ged_v23_1_sample1000", (1_000, 1_000, 0), ("23.1", "2023-06-30")),
        ("ucdp_ged_nigeria_full_hdx", (4_603, 4_603, 0), ("", None)),
    ],
)
def test_published_files_add_up(
    shared_data: Path, tmp_path: Path, name: str, rows: tuple[int, int, int], release: tuple[str, str | None]
) -> None:
    path = shared_data / "ucdp" / f"{name}.parquet"
    home = Home(tmp_path / "home")
    account = ingest("ucdp", path, home)
    frame = pl.read_parquet(path)
    assert (account.read, account.accepted, account.quarantined) == rows
    assert account.read == account.accepted + account.quarantined
    assert (account.version, account.published_at) == release
    assert account.snapshot is not None
    assert account.snapshot.deaths.best == int(frame["best"].sum())
    assert account.snapshot.deaths.low == int(frame["low"].sum())
    assert account.snapshot.deaths.high == int(frame["high"].sum())
    assert home.archive.read(account.snapshot).equals(frame)
    failures = {f.code for f in account.findings if f.severity == "failure"}
    assert failures <= {"deaths-out-of-order"}
    contradictory = (frame["best"] < frame["low"]) & (frame["best"] > frame["high"])
    assert account.quarantined == contradictory.sum()
    assert account.deaths.best + frame["best"].filter(contradictory).sum() == frame["best"].sum()


def test_country_year_file_is_refused(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "ucdp" / "ucdp_orgviolence_country_year_v25_1.parquet"
    account = ingest("ucdp", path, Home(tmp_path / "home"))
    assert account.status == "refused"
    (finding,) = account.findings
    assert finding.code == "file-not-ged"
    assert "country and year" in finding.repair


def test_a_damaged_release_is_mended_by_ingesting_again(ged: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    ingest("ucdp", ged, home)
    next(home.path.rglob("*.parquet")).write_bytes(b"PAR1")
    assert ingest("ucdp", ged, home).status == "new"
    assert ingest("ucdp", ged, home).status == "already-held"
    assert home.archive.read(home.archive.snapshots("ucdp")[0]).height > 0


def test_a_folder_is_not_a_release(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder; name the file in it"):
        ingest("ucdp", tmp_path, Home(tmp_path / "home"))


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    ged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    read = Ucdp.read

    def late(self: Ucdp, path: Path) -> RawFile:
        path.write_text(GED + "4,2015-01-05,2015-01-05,2,Y,Z,14.3,-4.4,Senegal,433,1,1,1,2,2\n")
        return read(self, path)

    with monkeypatch.context() as patch, pytest.raises(DataError, match="changed while it was read"):
        patch.setattr(Ucdp, "read", late)
        ingest("ucdp", ged, home)
    assert home.archive.snapshots() == []
    assert ingest("ucdp", ged, home).read == 4


def test_very_many_bad_rows_are_said_once_and_all_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "GEDEvent_v17_1.csv"
    row = "{},2015-01-02,2015-01-02,1,X,Y,14.1,-4.2,Senegal,433,-3,,,1,1\n"
    path.write_text(
        GED.split("\n", 1)[0] + "\n" + "".join(row.format(n) for n in range(10_050)), encoding="utf-8"
    )
    account = ingest("ucdp", path, Home(tmp_path / "home"))
    assert (account.read, account.accepted, account.quarantined) == (10_050, 0, 10_050)
    (negative,) = [f for f in account.findings if f.code == "deaths-negative"]
    assert negative.row is None
    assert negative.found.startswith("10050 rows, for example -3 in ucdp:0; -3 in ucdp:1;")
    assert type(negative) is Finding
