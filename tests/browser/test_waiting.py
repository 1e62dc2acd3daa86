"""What a reader sees while an assessment is built, and when that failed: on a phone, in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from conftest import AS_OF, SIZES, Serving, _role
from toguna.room.web import RoomSettings, create_app, desk
from toguna.room.web.building import pointer
from toguna.store.home import Home

KEY = ("mali", AS_OF)
SAID = f"/srv/toguna/archive/field/{'0f9c2a7b' * 8}.parquet: column 'date_start' has 3 empty cells"


@pytest.fixture
def waiting(built_home: Path, tmp_path: Path, socket_allowed: None) -> Iterator[tuple[str, desk.Desk]]:
    """Address and desk of a room that builds nothing by itself."""
    home = Home(Path(shutil.copytree(built_home, tmp_path / "home")))
    settings = RoomSettings(home=home, theatres=("mali",), as_of=AS_OF, build=False, public_view=True)
    app = create_app(settings, authenticate=_role)
    serving = Serving(app)
    yield serving.address, app.state.room.desk
    serving.close()
    home.register.close()


def opened(browser: Browser, lang: str, size: str) -> Page:
    return browser.new_context(viewport=SIZES[size], locale=lang).new_page()


def goes(page: Page, at: str, role: str) -> None:
    page.context.add_cookies([{"name": "role", "value": role, "url": at}])
    page.goto(f"{at}/t/mali/now")


def faults(page: Page) -> list[str]:
    """Name what axe finds grave, and a page wider than its window."""
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [v["id"] for v in found if v["impact"] in ("serious", "critical")] + (["wide"] if wide else [])


def test_a_page_that_waits_turns_by_itself_and_not_before(waiting, browser):
    at, of = waiting
    aside = pointer(of.settings.home, *KEY).rename(of.settings.home.path / "aside")
    page = opened(browser, "fr", "phone")
    page.clock.install()  # ten seconds pass as soon as the test says so
    goes(page, at, "analyst")
    expect(page.locator("main [role=status]")).to_contain_text("est en préparation")
    assert faults(page) == []
    page.evaluate("window.still = true")
    with page.expect_request_finished(lambda r: r.url.endswith("/now"), timeout=20_000):
        page.clock.fast_forward(10_000)
    assert page.evaluate("window.still"), "it looked, and was not loaded anew"
    aside.rename(pointer(of.settings.home, *KEY))
    page.clock.fast_forward(10_000)
    expect(page.locator("#headline")).to_be_attached(timeout=20_000)
    page.context.close()


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_what_failed_is_told_without_breaking_the_page(waiting, browser, lang, size):
    at, of = waiting
    of._failed[KEY] = desk._Failed("newer", SAID, 0.0)
    of._since[KEY] = datetime(2015, 11, 24, 10, 12, tzinfo=UTC)
    page = opened(browser, lang, size)
    for role, sees in (("analyst", True), ("guest", False)):
        goes(page, at, role)
        note = page.locator(".stepped[role=status]")
        assert {"en": "Newer data", "fr": "Des données plus récentes"}[lang] in note.inner_text()
        assert note.locator("summary").count() == int(sees)
        if sees:
            note.locator("summary").click()
            assert SAID in note.inner_text()
            ring, told = (note.locator(s).first.bounding_box() for s in ("summary", "details p"))
            assert ring["y"] + ring["height"] + 3 <= told["y"], "the ring around what has the focus covers it"
        assert faults(page) == []
    pointer(of.settings.home, *KEY).unlink()
    goes(page, at, "guest")
    assert {"en": "could not be built", "fr": "n’a pas pu être faite"}[lang] in page.inner_text("main")
    assert SAID not in page.inner_text("main")
    assert faults(page) == []
    page.context.close()
