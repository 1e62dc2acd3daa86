"""From the first link to log-out in a real browser, on a phone, in French, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from toguna.accounts.gate import Gate
from toguna.accounts.links import first_link
from toguna.store.home import Home

PHONE = {"width": 360, "height": 740}
PASSWORD = "trois ânes passent la rivière"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="fr-FR", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_from_the_first_link_to_log_out(closed: tuple[str, Home], phone: Page) -> None:
    at, home = closed
    gate = Gate.of(home)
    with gate.register.write() as session:
        token = first_link(session, gate.now())
    phone.goto(f"{at}/link/{token}?lang=fr")
    assert phone.text_content("h1") == "Le premier administrateur"
    phone.fill("#name", "aminata")
    phone.fill("#password", PASSWORD)
    phone.fill("#again", PASSWORD)
    phone.click("main button")
    assert phone.url.endswith("/login?done=link")
    phone.goto(f"{at}/account")
    phone.fill("#name", "aminata")
    phone.fill("#password", "faux faux faux faux")
    phone.click("main button")
    assert "n’est pas juste" in (phone.text_content("[role=alert]") or "")
    phone.fill("#password", PASSWORD)
    phone.click("main button")
    assert phone.url == f"{at}/account"
    phone.goto(f"{at}/account/codes")
    phone.fill("#present", PASSWORD)
    phone.click("main button")
    secret = phone.text_content("main p code") or ""
    phone.fill("#code", pyotp.TOTP(secret).now())
    phone.click("main form button")
    assert phone.locator(".recovery li").count() == 10
    phone.goto(f"{at}/users")
    phone.fill("#name", "moussa")
    phone.check("input[value=mali]")
    phone.click("main form button")
    assert "/link/" in (phone.text_content(".done code") or "")
    phone.goto(f"{at}/account")
    phone.locator('form[action="/logout"] button').click()
    assert phone.text_content("[role=status]") == "Vous êtes déconnecté."
    phone.goto(f"{at}/account")
    assert "/login?next=" in phone.url


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_account_pages_are_accessible_and_fit_a_phone(
    closed: tuple[str, Home], browser: Browser, lang: str
) -> None:
    at, home = closed
    gate = Gate.of(home)
    with gate.register.write() as session:
        token = first_link(session, gate.now())
    context = browser.new_context(viewport=PHONE, locale=lang)
    page = context.new_page()
    page.goto(f"{at}/link/{token}")
    for name, said in (("name", "aminata"), ("password", PASSWORD), ("again", PASSWORD)):
        page.fill(f"#{name}", said)
    page.click("main button")
    seen = {"/login": _faults(page)}
    page.fill("#name", "aminata")
    page.fill("#password", PASSWORD)
    page.click("main button")
    for path in ("/account", "/account/codes", "/users", "/users/aminata", "/audit"):
        page.goto(at + path)
        seen[path] = _faults(page)
    context.close()
    assert {path: faults for path, faults in seen.items() if faults} == {}


def _faults(page: Page) -> list[str]:
    """Return what axe finds serious, and whether the page is wider than the phone."""
    found = Axe().run(page).response["violations"]
    grave = [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return grave + ([f"{wide} px wide"] if wide > PHONE["width"] else [])
