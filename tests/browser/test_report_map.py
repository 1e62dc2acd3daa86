"""A place pointed at on the map of the form: by finger, by keys, without a line; whether everybody can."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from report_form import fill

from toguna.core.geography import distance_km
from toguna.room.reporting.review import queue
from toguna.store.home import Home

PHONE = {"width": 360, "height": 740}
SEVARE = (14.53, -4.09)
GRAVE = ("serious", "critical")


@pytest.fixture
def telephone(writable: tuple[str, Home], browser: Browser) -> Iterator[BrowserContext]:
    at, _ = writable
    context = browser.new_context(viewport=PHONE, locale="fr-FR", has_touch=True, base_url=at)
    context.add_cookies([{"name": "role", "value": "monitor", "url": at}])
    yield context
    context.close()


def opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.faults = []  # type: ignore[attr-defined]
    page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: page.faults.append(str(e)))
    page.goto("/t/mali/report")
    return page


def open_map(page: Page) -> None:
    page.click("#where-else")
    page.click("#open-map")
    page.wait_for_selector(".ground canvas")
    page.wait_for_function("() => document.querySelector('.ground canvas').width > 300")


def point_of(page: Page) -> tuple[float, float]:
    return float(page.input_value("#lat")), float(page.input_value("#lon"))


def until(page: Page, promised: str) -> None:
    """Wait for a promise of something true; Playwright's own wait takes the promise itself for true."""
    page.evaluate(
        f"""async () => {{
          for (let n = 0; n < 300; n += 1) {{
            if (await {promised}) return;
            await new Promise((done) => setTimeout(done, 100));
          }}
          throw new Error("waited in vain");
        }}"""
    )


def far(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(distance_km(*a, *b))


def tap_towards(page: Page, aim: tuple[float, float], *, zooms: int) -> None:
    """Tap where one believes the aim to be, enlarge, and look again, as a person does."""
    canvas = page.locator(".ground canvas")
    size = canvas.bounding_box()
    at = [size["width"] / 2, size["height"] / 2]
    canvas.tap(position={"x": at[0], "y": at[1]})
    for zoom in range(zooms + 1):
        for _ in range(3):  # two taps tell the scale: correct by what is left
            before = point_of(page)
            probe = (at[0] + 20, at[1] - 20)
            canvas.tap(position={"x": probe[0], "y": probe[1]})
            up, along = (b - a for a, b in zip(before, point_of(page), strict=True))
            at = [probe[0], probe[1]] if not (up and along) else [
                probe[0] + 20 * (aim[1] - before[1] - along) / along,
                probe[1] - 20 * (aim[0] - before[0] - up) / up,
            ]  # fmt: skip
            canvas.tap(position={"x": at[0], "y": at[1]})
        if zoom < zooms:
            page.get_by_role("button", name="Agrandir").click()
            at = [size["width"] / 2, size["height"] / 2]


def test_a_monitor_taps_a_place_and_the_reviewer_sees_the_point(
    telephone: BrowserContext, writable: tuple[str, Home]
) -> None:
    at, home = writable
    page = opened(telephone)
    open_map(page)
    said = page.locator(".pointed")
    page.locator(".ground canvas").tap(position={"x": 150, "y": 200})
    assert "Lieu le plus proche" in said.inner_text()
    assert page.is_checked("input[name=place_known][value=area]")  # a tap on a whole country is not exact
    tap_towards(page, SEVARE, zooms=6)
    assert far(point_of(page), SEVARE) < 3
    assert re.search(r"Lieu le plus proche\s: Sévaré \(Mopti\)\.", said.inner_text())
    assert "Zone du point\u202f: Mopti." in said.inner_text()
    assert "un village, pas une maison" in said.inner_text()
    assert page.locator("input[name=place_known]:checked").count() == 0
    assert all(len(page.input_value(f).partition(".")[2]) <= 3 for f in ("#lat", "#lon"))
    page.get_by_role("button", name="Écrire «\u202fSévaré\u202f» comme lieu").click()
    assert page.input_value("#place") == "Sévaré"
    pointed = point_of(page)
    fill(page, "Sévaré")
    page.click("#send")
    page.wait_for_url("**/report/mine**")
    assert page.faults == []
    (row,) = queue(home, "mali")
    assert tuple(map(float, row.answers["point"].split())) == pointed
    assert (row.answers["place"], row.answers["region"]) == ("Sévaré", "Mopti")
    telephone.add_cookies([{"name": "role", "value": "analyst", "url": at}])
    page.goto("/t/mali/review/1")
    assert (page.input_value("#lat"), page.input_value("#lon")) == tuple(map(str, pointed))


def test_nothing_is_asked_while_one_looks_and_points(telephone: BrowserContext) -> None:
    page = opened(telephone)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_map(page)
    fetched = {address.partition("?")[0].rpartition("/")[2] for address in asked}
    assert {"map.json", "picker.js"} <= fetched
    page.wait_for_load_state("networkidle")  # the worker keeps what was fetched
    asked.clear()
    for key in ("ArrowLeft", "+", "ArrowUp", "Enter", "-"):
        page.keyboard.press(key)
    for x in (100, 150, 200):
        page.locator(".ground canvas").tap(position={"x": x, "y": 150})
        page.get_by_role("button", name="Agrandir").click()
    page.wait_for_timeout(700)
    assert page.input_value("#lat") != ""
    assert asked == []


def test_a_wrong_place_shows(telephone: BrowserContext) -> None:
    page = opened(telephone)
    page.fill("#place", "gao (Gao)")
    open_map(page)
    page.locator(".ground canvas").tap(position={"x": 160, "y": 170})
    assert far(point_of(page), (16.27, -0.04)) < 30  # the map opened where the place named is
    assert page.locator(".pointed .doubt").count() == 0
    page.fill("#lat", "14,53")  # as one types it in French
    page.fill("#lon", "−4.09")
    assert re.search(r"Gao, le lieu que vous avez nommé, est à \d+\s?km", page.inner_text(".pointed .doubt"))
    assert "Sévaré" in page.inner_text(".pointed")
    page.fill("#lat", "48.85")
    assert "hors des zones de ce théâtre" in page.inner_text(".pointed")
    page.fill("#lat", "")
    assert page.inner_text(".pointed") == ""


def test_fingers_move_the_map_and_set_no_pin(telephone: BrowserContext) -> None:
    page = opened(telephone)
    open_map(page)
    line = telephone.new_cdp_session(page)
    canvas = page.locator(".ground canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    before = _picture(page)

    def touch(kind: str, *fingers: tuple[float, float]) -> None:
        points = [{"x": box["x"] + x, "y": box["y"] + y, "id": n} for n, (x, y) in enumerate(fingers)]
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (150, 150))
    for step in range(1, 6):
        touch("touchMove", (150 + 12 * step, 150 + 12 * step))
    touch("touchEnd")
    page.wait_for_function(
        "(old) => document.querySelector('.ground canvas').toDataURL() !== old", arg=before
    )
    moved = _picture(page)
    touch("touchStart", (120, 150), (180, 150))
    for step in range(1, 6):
        touch("touchMove", (120 - 10 * step, 150), (180 + 10 * step, 150))
    touch("touchEnd")
    page.wait_for_function("(old) => document.querySelector('.ground canvas').toDataURL() !== old", arg=moved)
    assert page.input_value("#lat") == page.input_value("#lon") == ""
    assert page.faults == []


def _picture(page: Page) -> str:
    page.wait_for_timeout(100)  # a frame is drawn
    return str(page.evaluate("document.querySelector('.ground canvas').toDataURL()"))


def test_by_keys_alone(telephone: BrowserContext) -> None:
    page = opened(telephone)
    page.fill("#place", "Gao")
    page.focus("#where-else")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".ground canvas")
    page.wait_for_function("() => document.activeElement.matches('.ground canvas')")
    page.keyboard.press("Enter")
    first = point_of(page)
    assert far(first, (16.27, -0.04)) < 5
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    page.wait_for_function(
        "() => document.querySelector('.picker').textContent.includes('Sous la croix. Lieu')"
    )
    assert point_of(page) == first  # a cross that moves sets no pin
    page.keyboard.press("Enter")
    second = point_of(page)
    assert second[0] > first[0]
    assert second[1] > first[1]
    assert "Le point est à" in page.inner_text(".pointed")
    went = []
    for key in ("+", "+", "+", "+", "Enter", *["Shift+ArrowRight"] * 5, "Enter", *["ArrowRight"] * 5, " "):
        page.keyboard.press(key)
        if key in ("Enter", " "):
            went.append(point_of(page)[1])
    assert 0 < 4 * (went[1] - went[0]) < went[2] - went[1]  # finer with Shift
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Agrandir"
    assert page.faults == []


def test_without_a_line_it_opens_once_it_was_opened_with_one(
    telephone: BrowserContext, writable: tuple[str, Home]
) -> None:
    _, home = writable
    page = opened(telephone)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    open_map(page)
    for part in ("/t/mali/report/map.json?lang=fr", "/static/picker.js"):
        until(page, f"caches.match('{part}', {{ ignoreSearch: true }})")
    telephone.set_offline(True)
    page.goto("/t/mali/report")
    assert "Il n’y a pas de connexion" in page.inner_text("main")
    open_map(page)
    page.locator(".ground canvas").tap(position={"x": 150, "y": 230})
    pointed = point_of(page)
    fill(page, "Hameau")
    page.click("#send")
    page.wait_for_function("() => document.getElementById('line').textContent.includes('scellé')")
    assert page.inner_text(".pointed") == ""  # the next report begins without a pin
    telephone.set_offline(False)
    until(page, "reportQueue.flush().then(() => reportQueue.all()).then((all) => all.length === 0)")
    (row,) = queue(home, "mali")
    assert tuple(map(float, row.answers["point"].split())) == pointed


def test_a_newer_room_brings_a_newer_map_to_who_had_one(telephone: BrowserContext) -> None:
    page = opened(telephone)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = "caches.match('{}/report/map.json?lang=fr', {{ cacheName: 'toguna-report-{}-mali-fr' }})"
    register = (
        "(v) => navigator.serviceWorker.register('/report-worker.js?t=mali&l=fr&v=' + v,"
        " { scope: '/t/mali/report' }).then(() => true)"
    )
    page.evaluate(register, "next")
    until(page, "caches.keys().then((names) => String(names) === 'toguna-report-next-mali-fr')")
    assert page.evaluate(f"{kept.format('/t/mali', 'next')}.then(Boolean)") is False  # it never had one
    open_map(page)
    until(page, kept.format("/t/mali", "next"))
    page.evaluate(register, "third")
    until(page, "caches.keys().then((names) => String(names) === 'toguna-report-third-mali-fr')")
    until(page, kept.format("/t/mali", "third"))
    assert page.evaluate(
        "caches.match('/static/picker.js?v=third', { cacheName: 'toguna-report-third-mali-fr' })"
        ".then(Boolean)"
    )


def test_without_a_line_and_never_opened_it_says_so_and_the_fields_remain(telephone: BrowserContext) -> None:
    page = opened(telephone)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    telephone.set_offline(True)
    page.goto("/t/mali/report")
    page.click("#where-else")
    page.click("#open-map")
    page.wait_for_function("() => document.getElementById('map-told').textContent.includes('pas encore')")
    page.fill("#lat", "14.53")
    assert page.locator(".ground").count() == 0
    telephone.set_offline(False)
    page.click("#open-map")  # tried again when the line is back
    page.wait_for_selector(".ground canvas")


def test_the_position_of_the_telephone_moves_the_pin_only_when_asked(
    telephone: BrowserContext, writable: tuple[str, Home]
) -> None:
    telephone.grant_permissions(["geolocation"])
    telephone.set_geolocation({"latitude": 16.2717, "longitude": -0.0447})
    page = opened(telephone)
    open_map(page)
    assert page.input_value("#lat") == ""
    page.click("#position")
    assert page.input_value("#lat") == ""  # not before the reporter agreed
    page.check("#position-consent")
    page.click("#position")
    page.wait_for_function("() => document.querySelector('.pointed').textContent.includes('Gao')")
    assert point_of(page) == (16.2717, -0.0447)


def test_a_draft_with_a_point_comes_back_with_its_pin(telephone: BrowserContext) -> None:
    page = opened(telephone)
    open_map(page)
    page.locator(".ground canvas").tap(position={"x": 150, "y": 230})
    pointed = point_of(page)
    page.wait_for_function("() => localStorage.length === 1")
    page.reload()
    assert page.locator("#lat").is_visible()
    assert point_of(page) == pointed
    page.click("#open-map")
    page.wait_for_function(
        "() => document.querySelector('.pointed')?.textContent.includes('Lieu le plus proche')"
    )


def test_without_scripts_the_fields_are_there(writable: tuple[str, Home], browser: Browser) -> None:
    at, _ = writable
    context = browser.new_context(viewport=PHONE, locale="fr-FR", java_script_enabled=False)
    context.add_cookies([{"name": "role", "value": "monitor", "url": at}])
    page = context.new_page()
    page.goto(f"{at}/t/mali/report")
    page.click("text=Par des coordonnées plutôt que par un nom")
    assert page.locator("#lat").is_visible()
    assert page.locator("#open-map").is_hidden()
    context.close()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_everybody_can_use_the_map(writable: tuple[str, Home], browser: Browser, lang: str) -> None:
    at, _ = writable
    for size in (PHONE, {"width": 1280, "height": 900}):
        context = browser.new_context(viewport=size, locale=lang, base_url=at)
        context.add_cookies([{"name": "role", "value": "monitor", "url": at}])
        page = opened(context)
        open_map(page)
        page.locator(".ground canvas").click(position={"x": 150, "y": 230})
        page.fill("#place", "Gao")
        page.locator("#place").blur()
        assert page.locator(".pointed .doubt").is_visible()
        grave = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in GRAVE]
        assert grave == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        small = page.evaluate(
            "[...document.querySelectorAll('.picker button:not([hidden])')]"
            ".map((b) => b.getBoundingClientRect())"
            ".filter((r) => Math.min(r.width, r.height) < 40).length"
        )
        assert small == 0
        context.close()
