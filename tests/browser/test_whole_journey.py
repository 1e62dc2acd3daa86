"""A new user, on a phone, in French: one command, and the whole way from a report to a decision and a brief.

Nothing is put in place beforehand: the room is opened by its own command on a folder that is not there yet,
on a theatre of one region, which is assessed in a second, so that the room really builds itself twice.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from toguna.store.scaffold import new_theatre

PHONE = {"width": 390, "height": 844}
PASSWORD = "trois ânes passent la rivière"
BUILT = 180_000  # milliseconds; some seconds on a machine that does nothing else
REGION = "region,Mopti,,ML-5,,Mali,Mopti,14.4843,-4.18296,,,https://example.org/regions\n"
PLACE = "Sévaré,Mopti,MLI,14.53,-4.09,1,a map\n"


@pytest.fixture
def opened(tmp_path: Path, socket_allowed: None) -> Iterator[str]:
    """Open a room by its command; returns the link that it prints."""
    pack = tmp_path / "delta"
    new_theatre(pack, "delta")
    _mend(pack / "theatre.toml", '["SEN"]', '["MLI"]')
    for name, row in (("regions.csv", REGION), ("places.csv", PLACE)):
        with (pack / name).open("a", encoding="utf-8") as table:
            table.write(row)
    words = [sys.executable, "-m", "toguna.cli", "serve", "--home", str(tmp_path / "home"), "--port", "0"]
    words += ["--theatre", str(pack), "--lang", "fr"]
    said = (tmp_path / "said").open("w+", encoding="utf-8")
    with said, subprocess.Popen(words, stderr=said) as room:
        try:
            yield _link(room, tmp_path / "said")
        finally:
            room.terminate()


def _mend(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _link(room: subprocess.Popen[bytes], said: Path) -> str:
    ends = time.monotonic() + 60
    while time.monotonic() < ends and room.poll() is None:
        if found := re.search(r"http://\S+/link/\S+", said.read_text(encoding="utf-8")):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(said.read_text(encoding="utf-8"))


def test_from_one_command_to_a_decision_and_a_brief(opened: str, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, locale="fr-FR", accept_downloads=True)
    page, at = context.new_page(), opened.partition("/link/")[0]
    enter(page, opened)
    expect(page.locator("#headline")).to_be_attached(timeout=BUILT)  # the page looks again by itself
    seen = {"now": faults(page)}

    page.get_by_role("link", name="Signaler un incident").first.click()
    report(page)
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


def report(page: Page) -> None:
    page.fill("#incident_date", (datetime.now(UTC) - timedelta(days=2)).date().isoformat())
    page.check("input[name=date_known][value=day]")
    page.fill("#place", "Sévaré")
    page.select_option("#event_type", "armed_attack")
    page.check("input[name=perpetrators_unknown]")
    page.fill("#killed", "3")
    page.check("input[name=wounded_unknown]")
    page.fill("#description", "Attaque de nuit contre un poste de contrôle.")
    page.check("input[name=sensitivity][value=low]")
    page.check("input[name=consent]")
    page.click("#send")
    page.wait_for_url("**/report/mine**")


def warn(page: Page) -> None:
    for code, said in (("en", "Attacks near Sévaré may go on"), ("fr", "Les attaques peuvent continuer")):
        page.fill(f"#headline-{code}", said)
        page.fill(f"#text-{code}", f"{said}.")
    page.select_option("#w-level", "alert")
    page.get_by_role("button").last.click()
    page.wait_for_url("**/warnings/delta-0001**")


def faults(page: Page) -> list[str]:
    """Name what axe finds grave, and a page wider than the phone."""
    found = Axe().run(page).response["violations"]
    grave = [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")]
    wide = page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]
    return [*grave, *(["wider than the phone"] if wide else [])]
