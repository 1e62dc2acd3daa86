"""Every route of the room, as every role: the table of rights says who may enter, nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi import APIRouter
from lobbies import as_page, every

from toguna.accounts.rights import GUEST, RIGHTS, TOKEN_RIGHTS, Principal, Right, Role
from toguna.room.web import pages


def as_role(role: Role) -> Principal:
    if role is Role.GUEST:
        return GUEST
    return Principal(role=role, user_id=1, name="somebody", via="session")


def is_for_programs(address: str) -> bool:
    """Whether whoever asks wants no log-in form."""
    return address.startswith("/api/") or address.endswith((".atom", ".cap.xml", ".ics"))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("public", [False, True])
def test_every_route_as_every_role(lobby, role: Role, public: bool) -> None:
    lobby.enrol("somebody", "admin")
    client = lobby.open(authenticate=lambda _: as_role(role), public_view=public, raising=False)
    told = every(client.app)
    assert len(told) > 25
    wrong = []
    for method, address, right in told:
        seen = client.request(method, address, headers=as_page(lobby))
        may = right in RIGHTS[role]
        if right is Right.READ_PUBLIC and role is Role.GUEST:
            may = public
        refused = seen.status_code == 403 or seen.headers.get("location", "").startswith("/login?next=")
        refused = refused or (seen.status_code == 401 and is_for_programs(address))
        broken = seen.status_code == 500 or (seen.status_code == 401 and not refused and address != "/login")
        if refused == may or broken:
            wrong.append((method, address, right.value, seen.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.GUEST])
def test_no_route_of_a_theatre_opens_to_whoever_belongs_to_another(lobby, role: Role) -> None:
    stranger = Principal(role=role, user_id=1, name="somebody", theatres=frozenset({"niger"}), via="session")
    client = lobby.open(authenticate=lambda _: stranger)
    within = [(m, a, r) for m, a, r in every(client.app) if a.startswith("/t/mali")]
    assert within
    for method, address, right in within:
        seen = client.request(method, address, headers=as_page(lobby))
        assert seen.status_code == (404 if right in RIGHTS[role] else 403), address


@pytest.mark.parametrize("scope", sorted(TOKEN_RIGHTS))
def test_a_token_opens_what_its_one_scope_opens(lobby, scope: Right) -> None:
    """Of an administrator, who may everything; unsafe requests of programs need no form of a page."""
    program = replace(as_role(Role.ADMIN), via="token", scopes=frozenset({scope}))
    client = lobby.open(authenticate=lambda _: program, raising=False)
    opened = set()
    for method, address, right in every(client.app):
        seen = client.request(method, address, headers={"authorization": "Bearer x"})
        assert (seen.status_code == 403) == (right not in (scope, Right.OPEN)), (method, address)
        opened |= {right} if seen.status_code != 403 else set()
    assert opened <= {scope, Right.OPEN}


def test_a_route_without_a_right_stops_the_room(lobby, monkeypatch) -> None:
    router = APIRouter()

    @router.get("/forgotten")
    def forgotten() -> str:
        return "anybody may read this"

    monkeypatch.setattr(pages, "ROUTERS", (*pages.ROUTERS, router))
    with pytest.raises(RuntimeError, match="routes without a right: /forgotten"):
        lobby.open()


def test_a_route_in_a_router_of_a_router_is_found_too(lobby, monkeypatch) -> None:
    inner, outer = APIRouter(prefix="/inner"), APIRouter(prefix="/outer")

    @inner.get("/forgotten")
    def forgotten() -> str:
        return "anybody may read this"

    outer.include_router(inner)
    monkeypatch.setattr(pages, "ROUTERS", (*pages.ROUTERS, outer))
    with pytest.raises(RuntimeError, match="/outer/inner/forgotten"):
        lobby.open()


def test_the_room_tells_nobody_how_it_is_built(lobby) -> None:
    client = lobby.open()
    for address in ("/docs", "/redoc", "/openapi.json", "/.env", "/static/../settings.py"):
        assert client.get(address).status_code == 404
