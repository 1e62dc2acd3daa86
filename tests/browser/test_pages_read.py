"""Reading pages as a person meets them: desk and phone, both languages, no scripts, read aloud."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from toguna.room.web import answer

PAGES = (
    *("now", "actors", "actors/MOURABITOUN", "shifts", "ahead", "doing", "plans", "warnings"),
    *("lessons", "replay", "data", "why/where"),
    *("map", "incidents?tactic=raid", "incidents/chronology:MLI-20151120-1"),
    *("report", "review", "read", "measures", "warnings/new"),
)


@pytest.mark.parametrize("name", PAGES)
def test_no_serious_finding_of_accessibility(glance, name):
    page = glance(name, lang="fr")
    found = [
        f"{v['id']}: {v['nodes'][0]['html'][:200]}"
        for v in Axe().run(page).response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert found == []
    assert page.faults == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nothing_is_wider_than_a_phone(glance, name, lang):
    page = glance(name, lang=lang, size="phone")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 1
    assert page.locator("html").get_attribute("lang") == lang


@pytest.mark.parametrize("name", PAGES)
def test_reading_needs_no_script(glance, name):
    page = glance(name, scripts=False)
    assert page.locator("h1").count() == 1
    assert len(page.locator("main").inner_text()) > 60


def test_every_page_is_reached_from_the_first_by_keyboard(visit):
    page = visit("now", role="admin")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href') || ''"))
    assert {"/t/mali/shifts", "/t/mali/actors", "/t/mali/warnings", "/t/mali/replay"} <= reached


def test_a_reader_steps_back_and_returns(visit):
    page = visit("replay")
    page.get_by_role("link", name="Shifts").click()
    assert page.url.endswith("/t/mali/shifts")
    page.go_back()
    page.get_by_label("Day").fill("2015-11-24")
    page.get_by_role("button", name="Step to this day").click()
    assert page.url.endswith("/t/mali/now")


def test_a_reader_changes_the_language_on_the_spot(visit):
    page = visit("shifts")
    page.get_by_role("link", name="Français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
    page.get_by_role("link", name="Acteurs").click()
    assert page.locator("html").get_attribute("lang") == "fr"  # the choice stays


def test_why_leads_from_a_sentence_to_a_source(visit):
    page = visit("now")
    page.locator("#headline a.why").first.click()
    assert "/why/" in page.url
    assert page.locator(".reasons details").count() > 3


def test_a_language_written_from_the_right_lays_out(visit, monkeypatch):
    monkeypatch.setattr(answer, "direction", lambda code: "rtl")
    for name in ("now", "warnings", "report", "incidents"):
        page = visit(f"{name}?written=from-the-right", role="admin", size="phone")
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
        )
        mark, place = page.locator(".bar .name").bounding_box(), page.locator(".bar .place").bounding_box()
        assert mark["x"] > place["x"]  # the bar begins on the right
        left = page.evaluate(
            "Math.min(...[...document.querySelectorAll('main *')].filter(e => e.offsetParent "
            "&& !e.closest('.wide, .drawing, .unseen, .hidden')).map(e => e.getBoundingClientRect().left))"
        )
        assert left >= -1, name
