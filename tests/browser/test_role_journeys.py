"""Every role from its one-time link to the end of its work, in both languages, on a phone and at a desk.

One room, five people, each with an own browser: an administrator adds the others; a field monitor reports; an
analyst reviews, warns and issues; a decision-maker answers; a guest sees what is public and no more. Nothing
stands in for a log-in here. Selectors are names of fields and addresses, so that both languages walk one way.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from report_form import fill

from conftest import AS_OF, SIZES, Serving
from toguna.accounts.gate import Gate
from toguna.accounts.links import first_link
from toguna.room.web import RoomSettings, create_app
from toguna.store.home import Home

PASSWORD = "trois ânes passent la rivière"
OTHERS = {"seydou": "monitor", "awa": "analyst", "moussa": "decider"}
WARNING = "/t/mali/warnings/mali-0001"


@pytest.fixture
def room(built_home: Path, tmp_path: Path, socket_allowed: None) -> Iterator[tuple[str, str]]:
    """Address of a room with an assessment and no account, and the way to its first administrator."""
    home = Home(Path(shutil.copytree(built_home, tmp_path / "home")))
    settings = RoomSettings(home=home, theatres=("mali",), as_of=AS_OF, build=False, public_view=True)
    serving = Serving(create_app(settings))
    gate = Gate.of(home)
    with gate.register.write() as session:
        token = first_link(session, gate.now())
    yield serving.address, f"/link/{token}"
    serving.close()
    home.register.close()


class Person:
    """Somebody with a browser, and what was wrong with the pages they saw."""

    def __init__(self, browser: Browser, at: str, lang: str, size: str) -> None:
        self.at, self.lang, self.faults = at, lang, dict[str, list[str]]()
        context = browser.new_context(viewport=SIZES[size], locale={"en": "en-GB", "fr": "fr-FR"}[lang])
        self.page: Page = context.new_page()

    def see(self, path: str) -> Page:
        """Open a page and look at it."""
        self.page.goto(self.at + path)
        return self.look()

    def look(self) -> Page:
        page = self.page
        grave = [
            v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")
        ]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth") > 1
        wrong = [*grave, *(["wide"] if wide else [])]
        if page.locator("html").get_attribute("lang") != self.lang:
            wrong.append("another language")
        if wrong:
            self.faults[page.url] = wrong
        return page

    def enter(self, link: str, name: str) -> None:
        """Set a password by a one-time link, and log in."""
        page = self.see(link)
        if page.locator("#name").count():
            page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.fill("#again", PASSWORD)
        page.click("main button")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("main button")

    def take(self, step: str) -> None:
        """Take a step on the warning."""
        form = self.page.locator(f'form[action^="{WARNING}/{step}"]')
        if not form.is_visible():
            self.page.locator(f"#move-{step} > summary").click()
        form.locator("> button").click()
        self.page.wait_for_url("**done=**")


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_five_people_do_their_work(room: tuple[str, str], browser: Browser, lang: str, size: str) -> None:
    at, first = room
    admin, guest, *others = (Person(browser, at, lang, size) for _ in range(2 + len(OTHERS)))
    admin.enter(first, "aminata")
    team = dict(zip(OTHERS, others, strict=True))
    for name, person in team.items():
        person.enter(added(admin, name, OTHERS[name]), name)
    report(team["seydou"])
    review_and_warn(team["awa"])
    answer(team["moussa"])
    look_after(admin)
    look_in(guest)
    people = {"aminata": admin, "guest": guest} | team
    assert {name: person.faults for name, person in people.items() if person.faults} == {}
    for person in people.values():
        person.page.context.close()


def added(admin: Person, name: str, role: str) -> str:
    page = admin.see("/users")
    page.fill("#name", name)
    page.select_option("#role", role)
    page.check("input[value=mali]")
    page.click('form[action="/users"] > button')
    link = admin.look().text_content(".done code") or ""
    return "/link/" + link.partition("/link/")[2]


def report(monitor: Person) -> None:
    page = monitor.see("/t/mali/report")
    fill(page, "Sévaré", killed="3")
    page.click("#send")
    page.wait_for_url("**/report/mine**")
    assert page.locator("[role=status].done:visible").count() == 1
    monitor.look()
    page.goto(f"{monitor.at}/t/mali/review")
    assert page.locator('form[method="get"]').count() == 0, "a monitor reviews nothing"


def review_and_warn(analyst: Person) -> None:
    page = analyst.see("/t/mali/review")
    page.click('a[href$="/review/1"]')
    assert "seydou" not in analyst.look().inner_text("main"), "who reported is sealed"
    page.select_option("#reliability", "B")
    page.select_option("#credibility", "2")
    page.click("button[name=act][value=accepted]")
    page.wait_for_url("**/review**")
    page = analyst.see("/t/mali/warnings/new")
    for code, said in (("en", "Attacks near Sévaré may go on"), ("fr", "Les attaques peuvent continuer")):
        page.fill(f"#headline-{code}", said)
        page.fill(f"#text-{code}", f"{said}.")
    page.select_option("#w-level", "warning")
    page.get_by_role("button").last.click()
    page.wait_for_url(f"**{WARNING}**")
    analyst.take("issue")
    analyst.look()


def answer(decider: Person) -> None:
    page = decider.see("/t/mali/now")
    page.click(f'#open-warnings a[href="{WARNING}"]')
    decider.take("acknowledge")
    page.check("input[name=act][value=no]")
    page.fill("#decide-reason", "Two patrols are there already.")
    decider.take("decide")
    assert "Two patrols are there already." in decider.look().inner_text("main")
    decider.see("/t/mali/plans")
    page = decider.see("/t/mali/now")
    with page.expect_download() as brief:
        page.click(f'a[href$="briefing.{decider.lang}.pdf"]')
    assert Path(brief.value.path()).read_bytes().startswith(b"%PDF")


def look_after(admin: Person) -> None:
    page = admin.see("/t/mali/review/1")
    page.click('form[action$="/review/1/reporter"] button')
    assert "seydou" in admin.look().inner_text("main")
    told = admin.see("/audit").inner_text("main")
    assert all(name in told for name in ("seydou", "awa", "moussa"))


def look_in(guest: Person) -> None:
    page = guest.see("/t/mali/now")
    assert page.locator("#headline li").count() == 5
    assert page.locator("#open-warnings").count() == 0
    for path in ("map", "actors", "shifts", "ahead"):
        assert guest.see(f"/t/mali/{path}").locator("h1").count() == 1
    guest.see("/t/mali/incidents")
    assert "/login?next=" in page.url
