"""Sessions end by idleness, by age, by hand, and change with rights."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from toguna.accounts.login import Attempt, log_in
from toguna.accounts.sessions import (
    Limits,
    change_session,
    drop_ended,
    end_session,
    end_sessions,
    find_session,
    is_stale,
    sessions_of,
    touch_session,
)
from toguna.accounts.users import NewAccount, change_role, find_account, set_password_hash
from toguna.store.register.account_tables import AccountSession

PASSWORD = "three donkeys cross the river"


@pytest.fixture
def token(gate, enrol) -> str:
    enrol("root1", "admin")
    enrol("fatou")
    return log_in(gate, Attempt("fatou", PASSWORD)).token


def is_open(gate, token: str) -> bool:
    with gate.register.read() as session:
        return find_session(session, token, gate.now(), gate.limits) is not None


def use(gate, token: str) -> None:
    with gate.register.write() as session:
        row, _ = find_session(session, token, gate.now(), gate.limits)
        touch_session(session, row, gate.now())


def test_the_register_holds_no_token(gate, token: str) -> None:
    assert len(token) == 43  # 256 bits
    gate.register.close()
    raw = b"".join(path.read_bytes() for path in gate.register.path.parent.glob("register.sqlite*"))
    assert token.encode() not in raw
    assert PASSWORD.encode() not in raw


def test_idle_and_absolute_limits(gate, hand, token: str) -> None:
    hand.pass_by(minutes=29)
    assert is_open(gate, token)
    hand.pass_by(minutes=1)
    assert not is_open(gate, token)
    hand.pass_by(minutes=-1)
    for _ in range(24):  # used every 29 minutes: 11 h 36 min
        use(gate, token)
        hand.pass_by(minutes=29)
    assert not is_open(gate, token)
    assert Limits() == Limits(idle=1800, absolute=43200)


def test_use_is_kept_once_a_minute(gate, hand, token: str) -> None:
    with gate.register.read() as session:
        row, _ = find_session(session, token, gate.now(), gate.limits)
    assert not is_stale(row, gate.now())
    hand.pass_by(seconds=60)
    assert is_stale(row, gate.now())


def test_a_session_changes_with_rights(gate, token: str) -> None:
    with gate.register.write() as session:
        fresh = change_session(session, token, gate.now())
        assert change_session(session, "no such token", gate.now()) is None
    assert fresh != token
    assert not is_open(gate, token)
    assert is_open(gate, fresh)
    with gate.register.write() as session:
        fatou = find_account(session, "fatou")
        change_role(session, fatou, NewAccount("fatou", "decider"), by="root1", now=gate.now())
    assert not is_open(gate, fresh)


def test_words_alone_do_not_end_a_session(gate, token: str) -> None:
    with gate.register.write() as session:
        fatou = find_account(session, "fatou")
        new = NewAccount("fatou", "analyst", display="Fatou K.", lang="fr")
        change_role(session, fatou, new, by="root1", now=gate.now())
    assert is_open(gate, token)


def test_log_out_here_and_everywhere(gate, token: str) -> None:
    others = [log_in(gate, Attempt("fatou", PASSWORD)).token for _ in range(2)]
    strangers = log_in(gate, Attempt("root1", PASSWORD)).token
    with gate.register.write() as session:
        end_session(session, token)
    assert [is_open(gate, t) for t in (token, *others, strangers)] == [False, True, True, True]
    with gate.register.write() as session:
        end_sessions(session, find_account(session, "fatou").id, but=others[1])
    assert [is_open(gate, t) for t in (*others, strangers)] == [False, True, True]
    with gate.register.write() as session:
        end_sessions(session, find_account(session, "fatou").id)
    assert [is_open(gate, t) for t in (*others, strangers)] == [False, False, True]


def test_a_new_password_ends_the_other_sessions(gate, kept, token: str) -> None:
    other = log_in(gate, Attempt("fatou", PASSWORD)).token
    with gate.register.write() as session:
        fatou = find_account(session, "fatou")
        set_password_hash(session, fatou, kept, by="fatou", now=gate.now(), but=other)
    assert not is_open(gate, token)
    assert is_open(gate, other)


def test_ended_sessions_are_deleted_and_open_ones_listed(gate, hand, token: str) -> None:
    hand.pass_by(minutes=31)
    second = log_in(gate, Attempt("fatou", PASSWORD)).token
    with gate.register.read() as session:
        assert session.scalars(select(AccountSession)).all() != []
        listed = sessions_of(session, find_account(session, "fatou").id, gate.now(), gate.limits)
    assert len(listed) == 1
    hand.pass_by(hours=13)
    with gate.register.write() as session:
        drop_ended(session, gate.now(), gate.limits)
        assert session.scalars(select(AccountSession)).all() == []
    assert not is_open(gate, second)


@pytest.mark.parametrize("wrong", ["", "x", "\ud800", "' OR 1=1 --", "x" * 100_000])
def test_what_is_no_token_opens_nothing(gate, token: str, wrong: str) -> None:
    assert not is_open(gate, wrong)
