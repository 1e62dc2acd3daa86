"""A team at one room on an empty home: each person has a browser of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient

from toguna.accounts.rights import Principal, Role
from toguna.room.web import RoomSettings, create_app
from toguna.store.home import Home
from typed_form import TYPED

TODAY = date(2015, 11, 24)
PEOPLE = {
    "awa": Principal(Role.MONITOR, 7, "awa-secret", via="session"),
    "binta": Principal(Role.MONITOR, 8, "binta-secret", via="session"),
    "ana": Principal(Role.ANALYST, 9, "ana", via="session"),
    "ben": Principal(Role.ANALYST, 10, "ben", via="session"),
    "root": Principal(Role.ADMIN, 11, "root", via="session"),
    "dede": Principal(Role.DECIDER, 12, "dede", via="session"),
}
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


@dataclass
class Team:
    home: Home
    opened: list[TestClient] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2015, 11, 24, 12, tzinfo=UTC)

    def browser(self, name: str, lang: str = "en", **said: Any) -> Browser:
        settings = RoomSettings(
            home=self.home, theatres=("mali",), as_of=TODAY, build=False, clock=self.now, **said
        )
        app = create_app(settings, authenticate=lambda _: PEOPLE[name])
        client = TestClient(app, base_url="http://localhost", follow_redirects=False)
        client.headers["accept-language"] = lang
        self.opened.append(client)
        return Browser(client)


@dataclass
class Browser:
    client: TestClient

    def get(self, path: str, **more: Any):
        return self.client.get(path, **more)

    def csrf(self, path: str) -> str:
        return _CSRF.findall(self.get(path).text)[0]

    def post(self, path: str, *, page: str = "", **typed: Any):
        files = typed.pop("files", None)
        return self.client.post(path, data={"csrf": self.csrf(page or path)} | typed, files=files)

    def report(self, **changes: Any):
        typed = TYPED | {"uuid": str(uuid4())} | changes
        return self.post("/t/mali/report", **typed)

    def decide(self, number: int, **typed: Any):
        """Send the form of review as the page holds it, changed."""
        address = f"/t/mali/review/{number}"
        held = fields(self.get(address).text)
        return self.client.post(address, data=held | {"reliability": "B", "credibility": "2"} | typed)


def fields(page: str) -> dict[str, str]:
    """Read what a browser would send of the last form of a page."""
    form = page[page.rindex("<form") : page.rindex("</form>")]
    found = dict(re.findall(r'<input[^>]*? name="(\w+)" value="([^"]*)"[^>]*?(?=>)', re.sub(
        r'<input type="(?:radio|checkbox)"[^>]*>', "", form)))  # fmt: skip
    for name, value in re.findall(
        r'<input type="(?:radio|checkbox)" name="(\w+)" value="([^"]*)" checked', form
    ):
        found[name] = value
    for tag in re.findall(r"<input type=\"checkbox\"[^>]*checked[^>]*>", form):
        found[re.search(r'name="(\w+)"', tag)[1]] = re.search(r'value="([^"]*)"', tag)[1]
    for name, body in re.findall(r'<select id="\w+" name="(\w+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea id="\w+" name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = body
    return {name: value.replace("&#39;", "'").replace("&amp;", "&") for name, value in found.items()}
