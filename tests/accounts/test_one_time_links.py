"""One-time links: once, in time, for one account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from toguna.accounts.links import FIRST, INVITATION, Opened, first_link, make_link, open_link, use_link
from toguna.accounts.login import Attempt, log_in
from toguna.accounts.refusals import RefusedError
from toguna.accounts.users import NewAccount, add_account, close_account, find_account

PASSWORD = "three donkeys cross the river"


@pytest.fixture
def link(gate, enrol) -> str:
    enrol("root1", "admin")
    with gate.register.write() as session:
        account = add_account(session, NewAccount("kadia.s", "monitor"), by="root1", now=gate.now())
        return make_link(session, account, by="root1", now=gate.now())


def opened(gate, token: str) -> Opened | None:
    with gate.register.read() as session:
        return open_link(session, token, gate.now())


def test_a_link_works_once_and_not_late(gate, hand, link: str) -> None:
    assert (
        opened(gate, link) == opened(gate, link) == Opened(INVITATION, "kadia.s")
    )  # opening uses nothing up
    hand.pass_by(days=6.99)
    assert use_link(gate, link, PASSWORD) == "kadia.s"
    assert log_in(gate, Attempt("kadia.s", PASSWORD)).name == "kadia.s"
    assert opened(gate, link) is None
    with pytest.raises(RefusedError, match="used, has expired, or was replaced"):
        use_link(gate, link, PASSWORD + " again")
    with gate.register.write() as session:
        late = make_link(session, find_account(session, "kadia.s"), by="root1", now=gate.now())
    hand.pass_by(days=7)
    assert opened(gate, late) is None


def test_of_two_at_once_one_sets_the_password(gate, link: str) -> None:
    def one(n: int) -> bool:
        try:
            use_link(gate, link, f"{PASSWORD} number {n}")
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(4) as many:
        assert sorted(many.map(one, range(4))) == [False, False, False, True]


def test_a_password_that_will_not_do_leaves_the_link_as_it_was(gate, link: str) -> None:
    with pytest.raises(RefusedError, match="at least 12"):
        use_link(gate, link, "short")
    with pytest.raises(RefusedError, match="name of the account"):
        use_link(gate, link, "kadia.s-kadia.s 15")
    assert opened(gate, link) is not None


def test_a_newer_link_replaces_the_older(gate, link: str) -> None:
    with gate.register.write() as session:
        newer = make_link(session, find_account(session, "kadia.s"), by="root1", now=gate.now())
    assert opened(gate, link) is None
    assert opened(gate, newer) is not None


def test_a_closed_account_has_no_link(gate, link: str) -> None:
    with gate.register.write() as session:
        close_account(session, find_account(session, "kadia.s"), by="root1", now=gate.now())
    assert opened(gate, link) is None
    with gate.register.write() as session, pytest.raises(RefusedError, match="closed"):
        make_link(session, find_account(session, "kadia.s"), by="root1", now=gate.now())


def test_the_first_administrator(gate, hand) -> None:
    with gate.register.write() as session:
        older = first_link(session, gate.now())
        first = first_link(session, gate.now())
    assert opened(gate, older) is None
    assert opened(gate, first) == Opened(FIRST, "")
    with pytest.raises(RefusedError, match="needs a name"):
        use_link(gate, first, PASSWORD)
    with pytest.raises(RefusedError, match="cannot be the name"):
        use_link(gate, first, PASSWORD, NewAccount("two words", "admin"))
    assert use_link(gate, first, PASSWORD, NewAccount("Aminata", "admin", lang="fr")) == "aminata"
    with gate.register.write() as session:
        assert find_account(session, "aminata").role == "admin"
        assert first_link(session, gate.now()) is None


def test_a_first_link_opens_nothing_once_there_is_an_administrator(gate, enrol) -> None:
    with gate.register.write() as session:
        first = first_link(session, gate.now())
    enrol("root1", "admin")
    assert opened(gate, first) is None
    with pytest.raises(RefusedError, match="used, has expired"):
        use_link(gate, first, PASSWORD, NewAccount("mallory", "admin"))


def test_a_first_link_lasts_a_day(gate, hand) -> None:
    with gate.register.write() as session:
        first = first_link(session, gate.now())
    hand.pass_by(hours=24)
    assert opened(gate, first) is None


@pytest.mark.parametrize("wrong", ["", "x", "../../etc/passwd", "' OR 1=1 --", "\ud800", "x" * 100_000])
def test_what_is_no_link_opens_nothing(gate, link: str, wrong: str) -> None:
    assert opened(gate, wrong) is None
