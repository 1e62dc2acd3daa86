"""Guessing is slowed down; whoever is guessed at still gets in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from toguna.accounts.lockout import (
    FREE_BY_ADDRESS,
    FREE_BY_NAME,
    count_attempt,
    device_cookie,
    drop_count,
    is_device,
    limits_of,
    wait_seconds,
)
from toguna.accounts.login import Attempt, log_in
from toguna.accounts.refusals import RefusedError, WaitError
from toguna.store.register.account_tables import LoginFailures

PASSWORD = "three donkeys cross the river"
HERE, THERE = "192.0.2.7", "198.51.100.9"


def fail(gate, name: str = "fatou", address: str = HERE, **more: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        log_in(gate, Attempt(name, "not the password at all", address=address, **more))
    assert not isinstance(refusal.value, WaitError)


def test_the_wait_doubles_and_is_capped(gate, hand, enrol) -> None:
    enrol("fatou")
    for _ in range(FREE_BY_NAME):
        fail(gate)
    waits = []
    for _ in range(12):
        with pytest.raises(WaitError) as refusal:
            log_in(gate, Attempt("fatou", PASSWORD, address=HERE))  # right, and not even looked at
        waits.append(refusal.value.seconds)
        hand.pass_by(seconds=refusal.value.seconds)
        fail(gate)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert wait_seconds(10**9, FREE_BY_NAME) == 900


def test_a_right_password_after_the_wait_clears_the_count(gate, hand, enrol) -> None:
    enrol("fatou")
    for _ in range(FREE_BY_NAME):
        fail(gate)
    hand.pass_by(seconds=2)
    log_in(gate, Attempt("fatou", PASSWORD, address=HERE))
    for _ in range(FREE_BY_NAME):
        fail(gate)


def test_a_known_browser_is_not_locked_out_by_others(gate, enrol) -> None:
    enrol("admin1", "admin")
    device = log_in(gate, Attempt("admin1", PASSWORD, address=HERE)).device
    for _ in range(FREE_BY_NAME):
        fail(gate, "admin1", THERE)
    with pytest.raises(WaitError):
        log_in(gate, Attempt("admin1", PASSWORD, address=THERE))
    assert log_in(gate, Attempt("admin1", PASSWORD, address=THERE, device=device)).name == "admin1"


def test_a_device_cookie_does_not_buy_guesses_without_end(gate, enrol) -> None:
    enrol("fatou")
    device = log_in(gate, Attempt("fatou", PASSWORD, address=HERE)).device
    for _ in range(FREE_BY_NAME):
        fail(gate, device=device)
    with pytest.raises(WaitError):
        log_in(gate, Attempt("fatou", PASSWORD, address=HERE, device=device))


@pytest.mark.parametrize("forged", ["", ".", "a.b", "é.é", "x" * 9000, "\ud800.\ud800"])
def test_a_forged_device_cookie_is_none(gate, enrol, forged: str) -> None:
    enrol("fatou")
    enrol("moussa")
    theirs = device_cookie(gate.key, "moussa")
    assert is_device(gate.key, "moussa", theirs)
    assert not is_device(gate.key, "fatou", theirs)
    assert not is_device(gate.key, "fatou", forged)
    assert not is_device(bytes(32), "moussa", theirs)


def test_many_names_from_one_address_wait_too(gate, hand) -> None:
    for n in range(FREE_BY_ADDRESS):
        fail(gate, f"name{n}")
    with pytest.raises(WaitError):
        log_in(gate, Attempt("another", "not the password at all", address=HERE))
    fail(gate, "another", THERE)


def test_ipv6_counts_by_network(gate) -> None:
    assert limits_of(gate.key, name="a", address="2001:db8::1", device=None) == limits_of(
        gate.key, name="a", address="2001:db8::ffff", device=None
    )
    far = limits_of(gate.key, name="a", address="2001:db8:0:1::1", device=None)
    assert far[1] != limits_of(gate.key, name="a", address="2001:db8::1", device=None)[1]


def test_attempts_during_a_wait_do_not_prolong_it(gate, hand, enrol) -> None:
    enrol("fatou")
    for _ in range(FREE_BY_NAME):
        fail(gate)
    for _ in range(10):
        with pytest.raises(WaitError):
            log_in(gate, Attempt("fatou", PASSWORD, address=HERE))
    hand.pass_by(seconds=2)
    assert log_in(gate, Attempt("fatou", PASSWORD, address=HERE)).name == "fatou"


def test_failures_are_forgotten_after_a_day_and_name_nobody(gate, hand) -> None:
    for _ in range(FREE_BY_NAME):
        fail(gate, "my password by mistake")
    with gate.register.read() as session:
        rows = session.scalars(select(LoginFailures)).all()
    assert len(rows) == 2
    assert all(len(row.subject) == 64 and "password" not in row.subject for row in rows)
    hand.pass_by(hours=25)
    fail(gate, "my password by mistake")
    with gate.register.read() as session:
        assert [row.failures for row in session.scalars(select(LoginFailures))] == [1, 1]


def test_a_clock_set_back_does_not_make_wait_longer(gate, hand, enrol) -> None:
    enrol("fatou")
    for _ in range(FREE_BY_NAME):
        fail(gate)
    hand.pass_by(days=-30)
    with pytest.raises(WaitError) as refusal:
        log_in(gate, Attempt("fatou", PASSWORD, address=HERE))
    assert refusal.value.seconds <= 2


def test_one_good_password_does_not_clear_the_address(gate) -> None:
    """Else a guesser with an account of his own would log in between guesses at others."""
    limits = limits_of(gate.key, name="own", address=HERE, device=None)
    with gate.register.write() as session:
        for _ in range(3):
            count_attempt(session, limits, gate.now())
        drop_count(session, limits, gate.now())
    with gate.register.read() as session:
        assert [row.failures for row in session.scalars(select(LoginFailures))] == [2]
