"""A table goes all the way: into the archive, out again for a theatre at a date."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from table_files import HEADER, ROW, table, write

from toguna.cli.app import run
from toguna.events.gather import FINAL_VINTAGE, gather
from toguna.events.ingest import ingest
from toguna.store.home import Home
from toguna.store.scaffold import new_theatre
from toguna.store.theatre import Theatre, load_theatre

ROWS = [ROW + ",Senegal", ROW.replace("a1", "a2").replace("08-07", "11-07") + ",Chad", "Total,,,,6,,"]


@pytest.fixture
def theatre(tmp_path: Path) -> Theatre:
    new_theatre(tmp_path / "pack", "small")
    settings = tmp_path / "pack" / "theatre.toml"
    text = settings.read_text(encoding="utf-8")
    assert "countries = [" in text
    head, rest = text.split("countries = [", 1)
    settings.write_text(head + 'countries = ["SEN"' + rest[rest.index("]") :], encoding="utf-8")
    return load_theatre(tmp_path / "pack")


def make(folder: Path, **more: str) -> Path:
    content = table(*ROWS, header=HEADER + ",country")
    return write(folder / "t.csv", content, columns='country = "country"', **more)


def test_into_a_home_and_out_for_a_theatre(tmp_path: Path, theatre: Theatre) -> None:
    home = Home(tmp_path / "home")
    settings = 'published_at = 2016-01-31\nlicence = "CC BY 4.0"\ncitation = "We (2016)"\nversion = "1"'
    account = ingest("table", make(tmp_path, settings=settings), home)
    assert (account.status, account.read, account.accepted, account.quarantined) == ("new", 3, 2, 1)
    told = gather(theatre, as_of=date(2016, 2, 1), sources=["table"], home=home)
    assert told.events["event_id"].to_list() == ["table:a1"]
    (release,) = told.accounts
    assert (release.read, release.accepted, release.quarantined) == (2, 1, 1)
    assert (release.licence, release.published_at) == ("CC BY 4.0", date(2016, 1, 31))
    early = gather(theatre, as_of=date(2015, 9, 1), sources=["table"], home=home)
    assert early.accounts[0].vintage == FINAL_VINTAGE
    assert early.events["event_id"].to_list() == ["table:a1"]
    assert not gather(theatre, as_of=date(2015, 9, 1), home=home).events.height


def test_another_mapping_is_another_release(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    path = make(tmp_path)
    assert ingest("table", path, home).status == "new"
    assert ingest("table", path, home).status == "already-held"
    again = ingest("table", make(tmp_path, settings='version = "of May"\nname = "x"'), home)
    assert (again.status, again.version) == ("new", "of May")
    assert len(home.archive.snapshots("table")) == 2


def test_versions_in_words_do_not_disturb(tmp_path: Path, theatre: Theatre) -> None:
    home = Home(tmp_path / "home")
    for day, version in enumerate(("of May", "2016.01.31"), start=1):
        settings = f'version = "{version}"\npublished_at = 2016-01-31'
        ingest("table", make(tmp_path, settings=settings), home, now=datetime(2016, 2, day, tzinfo=UTC))
    told = gather(theatre, as_of=date(2016, 2, 1), sources=["table"], home=home)
    assert [a.version for a in told.accounts] == ["2016.01.31"]


def test_verb_writes_a_mapping_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(table(ROW), encoding="utf-8")
    assert run(["mapping", str(path)]) == 0
    assert 'date_start = "date"' in capsys.readouterr().out
    assert not (tmp_path / "t.csv.mapping.toml").exists()
    assert run(["mapping", str(path), "--write", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"].endswith("t.csv.mapping.toml")
    assert run(["mapping", str(path), "--write"]) == 2
    assert run(["ingest", "table", str(path), "--home", str(tmp_path / "home")]) == 0
    assert "read 1 = accepted 1 + quarantined 0" in capsys.readouterr().out
    assert run(["mapping", str(tmp_path / "none.csv")]) == 1
