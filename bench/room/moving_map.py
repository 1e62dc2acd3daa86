"""Whether the map that moves stays smooth with many points: frames of Chromium while a reader moves it:
``python -m bench.room.moving_map --home DIR``.

Enters: a home of `bench.room.home`. Leaves, for each number of events and each screen: seconds from the click
to the drawn map, bytes sent, and frames while a person pans, zooms, draws a period over the bars and slides
the parting: p50, p95, the longest, the share above 50 ms, and tasks of the page's own thread above 50 ms.
Panning and zooming are measured again with all events hidden: what the map itself costs on this machine.

Chromium runs without a screen and without a graphics card: what a card would draw is drawn by the processor
(SwiftShader), which is shared with the room and with the hand that moves the mouse. The period shown is all
thirty years, so that every point is in play.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.record import RESULTS, save
from bench.room.home import THEATRE, built_in, prepare_home, sessions_in
from bench.room.server import serving
from bench.room.slow_line import chromium
from bench.search import world
from toguna.room.search import prepare

__all__ = ["moving_map"]

_SCREENS = {"desktop": (1280, 900), "phone": (360, 740)}
_PERIOD = "from=1990-01-01&split=2005-01-01&to=2019-12-23"
_STEPS, _STEP = 60, 0.03  # moves of the mouse, and seconds between two
_LONGEST = 6.0  # seconds in which a hand gives up moving what does not follow
_REST = 1.5  # seconds after a movement in which what it set off is still watched
_QUIET = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
_WATCH = """() => {
  const seen = (window.seen = { frames: [], tasks: [], on: true });
  let last = performance.now();
  const frame = (now) => {
    if (!seen.on) return;
    seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(frame); });
  const keep = (list) => list.getEntries().forEach((e) => seen.tasks.push(e.duration));
  seen.observer = new PerformanceObserver(keep);
  seen.observer.observe({ type: 'longtask' });
}"""
_TOLD = """() => {
  seen.on = false;
  seen.observer.disconnect();
  return { frames: seen.frames, tasks: seen.tasks };
}"""
_DRAWN = """() => {
  const map = document.getElementById('moving').togunaMap;
  return Boolean(map && map.loaded());
}"""
_RENDERER = """() => {
  const gl = document.createElement('canvas').getContext('webgl2');
  const told = gl && gl.getExtension('WEBGL_debug_renderer_info');
  return gl ? gl.getParameter(told ? told.UNMASKED_RENDERER_WEBGL : gl.RENDERER) : null;
}"""


def moving_map(home: Path, folder: Path, *, rows: tuple[int, ...], seed: int) -> dict[str, Any]:
    """Move the map over so many events, on two screens."""
    from playwright.sync_api import sync_playwright

    browser_path = chromium()
    if browser_path is None:
        return {"skipped": "no Chromium on this machine"}
    found: dict[str, Any] = {"frames_above_ms": 50, "events": {}}
    for n in rows:
        there = _home_with(n, home, folder / f"map-{n}", seed)
        with serving(there) as server, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=browser_path, args=_QUIET)
            found |= {"browser": browser.version, "drawn_by": browser.new_page().evaluate(_RENDERER)}
            cookie = next(u["cookie"] for u in sessions_in(there, 5) if u["role"] == "analyst")
            found["events"][str(n)] = {
                screen: _screen(browser, size, f"http://127.0.0.1:{server.port}", str(cookie))
                for screen, size in _SCREENS.items()
            }
            browser.close()
    return found


def _home_with(n: int, home: Path, there: Path, seed: int) -> Path:
    """Return a copy of the home whose index holds `n` events."""
    shutil.copytree(home, there)
    index = built_in(there) / "search"
    shutil.rmtree(index)
    prepare(*world(n, seed), index)
    return there


def _screen(browser: Any, size: tuple[int, int], room: str, cookie: str) -> dict[str, Any]:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    name, _, token = cookie.partition("=")
    context.add_cookies([{"name": name, "value": token, "url": room}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    line, crossed = context.new_cdp_session(page), []
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda told: crossed.append(int(told["encodedDataLength"])))
    page.goto(f"{room}/t/{THEATRE}/map?{_PERIOD}", wait_until="networkidle", timeout=120_000)
    before = sum(crossed)
    opened = _opened(page)
    told = {"drawn_s": opened.pop("seconds"), "opening": opened, "page_kb": round(before / 1000, 1)}
    told["opening_kb"] = round((sum(crossed) - before) / 1000, 1)
    told |= {name: _watched(page, move) for name, move in MOVES.items()}
    for part in ("before", "after"):
        page.locator(f"#show-{part}").uncheck()
    told |= {f"{name}_without_events": _watched(page, MOVES[name]) for name in ("pan", "zoom")}
    context.close()
    return told | {"faults": faults, "load_average": round(os.getloadavg()[0], 1)}


def _opened(page: Any) -> dict[str, Any]:
    """Click, and wait until the map is drawn."""
    page.evaluate(_WATCH)
    started = time.perf_counter()
    page.locator("#offer button").click()
    page.wait_for_function(_DRAWN, timeout=120_000)
    seconds = time.perf_counter() - started
    return {"seconds": round(seconds, 2)} | _frames(page.evaluate(_TOLD))


def _watched(page: Any, move: Callable[[Any], None]) -> dict[str, Any]:
    page.evaluate(_WATCH)
    move(page)
    time.sleep(_REST)
    return _frames(page.evaluate(_TOLD))


def _frames(told: dict[str, list[float]]) -> dict[str, Any]:
    ms, tasks = np.array(told["frames"]), told["tasks"]
    return {
        "frames": len(ms),
        "p50_ms": round(float(np.quantile(ms, 0.5)), 1),
        "p95_ms": round(float(np.quantile(ms, 0.95)), 1),
        "longest_ms": round(float(ms.max()), 1),
        "above_50_ms": round(float((ms > 50).mean()), 3),
        "long_tasks": len(tasks),
        "longest_task_ms": round(max(tasks, default=0.0), 1),
    }


def _box(page: Any, selector: str) -> tuple[float, float, float, float]:
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    return box["x"], box["y"], box["width"], box["height"]


def _dragged(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw the pressed mouse from one place to the other, as fast as a hand."""
    page.mouse.move(*start)
    page.mouse.down()
    ends = time.monotonic() + _LONGEST
    for k in range(1, _STEPS + 1):
        share = k / _STEPS
        if time.monotonic() > ends:
            break
        page.mouse.move(*(a + share * (b - a) for a, b in zip(start, end, strict=True)))
        time.sleep(_STEP)
    page.mouse.up()


def _pan(page: Any) -> None:
    x, y, width, height = _box(page, "#moving")
    _dragged(page, (x + 0.8 * width, y + 0.7 * height), (x + 0.2 * width, y + 0.3 * height))
    _dragged(page, (x + 0.2 * width, y + 0.3 * height), (x + 0.8 * width, y + 0.7 * height))


def _zoom(page: Any) -> None:
    x, y, width, height = _box(page, "#moving")
    page.mouse.move(x + width / 2, y + height / 2)
    for turn in (-120, 120):
        for _ in range(20):
            page.mouse.wheel(0, turn)
            time.sleep(2 * _STEP)


def _brush(page: Any) -> None:
    x, y, width, height = _box(page, ".histogram")
    _dragged(page, (x + 0.02 * width, y + height / 2), (x + 0.98 * width, y + height / 2))


def _part(page: Any) -> None:
    x, y, width, height = _box(page, "#slide")
    _dragged(page, (x + 0.5 * width, y + height / 2), (x + 0.95 * width, y + height / 2))


MOVES: dict[str, Callable[[Any], None]] = {"pan": _pan, "zoom": _zoom, "brush": _brush, "part": _part}


def main() -> None:
    """Measure, and write the results."""
    from bench.room.__main__ import machine

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path, default=RESULTS / "room_map.json")
    parser.add_argument("--home", type=Path, help="make the home here, or use the one made before")
    parser.add_argument("--rows", type=int, nargs="+", default=(100_000, 400_000))
    parser.add_argument("--seed", type=int, default=20151120)
    args = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        home = args.home or Path(name) / "home"
        prepare_home(home, rows=max(args.rows), seed=args.seed)
        told = moving_map(home, Path(name), rows=tuple(args.rows), seed=args.seed)
    save(args.json, told | {"machine": machine()}, seed=args.seed, started=started)


if __name__ == "__main__":
    main()
