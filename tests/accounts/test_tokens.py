"""Tokens of programs: scopes, ends, owners."""

from __future__ import annotations

import pytest

from toguna.accounts.refusals import RefusedError
from toguna.accounts.rights import Right
from toguna.accounts.tokens import (
    PREFIX,
    end_token,
    find_token,
    is_unmarked,
    make_token,
    mark_used,
    scopes_of,
    tokens_of,
)
from toguna.accounts.users import NewAccount, change_role, close_account, find_account
from toguna.store.register.account_tables import Account


def make(gate, id: int, *scopes: Right, name: str = "nightly export", days: int = 90) -> str:
    with gate.register.write() as session:
        account = session.get(Account, id)
        return make_token(session, account, name=name, scopes=scopes, days=days, now=gate.now())


def test_a_token_never_exceeds_its_owner(gate, enrol) -> None:
    enrol("root1", "admin")
    id = enrol("moussa", "monitor")
    for scope in (Right.READ, Right.DECIDE, Right.ADMINISTER, Right.SEE_REPORTER):
        with pytest.raises(RefusedError, match="more than its owner"):
            make(gate, id, scope)
    with pytest.raises(RefusedError, match="never administers"):
        make(gate, 1, Right.ADMINISTER)
    token = make(gate, id, Right.REPORT)
    with gate.register.write() as session:
        row, owner = find_token(session, token, gate.now())
        assert (scopes_of(row), owner.name) == (frozenset({Right.REPORT}), "moussa")
        assert token.startswith(PREFIX) and token not in row.token_hash


def test_a_token_ends_by_itself_by_hand_and_with_its_account(gate, hand, enrol) -> None:
    enrol("root1", "admin")
    id, other = enrol("fatou"), enrol("moussa")
    short, long, third = (make(gate, id, Right.READ, days=d) for d in (1, 366, 90))
    hand.pass_by(days=1)
    with gate.register.read() as session:
        assert find_token(session, short, gate.now()) is None
        assert find_token(session, long, gate.now()) is not None
        rows = tokens_of(session, id)
    with gate.register.write() as session:
        with pytest.raises(RefusedError, match="no such token"):
            end_token(session, session.get(Account, other), rows[0].id, now=gate.now())
        end_token(session, session.get(Account, id), rows[0].id, now=gate.now())
        assert find_token(session, third, gate.now()) is None
    with gate.register.write() as session:
        close_account(session, find_account(session, "fatou"), by="root1", now=gate.now())
    with gate.register.read() as session:
        assert find_token(session, long, gate.now()) is None


@pytest.mark.parametrize(
    ("name", "scopes", "days", "reason"),
    [
        ("", [Right.READ], 90, "needs a name"),
        ("x", [], 90, "at least one scope"),
        ("x", [Right.READ], 0, "1 to 366 days"),
        ("x", [Right.READ], 367, "1 to 366 days"),
        ("x" * 81, [Right.READ], 90, "longer than 80"),
        ("a\u202eb", [Right.READ], 90, "cannot be seen"),
    ],
)
def test_a_token_that_will_not_do_is_refused(gate, enrol, name, scopes, days, reason) -> None:
    id = enrol("fatou")
    with pytest.raises(RefusedError, match=reason):
        make(gate, id, *scopes, name=name, days=days)


def test_twenty_are_enough(gate, enrol) -> None:
    id = enrol("fatou")
    for _ in range(20):
        make(gate, id, Right.READ)
    with pytest.raises(RefusedError, match="20 tokens are enough"):
        make(gate, id, Right.READ)


def test_its_last_use_is_kept(gate, hand, enrol) -> None:
    id = enrol("fatou")
    token = make(gate, id, Right.READ)
    with gate.register.write() as session:
        row, _ = find_token(session, token, gate.now())
        assert is_unmarked(row, gate.now())
        mark_used(session, row, gate.now())
        assert not is_unmarked(row, gate.now())
    hand.pass_by(seconds=60)
    with gate.register.read() as session:
        assert is_unmarked(tokens_of(session, id)[0], gate.now())


def test_a_scope_that_is_no_longer_known_is_no_right(gate, enrol) -> None:
    id = enrol("fatou")
    make(gate, id, Right.READ)
    with gate.register.write() as session:
        row = tokens_of(session, id)[0]
        row.scopes = '["read", "launch"]'
        assert scopes_of(row) == frozenset({Right.READ})


def test_a_lower_role_takes_rights_from_its_tokens(gate, enrol) -> None:
    from toguna.accounts.principals import principal_of_token

    enrol("root1", "admin")
    id = enrol("fatou")
    token = make(gate, id, Right.READ, Right.REVIEW)
    with gate.register.write() as session:
        new = NewAccount("fatou", "decider", ("mali",))
        change_role(session, find_account(session, "fatou"), new, by="root1", now=gate.now())
        who = principal_of_token(*find_token(session, token, gate.now()))
    assert who.may(Right.READ, "mali")
    assert not who.may(Right.REVIEW, "mali")
    assert not who.may(Right.DECIDE, "mali")
    assert not who.may(Right.READ, "niger")
