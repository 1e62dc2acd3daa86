"""Log-in: one answer to everything wrong, the same work for every name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import argon2
import pyotp
import pytest

from toguna.accounts.audit import audit
from toguna.accounts.codes import begin_codes, confirm_codes, pending_address
from toguna.accounts.gate import Gate
from toguna.accounts.lockout import FREE_BY_NAME
from toguna.accounts.login import Attempt, confirm_password, log_in
from toguna.accounts.refusals import RefusedError, WaitError
from toguna.accounts.sessions import find_session
from toguna.accounts.users import close_account
from toguna.store.register.account_tables import Account, AccountSession

PASSWORD = "three donkeys cross the river"


def refusal_of(gate, *typed: str) -> str:
    with pytest.raises(RefusedError) as refusal:
        log_in(gate, Attempt(*typed))
    return str(refusal.value)


def test_the_right_things_open_a_session(gate, enrol) -> None:
    id = enrol("fatou")
    entered = log_in(gate, Attempt("  Fatou ", PASSWORD, browser="Firefox"))
    with gate.register.read() as session:
        row, account = find_session(session, entered.token, gate.now(), gate.limits)
        browser = session.get(AccountSession, row.id).browser
    assert (account.id, browser, entered.name) == (id, "Firefox", "fatou")
    assert PASSWORD not in repr(Attempt("fatou", PASSWORD)) and entered.token not in repr(entered)


def test_unknown_and_known_names_cannot_be_told_apart(gate, enrol, monkeypatch) -> None:
    enrol("fatou")
    enrol("closed")
    enrol("other")
    with gate.register.write() as session:
        close_account(session, session.get(Account, 2), by="test", now=gate.now())
    hashed: list[bool] = []
    real = Gate.matches

    def watched(self, kept, password):
        hashed.append(kept is not None)
        return real(self, kept, password)

    monkeypatch.setattr(Gate, "matches", watched)
    said = {
        refusal_of(gate, name, password)
        for name, password in (
            ("fatou", "not the password at all"),
            ("nobody", "not the password at all"),
            ("closed", PASSWORD),
            ("", ""),
            ("fatou' --", PASSWORD),
            ("fatou\x00", PASSWORD),
            ("f" * 100_000, "p" * 100_000),
            ("ｆａｔｏｕ２", PASSWORD),
        )
    }
    assert said == {"The name, the password or the code is not right."}
    assert len(hashed) == 8  # a hash was asked for each time, whether or not there was one to compare with


def test_the_work_for_unknown_names_is_the_work_for_known_ones(gate, enrol, monkeypatch) -> None:
    """Counted, not timed: both verify one hash of the same parameters."""
    enrol("fatou")
    seen: list[argon2.Parameters] = []
    real = argon2.PasswordHasher.verify

    def watched(self, kept, password):
        seen.append(argon2.extract_parameters(kept))
        return real(self, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", watched)
    for name in ("fatou", "nobody"):
        refusal_of(gate, name, "not the password at all")
    assert len(seen) == 2 and seen[0] == seen[1]


def test_nothing_is_hashed_while_waiting(gate, enrol, monkeypatch) -> None:
    enrol("fatou")
    for _ in range(FREE_BY_NAME):
        refusal_of(gate, "fatou", "not the password at all")
    monkeypatch.setattr(Gate, "matches", lambda *_: pytest.fail("a password was hashed"))
    with pytest.raises(WaitError):
        log_in(gate, Attempt("fatou", PASSWORD))


def test_many_at_once_gain_nothing(gate, enrol) -> None:
    enrol("fatou")

    def one(n: int) -> type:
        try:
            log_in(gate, Attempt("fatou", f"guess number {n} of many"))
        except RefusedError as refusal:
            return type(refusal)
        return object

    with ThreadPoolExecutor(8) as many:
        found = list(many.map(one, range(16)))
    assert found.count(RefusedError) == FREE_BY_NAME
    assert found.count(WaitError) == 16 - FREE_BY_NAME


def test_an_account_with_codes_needs_one(gate, hand, enrol) -> None:
    id = enrol("fatou")
    with gate.register.write() as session:
        account = session.get(Account, id)
        begin_codes(account, gate.key)
        secret, _ = pending_address(account, gate.key)
        confirm_codes(session, account, pyotp.TOTP(secret).at(gate.now()), key=gate.key, now=gate.now())
    hand.pass_by(minutes=1)
    code = pyotp.TOTP(secret).at(gate.now())
    assert "not right" in refusal_of(gate, "fatou", PASSWORD, "")
    assert "not right" in refusal_of(gate, "fatou", "not the password at all", code)
    assert (
        log_in(gate, Attempt("fatou", PASSWORD, code)).name == "fatou"
    )  # a wrong password did not use it up
    assert "not right" in refusal_of(gate, "fatou", PASSWORD, code)


def test_a_log_in_ends_the_session_it_replaces(gate, enrol) -> None:
    enrol("fatou")
    first = log_in(gate, Attempt("fatou", PASSWORD)).token
    second = log_in(gate, Attempt("fatou", PASSWORD, replaces=first)).token
    with gate.register.read() as session:
        assert find_session(session, first, gate.now(), gate.limits) is None
        assert find_session(session, second, gate.now(), gate.limits) is not None


def test_a_weak_hash_is_renewed_at_log_in(gate, enrol) -> None:
    id = enrol("fatou")
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with gate.register.write() as session:
        session.get(Account, id).password_hash = weak
    refusal_of(gate, "fatou", "not the password at all")
    log_in(gate, Attempt("fatou", PASSWORD))
    with gate.register.read() as session:
        assert argon2.extract_parameters(session.get(Account, id).password_hash).memory_cost == 19 * 1024
    log_in(gate, Attempt("fatou", PASSWORD))


def test_what_happened_is_kept_but_not_what_was_typed_as_a_name(gate, enrol) -> None:
    enrol("fatou")
    log_in(gate, Attempt("fatou", PASSWORD))
    refusal_of(gate, "fatou", "not the password at all")
    refusal_of(gate, PASSWORD, PASSWORD)
    with gate.register.read() as session:
        kept = [(e.by, e.act) for e in audit(session)][:3]
    assert kept == [("", "log-in-failed"), ("fatou", "log-in-failed"), ("fatou", "log-in")]


def test_the_present_password_is_asked_for_and_guesses_count(gate, enrol) -> None:
    enrol("fatou")
    confirm_password(gate, "fatou", PASSWORD, address="", device=None)
    for _ in range(FREE_BY_NAME):
        with pytest.raises(RefusedError, match="present password"):
            confirm_password(gate, "fatou", "not the password at all", address="", device=None)
    with pytest.raises(WaitError):
        confirm_password(gate, "fatou", PASSWORD, address="", device=None)
