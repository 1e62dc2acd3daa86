"""Accounts are made, changed and closed; somebody can always open the room."""

from __future__ import annotations

import pytest

from toguna.accounts.links import make_link, open_link
from toguna.accounts.login import Attempt, log_in
from toguna.accounts.names import theatres_of
from toguna.accounts.refusals import RefusedError
from toguna.accounts.rights import Right
from toguna.accounts.sessions import find_session
from toguna.accounts.tokens import find_token, make_token
from toguna.accounts.users import (
    NewAccount,
    accounts_of,
    add_account,
    change_role,
    close_account,
    find_account,
    has_administrator,
    open_account,
)
from toguna.core.errors import UnknownNameError

PASSWORD = "three donkeys cross the river"


def add(gate, *told: str, **more: object) -> None:
    with gate.register.write() as session:
        add_account(session, NewAccount(*told, **more), by="test", now=gate.now())


def test_an_account_is_what_was_said(gate) -> None:
    add(gate, " Fatou.K ", "analyst", ["niger", "mali", "mali"], display=" Fatou Kané ", lang="fr")
    add(gate, "moussa", "monitor")
    with gate.register.read() as session:
        fatou, moussa = accounts_of(session)
    assert (fatou.name, fatou.display, fatou.lang) == ("fatou.k", "Fatou Kané", "fr")
    assert theatres_of(fatou.theatres) == {"mali", "niger"}
    assert (moussa.display, theatres_of(moussa.theatres)) == ("moussa", None)
    assert fatou.password_hash is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x",
        "two words",
        "fatou/..",
        "é",
        "-x",
        "x" * 33,
        "аdmin",
        "a\u200bb",
        "a\nb",
        "<script>",
        "a';--",
        "ａ b",
    ],
)
def test_names_that_could_deceive_are_refused(gate, name: str) -> None:
    with pytest.raises(RefusedError, match="cannot be the name of an account"):
        add(gate, name, "analyst")
    with gate.register.read() as session:
        assert accounts_of(session) == []


@pytest.mark.parametrize(
    ("told", "more", "error", "said"),
    [
        (("fatou", "analyst"), {}, RefusedError, "already an account fatou"),
        (("FATOU", "analyst"), {}, RefusedError, "already an account fatou"),
        (("ａminata", "analyst"), {}, RefusedError, "cannot be the name of an account"),
        (("aminata", "boss"), {}, UnknownNameError, "unknown role 'boss'"),
        (("aminata", "guest"), {}, RefusedError, "needs no account"),
        (("aminata", "analyst", ["../x"]), {}, RefusedError, "name of a theatre"),
        (("aminata", "analyst"), {"lang": "de"}, UnknownNameError, "language"),
        (("aminata", "analyst"), {"display": "x" * 81}, RefusedError, "longer than 80"),
        (("aminata", "analyst"), {"display": "Ami\u202enata"}, RefusedError, "cannot be seen"),
    ],
)
def test_what_will_not_do_changes_nothing(gate, told, more, error, said) -> None:
    add(gate, "fatou", "monitor")
    with pytest.raises(error, match=said):
        add(gate, *told, **more)
    with gate.register.read() as session:
        assert [(a.name, a.role) for a in accounts_of(session)] == [("fatou", "monitor")]


def test_a_name_that_is_not_there_is_told_with_those_near(gate) -> None:
    add(gate, "fatou", "monitor")
    with gate.register.read() as session, pytest.raises(UnknownNameError, match="did you mean 'fatou'"):
        find_account(session, "fatoo")


def test_the_last_administrator_stays(gate, enrol) -> None:
    enrol("root1", "admin")
    add(gate, "root2", "admin")  # has no password: could not open the room
    with gate.register.write() as session:
        root = find_account(session, "root1")
        with pytest.raises(RefusedError, match="last administrator"):
            close_account(session, root, by="root1", now=gate.now())
        with pytest.raises(RefusedError, match="last administrator"):
            change_role(session, root, NewAccount("root1", "analyst"), by="root1", now=gate.now())
    enrol("root3", "admin")
    with gate.register.write() as session:
        close_account(session, find_account(session, "root1"), by="root3", now=gate.now())
        assert has_administrator(session)


def test_disabling_ends_everything(gate, enrol) -> None:
    enrol("root1", "admin")
    enrol("fatou")
    entered = log_in(gate, Attempt("fatou", PASSWORD))
    with gate.register.write() as session:
        fatou = find_account(session, "fatou")
        token = make_token(session, fatou, name="x", scopes=[Right.READ], days=9, now=gate.now())
        link = make_link(session, fatou, by="root1", now=gate.now())
    with gate.register.write() as session:
        close_account(session, find_account(session, "fatou"), by="root1", now=gate.now())
    with gate.register.read() as session:
        assert find_session(session, entered.token, gate.now(), gate.limits) is None
        assert find_token(session, token, gate.now()) is None
        assert open_link(session, link, gate.now()) is None
    with pytest.raises(RefusedError):
        log_in(gate, Attempt("fatou", PASSWORD))
    with gate.register.write() as session:
        open_account(session, find_account(session, "fatou"), by="root1", now=gate.now())
        assert find_session(session, entered.token, gate.now(), gate.limits) is None
        assert find_token(session, token, gate.now()) is None
    assert log_in(gate, Attempt("fatou", PASSWORD)).name == "fatou"


def test_other_rights_end_links_given_before(gate, enrol) -> None:
    enrol("root1", "admin")
    enrol("fatou")
    with gate.register.write() as session:
        fatou = find_account(session, "fatou")
        link = make_link(session, fatou, by="root1", now=gate.now())
        change_role(session, fatou, NewAccount("fatou", "analyst", ["mali"]), by="root1", now=gate.now())
        assert open_link(session, link, gate.now()) is None
        with pytest.raises(RefusedError, match="close it instead"):
            change_role(session, fatou, NewAccount("fatou", "guest"), by="root1", now=gate.now())
