"""Behind a break a team goes on, and nobody can hide that there was one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from ledgers import WHOLE, hand, led_to, ledger, warning

from toguna.core.errors import DataError, FieldError, StoreError
from toguna.store.head import Head, read_head, write_head
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.ledger.chain import entry_of, linked
from toguna.warnings.moves import move, raise_one, records_of
from toguna.warnings.resume import resume
from toguna.warnings.steps import Note
from toguna.warnings.verify import Verdict, verify

Attack = Callable[[sqlite3.Connection], None]


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


WHY = "an intern tried out SQL; no copy of that day is left"
EDIT = sql("update ledger_entry set body=replace(body, 'guards', 'nothing') where seq=4")


@pytest.fixture
def book(tmp_path: Path) -> Ledger:
    made = ledger(tmp_path)
    led_to(made, *WHOLE)
    made.home.register.close()
    return made


def codes(verdict: Verdict) -> list[str]:
    return [f.code for f in verdict.findings]


@pytest.mark.parametrize(
    ("attack", "first_bad", "aside", "lost"),
    [
        (EDIT, 4, [4, 5], None),
        (sql("update ledger_entry set body=x'00ff' where seq=6"), 6, [6], None),
        (sql("update ledger_entry set by=7 where seq=2"), 2, [2, 3, 4, 5, 6], None),
        (sql("update ledger_entry set body='not json' where seq=1"), 1, [1, 2, 3, 4, 5, 6], None),
        (sql("delete from ledger_entry where seq=3"), 3, [4, 5], None),
        (sql("delete from ledger_entry where seq>4"), 5, [], [5, 6]),
        (sql("delete from ledger_entry"), 1, [], [1, 6]),
        (sql("update ledger_entry set seq=99 where seq=6"), 6, [99], None),
        (sql("update ledger_entry set seq=-1 where seq=2"), 1, [-1, 3, 4, 5, 6], None),
        (_swap(2, 3), 2, [2, 3, 4, 5, 6], None),
        (_copied, 7, [7], None),
        (_rehashed, 4, [4, 5], None),
    ],
)
def test_a_break_is_resumed_and_told_for_ever(
    book: Ledger, attack: Attack, first_bad: int, aside: list[int], lost: list[int] | None
) -> None:
    hit(book, attack)
    if len(aside) == 6:
        with pytest.raises(StoreError, match="every entry was changed"):
            resume(book, hand("head", 9), reason=WHY)
        return
    made = resume(book, hand("head of office", 9), reason=WHY)
    body = made.body
    assert (body["first_bad"], body["set_aside"], body["lost"]) == (first_bad, aside, lost)
    verdict = verify(book)
    assert (verdict.sound, verdict.holds, verdict.holds_from) == (True, False, made.seq)
    assert verdict.breaks[0]["reason"] == WHY
    assert [f.row for f in verdict.findings if f.code == "ledger-resumed"] == [first_bad]
    assert codes(verdict) == ["ledger-resumed"]

    fresh = raise_one(book, warning(areas=()), hand(day=10))
    assert move(book, fresh.id, Note("on we go"), hand(day=11)).history[-1].seq == made.seq + 2
    assert (verify(book).holds_from, codes(verify(book))) == (made.seq, ["ledger-resumed"])


@pytest.mark.parametrize(
    "later",
    [
        EDIT,
        sql("update ledger_entry set by='analyst' where seq=4"),
        sql("delete from ledger_entry where seq=4"),
        sql("delete from ledger_entry where seq=7"),
        sql("update ledger_entry set by='nobody' where kind='resume'"),
        sql("update ledger_entry set body=replace(body, 'intern', 'gremlin') where seq=7"),
        sql("update ledger_entry set kind='note' where seq=7"),
        sql("delete from ledger_entry where seq=8"),
        sql("update ledger_entry set body='{}' where seq=8"),
        sql("insert into ledger_entry select 0, theatre, subject, kind, by, happened_at, recorded_at, body, "
            "'x', hash, signature from ledger_entry where seq=1"),
    ],
)  # fmt: skip
def test_what_was_resumed_is_sealed_with_its_bad_rows(book: Ledger, later: Attack) -> None:
    hit(book, sql("update ledger_entry set by='Somebody' where seq=4"))
    resume(book, hand("head of office", 9), reason=WHY)
    raise_one(book, warning(areas=()), hand(day=10))
    assert verify(book).sound
    book.home.register.close()
    hit(book, later)
    verdict = verify(book)
    assert not verdict.sound
    assert verdict.holds_from is None
    assert verdict.first_bad is not None


def test_a_forged_resumption_is_none(book: Ledger) -> None:
    """Who has the database but not the key cannot declare a break mended."""
    hit(book, EDIT)
    resume(book, hand("head of office", 9), reason=WHY)
    book.home.register.close()
    hit(book, sql(f"update ledger_entry set signature='{'0' * 64}' where seq=7"))
    verdict = verify(book)
    assert (verdict.sound, verdict.breaks, verdict.first_bad) == (False, (), 4)


def test_what_rests_on_a_bad_row_falls_back(book: Ledger) -> None:
    hit(book, EDIT)
    resume(book, hand("head of office", 9), reason=WHY)
    record = records_of(book)["fictia-0001"]
    assert [e.kind for e in record.history] == ["raise", "issue", "acknowledge", "close"]
    assert record.decision is None


def test_a_second_break_keeps_the_first(book: Ledger) -> None:
    hit(book, EDIT)
    resume(book, hand("head of office", 9), reason=WHY)
    raise_one(book, warning(areas=()), hand(day=10))
    book.home.register.close()
    hit(book, sql("update ledger_entry set theatre='x' where seq=8"))
    assert verify(book).first_bad == 8
    resume(book, hand("head of office", 12), reason="again")
    verdict = verify(book)
    assert [b["first_bad"] for b in verdict.breaks] == [4, 8]
    assert (verdict.sound, verdict.holds_from) == (True, 9)


def test_the_anchor_is_named_and_keeps_its_say(book: Ledger) -> None:
    anchor = read_head(book.head_path)
    assert anchor is not None
    early = Head(2, book.entries()[1].hash, "")
    book.home.register.close()
    hit(book, sql("delete from ledger_entry where seq=6"))
    made = resume(book, hand("head of office", 9), reason=WHY, anchor=anchor)
    assert made.body["anchor"] == {
        "entries": 6, "hash": anchor.hash, "signature": anchor.signature, "holds": False,
    }  # fmt: skip
    assert codes(verify(book, anchor)) == ["ledger-resumed", "ledger-anchor-differs"]
    assert verify(book, early).sound


def test_a_head_that_is_gone_is_a_break_too(book: Ledger) -> None:
    book.head_path.unlink()
    made = resume(book, hand("head of office", 9), reason=WHY)
    assert (made.body["first_bad"], made.body["codes"]) == (None, ["ledger-head-wrong"])
    assert verify(book).breaks[0]["set_aside"] == []
    write_head(book.head_path, Head(6, made.previous, "no"))
    assert not verify(book).sound


def test_nothing_is_resumed_without_need_reason_or_key(book: Ledger) -> None:
    with pytest.raises(DataError, match="the ledger holds"):
        resume(book, hand(day=9), reason=WHY)
    hit(book, EDIT)
    with pytest.raises(FieldError, match="reason"):
        resume(book, hand(day=9), reason=" ")
    (book.home.path / "seal.key").unlink()
    with pytest.raises(StoreError, match="nobody can tell which entries are real"):
        resume(book, hand(day=9), reason=WHY)
    rows = sqlite3.connect(book.home.register.path).execute("select count(*) from ledger_entry")
    assert rows.fetchone() == (6,)
