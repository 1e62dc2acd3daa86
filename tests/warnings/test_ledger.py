"""The chain: whole after two writers and after a cut, and no hand from outside goes unseen."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from ledgers import WHOLE, hand, led_to, ledger, warning

from toguna.core.errors import StoreError
from toguna.core.findings import Finding
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.ledger.chain import Entry, entry_of, linked, signing_key
from toguna.warnings.ledger.head import Head, read_head, write_head
from toguna.warnings.moves import carry, raise_one
from toguna.warnings.verify import verify

Attack = Callable[[sqlite3.Connection], None]


@pytest.fixture
def book(tmp_path: Path) -> Ledger:
    """A ledger of six entries."""
    made = ledger(tmp_path)
    led_to(made, *WHOLE)
    assert verify(made).holds
    made.home.register.close()
    return made


def hit(book: Ledger, attack: Attack) -> None:
    connection = sqlite3.connect(book.home.register.path, isolation_level=None)
    attack(connection)
    connection.close()


def sql(*statements: str) -> Attack:
    return lambda connection: [connection.execute(s) for s in statements] and None


def _swap(a: int, b: int) -> Attack:
    """Exchange what two entries hold, seals and all."""

    def attack(c: sqlite3.Connection) -> None:
        columns = [r[1] for r in c.execute("pragma table_info(ledger_entry)") if r[1] != "seq"]
        quoted = ", ".join(f'"{name}"' for name in columns)
        rows = {k: c.execute(f"select {quoted} from ledger_entry where seq={k}").fetchone() for k in (a, b)}
        c.execute(f"delete from ledger_entry where seq in ({a}, {b})")
        marks = ", ".join("?" for _ in columns)
        for seq, row in ((a, rows[b]), (b, rows[a])):
            c.execute(f"insert into ledger_entry (seq, {quoted}) values ({seq}, {marks})", row)

    return attack


def _copied(c: sqlite3.Connection) -> None:
    """Put a copy of the third entry at the end, behind the right hash."""
    columns = [r[1] for r in c.execute("pragma table_info(ledger_entry)")]
    row = dict(zip(columns, c.execute("select * from ledger_entry where seq=3").fetchone(), strict=True))
    row["seq"], row["previous"] = 7, c.execute("select hash from ledger_entry where seq=6").fetchone()[0]
    marks = ", ".join("?" for _ in columns)
    names = ", ".join(f'"{n}"' for n in columns)
    c.execute(f"insert into ledger_entry ({names}) values ({marks})", [row[n] for n in columns])


def _rehashed(c: sqlite3.Connection) -> None:
    """Change an entry and make its hash right again, as anybody can; the key is not known."""
    columns = [r[1] for r in c.execute("pragma table_info(ledger_entry)")]
    row = dict(zip(columns, c.execute("select * from ledger_entry where seq=4").fetchone(), strict=True))
    row["body"] = row["body"].replace("guards", "nothing")
    fresh = linked(entry_of(row), previous=row["previous"], key=b"not the key")
    c.execute(
        "update ledger_entry set body=?, hash=?, signature=? where seq=4",
        (fresh["body"], fresh["hash"], fresh["signature"]),
    )


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
def test_a_hostile_edit_is_seen(book: Ledger, attack: Attack, first_bad: int, code: str) -> None:
    hit(book, attack)
    verdict = verify(book)
    assert not verdict.holds
    assert code in [f.code for f in verdict.findings]
    if code != "ledger-cut":
        assert verdict.first_bad == first_bad
    assert verdict.first_bad is not None
    assert all(f.repair and f.expected for f in verdict.findings)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [f.code for f in findings]


def test_a_cut_end_is_seen_and_nothing_is_added_behind_it(book: Ledger) -> None:
    hit(book, sql("delete from ledger_entry where seq>4"))
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
    with pytest.raises(StoreError, match="is gone although"):
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


def test_only_an_anchor_sees_who_holds_the_key(book: Ledger, tmp_path: Path) -> None:
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

    def rewrite(c: sqlite3.Connection) -> None:
        c.execute("delete from ledger_entry")
        names = ", ".join(f'"{n}"' for n in forged[0])
        for row in forged:
            c.execute(
                f"insert into ledger_entry ({names}) values ({','.join('?' * len(row))})", [*row.values()]
            )

    hit(book, rewrite)
    write_head(book.head_path, Head(6, previous).signed(key))
    assert verify(book).holds
    told = verify(book, read_head(anchor))
    assert codes(told.findings) == ["ledger-anchor-differs"]
    assert told.anchored == 6


def test_an_impossible_step_with_the_right_seals_is_named(book: Ledger) -> None:
    key = signing_key(book.home.sealing_key()[0])
    last = book.entries()[-1]
    told = ("fictia", "fictia-0001", "issue", "x", last.happened_at, last.recorded_at, {})
    row = linked(Entry(7, *told), previous=last.hash, key=key)

    def add(c: sqlite3.Connection) -> None:
        names = ", ".join(f'"{n}"' for n in row)
        c.execute(f"insert into ledger_entry ({names}) values ({','.join('?' * len(row))})", [*row.values()])

    hit(book, add)
    found = [f for f in verify(book).findings if f.severity != "note"]
    assert [(f.code, f.row) for f in found] == [("ledger-entry-impossible", 7)]


def test_nothing_was_written_yet(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    assert verify(book).as_dict() | {"hash": ""} == {
        "holds": True, "entries": 0, "hash": "", "first_bad": None, "anchored": None, "findings": [],
    }  # fmt: skip
    assert not (tmp_path / "home").exists()


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
    code = WRITER.format(here=str(Path(__file__).parent), folder=str(folder))
    return subprocess.Popen([sys.executable, "-c", code, name, str(n)], stdout=subprocess.PIPE, text=True)


def test_two_at_once_keep_one_chain(tmp_path: Path) -> None:
    led_to(ledger(tmp_path))
    both = [writer(tmp_path, name, 5) for name in ("a", "b")]
    assert [p.wait(60) for p in both] == [0, 0]
    for p in both:
        assert p.stdout is not None
        p.stdout.close()
    book = ledger(tmp_path)
    assert verify(book).findings == ()
    assert len({e.subject for e in book.entries()}) == 11
    head = read_head(book.head_path)
    assert head is not None
    assert head.entries == 11


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_killed_while_writing_the_chain_is_whole(tmp_path: Path) -> None:
    for k in range(2):
        process = writer(tmp_path, f"k{k}-", 1000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.01 + 0.013 * k)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stdout.close()
        verdict = verify(ledger(tmp_path))
        assert verdict.holds, verdict.findings
        assert verdict.entries >= k + 1
    book = ledger(tmp_path)
    raise_one(book, warning(areas=()), hand())
    assert verify(book).findings == ()


def test_a_refused_step_leaves_no_trace(book: Ledger) -> None:
    before = book.entries()
    with pytest.raises(Exception, match="is closed"):
        carry(book, "fictia-0001", "issue", {}, hand(day=9))
    assert book.entries() == before
    assert verify(book).holds
