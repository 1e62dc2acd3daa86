"""The archive keeps what was published, and never half of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from toguna.core.errors import StoreError
from toguna.core.types import Deaths, Snapshot
from toguna.store.archive import Archive

FRAME = pl.DataFrame({"id": ["1", None], "best": ["3", "many"]})


def snapshot(**changes: object) -> Snapshot:
    told = {
        "source": "ucdp",
        "version": "21.1",
        "sha256": "a" * 64,
        "file_name": "ged.csv",
        "licence": "CC BY 4.0",
        "citation": "somebody",
        "published_at": date(2021, 6, 30),
        "ingested_at": "2026-01-01T00:00:00+00:00",
        "rows": 2,
        "deaths": Deaths(3, 2, 4, 1),
    }
    return Snapshot(**(told | changes))  # type: ignore[arg-type]


def test_put_once_and_read_back(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    assert archive.snapshots() == []
    assert archive.put(FRAME, snapshot=snapshot())
    assert not archive.put(FRAME, snapshot=snapshot(citation="somebody else"))
    assert archive.snapshots("ucdp") == [snapshot()]
    assert archive.snapshots("other") == []
    assert archive.read(snapshot()).equals(FRAME)
    assert archive.find("ucdp", "a" * 64) == snapshot()
    assert archive.find("ucdp", "b" * 64) is None


def test_a_record_that_cannot_be_completed_leaves_nothing(tmp_path: Path) -> None:
    def failing() -> Snapshot:
        raise ZeroDivisionError

    archive = Archive(tmp_path)
    with pytest.raises(ZeroDivisionError):
        archive.put(FRAME, snapshot=snapshot(), completed=failing)
    assert not list(tmp_path.rglob("*.parquet"))
    assert archive.put(FRAME, snapshot=snapshot(), completed=lambda: snapshot(version="21.2"))
    assert archive.snapshots() == [snapshot(version="21.2")]


def test_snapshots_are_sorted_by_publication(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    unknown = snapshot(sha256="c" * 64, published_at=None)
    early = snapshot(sha256="b" * 64, published_at=date(2020, 6, 30))
    for one in (snapshot(), early, unknown):
        archive.put(FRAME, snapshot=one)
    assert archive.snapshots() == [unknown, early, snapshot()]


def test_cut_write_leaves_no_release(tmp_path: Path, full_disk) -> None:
    archive = Archive(tmp_path)
    with full_disk():
        archive.put(FRAME, snapshot=snapshot())
    assert archive.snapshots() == []
    assert not list(tmp_path.rglob(".new-*"))
    assert archive.put(FRAME, snapshot=snapshot())
    assert archive.read(snapshot()).equals(FRAME)


def test_damage_is_told(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put(FRAME, snapshot=snapshot())
    with pytest.raises(StoreError, match="2 rows, its record says 3"):
        archive.read(snapshot(rows=3))
    next(tmp_path.rglob("*.parquet")).write_bytes(b"PAR1")
    with pytest.raises(StoreError, match=r"ingest ged\.csv again"):
        archive.read(snapshot())
    next(tmp_path.rglob("*.json")).write_text("{}", encoding="utf-8")
    with pytest.raises(StoreError, match="damaged"):
        archive.snapshots()


def test_changed_content_is_never_read(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put(FRAME, snapshot=snapshot())
    FRAME.with_columns(best=pl.lit("999")).write_parquet(next(tmp_path.rglob("*.parquet")))
    with pytest.raises(StoreError, match=r"damaged or changed; ingest ged\.csv again"):
        archive.read(snapshot())


@pytest.mark.parametrize("ending", ["parquet", "json"])
def test_a_damaged_release_is_put_again(tmp_path: Path, ending: str) -> None:
    archive = Archive(tmp_path)
    archive.put(FRAME, snapshot=snapshot())
    next(tmp_path.rglob(f"*.{ending}")).write_bytes(b"{")
    assert archive.find("ucdp", "a" * 64) is None
    assert archive.put(FRAME, snapshot=snapshot())
    assert archive.read(archive.snapshots()[0]).equals(FRAME)
