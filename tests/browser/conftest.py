"""A real Chromium before a real server on this machine, one of each for a worker.

Skips with its reason where there is no Chromium. The role of a visitor is a cookie here: how people prove who
they are is tested in journeys that log in.
"""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from toguna.accounts.rights import GUEST, Principal, Role
from toguna.room.web import RoomSettings, create_app
from toguna.store.home import Home

AS_OF = date(2015, 11, 24)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",  # maps are drawn without a graphics card
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Let these tests reach the server on this machine, and nothing else."""


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")


@pytest.fixture(scope="module")  # it keeps an event loop running, which later files must not meet
def playing() -> Iterator[Playwright]:
    _chromium()
    with sync_playwright() as playing:
        yield playing


@pytest.fixture(scope="module")
def browser(playing: Playwright) -> Iterator[Browser]:
    opened = playing.chromium.launch(executable_path=_chromium(), args=QUIET)
    yield opened
    opened.close()


def _role(request) -> Principal:
    role = Role(request.cookies.get("role", "guest"))
    return GUEST if role is Role.GUEST else Principal(role=role, user_id=1, name="Awa Traoré", via="session")


class Serving:
    """A server in a thread of this process."""

    def __init__(self, app) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        config = uvicorn.Config(app, host="127.0.0.1", port=self.port, log_config=None, server_header=False)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.05)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture(scope="session")
def readable(built_home: Path, socket_allowed: None) -> Iterator[str]:
    """Address of a room that nobody writes to."""
    settings = RoomSettings(
        home=Home(built_home), theatres=("mali",), as_of=AS_OF, build=False, public_view=True
    )
    serving = Serving(create_app(settings, authenticate=_role))
    yield serving.address
    serving.close()


@pytest.fixture(scope="session")
def socket_allowed() -> None:
    from pytest_socket import enable_socket

    enable_socket()


@pytest.fixture
def closed(tmp_path: Path, socket_allowed: None) -> Iterator[tuple[str, Home]]:
    """Address and home of a room that was never written, with log-in as it is."""
    home = Home(tmp_path / "home")
    serving = Serving(create_app(RoomSettings(home=home, theatres=("mali",), build=False)))
    yield serving.address, home
    serving.close()
    home.register.close()


Visit = Callable[..., Page]


def _tab(browser: Browser, *, lang: str, size: str, scripts: bool) -> Page:
    context = browser.new_context(viewport=SIZES[size], locale=lang, java_script_enabled=scripts)
    there = context.new_page()
    there.faults = []  # type: ignore[attr-defined]
    there.on("console", lambda m: there.faults.append(m.text) if m.type == "error" else None)
    there.on("pageerror", lambda e: there.faults.append(str(e)))
    return there


@pytest.fixture
def visit(browser: Browser, readable: str) -> Iterator[Visit]:
    """Open a page of the room: ``visit("now", role="analyst", lang="fr", size="phone", scripts=False)``."""
    opened: list[BrowserContext] = []

    def go(page: str, *, role="analyst", lang="en", size="desk", scripts=True) -> Page:
        there = _tab(browser, lang=lang, size=size, scripts=scripts)
        opened.append(there.context)
        there.context.add_cookies([{"name": "role", "value": role, "url": readable}])
        there.goto(f"{readable}/t/mali/{page}")
        return there

    yield go
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def glance(browser: Browser, readable: str) -> Iterator[Visit]:
    """Open a page as `visit` does, as an administrator, in a tab that stays: for tests that touch nothing.

    A new tab costs three times what a page does. Cookies are those of a first visit every time.
    """
    tabs: dict[tuple[str, str, bool], Page] = {}

    def go(page: str, *, lang="en", size="desk", scripts=True) -> Page:
        kind = (lang, size, scripts)
        there = tabs.get(kind) or tabs.setdefault(kind, _tab(browser, lang=lang, size=size, scripts=scripts))
        there.context.clear_cookies()
        there.context.add_cookies([{"name": "role", "value": "admin", "url": readable}])
        there.faults.clear()  # type: ignore[attr-defined]
        there.goto(f"{readable}/t/mali/{page}")
        return there

    yield go
    for there in tabs.values():
        there.context.close()


@pytest.fixture
def writable(tmp_path: Path, socket_allowed: None) -> Iterator[tuple[str, Home]]:
    """Address and home of a room that is empty and may be written to."""
    home = Home(tmp_path / "home")
    settings = RoomSettings(home=home, theatres=("mali",), as_of=AS_OF, build=False)
    serving = Serving(create_app(settings, authenticate=_role))
    # Browsers give a worker and keys to this machine itself under its name only.
    yield serving.address.replace("127.0.0.1", "localhost"), home
    serving.close()
    home.register.close()
