"""Codes of the telephone: right once, sealed, replaced by recovery codes."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from toguna.accounts.codes import (
    begin_codes,
    confirm_codes,
    drop_codes,
    is_code,
    pending_address,
    recovery_left,
)
from toguna.accounts.refusals import RefusedError
from toguna.accounts.secrets import seal, unseal
from toguna.core.errors import StoreError
from toguna.store.register.account_tables import Account


@pytest.fixture
def coded(gate, enrol):
    """An account with codes; its id, its secret, its recovery codes."""
    id = enrol("fatou")
    with gate.register.write() as session:
        account = session.get(Account, id)
        begin_codes(account, gate.key)
        secret, address = pending_address(account, gate.key)
        assert address.startswith("otpauth://totp/Toguna:fatou?secret=")
        typed = pyotp.TOTP(secret).at(gate.now())
        recovery = confirm_codes(session, account, typed, key=gate.key, now=gate.now())
    return id, secret, recovery


def opens(gate, id: int, typed: str) -> bool:
    with gate.register.write() as session:
        return is_code(session, session.get(Account, id), typed, key=gate.key, now=gate.now())


def test_a_code_works_once(gate, hand, coded) -> None:
    id, secret, _ = coded
    first = pyotp.TOTP(secret).at(gate.now())
    assert not opens(gate, id, first)  # it confirmed the secret
    hand.pass_by(seconds=30)
    code = pyotp.TOTP(secret).at(gate.now())
    assert opens(gate, id, f"{code[:3]} {code[3:]}")
    assert not opens(gate, id, code)


def test_a_step_of_a_slow_or_fast_clock_is_let_through_and_no_more(gate, hand, coded) -> None:
    id, secret, _ = coded
    hand.pass_by(minutes=10)
    totp = pyotp.TOTP(secret)

    def beside(seconds: int) -> str:
        return totp.at(gate.now() + timedelta(seconds=seconds))

    assert not opens(gate, id, beside(-60))
    assert not opens(gate, id, beside(60))
    assert opens(gate, id, beside(-30))
    assert opens(gate, id, beside(30))
    assert not opens(gate, id, beside(0))  # before the last one used


@pytest.mark.parametrize(
    "typed", ["", "000000", "12345", "1234567", "٠١٢٣٤٥", "abcdef", "' OR 1=1", "-" * 9000]
)
def test_what_is_no_code_opens_nothing(gate, hand, coded, typed: str) -> None:
    hand.pass_by(minutes=10)
    assert not opens(gate, coded[0], typed)


def test_recovery_codes_work_once_each(gate, coded) -> None:
    id, _, recovery = coded
    assert len(set(recovery)) == 10
    assert opens(gate, id, recovery[0].upper())
    assert not opens(gate, id, recovery[0])
    assert opens(gate, id, recovery[9].replace("-", " "))
    with gate.register.read() as session:
        assert recovery_left(session, session.get(Account, id)) == 8


def test_a_new_secret_needs_its_first_code_and_the_old_one_holds_until_then(gate, hand, coded) -> None:
    id, old, _ = coded
    hand.pass_by(minutes=10)
    with gate.register.write() as session:
        account = session.get(Account, id)
        begin_codes(account, gate.key)
        with pytest.raises(RefusedError, match="six digits"):
            confirm_codes(session, account, "000000", key=gate.key, now=gate.now())
    assert opens(gate, id, pyotp.TOTP(old).at(gate.now()))


def test_without_codes_the_password_is_enough_and_they_can_be_dropped(gate, enrol, coded) -> None:
    assert opens(gate, enrol("moussa"), "")
    id, _, recovery = coded
    with gate.register.write() as session:
        drop_codes(session, session.get(Account, id))
    assert opens(gate, id, "")
    with gate.register.read() as session:
        assert recovery_left(session, session.get(Account, id)) == 0
    with gate.register.write() as session, pytest.raises(RefusedError):
        confirm_codes(session, session.get(Account, id), recovery[1], key=gate.key, now=gate.now())


def test_the_secret_is_sealed_and_bound_to_its_account(gate, coded) -> None:
    id, secret, recovery = coded
    with gate.register.read() as session:
        sealed = session.get(Account, id).totp_sealed
    assert unseal(gate.key, sealed, bound_to=f"account:{id}") == secret
    for key, owner in ((gate.key, "account:99"), (bytes(32), f"account:{id}")):
        with pytest.raises(StoreError, match="does not open"):
            unseal(key, sealed, bound_to=owner)
    gate.register.close()
    raw = b"".join(path.read_bytes() for path in gate.register.path.parent.glob("register.sqlite*"))
    assert secret.encode() not in raw
    assert recovery[0].replace("-", "").encode() not in raw
    assert seal(gate.key, secret, bound_to="a") != seal(gate.key, secret, bound_to="a")
