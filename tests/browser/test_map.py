"""The map page as a person meets it: a period drawn over the bars, parted by keys, the map opened by hand."""

from __future__ import annotations

import re

import pytest

from toguna.room.web.answer import scripts_built

pytestmark = pytest.mark.skipif(
    not scripts_built(), reason="the scripts were not bundled here: make frontend"
)
PARTS = """() => document.getElementById('moving').togunaMap.getLayer('events').implementation.parts
  .map(([from, to]) => to - from)"""
BUSIEST = """() => {
  const points = document.getElementById('moving').togunaMap.getLayer('events').implementation;
  const [left, top, wide, high] = points.pixels();
  const many = points.net.places.map((place) => points.inside(...place).n);
  const k = 4 * many.indexOf(Math.max(...many));
  return [left + points.net.marks[k] * wide, top + points.net.marks[k + 1] * high];
}"""
WEBGL = "() => Boolean(document.createElement('canvas').getContext('webgl2'))"


def counts(page) -> tuple[int, int]:
    found = re.search(r"(\d+) events? before, (\d+) after", page.locator("#s-follows").inner_text())
    assert found
    return int(found[1]), int(found[2])


def test_a_period_is_drawn_and_everything_follows(visit):
    page = visit("map")
    before = counts(page)
    bars = page.locator(".histogram").bounding_box()
    y = bars["y"] + bars["height"] / 2
    with page.expect_response(lambda r: "/map?" in r.url):
        page.mouse.move(bars["x"] + 0.2 * bars["width"], y)
        page.mouse.down()
        page.mouse.move(bars["x"] + 0.6 * bars["width"], y, steps=4)
        page.mouse.up()
    page.wait_for_url("**/map?from=*")
    assert counts(page) != before
    assert page.input_value("#from") in page.url
    assert f"from={page.input_value('#from')}" in (page.locator("#still img").get_attribute("src") or "")
    assert page.faults == []


def test_the_parting_moves_with_the_keyboard(visit):
    page = visit("map")
    before = counts(page)
    page.locator("#slide").focus()
    with page.expect_response(lambda r: "/map?" in r.url):
        page.keyboard.press("Home")
    page.wait_for_url("**/map?from=*")
    assert counts(page) == (0, sum(before))


def test_the_genealogy_follows_a_slider(visit):
    page = visit("actors")
    page.locator("#months").focus()
    with page.expect_response(lambda r: "/actors?" in r.url):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/actors?on=2015-10")
    assert page.input_value("#on") == "2015-10"
    assert "genealogy/2015-10.svg" in (page.locator("#then img").get_attribute("src") or "")
    assert "2015" in page.inner_text("#as-known")
    assert page.faults == []


def test_the_moving_map_opens_under_the_policy_of_the_room(visit):
    page = visit("map", lang="fr")
    if not page.evaluate(WEBGL):
        pytest.skip("this Chromium draws no WebGL")
    page.get_by_role("button", name="Ouvrir la carte mobile").click()
    page.locator("figure.opened").wait_for(timeout=60_000)
    assert page.locator("#still").is_hidden()
    assert page.locator(".area-name", has_text="Kidal").count() == 1
    page.select_option("#tint", "forecasts")
    assert page.locator("#legend li").count() >= 3
    page.locator("#show-forces").check()
    page.locator("#show-forces").uncheck()
    before, after = page.evaluate(PARTS)
    assert before > 0 < after
    page.locator("#slide").focus()
    with page.expect_response(lambda r: "/map?" in r.url):
        page.keyboard.press("Home")
    assert page.evaluate(PARTS) == [0, before + after]
    page.locator("#moving").scroll_into_view_if_needed()
    box, (x, y) = page.locator("#moving").bounding_box(), page.evaluate(BUSIEST)
    page.mouse.click(box["x"] + x, box["y"] + y)
    here = page.locator(".maplibregl-popup-content")
    number = re.search(r"Événements ici\s:\s(\d+)", here.inner_text())
    here.get_by_role("link").click()
    page.wait_for_url("**/incidents?box=*")
    assert number
    assert 1 < int(number[1]) == page.locator("ol.hits > li").count()
    assert page.faults == []


def test_a_reader_narrows_down_and_opens_an_event(visit):
    page = visit("incidents?place=gao", scripts=False)
    page.locator("#narrow a", has_text="raid").first.click()
    assert "tactic=raid" in page.url
    assert "place=gao" in page.url
    page.locator("ol.hits a").first.click()
    assert page.locator("#s-pages").count() == 1
