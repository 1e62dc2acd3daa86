"""The part of the page of benchmarks about the room: speed, a slow line, kills, two writers.

Called by `generators.benchmarks`. Every word about met or missed is computed from the numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Results = dict[str, Any]
_HEAD = """
## The room

`toguna serve` on the assessment of Mali, with an index of 400,000 made events for search and map and as many
rows in the archive. Load comes from a process of its own on the same machine; every user has a session and
asks for pages in a mix that is listed in `bench/room/addresses.toml`. Made on a machine that did nothing
else; a slow line, kills and the two writers at once in earlier runs.

"""


def section(load: Callable[[str], Results | None], made: Callable[[Results], str], absent: str) -> str:
    """Return the section, or how to make its results."""
    found = load("room")
    if found is None:
        return _HEAD + absent
    parts = (("load", _load), ("slow_line", _line), ("killed", _killed), ("both", _both))
    said = "".join(say(found) for name, say in parts if name in found)
    m = found["machine"]
    told = f"{m['processor']}, {m['cores']} cores, {m['memory_gb']:g} GB, {m['system']}.\n\n"
    moving = load("room_map")
    return _HEAD + made(found) + told + said + (_map(moving, made) if moving else "")


_MAP_HEAD = """
### The map that moves

The page "Map and time" with all events of thirty years in play, in Chromium without a graphics card: what a
card would draw is drawn by the processor (SwiftShader), on the same two cores as the room, the browser and
whatever else ran (the last column: above 2 all wait for one another), so this is the worst case. A hand
pans, zooms, draws a period over the bars and slides the parting between before and after; a frame is the
time between two drawings. "Map alone" is the same with all events hidden: what MapLibre and the outlines
cost there. Smooth is taken as 95 % of frames within 50 ms. Before decision 0083, 100,000 events gave on a
like machine a p95 of 1,067 ms while panning on a desktop (longest 1,850), 542 zooming, 499 drawing a period
and 872 sliding, and were drawn after 6.7 s.

"""


def _map(found: Results, made: Callable[[Results], str]) -> str:
    if "skipped" in found:
        return f"{_MAP_HEAD}Not measured: {found['skipped']}.\n"
    names = (
        "events",
        "screen",
        "drawn after, s",
        "sent, kB",
        "pan",
        "zoom",
        "draw a period",
        "slide",
        "pan, map alone",
    )
    names += ("zoom, map alone", "load of the machine")
    rows = f"| {' | '.join(names)} |\n|{'---|' * len(names)}\n"
    moves = ("pan", "zoom", "brush", "part", "pan_without_events", "zoom_without_events")
    for events, screens in found["events"].items():
        for screen, told in screens.items():
            cells = " | ".join(_frames(told[move]) for move in moves)
            rows += f"| {int(events):,} | {screen} | {told['drawn_s']:g} | {told['opening_kb']:g} | {cells} "
            rows += f"| {told['load_average']:g} |\n"
    return (
        f"{_MAP_HEAD}{made(found)}{rows}\nFrames: p50, p95 and longest in ms, and the share above 50 ms. "
        f"Chromium {found['browser']}; `python -m bench.room.moving_map`. {_smooth(found)}\n"
    )


def _frames(told: Results) -> str:
    return f"{told['p50_ms']:g}, {told['p95_ms']:g}, {told['longest_ms']:g}; {told['above_50_ms']:.0%}"


def _smooth(found: Results) -> str:
    """Say how many movements were smooth, and what events cost beside the map alone."""
    every = [(screen, told) for screens in found["events"].values() for screen, told in screens.items()]
    moves = ("pan", "zoom", "brush", "part")
    smooth = [told[move]["p95_ms"] <= 50 for _, told in every for move in moves]
    added = [
        f"{told[move]['p95_ms'] - told[f'{move}_without_events']['p95_ms']:+.0f} ({move}, {screen})"
        for screen, told in every
        for move in ("pan", "zoom")
    ]
    said = f"**Smooth in {sum(smooth)} of {len(smooth)} movements only**"
    said = f"Smooth in all {len(smooth)} movements" if all(smooth) else said
    return f"{said}. What events add to the p95 of the map alone, ms: {', '.join(added)}."


def _judged(value: float, aim: float) -> str:
    return "met" if value <= aim else "**missed**"


def _load(found: Results) -> str:
    names = ("users", "answers", "a second", "pages p50, p95, p99, ms", "interface p95, ms", "errors")
    names += ("processor, ms an answer", "memory, MB", "load of the machine")
    head = f"| {' | '.join(names)} |\n|{'---|' * len(names)}\n"
    rows, said = "", ""
    labels = {
        "people": "who think for a second",
        "people_and_programs": "who think for a second, pages and interface",
        "without_thought": "who do not think",
    }
    for name, part in found["load"].items():
        label = labels[name]
        page, api = part["page"], part["api"]
        rows += (
            f"| {found['users']} {label}, {part['seconds']:.0f} s | {part['answers']:,} "
            f"| {part['per_second']:g} | {page['p50_ms']:g}, {page['p95_ms']:g}, {page['p99_ms']:g} "
            f"| {api['p95_ms'] if api else 'not measured'} | {sum(part['errors'].values())} "
            f"| {part['cpu_ms_per_answer']:g} | {part['memory_mb']['most']:g} "
            f"| {part['load_average'][1]:g} |\n"
        )
        aims = found["aims"]
        said += f"- {label}: pages p95 {page['p95_ms']:g} ms, aim {aims['page_p95_ms']} ms: "
        said += _judged(page["p95_ms"], aims["page_p95_ms"])
        if api:
            said += f"; interface p95 {api['p95_ms']:g} ms, aim {aims['api_p95_ms']} ms: "
            said += _judged(api["p95_ms"], aims["api_p95_ms"])
        errors = sum(part["errors"].values())
        said += f"; errors {errors}: {_judged(errors, 0)}.\n"
    return (
        f"{head}{rows}\n{said}\nThe load of the machine is its average number of processes that want to run "
        "(over five minutes, at the end), the room and its askers among them: above the number of "
        "cores all wait for one another, and so do the answers. Processor time depends on it much less.\n\n"
    )


def _line(found: Results) -> str:
    line = found["slow_line"]
    if "skipped" in line:
        return f"A slow line was not measured: {line['skipped']}.\n\n"
    aims, text = found["aims"], f"Chromium {line['browser']} on a line of {line['line']} (simulated):\n\n"
    for screen in ("desktop", "phone"):
        first, later = line[screen]["first_view"], line[screen]["later_views"]
        most = max(later, key=lambda name: later[name]["kb"])
        text += (
            f"- {screen}: first view {first['kb']:g} kB ({_judged(first['kb'], aims['first_view_kb'])}), "
            f"usable after {first['usable_s']:g} s ({_judged(first['usable_s'], aims['first_view_s'])}); the "
            f"heaviest later view, {most}, {later[most]['kb']:g} kB "
            f"({_judged(later[most]['kb'], aims['later_views_kb'])}), the "
            f"slowest usable after {max(v['usable_s'] for v in later.values()):g} s.\n"
        )
    scripts = "with" if line["scripts_built"] else "**without**"
    return text + f"\nMeasured {scripts} the scripts of the map that moves.\n\n"


def _kinds(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in counts.items()) or "none"


def _killed(found: Results) -> str:
    k = found["killed"]
    return (
        f"Killed (`kill -9`) {k['kills']} times while {k['writers']} people wrote. Acknowledged: "
        f"{_kinds(k['acknowledged'])}; of these lost: {sum(k['lost'].values())} "
        f"({_judged(sum(k['lost'].values()), 0)}); refused: {sum(k['refused'].values())}. The register: "
        f"{k['register']}; `toguna ledger verify` ends with {k['ledger']['exit_code']}.\n\n"
    )


def _both(found: Results) -> str:
    b = found["both"]
    runs = ", ".join(
        f"{name} {c['runs']} times (longest {c['longest_s']:g} s, failed {len(c['failed'])})"
        for name, c in b["commands"].items()
    )
    return (
        f"Command line and room at once on one file: {runs}, while the room acknowledged "
        f"{_kinds(b['acknowledged_by_the_room'])}; lost {sum(b['lost'].values())}, refused "
        f"{sum(b['refused'].values())}; the register: {b['register']}, the ledger verifies with "
        f"{b['ledger']['exit_code']}.\n"
    )
