"""What the tests of decision pages share: a room that everybody of a small team has open, and their forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fastapi import Request
from fastapi.testclient import TestClient

from toguna.accounts.rights import GUEST, Principal, Role
from toguna.room.web import RoomSettings, create_app
from toguna.store.home import Home
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.moves import records_of
from toguna.warnings.states import Record
from toguna.warnings.verify import verify

NOW = datetime(2015, 11, 24, 12, tzinfo=UTC)
TEAM = {
    "awa": Role.ANALYST,
    "binta": Role.ANALYST,
    "moussa": Role.DECIDER,
    "oumar": Role.DECIDER,
    "root": Role.ADMIN,
    "seydou": Role.MONITOR,
    "guest": Role.GUEST,
}
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
_VERSION = re.compile(r'name="version" value="([^"]+)"')

FORM = {
    "headline_en": "Watch the road to Sévaré",
    "headline_fr": "Surveiller la route de Sévaré",
    "text_en": "Two attacks in ten days.",
    "text_fr": "Deux attaques en dix jours.",
    "kind": "surge",
    "level": "warning",
    "urgency": "Expected",
    "severity": "Severe",
    "certainty": "Likely",
    "sensitivity": "addressees",
    "areas": ["Mopti"],
    "places": "Sévaré, Somewhere else",
    "start": "2015-11-24",
    "end": "2016-02-24",
    "acknowledge_by": "2015-11-26",
    "deadline": "2015-11-30",
    "owner": "early warning desk",
    "addressees": "prevention desk",
    "escalate_to": "head of office",
    "options": "plan",
}


def _somebody(request: Request) -> Principal:
    name = request.headers.get("x-who", "guest")
    role = TEAM[name]
    if role is Role.GUEST:
        return GUEST
    return Principal(role=role, user_id=1, name=name, lang="en", via="session")


@dataclass
class Team:
    """A room and those who have it open."""

    home: Home
    moment: datetime = NOW
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        settings = RoomSettings(
            home=self.home, theatres=("mali",), build=False, public_view=True, clock=lambda: self.moment
        )
        app = create_app(settings, authenticate=_somebody)
        self.client = TestClient(app, base_url="http://localhost", follow_redirects=False)

    def get(self, who: str, page: str, **params: str):
        return self.client.get(f"/t/mali/{page}", headers={"x-who": who}, params=params or None)

    def csrf(self) -> str:
        """Return what the forms of this browser carry."""
        return _CSRF.search(self.client.get("/login").text)[1]

    def version(self, who: str, id: str) -> str:
        return _VERSION.search(self.get(who, f"warnings/{id}").text)[1]

    def post(self, who: str, page: str, **data: object):
        return self.client.post(f"/t/mali/{page}", headers={"x-who": who}, data={"csrf": self.csrf(), **data})

    def take(self, who: str, id: str, step: str, *, seen: str | None = None, **data: object):
        version = seen or self.record(id).version
        path = "note-decide" if step == "note" and TEAM[who] is Role.DECIDER else step
        return self.post(who, f"warnings/{id}/{path}", version=version, **data)

    def write(self, who: str = "awa", **changed: object) -> str:
        """Write a warning and return its id."""
        answered = self.post(who, "warnings/new", **{**FORM, **changed})
        assert answered.status_code == 303, answered.text
        return re.search(r"warnings/(mali-\d+)", answered.headers["location"])[1]

    def to(self, state: str, **changed: object) -> str:
        """Write a warning and bring it to a state."""
        id = self.write(**changed)
        way: list[Callable[[], object]] = [
            lambda: self.take("awa", id, "issue"),
            lambda: self.take("moussa", id, "acknowledge"),
            lambda: self.take("moussa", id, "decide", act="yes", reason="Needed."),
            lambda: self.take("moussa", id, "act", text="A visit."),
            lambda: self.take("moussa", id, "close", outcome="not-known"),
        ]
        states = ("draft", "issued", "acknowledged", "decided", "acting", "closed")
        for step in way[: states.index(state)]:
            assert step().status_code == 303
        assert self.record(id).state == state
        return id

    def record(self, id: str) -> Record:
        return records_of(Ledger(self.home))[id]

    def holds(self) -> bool:
        return verify(Ledger(self.home)).holds
