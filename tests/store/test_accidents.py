"""A full disk, a folder that cannot be written, two processes at once, a clock set back, a kill."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import func, select

from toguna.core.errors import StoreError
from toguna.core.types import Deaths, Snapshot
from toguna.events.ingest import ingest
from toguna.events.releases import choose_releases
from toguna.store.archive import Archive
from toguna.store.home import Home
from toguna.store.register import sqlite
from toguna.store.register.models import Ingestion

ROOT = Path(__file__).resolve().parents[2]
HEADER = "id,date_start,type_of_violence,side_a,side_b,latitude,longitude,country,best"


def ged(path: Path, *, rows: int = 3, first: int = 1) -> Path:
    lines = [f"{n},2015-01-02,1,X,Y,14.1,-4.2,Senegal,{n % 7}" for n in range(first, first + rows)]
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def whole(home: Path) -> None:
    """Everything that is there is whole, and nothing half written is left."""
    held = Home(home)
    for snapshot in held.archive.snapshots():
        held.archive.read(snapshot)
    assert not list(home.rglob(".new-*"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB; skips where none can be made."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("this user cannot mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_full_disk_when_the_archive_is_written(tmp_path: Path, small_disk: Path) -> None:
    path = ged(tmp_path / "GEDEvent_v25_1.csv", rows=2_000)
    home = Home(small_disk / "home")
    assert ingest("ucdp", path, home).read == 2_000
    other = ged(tmp_path / "GEDEvent_v24_1.csv", rows=5_000)
    room = small_disk.joinpath("ballast")
    left = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    room.write_bytes(b"0" * (left - 12_000))
    with pytest.raises(StoreError, match=r"cannot be written.*ingest the file again|register.*full"):
        ingest("ucdp", other, home)
    whole(small_disk / "home")
    room.unlink()
    assert ingest("ucdp", other, home).status == "new"
    assert len(home.archive.snapshots()) == 2
    whole(small_disk / "home")


def test_full_disk_when_the_register_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    path = ged(tmp_path / "GEDEvent_v25_1.csv", first=5)
    ingest("ucdp", ged(tmp_path / "GEDEvent_v24_1.csv"), home)
    home.register.close()
    prepare = sqlite._prepare

    def small(connection: sqlite3.Connection, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA max_page_count=100")

    with monkeypatch.context() as patch, pytest.raises(StoreError, match="database or disk is full"):
        patch.setattr(sqlite, "_prepare", small)
        patch.setattr("toguna.events.ingest.canonical_json", lambda value: "x" * 5_000_000)
        ingest("ucdp", path, home)
    home.register.close()
    with home.register.read() as session:
        assert session.scalar(select(func.count()).select_from(Ingestion)) == 1
    assert len(home.archive.snapshots()) == 2  # the release is whole; its record comes with the next ingest
    assert ingest("ucdp", path, home).status == "new"
    assert ingest("ucdp", path, home).status == "already-held"


def test_a_limit_of_file_sizes_is_told_like_a_full_disk(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": pl.int_range(200_000, eager=True).shuffle(seed=1)})
    snapshot = Snapshot("ucdp", "25.1", "a" * 64, "f.csv", "", "", None, "", 200_000, Deaths())
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, old[1]))
    try:
        with pytest.raises(StoreError, match=r"cannot be written: .+\. Nothing of this release was kept"):
            Archive(tmp_path).put(frame, snapshot=snapshot)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    path = ged(tmp_path / "GEDEvent_v25_1.csv", first=5)
    blocked = tmp_path / "home"
    blocked.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be made"):
        ingest("ucdp", path, Home(blocked))
    closed = tmp_path / "closed"
    closed.mkdir()
    home = Home(closed)
    ingest("ucdp", ged(tmp_path / "GEDEvent_v24_1.csv"), home)
    (closed / "archive").rename(closed / "elsewhere")
    (closed / "archive").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match=r"archive.*cannot be written"):
        ingest("ucdp", path, home)


def test_what_a_killed_writer_left_is_swept_by_the_next(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    ingest("ucdp", ged(tmp_path / "GEDEvent_v24_1.csv"), home)
    left = home.archive.root / "ucdp" / ".new-left"
    left.write_bytes(b"half")
    ingest("ucdp", ged(tmp_path / "GEDEvent_v25_1.csv", first=5), home)
    assert not left.exists()


def test_two_processes_at_once(tmp_path: Path) -> None:
    same = ged(tmp_path / "GEDEvent_v25_1.csv", rows=4_000)
    other = ged(tmp_path / "GEDEvent_v24_1.csv", rows=4_000, first=9)
    words = "import sys; from toguna.cli import main; sys.exit(main())"
    home = tmp_path / "home"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", words, "ingest", "ucdp", str(path), "--home", str(home), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for path in (same, same, other)
    ]
    told = [process.communicate(timeout=120) for process in running]
    accounts = [json.loads(out) for out, _ in told]
    assert [process.returncode for process in running] == [0, 0, 0], told
    assert {account["read"] for account in accounts} == {4_000}
    assert accounts[0] | {"status": ""} == accounts[1] | {"status": ""}
    whole(home)
    held = Home(home)
    assert [s.version for s in held.archive.snapshots()] == ["24.1", "25.1"]
    assert sorted(s.taken for s in held.archive.snapshots()) == [1, 2]
    with held.register.read() as session:
        assert session.scalar(select(func.count()).select_from(Ingestion)) == 2


def test_a_clock_that_goes_backwards_changes_no_order(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    later, earlier = datetime(2030, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
    ingest("ucdp", ged(tmp_path / "GEDEvent_v25_1.csv", rows=3), home, now=later)
    second = ingest("ucdp", ged(tmp_path / "GEDEvent_v25_1.csv", rows=4), home, now=earlier)
    old = ingest("ucdp", ged(tmp_path / "GEDEvent_v24_1.csv", rows=5), home, now=later)
    assert second.snapshot is not None
    assert old.snapshot is not None
    order = [s.sha256 for s in home.archive.snapshots("ucdp")]
    assert order[0] == old.sha256
    assert order[-1] == second.sha256
    releases, _ = choose_releases(home, as_of=date(2025, 12, 31), named=["ucdp"])
    assert [r.snapshot.sha256 for line in releases for r in line.releases] == [second.sha256]


def test_a_few_kills(tmp_path: Path) -> None:
    """The small version of bench/kill_ingest.py: nothing is ever half there."""
    out = tmp_path / "kill.json"
    words = ["-m", "bench.kill_ingest", "--times", "5", "--rows", "300", "--json", str(out)]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["faults"] == {}
    assert told["killed"] == 5
