"""The chain: whole after two writers and after a cut, and no hand from outside goes unseen."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ledgers import WHOLE, hand, led_to, warning
from outside import outside
from sqlalchemy import Connection, delete, insert, select, update

from toguna.core.errors import StoreError
from toguna.core.findings import Finding
from toguna.store.head import Head, read_head, write_head
from toguna.store.home import Home
from toguna.store.register.models import LedgerEntry
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.ledger.chain import Entry, entry_of, linked, signing_key
from toguna.warnings.moves import carry, raise_one
from toguna.warnings.verify import verify

Attack = Callable[[Connection], None]
TABLE = LedgerEntry.__table__


@pytest.fixture
def book(home: Home) -> Ledger:
    """A ledger of six entries."""
    made = Ledger(home)
    led_to(made, *WHOLE)
    assert verify(made).holds
    made.home.register.close()
    return made


@pytest.fixture
def hit(where: Path | str) -> Callable[[Attack], None]:
    """Do something to the table, not through the program."""

    def hit(attack: Attack) -> None:
        with outside(where) as connection:
            attack(connection)

    return hit


def sql(*statements: str) -> Attack:
    return lambda connection: [connection.exec_driver_sql(s) for s in statements] and None


def _row(c: Connection, seq: int) -> dict[str, Any]:
    return dict(c.execute(select(TABLE).where(TABLE.c.seq == seq)).one()._mapping)


def _swap(a: int, b: int) -> Attack:
    """Exchange what two entries hold, seals and all."""

    def attack(c: Connection) -> None:
        first, second = _row(c, a), _row(c, b)
        c.execute(delete(TABLE).where(TABLE.c.seq.in_((a, b))))
        c.execute(insert(TABLE), [first | {"seq": b}, second | {"seq": a}])

    return attack


def _copied(c: Connection) -> None:
    """Put a copy of the third entry at the end, behind the right hash."""
    c.execute(insert(TABLE), _row(c, 3) | {"seq": 7, "previous": _row(c, 6)["hash"]})


def _rehashed(c: Connection) -> None:
    """Change an entry and make its hash right again, as anybody can; the key is not known."""
    row = _row(c, 4)
    row["body"] = row["body"].replace("guards", "nothing")
    fresh = linked(entry_of(row), previous=row["previous"], key=b"not the key")
    c.execute(update(TABLE).where(TABLE.c.seq == 4), fresh)


@pytest.mark.parametrize(
    ("attack", "first_bad", "code"),
    [
        (sql("update ledger_entry set body=replace(body, 'guards', 'nothing')"), 4, "ledger-entry-changed"),
        (sql("update ledger_entry set by='Somebody Else' where seq=4"), 4, "ledger-entry-changed"),
        (
            sql("update ledger_entry set happened_at='2015-11-24T12:00:01+00:00' where seq=3"),
            3,
            "ledger-entry-changed",
        ),
        (
            sql("update ledger_entry set recorded_at='2025-01-01T00:00:00+00:00' where seq=1"),
            1,
            "ledger-entry-changed",
        ),
        (sql("update ledger_entry set theatre='elsewhere' where seq=1"), 1, "ledger-entry-changed"),
        (sql("update ledger_entry set kind='note' where seq=5"), 5, "ledger-entry-changed"),
        (sql("update ledger_entry set body=body || ' ' where seq=2"), 2, "ledger-entry-changed"),
        (sql("update ledger_entry set body='{}' where seq=6"), 6, "ledger-entry-changed"),
        (sql("update ledger_entry set body='not json' where seq=6"), 6, "ledger-entry-changed"),
        (sql("update ledger_entry set body=x'00ff' where seq=6"), 6, "ledger-entry-changed"),
        (sql("update ledger_entry set by=7 where seq=2"), 2, "ledger-entry-changed"),
        (sql("update ledger_entry set signature='0' where seq=2"), 2, "ledger-signature-wrong"),
        (sql("update ledger_entry set signature='é' where seq=2"), 2, "ledger-entry-changed"),
        (sql("update ledger_entry set hash='0' where seq=2"), 2, "ledger-entry-changed"),
        (sql("delete from ledger_entry where seq=1"), 1, "ledger-entry-missing"),
        (sql("delete from ledger_entry where seq=3"), 3, "ledger-entry-missing"),
        (sql("delete from ledger_entry where seq=6"), 7, "ledger-cut"),
        (sql("delete from ledger_entry where seq>2"), 7, "ledger-cut"),
        (sql("delete from ledger_entry"), 1, "ledger-cut"),
        (sql("drop table ledger_entry"), 1, "ledger-entry-missing"),
        (sql("alter table ledger_entry drop column signature"), 1, "ledger-entry-missing"),
        (
            sql("delete from ledger_entry where seq=3", "update ledger_entry set seq=seq-1 where seq>3"),
            3,
            "ledger-entry-changed",
        ),
        (sql("update ledger_entry set seq=99 where seq=6"), 6, "ledger-entry-missing"),
        (sql("update ledger_entry set seq=-1 where seq=2"), 1, "ledger-entry-missing"),
        (_swap(2, 3), 2, "ledger-entry-changed"),
        (_swap(5, 6), 5, "ledger-entry-changed"),
        (_copied, 7, "ledger-entry-changed"),
        (_rehashed, 4, "ledger-signature-wrong"),
    ],
)
def test_a_hostile_edit_is_seen(
    book: Ledger, hit: Callable[[Attack], None], attack: Attack, first_bad: int, code: str
) -> None:
    hit(attack)
    verdict = verify(book)
    assert not verdict.holds
    assert code in [f.code for f in verdict.findings]
    if code != "ledger-cut":
        assert verdict.first_bad == first_bad
    assert verdict.first_bad is not None
    assert all(f.repair and f.expected for f in verdict.findings)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [f.code for f in findings]


def test_a_cut_end_is_seen_and_nothing_is_added_behind_it(
    book: Ledger, hit: Callable[[Attack], None]
) -> None:
    hit(sql("delete from ledger_entry where seq>4"))
    assert verify(book).first_bad == 5
    with pytest.raises(StoreError, match="the end of the ledger is not the one"):
        raise_one(book, warning(areas=()), hand(day=9))
    assert codes(verify(book).findings) == ["ledger-cut"]


def test_the_head_itself_is_guarded(book: Ledger) -> None:
    whole = read_head(book.head_path)
    assert whole is not None
    write_head(book.head_path, Head(4, book.entries()[3].hash, whole.signature))
    assert codes(verify(book).findings) == ["ledger-head-wrong"]
    book.head_path.write_text("{}")
    assert codes(verify(book).findings) == ["ledger-head-wrong"]
    book.head_path.unlink()
    assert codes(verify(book).findings) == ["ledger-head-wrong"]
    with pytest.raises(StoreError, match="is gone although the ledger"):
        raise_one(book, warning(areas=()), hand(day=9))


def test_without_the_key_nothing_is_vouched_for(book: Ledger) -> None:
    key = book.home.path / "seal.key"
    kept = key.read_bytes()
    key.unlink()
    assert codes(verify(book).findings) == ["ledger-key-missing"]
    assert not key.exists()
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    assert codes(verify(book).findings) == ["ledger-signature-wrong", "ledger-head-wrong"]
    key.write_bytes(kept)
    assert verify(book).holds


def test_only_an_anchor_sees_who_holds_the_key(
    book: Ledger, hit: Callable[[Attack], None], tmp_path: Path
) -> None:
    """Whoever holds the key can write the whole ledger anew: said in docs/methods/ledger.md, and true."""
    anchor = tmp_path / "anchor.json"
    anchor.write_bytes(book.head_path.read_bytes())
    key = signing_key(book.home.sealing_key()[0])
    forged, previous = [], "0" * 64
    for entry in book.entries():
        body = json.loads(json.dumps(dict(entry.body)).replace("guards are needed", "no need"))
        told = {k: getattr(entry, k) for k in ("seq", "theatre", "subject", "kind", "by", "happened_at")}
        row = linked(Entry(**told, recorded_at=entry.recorded_at, body=body), previous=previous, key=key)
        forged.append(row)
        previous = row["hash"]

    def rewrite(c: Connection) -> None:
        c.execute(delete(TABLE))
        c.execute(insert(TABLE), forged)

    hit(rewrite)
    write_head(book.head_path, Head(6, previous).signed(key))
    assert verify(book).holds
    told = verify(book, read_head(anchor))
    assert codes(told.findings) == ["ledger-anchor-differs"]
    assert told.anchored == 6


def test_an_impossible_step_with_the_right_seals_is_named(
    book: Ledger, hit: Callable[[Attack], None]
) -> None:
    key = signing_key(book.home.sealing_key()[0])
    last = book.entries()[-1]
    told = ("fictia", "fictia-0001", "issue", "x", last.happened_at, last.recorded_at, {})
    row = linked(Entry(7, *told), previous=last.hash, key=key)

    hit(lambda c: c.execute(insert(TABLE), row) and None)
    found = [f for f in verify(book).findings if f.severity != "note"]
    assert [(f.code, f.row) for f in found] == [("ledger-entry-impossible", 7)]


def test_nothing_was_written_yet(home: Home) -> None:
    book = Ledger(home)
    before = sorted(home.path.glob("*"))
    assert verify(book).as_dict() | {"hash": ""} == {
        "holds": True, "entries": 0, "hash": "", "first_bad": None, "anchored": None, "findings": [],
        "holds_from": 1, "breaks": [],
    }  # fmt: skip
    assert not home.register.exists()
    assert sorted(home.path.glob("*")) == before


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from ledgers import hand, ledger, warning
from toguna.warnings.moves import raise_one
from toguna.warnings.types import Area
book = ledger(Path({folder!r}))
for k in range(int(sys.argv[2])):
    raise_one(book, warning(areas=(Area(f"{{sys.argv[1]}}{{k}}"),)), hand(sys.argv[1]))
    print(k, flush=True)
"""


def writer(folder: Path, name: str, n: int) -> subprocess.Popen[str]:
    code = WRITER.format(here=str(Path(__file__).parents[1] / "warnings"), folder=str(folder))
    return subprocess.Popen([sys.executable, "-c", code, name, str(n)], stdout=subprocess.PIPE, text=True)


def test_two_at_once_keep_one_chain(home: Home, tmp_path: Path) -> None:
    led_to(Ledger(home))
    both = [writer(tmp_path, name, 5) for name in ("a", "b")]
    assert [p.wait(60) for p in both] == [0, 0]
    for p in both:
        assert p.stdout is not None
        p.stdout.close()
    book = Ledger(home)
    assert verify(book).findings == ()
    assert len({e.subject for e in book.entries()}) == 11
    head = read_head(book.head_path)
    assert head is not None
    assert head.entries == 11


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_killed_while_writing_the_chain_is_whole(home: Home, tmp_path: Path) -> None:
    for k in range(2):
        process = writer(tmp_path, f"k{k}-", 1000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.01 + 0.013 * k)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stdout.close()
        verdict = verify(Ledger(home))
        assert verdict.holds, verdict.findings
        assert verdict.entries >= k + 1
    book = Ledger(home)
    raise_one(book, warning(areas=()), hand())
    assert verify(book).findings == ()


def test_a_refused_step_leaves_no_trace(book: Ledger) -> None:
    before = book.entries()
    with pytest.raises(Exception, match="is closed"):
        carry(book, "fictia-0001", "issue", {}, hand(day=9))
    assert book.entries() == before
    assert verify(book).holds


def test_a_second_home_on_the_same_database_is_refused(book: Ledger, tmp_path: Path) -> None:
    """Said in docs/howto/team.md: key and head lie in one folder, so one home writes the ledger."""
    other = Ledger(Home(tmp_path / "other"))
    other.home.path.mkdir()
    if book.home.register.path is None:
        (other.home.path / "home.toml").write_bytes((book.home.path / "home.toml").read_bytes())
    else:
        shutil.copy(book.home.register.path, other.home.path)
    with pytest.raises(StoreError, match="belongs to another home"):
        raise_one(other, warning(areas=()), hand(day=9))
    assert [e.seq for e in other.entries()] == [1, 2, 3, 4, 5, 6]
    assert "ledger-signature-wrong" in codes(verify(other).findings)
    other.home.register.close()
    assert verify(book).holds
