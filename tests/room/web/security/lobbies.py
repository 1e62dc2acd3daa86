"""What the tests of security share: a room on an empty home, accounts, a clock that tests set."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient

from toguna.accounts.gate import Gate
from toguna.accounts.rights import Right
from toguna.accounts.secrets import derived_key
from toguna.accounts.users import NewAccount, add_account, set_password_hash
from toguna.room.web import RoomSettings, create_app
from toguna.room.web.app import routes_of
from toguna.store.home import Home

PASSWORD = "three donkeys cross the river"
FILLED = {"theatre": "mali", "lang": "en", "kind": "html", "name": "somebody", "token_id": "1"}
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


@dataclass
class Lobby:
    """The room, its gate, and its clock."""

    home: Home
    kept: str
    moment: datetime = datetime(2015, 11, 24, 12, tzinfo=UTC)
    opened: list[TestClient] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        self.moment += timedelta(**span)

    @property
    def gate(self) -> Gate:
        return Gate.of(self.home, self.now)

    def enrol(self, name: str, role: str, **more: object) -> int:
        with self.gate.register.write() as session:
            account = add_account(session, NewAccount(name, role, **more), by="test", now=self.moment)
            set_password_hash(session, account, self.kept, by="test", now=self.moment)
            return account.id

    def open(self, *, base: str = "http://localhost", raising: bool = True, **said: object) -> TestClient:
        authenticate = said.pop("authenticate", None)
        settings = RoomSettings(
            home=self.home,
            theatres=("mali",),
            build=False,
            clock=self.now,
            **said,  # type: ignore[arg-type]
        )
        app = create_app(settings, authenticate=authenticate)  # type: ignore[arg-type]
        client = TestClient(app, base_url=base, follow_redirects=False, raise_server_exceptions=raising)
        client.headers["accept-language"] = "en"
        self.opened.append(client)
        return client

    def enter(self, client: TestClient, name: str, password: str = PASSWORD, **more: str):
        typed = {"csrf": csrf(client, "/login"), "name": name, "password": password} | more
        return client.post("/login", data=typed)


def csrf(client: TestClient, path: str) -> str:
    """Return what the forms of a page carry."""
    found = set(_CSRF.findall(client.get(path).text))
    assert len(found) == 1, path
    return found.pop()


def post(client: TestClient, page: str, address: str, **data: object):
    """Send a form as a page of the room would."""
    return client.post(address, data={"csrf": csrf(client, page)} | data)


def as_page(lobby: Lobby, visitor: str = "v" * 43) -> dict[str, str]:
    """Return the headers of a request that a page of the room sends for somebody without a session."""
    right = hmac.new(derived_key(lobby.gate.key, "csrf"), visitor.encode(), "sha256").hexdigest()
    return {"cookie": f"toguna-visitor={visitor}", "x-csrf": right, "origin": "http://localhost"}


def every(app: FastAPI) -> list[tuple[str, str, Right]]:
    """Return every method, address and right of an application."""
    found = []
    for route in routes_of(app):
        address = re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: FILLED.get(m[1], "1"), str(route.path))
        found += [(method, address, route.endpoint.right) for method in sorted(route.methods or ())]
    return found
