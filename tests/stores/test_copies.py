"""A home moves between the databases by its copy, and the order of copying in docs/howto/team.md holds."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cluster import Cluster, programs
from ledgers import WHOLE, hand, led_to, warning

from toguna.room.additions import Statement, add_relation
from toguna.room.backup import backup, restore
from toguna.store.home import Home
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.moves import raise_one
from toguna.warnings.types import Area
from toguna.warnings.verify import verify


def home_on(address: str, folder: Path) -> Home:
    folder.mkdir(exist_ok=True)
    (folder / "home.toml").write_text(f'[register]\nurl = "{address}"\n', encoding="utf-8")
    return Home(folder)


def test_a_copy_made_while_people_work_holds(cluster: Cluster, tmp_path: Path) -> None:
    address, dump, bin_folder = cluster.database(), tmp_path / "register.dump", programs()
    book = Ledger(home_on(address, tmp_path / "home"))
    led_to(book, *WHOLE)
    copy = tmp_path / "copy"
    shutil.copytree(book.home.path, copy)
    raise_one(book, warning(areas=(Area("Sudria"),)), hand(day=9))
    subprocess.run([f"{bin_folder}/pg_dump", "-Fc", "-f", dump, "-d", address], check=True)
    book.home.register.close()
    empty = cluster.database()
    subprocess.run([f"{bin_folder}/pg_restore", "-d", empty, dump], check=True)
    restored = Ledger(home_on(empty, copy))
    verdict = verify(restored)
    assert [(f.code, f.severity) for f in verdict.findings] == [("ledger-head-behind", "note")]
    assert (verdict.holds, verdict.entries) == (True, 7)
    raise_one(restored, warning(areas=(Area("Ostia"),)), hand(day=10))
    assert verify(restored).findings == ()
    restored.home.register.close()


def test_a_register_moves_to_postgresql_and_back(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Statement("a", "rival", "b", "2015-11", "https://example.org/r")
    first = Home(tmp_path / "first")
    led_to(Ledger(first), *WHOLE)
    add_relation(first.register, "t", said, recorded_at="2026-01-01")
    entries = Ledger(first).entries()
    now = datetime(2026, 1, 15, tzinfo=UTC)
    backup(first, tmp_path / "1.tar.gz", now=now)
    with monkeypatch.context() as patch:
        patch.setenv("TOGUNA_REGISTER", cluster.schema())
        assert restore(Home(tmp_path / "second"), tmp_path / "1.tar.gz").rows["relation"] == 1
        second = Home(tmp_path / "second")
        assert second.register.path is None
        assert Ledger(second).entries() == entries
        raise_one(Ledger(second), warning(areas=(Area("Sudria"),)), hand(day=9))
        assert not add_relation(second.register, "t", said, recorded_at="2026-01-02")
        assert add_relation(second.register, "u", said, recorded_at="2026-01-02")  # numbered behind the first
        assert verify(Ledger(second)).findings == ()
        assert not (second.path / "register.sqlite").exists()
        backup(second, tmp_path / "2.tar.gz", now=now)
        second.register.close()
    told = restore(Home(tmp_path / "third"), tmp_path / "2.tar.gz")
    assert told.verdict is not None
    assert (told.verdict.findings, told.verdict.entries, told.rows["relation"]) == ((), 7, 2)
    assert Ledger(Home(tmp_path / "third")).entries()[:6] == entries
