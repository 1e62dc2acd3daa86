"""A first view and later ones in Chromium over a simulated slow line: bytes and seconds.

The line is that of the browser's own emulation (Chrome DevTools Protocol): 400 kbit/s both ways, 400 ms of
delay on every exchange. "Usable": the text can be read and links lead on (end of parsing, with styles, and
first paint); drawings may still be on their way. Bytes are those of everything the page asked for until it
asked for nothing more, lazily loaded drawings at the reader's place among them, compressed, with headers.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from bench.room.home import THEATRE, names_in, sessions_in
from bench.room.server import serving

__all__ = ["chromium", "slow_line"]

_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_SCREENS = {"desktop": (1280, 900), "phone": (360, 740)}
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PAGES = ("now", "map", "incidents", "actors", "shifts", "warnings")
_USABLE = """() => {
  const nav = performance.getEntriesByType('navigation')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return Math.max(nav.domContentLoadedEventEnd, paint ? paint.startTime : 0) / 1000;
}"""


def chromium() -> str | None:
    """Return the path of a browser on this machine."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def slow_line(home: Path) -> dict[str, Any]:
    """Open the room on two screens, each with an empty store of files at first."""
    from playwright.sync_api import sync_playwright

    browser_path = chromium()
    if browser_path is None:
        return {"skipped": "no Chromium on this machine"}
    analyst = next(u for u in sessions_in(home, 5) if u["role"] == "analyst")
    name, _, token = str(analyst["cookie"]).partition("=")
    found: dict[str, Any] = {"line": "400 kbit/s, 400 ms"}
    event = names_in(home, 4000)["event"][0]
    with serving(home) as server, sync_playwright() as play:
        found["scripts_built"] = _scripts(server.port)
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        found["browser"] = browser.version
        for screen, (width, height) in _SCREENS.items():
            context = browser.new_context(viewport={"width": width, "height": height})
            context.add_cookies([{"name": name, "value": token, "url": f"http://127.0.0.1:{server.port}"}])
            page = context.new_page()
            line = context.new_cdp_session(page)
            line.send("Network.enable")
            line.send("Network.emulateNetworkConditions", _LINE)
            views = {}
            for path in (*_PAGES, f"incidents/{event}"):
                views[path] = _view(page, line, f"http://127.0.0.1:{server.port}/t/{THEATRE}/{path}")
            first = views.pop("now")
            found[screen] = {"first_view": first, "later_views": views}
            context.close()
        browser.close()
    return found


def _view(page: Any, line: Any, address: str) -> dict[str, Any]:
    crossed: list[int] = []

    def count(told: Any) -> None:
        crossed.append(int(told["encodedDataLength"]))

    line.on("Network.loadingFinished", count)
    answered = page.goto(address, wait_until="domcontentloaded", timeout=60_000)
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length > 0")
    usable = page.evaluate(_USABLE)
    page.wait_for_load_state("networkidle", timeout=120_000)
    line.remove_listener("Network.loadingFinished", count)
    return {
        "status": answered.status,
        "usable_s": round(usable, 2),
        "kb": round(sum(crossed) / 1000, 1),
        "requests": len(crossed),
    }


def _scripts(port: int) -> bool:
    from urllib.error import HTTPError
    from urllib.request import urlopen

    try:
        with urlopen(f"http://127.0.0.1:{port}/static/room.js"):
            return True
    except HTTPError:
        return False
