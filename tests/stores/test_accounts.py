"""Accounts work the same on both databases, also when two come at once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from toguna.accounts.audit import audit, note_reads
from toguna.accounts.codes import begin_codes, confirm_codes, pending_address
from toguna.accounts.gate import Gate
from toguna.accounts.links import first_link, make_link, open_link, use_link
from toguna.accounts.lockout import FREE_BY_NAME
from toguna.accounts.login import Attempt, log_in
from toguna.accounts.refusals import RefusedError, WaitError
from toguna.accounts.rights import Right
from toguna.accounts.sessions import find_session, sessions_of
from toguna.accounts.tokens import end_token, find_token, make_token
from toguna.accounts.users import (
    NewAccount,
    accounts_of,
    add_account,
    change_role,
    close_account,
    find_account,
    has_administrator,
)
from toguna.core.errors import UnknownNameError
from toguna.store.home import Home
from toguna.store.register.account_tables import Account, AccountSession

PASSWORD = "three donkeys cross the river"


class Hand:
    moment = datetime(2015, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def gate(home: Home, hand: Hand) -> Gate:
    return Gate.of(home, hand)


@pytest.fixture
def root(gate: Gate) -> str:
    """The first administrator, made as the room makes one."""
    with gate.register.write() as session:
        token = first_link(session, gate.now())
    return use_link(gate, token, PASSWORD, NewAccount("root1", "admin"))


def invited(gate: Gate, name: str, role: str = "analyst", **more: object) -> str:
    with gate.register.write() as session:
        account = add_account(session, NewAccount(name, role, **more), by="root1", now=gate.now())
        return make_link(session, account, by="root1", now=gate.now())


def test_from_the_first_link_to_a_dismissal(gate: Gate, root: str, hand: Hand) -> None:
    use_link(gate, invited(gate, "fatou", theatres=["mali"], display="Bureau « Ménaka », ߒߞߏ"), PASSWORD)
    entered = log_in(gate, Attempt("fatou", PASSWORD, browser="Firefox"))
    with gate.register.write() as session:
        row, holder = find_session(session, entered.token, gate.now(), gate.limits)
        account = session.get(Account, holder.id)
        assert session.get(AccountSession, row.id).browser == "Firefox"
        assert account.display == "Bureau « Ménaka », ߒߞߏ"
        token = make_token(session, account, name="x", scopes=[Right.READ], days=9, now=gate.now())
        kept, _ = find_token(session, token, gate.now())
        other = make_token(session, account, name="y", scopes=[Right.READ], days=9, now=gate.now())
        end_token(session, account, kept.id, now=gate.now())
        assert find_token(session, token, gate.now()) is None
        change_role(session, account, NewAccount("fatou", "decider"), by=root, now=gate.now())
        assert sessions_of(session, account.id, gate.now(), gate.limits) == []
        link = make_link(session, account, by=root, now=gate.now())
    with gate.register.write() as session:
        close_account(session, find_account(session, "fatou"), by=root, now=gate.now())
        assert find_token(session, other, gate.now()) is None
        assert open_link(session, link, gate.now()) is None
        assert has_administrator(session)
        assert [a.name for a in accounts_of(session)] == ["fatou", "root1"]
        with pytest.raises(RefusedError, match="last administrator"):
            close_account(session, find_account(session, root), by=root, now=gate.now())
    note_reads(gate, root, "report", ["reports:1"])
    with gate.register.read() as session:
        acts = [e.act for e in audit(session)]
    assert acts[:4] == ["read-report", "account-closed", "link-made", "rights-changed"]


def test_codes_and_guesses_at_once_count_once(gate: Gate, root: str, hand: Hand) -> None:
    with gate.register.write() as session:
        account = find_account(session, root)
        begin_codes(account, gate.key)
        secret, _ = pending_address(account, gate.key)
        confirm_codes(session, account, pyotp.TOTP(secret).at(gate.now()), key=gate.key, now=gate.now())
    hand.moment += timedelta(minutes=1)
    code = pyotp.TOTP(secret).at(gate.now())

    def enter(typed: tuple[str, str]) -> str:
        try:
            return log_in(gate, Attempt(root, *typed)).name
        except RefusedError as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(4) as many:
        assert sorted(many.map(enter, [(PASSWORD, code)] * 4)) == ["RefusedError"] * 3 + [root]
    hand.moment += timedelta(days=2)  # what failed is forgotten
    with ThreadPoolExecutor(4) as many:
        seen = list(many.map(enter, [("not the password at all", "")] * 12))
    assert (seen.count("RefusedError"), seen.count(WaitError.__name__)) == (FREE_BY_NAME, 12 - FREE_BY_NAME)


def test_of_two_who_use_a_link_at_once_one_does(gate: Gate, root: str) -> None:
    link = invited(gate, "fatou")

    def use(n: int) -> bool:
        try:
            return bool(use_link(gate, link, f"{PASSWORD} number {n}"))
        except RefusedError:
            return False

    with ThreadPoolExecutor(4) as many:
        assert sorted(many.map(use, range(4))) == [False, False, False, True]


@pytest.mark.parametrize("nasty", ["a\x00b", "\ud800", "x" * 100_000, "' OR 1=1 --", "𝒶"])
def test_what_no_database_could_hold_is_no_name(gate: Gate, root: str, nasty: str) -> None:
    with pytest.raises(RefusedError, match="not right"):
        log_in(gate, Attempt(nasty, nasty, nasty, address=nasty, device=nasty, replaces=nasty))
    with gate.register.read() as session:
        with pytest.raises(UnknownNameError):
            find_account(session, nasty)
        assert open_link(session, nasty, gate.now()) is None
        assert find_token(session, nasty, gate.now()) is None
        assert find_session(session, nasty, gate.now(), gate.limits) is None


def test_whoever_lists_the_tables_sees_those_of_accounts() -> None:
    """In a process of its own: here the migrations have imported them already."""
    said = "from toguna.store.register.models import Base; print(*Base.metadata.tables)"
    listed = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    known = {"account", "account_session", "account_token", "account_link", "recovery_code"}
    assert known | {"login_failures", "audit_entry"} <= set(listed.stdout.split())
