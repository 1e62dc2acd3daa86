"""Reporting from a telephone in French: without scripts, without a line; and whether everybody can."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from report_form import fill

from toguna.room.reporting.review import queue
from toguna.store.home import Home

PHONE = {"width": 360, "height": 740}
GRAVE = ("serious", "critical")


def telephone(browser: Browser, at: str, *, role: str = "monitor", scripts: bool = True) -> BrowserContext:
    context = browser.new_context(viewport=PHONE, locale="fr-FR", java_script_enabled=scripts)
    context.add_cookies([{"name": "role", "value": role, "url": at}])
    return context


def test_a_report_from_a_telephone_without_scripts(writable: tuple[str, Home], browser: Browser) -> None:
    at, home = writable
    context = telephone(browser, at, scripts=False)
    page = context.new_page()
    page.goto(f"{at}/t/mali/report")
    assert page.text_content("h1") == "Signaler un incident"
    fill(page, "Severre")
    page.click("#send")
    assert page.locator("#place-wrong").is_visible()
    assert page.input_value("#description") == "Attaque de nuit."
    page.check("input[name=place_choice] >> nth=0")
    page.click("#send")
    assert "Votre signalement est arrivé" in (page.text_content("[role=status]") or "")
    context.close()
    assert [r.answers["place"] for r in queue(home, "mali")] == ["Sévaré"]


def test_a_report_without_a_line_waits_sealed_and_arrives_once(
    writable: tuple[str, Home], browser: Browser
) -> None:
    at, home = writable
    context = telephone(browser, at)
    page = context.new_page()
    page.goto(f"{at}/t/mali/report")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    page.goto(f"{at}/t/mali/report")
    assert "Il n’y a pas de connexion" in (page.text_content("main") or "")
    fill(page, "Gao")
    page.click("#send")
    page.wait_for_function("() => document.getElementById('line').textContent.includes('scellé')")
    waiting = page.evaluate(
        "reportQueue.all().then((all) => Promise.all(all.map((e) => e.sealed.arrayBuffer()"
        ".then((b) => new TextDecoder('latin1').decode(b) + JSON.stringify(e)))))"
    )
    assert len(waiting) == 1
    assert not any(word in waiting[0] for word in ("Attaque", "Gao", "Awa"))
    page.wait_for_timeout(600)  # longer than typing waits for its draft
    assert page.evaluate("localStorage.length") == 0  # the draft is gone with the sending
    assert queue(home, "mali") == []
    context.set_offline(False)
    page.wait_for_function("() => reportQueue.all().then((all) => all.length === 0)", timeout=60_000)
    page.evaluate("reportQueue.flush()")
    assert [r.answers["place"] for r in queue(home, "mali")] == ["Gao"]
    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((n) => caches.open(n).then((c) => c.keys()))))"
        ".then((all) => all.flat().map((asked) => new URL(asked.url).pathname).sort())"
    )
    assert kept == ["/static/report-queue.js", "/static/report.js", "/style.css", "/t/mali/report/offline"]
    policy = page.evaluate(
        "caches.match('/t/mali/report/offline?lang=fr').then((r) => r.headers.get('content-security-policy'))"
    )
    assert "script-src 'self'" in policy
    context.close()


def test_a_draft_comes_back_and_can_be_thrown_away(writable: tuple[str, Home], browser: Browser) -> None:
    at, _ = writable
    context = telephone(browser, at)
    page = context.new_page()
    page.goto(f"{at}/t/mali/report")
    page.fill("#description", "Un brouillon.")
    page.wait_for_function("() => localStorage.length === 1")
    page.reload()
    assert page.input_value("#description") == "Un brouillon."
    page.click("#forget")
    assert page.input_value("#description") == ""
    assert page.evaluate("localStorage.length") == 0
    context.close()


def test_everybody_can_use_the_pages_of_reporting(writable: tuple[str, Home], browser: Browser) -> None:
    at, _ = writable
    context = telephone(browser, at)
    page = context.new_page()
    page.goto(f"{at}/t/mali/report")
    seen = {"form": faults(page)}
    fill(page, "Severre")
    page.click("#send")
    page.wait_for_selector("#candidates")
    seen["corrected"] = faults(page)
    page.check("input[name=place_choice] >> nth=0")
    page.click("#send")
    page.wait_for_url("**/report/mine**")
    seen["mine"] = faults(page)
    context.add_cookies([{"name": "role", "value": "admin", "url": at}])
    for name in ("review", "review/1"):
        page.goto(f"{at}/t/mali/{name}")
        seen[name] = faults(page)
    context.close()
    assert {name: found for name, found in seen.items() if found} == {}


def faults(page: Page) -> list[str]:
    """Name what axe finds grave, and a page wider than the telephone."""
    found = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in GRAVE]
    wide = page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]
    return [*found, *(["wider than the telephone"] if wide else [])]
