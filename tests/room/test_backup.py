"""A copy of a home is put back as it was, or not at all."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from toguna.core.errors import DataError, UsageError
from toguna.room.backup import backup, restore
from toguna.store.home import Home
from toguna.store.register.models import Base, LedgerEntry
from toguna.warnings.ledger.book import Draft, Ledger
from toguna.warnings.verify import verify

NOW = datetime(2015, 11, 24, 12, tzinfo=UTC)


def _entry(k: int) -> Draft:
    moment = NOW.isoformat()
    return Draft("mali", f"lesson/{k}", "lesson", "Awa", moment, moment, {"text": f"n° {k}"})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.path.mkdir()
    (found.path / "archive" / "ucdp").mkdir(parents=True)
    (found.path / "archive" / "ucdp" / "a.parquet").write_bytes(bytes(range(256)) * 300)
    (found.path / "room").mkdir()
    (found.path / "room" / "built.json").write_text("{}")
    for k in range(3):
        Ledger(found).append(lambda _, k=k: [_entry(k)])
    return found


def _everything(home: Home) -> dict[str, list[tuple]]:
    with home.register.read() as session:
        return {t.name: [tuple(r) for r in session.execute(select(t))] for t in Base.metadata.sorted_tables}


def test_a_copy_is_put_back_as_it_was(home, tmp_path):
    file = tmp_path / "copies" / "c.tar.gz"
    made = backup(home, file, now=NOW)
    assert file.stat().st_mode & 0o077 == 0
    found = restore(Home(tmp_path / "again"), file)
    again = Home(tmp_path / "again")
    assert found.rows == made.rows
    assert found.rows["ledger_entry"] == 3
    assert _everything(again) == _everything(home)
    assert (again.path / "archive/ucdp/a.parquet").read_bytes() == bytes(range(256)) * 300
    assert not (again.path / "room").exists()
    assert found.verdict is not None
    assert found.verdict.holds
    Ledger(again).append(lambda _: [_entry(9)])  # and the chain goes on
    assert verify(Ledger(again)).holds


def test_a_copy_made_while_others_write_holds(home, tmp_path):
    stop = threading.Event()

    def write() -> None:
        k = 10
        while not stop.is_set():
            Ledger(Home(home.path)).append(lambda _, k=k: [_entry(k)])
            k += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            backup(home, tmp_path / f"{n}.tar.gz", now=NOW)
    finally:
        stop.set()
        writer.join()
    for n in range(5):
        verdict = restore(Home(tmp_path / f"again{n}"), tmp_path / f"{n}.tar.gz").verdict
        assert verdict is not None
        assert verdict.holds


def test_an_edit_of_the_copy_is_noticed(home, tmp_path):
    file, edited = tmp_path / "c.tar.gz", tmp_path / "e.tar.gz"
    backup(home, file, now=NOW)
    with tarfile.open(file) as old, tarfile.open(edited, "w:gz") as new:
        for entry in old:
            data = old.extractfile(entry).read().replace("n° 1".encode(), "n° 7".encode())
            new.addfile(entry, io.BytesIO(data))
    with pytest.raises(DataError, match=r"ledger_entry\.jsonl"):
        restore(Home(tmp_path / "again"), edited)
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.9, 0.99])
def test_a_copy_that_was_cut_off_is_refused_unless_all_of_it_is_there(home, tmp_path, keep):
    file = tmp_path / "c.tar.gz"
    backup(home, file, now=NOW)
    data = file.read_bytes()
    file.write_bytes(data[: keep if keep >= 1 else int(len(data) * keep)])
    again = Home(tmp_path / "again")
    try:
        restore(again, file)
    except DataError:
        assert not again.path.exists()
    else:  # only the filling behind the last part was cut off
        assert keep == 0.99
        assert _everything(again) == _everything(home)
    assert [p.name for p in tmp_path.iterdir() if "restoring" in p.name] == []


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "home/../../outside", "x" * 2000])
def test_a_copy_that_reaches_outside_is_refused(tmp_path, name):
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(DataError):
        restore(Home(tmp_path / "deep" / "again"), file)
    assert not (tmp_path / "outside").exists()


def test_a_link_in_a_copy_is_refused(tmp_path):
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        entry = tarfile.TarInfo("home/link")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    with pytest.raises(DataError):
        restore(Home(tmp_path / "again"), file)


def test_nothing_is_overwritten(home, tmp_path):
    file = tmp_path / "c.tar.gz"
    backup(home, file, now=NOW)
    with pytest.raises(UsageError, match="holds something already"):
        restore(home, file)
    with pytest.raises(UsageError, match="in the home itself"):
        backup(home, home.path / "c.tar.gz", now=NOW)
    with pytest.raises(UsageError, match="there is no home"):
        backup(Home(tmp_path / "none"), tmp_path / "d.tar.gz", now=NOW)


def test_a_break_of_the_chain_is_not_mended_by_copying(home, tmp_path):
    with home.register.write() as session:
        session.add(
            LedgerEntry(
                seq=99, theatre="x", subject="x", kind="x", by="x", happened_at="x", recorded_at="x",
                body="{}", previous="p", hash="h", signature="s",
            )
        )  # fmt: skip
    file = tmp_path / "c.tar.gz"
    backup(home, file, now=NOW)
    found = restore(Home(tmp_path / "again"), file)
    assert found.rows["ledger_entry"] == 4
    assert found.verdict is not None
    assert not found.verdict.holds  # a row written outside the program is still seen
    assert json.loads(json.dumps(found.as_dict()))["ledger"]["holds"] is False


def test_a_source_may_bear_the_name_of_what_is_left_out(home, tmp_path):
    for name in ("room", "register.sqlite"):
        (home.path / "archive" / name).mkdir()
        (home.path / "archive" / name / "a.parquet").write_bytes(b"rows")
    file = tmp_path / "c.tar.gz"
    backup(home, file, now=NOW)
    restore(Home(tmp_path / "again"), file)
    assert (tmp_path / "again/archive/room/a.parquet").read_bytes() == b"rows"
    assert (tmp_path / "again/archive/register.sqlite/a.parquet").read_bytes() == b"rows"


def test_what_lies_behind_a_link_is_not_left_out_in_silence(home, tmp_path):
    (home.path / "archive" / "elsewhere").symlink_to(tmp_path)
    file = tmp_path / "c.tar.gz"
    with pytest.raises(UsageError, match="is a link"):
        backup(home, file, now=NOW)
    assert not file.exists()
