"""The audit is a chain: what is done to it outside the program is seen, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from outside import outside

from toguna.accounts.audit import audit, note, note_reads
from toguna.accounts.auditchain import head_path
from toguna.accounts.auditverify import said, verify
from toguna.accounts.gate import Gate
from toguna.core.language import Language
from toguna.room.backup import backup, restore
from toguna.room.retention import retain
from toguna.store.head import read_head
from toguna.store.home import Home

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)


@pytest.fixture
def gate(home: Home) -> Gate:
    """Six entries, one a day; the last of yesterday."""
    gate = Gate.of(home, lambda: NOW)
    for days in range(6, 0, -1):
        with gate.register.write() as session:
            note(session, NOW - timedelta(days=days), "fatou", "read-report", f"reports:{days}")
    return gate


@pytest.fixture
def hit(where: Path | str, gate: Gate) -> Callable[..., None]:
    def attack(*told: str) -> None:
        gate.register.close()
        with outside(where) as connection:
            for one in told:
                connection.exec_driver_sql(one)

    return attack


def codes(home: Home) -> list[tuple[str, int | None]]:
    return [(f.code, f.row) for f in verify(home).findings]


def test_an_untouched_audit_holds(home: Home, gate: Gate) -> None:
    assert (verify(home).findings, verify(home).entries) == ((), 6)
    assert said(verify(home), Language("fr")) == "Le registre des accès tient\u202f: 6 entrées."


@pytest.mark.parametrize(
    ("attack", "found"),
    [
        ("delete from audit_entry where id=3", [("audit-entry-wrong", 3)]),
        ("delete from audit_entry where id<3", [("audit-entry-wrong", 1)]),
        ("delete from audit_entry where id>4", [("audit-cut", 6)]),
        ("delete from audit_entry", [("audit-cut", 6)]),
        ("update audit_entry set by='moussa' where id=2", [("audit-entry-wrong", 2)]),
        ("update audit_entry set signature=hash where id=2", [("audit-entry-wrong", 2)]),
        ("update audit_entry set hash=null", [("audit-entry-wrong", 1), ("audit-cut", 6)]),
        (
            "insert into audit_entry (id, at, by, act, subject) values (7, '2026', 'x', 'log-in', '')",
            [("audit-entry-wrong", 7), ("audit-head-behind", None)],
        ),
        ("drop table audit_entry", [("audit-cut", 6)]),
    ],
)
def test_a_hostile_edit_is_seen(
    home: Home, hit: Callable[..., None], attack: str, found: list[tuple[str, int | None]]
) -> None:
    hit(attack.replace(" by=", ' "by"=').replace(" by,", ' "by",'))
    assert not verify(home).holds
    assert set(found) <= set(codes(home))


def test_a_cut_end_stays_visible_and_locks_nobody_out(
    home: Home, gate: Gate, hit: Callable[..., None]
) -> None:
    hit("delete from audit_entry where id>4")
    note_reads(gate, "moussa", "report", ["reports:9"])
    assert codes(home) == [("audit-entry-wrong", 5), ("audit-broken", 7)]
    hit("delete from audit_entry where id>4")
    head_path(home.path).unlink()
    assert codes(home) == [("audit-head-wrong", None)]
    note_reads(gate, "moussa", "report", ["reports:9"])
    assert codes(home) == [("audit-broken", 5)]


def test_deletion_by_rule_leaves_a_stub_that_holds(home: Home, gate: Gate, hit: Callable[..., None]) -> None:
    with (home.path / "home.toml").open("a") as settings:
        settings.write("\n[retention]\nreads = 3\n")
    assert {o.kind: o.n for o in retain(home, NOW, do=False)}["reads"] == 3
    retain(home, NOW, do=True)
    assert (verify(home).findings, verify(home).forgotten, verify(home).entries) == ((), 3, 5)
    retain(home, NOW + timedelta(days=2), do=True)
    assert (verify(home).findings, verify(home).forgotten) == ((), 5)
    retain(home, NOW + timedelta(days=99), do=True)  # everything went, the stubs too
    assert (verify(home).findings, verify(home).entries) == ((), 2)
    hit("delete from audit_entry where act='audit-forgotten'")
    assert not verify(home).holds


def test_entries_of_before_are_sealed_as_found_and_that_is_told(
    home: Home, gate: Gate, hit: Callable[..., None]
) -> None:
    hit(
        "delete from audit_entry where id=2",
        "update audit_entry set previous=null, hash=null",
    )
    head_path(home.path).unlink()
    assert codes(home) == [("audit-sealed-late", None)]
    note_reads(gate, "moussa", "report", ["reports:9"])
    assert (codes(home), verify(home).holds) == ([("audit-sealed-late", None)], True)
    with gate.register.read() as session:
        assert [e.act for e in audit(session, most=2)] == ["read-report", "audit-sealed"]
    hit("update audit_entry set subject='' where id=1")
    assert ("audit-entry-wrong", 1) in codes(home)


def test_only_an_anchor_sees_a_copy_put_back(home: Home, gate: Gate, tmp_path: Path) -> None:
    backup(home, tmp_path / "copy.tar.gz", now=NOW)
    note_reads(gate, "moussa", "report", ["reports:9"])
    anchor = read_head(head_path(home.path))
    assert verify(home, anchor).holds
    older = Home(tmp_path / "older")
    restore(older, tmp_path / "copy.tar.gz")
    assert verify(older).findings == ()
    assert [f.code for f in verify(older, anchor).findings] == ["audit-anchor-differs"]


def test_writers_at_once_make_one_chain(home: Home, gate: Gate) -> None:
    """Two who opened the home each for themselves, as the room and the command line do."""
    gates = (gate, Gate.of(Home(home.path)))
    with ThreadPoolExecutor(4) as many:
        list(many.map(lambda n: note_reads(gates[n % 2], "t", "report", [f"{n}", f"{n}b"]), range(12)))
    assert (verify(home).findings, verify(home).entries) == ((), 6 + 24)
    gates[1].register.close()
