"""The table of rights, and where rights end."""

from __future__ import annotations

import pytest

from toguna.accounts.principals import principal_of_account
from toguna.accounts.rights import GUEST, RIGHTS, TOKEN_RIGHTS, Principal, Right, Role, rights_of
from toguna.store.register.account_tables import Account

# Written out a second time on purpose: whoever changes the table changes it here too, and is seen doing it.
EXPECTED = {
    Role.GUEST: "open read-public",
    Role.MONITOR: "open read-public own-account report",
    Role.ANALYST: "open read-public own-account read report review code warn export",
    Role.DECIDER: "open read-public own-account read decide export",
    Role.ADMIN: "open read-public own-account read report review code warn decide export "
    "see-reporter administer",
}


def test_the_table_of_rights() -> None:
    assert {role: set(rights_of(role)) for role in Role} == {
        role: set(said.split()) for role, said in EXPECTED.items()
    }
    assert set(RIGHTS) == set(Role)


def test_who_reported_is_for_the_administrator_and_never_for_a_program() -> None:
    assert [role for role in Role if Right.SEE_REPORTER in rights_of(role)] == [Role.ADMIN]
    assert not TOKEN_RIGHTS & {Right.SEE_REPORTER, Right.ADMINISTER, Right.OWN_ACCOUNT}


@pytest.mark.parametrize("role", Role)
def test_rights_end_at_the_border_of_a_theatre(role: Role) -> None:
    here = Principal(role, user_id=1, name="x", theatres=frozenset({"mali"}))
    everywhere = Principal(role, user_id=1, name="x")
    for right in Right:
        assert here.may(right, "mali") == everywhere.may(right, "niger") == (right in rights_of(role))
        assert not here.may(right, "niger")
        assert not Principal(role, theatres=frozenset()).may(right, "mali")


def test_scopes_only_take_away() -> None:
    for role in Role:
        limited = Principal(role, scopes=frozenset({Right.READ, Right.DECIDE}))
        for right in Right:
            inside = right in (Right.READ, Right.DECIDE, Right.OPEN) and right in rights_of(role)
            assert limited.may(right) == inside


def test_a_guest_is_nobody() -> None:
    assert (GUEST.user_id, GUEST.name, GUEST.role) == (None, "", Role.GUEST)


def test_the_principal_of_an_account_is_its_account(gate, enrol) -> None:
    id = enrol("fatou", "analyst", theatres=["mali"], lang="fr")
    with gate.register.read() as session:
        who = principal_of_account(session.get(Account, id))
    assert (who.user_id, who.name, who.role, who.lang, who.via) == (
        id,
        "fatou",
        Role.ANALYST,
        "fr",
        "session",
    )
    assert who.theatres == {"mali"}
