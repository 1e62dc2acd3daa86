"""A new user, on a phone, in French: the whole way from the first link to a report, a decision and a brief.

Nothing is put in place beforehand: the room opens on a folder that is not there yet, on a theatre of one
region, which is assessed in a second, so that its desk really builds it twice, before and after the report.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from report_form import fill

from conftest import Serving
from toguna.accounts.gate import Gate
from toguna.accounts.links import first_link
from toguna.room.web import RoomSettings, building, create_app
from toguna.room.web.desk import Desk
from toguna.store.home import Home
from toguna.store.scaffold import new_theatre

PHONE = {"width": 390, "height": 844}
PASSWORD = "trois ânes passent la rivière"
BUILT = 180_000  # milliseconds; some seconds on a machine that does nothing else
REGION = "region,Mopti,,ML-5,,Mali,Mopti,14.4843,-4.18296,,,https://example.org/regions\n"
PLACE = "Sévaré,Mopti,MLI,14.53,-4.09,1,a map\n"


@pytest.fixture
def opened(
    tmp_path: Path, socket_allowed: None, monkeypatch: pytest.MonkeyPatch, quick: None
) -> Iterator[tuple[str, str]]:
    """Open a room with its desk at work; returns its address and the link of the first administrator."""
    pack = tmp_path / "delta"
    new_theatre(pack, "delta")
    told = (pack / "theatre.toml").read_text(encoding="utf-8")
    (pack / "theatre.toml").write_text(told.replace('["SEN"]', '["MLI"]'), encoding="utf-8")
    for name, row in (("regions.csv", REGION), ("places.csv", PLACE)):
        with (pack / name).open("a", encoding="utf-8") as table:
            table.write(row)
    monkeypatch.setattr(Desk, "_build", _built_here)
    home = Home(tmp_path / "home")
    serving = Serving(create_app(RoomSettings(home=home, theatres=(str(pack),))))
    gate = Gate.of(home)
    with gate.register.write() as session:
        token = first_link(session, gate.now())
    yield serving.address, f"{serving.address}/link/{token}?lang=fr"
    serving.close()
    gate.register.close()


def _built_here(desk: Desk, key: tuple[str, object], now: str) -> str:
    """Build as the desk does, but in this process: another one would wait behind the other tests."""
    building.build(desk.settings.home, desk.settings.theatres[0], key[1], stamp=now)
    return ""


def test_from_the_first_link_to_a_decision_and_a_brief(opened: tuple[str, str], browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, locale="fr-FR", accept_downloads=True)
    page, (at, link) = context.new_page(), opened
    enter(page, link)
    expect(page.locator("#headline")).to_be_attached(timeout=BUILT)  # the page looks again by itself
    seen = {"now": faults(page)}

    page.get_by_role("link", name="Signaler un incident").first.click()
    fill(page, "Sévaré", day=(datetime.now(UTC) - timedelta(days=2)).date().isoformat(), killed="3")
    page.click("#send")
    page.wait_for_url("**/report/mine**")
    assert "Votre signalement est arrivé" in page.inner_text("[role=status].done")
    page.goto(f"{at}/t/delta/review")
    page.get_by_role("link", name="Nº 1").click()
    page.select_option("#reliability", "B")
    page.select_option("#credibility", "2")
    seen["review"] = faults(page)
    page.get_by_role("button", name="Accepter avec ces réponses").click()
    assert "Accepté" in page.inner_text("[role=status].done")

    ends = time.monotonic() + BUILT / 1000
    while not page.locator("ol.hits a").count() and time.monotonic() < ends:
        time.sleep(1.0)
        page.goto(f"{at}/t/delta/incidents")
    page.locator("ol.hits a", has_text="Sévaré, Mopti").click()
    assert "Attaque de nuit" in page.inner_text("main")
    page.goto(f"{at}/t/delta/now")
    assert "signalements de la salle" in page.inner_text("#changes")

    page.goto(f"{at}/t/delta/warnings/new")
    warn(page)
    seen["warning"] = faults(page)
    for step in ("L’émettre", "En accuser réception"):
        page.get_by_role("button", name=step, exact=True).click()
        page.wait_for_url("**done=**")
    page.check("input[name=act][value=yes]")
    page.fill("#decide-reason", "Une patrouille de plus dès demain.")
    page.get_by_role("button", name="Décider", exact=True).click()
    assert "Une patrouille de plus dès demain." in page.inner_text("#answer ~ p")
    seen["decided"] = faults(page)

    page.goto(f"{at}/t/delta/now")
    with page.expect_download() as brief:
        page.get_by_role("link", name="PDF").click()
    assert brief.value.suggested_filename.endswith(".fr.pdf")
    assert Path(brief.value.path()).read_bytes().startswith(b"%PDF")
    context.close()
    assert {name: found for name, found in seen.items() if found} == {}


def enter(page: Page, link: str) -> None:
    page.goto(link)
    for name, said in (("name", "aminata"), ("password", PASSWORD), ("again", PASSWORD)):
        page.fill(f"#{name}", said)
    page.click("main button")
    page.fill("#name", "aminata")
    page.fill("#password", PASSWORD)
    page.click("main button")


def warn(page: Page) -> None:
    for code, said in (("en", "Attacks near Sévaré may go on"), ("fr", "Les attaques peuvent continuer")):
        page.fill(f"#headline-{code}", said)
        page.fill(f"#text-{code}", f"{said}.")
    page.select_option("#w-level", "warning")
    page.get_by_role("button").last.click()
    page.wait_for_url("**/warnings/delta-0001**")


def faults(page: Page) -> list[str]:
    """Name what axe finds grave, and a page wider than the phone."""
    found = Axe().run(page).response["violations"]
    grave = [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")]
    wide = page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]
    return [*grave, *(["wider than the phone"] if wide else [])]
