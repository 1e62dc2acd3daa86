"""The order of copying that docs/howto/team.md gives holds, also when somebody writes in between."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from cluster import Cluster, programs
from ledgers import WHOLE, hand, led_to, warning

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
