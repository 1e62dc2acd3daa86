"""How fast and how reliable the room is, on a home of 400,000 events: ``python -m bench.room --json FILE``.

- pages and interface: 50 users at once on this machine, each with a session of its own, first with a second
  of thought between two questions (as people), with pages alone, then with the interface for programs too,
  then for a minute without any thought (as fast as answers come).
  Nothing that a user's browser would have kept is left out: every answer is sent whole.
- a slow line: Chromium on a simulated line of 400 kbit/s with 400 ms of delay; bytes as they crossed it.
- killed: `kill -9` of the server while people write; then every acknowledged write is looked for, and the
  chain of the ledger is verified.
- both: the command line writes while the room does.

The server is ``toguna serve`` in a process of its own, and so is the load. What is measured on a machine
that does other things too says so: the load average stands beside the times, and the processor time for
each answer, which hardly depends on it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from bench.record import RESULTS, save
from bench.room.both import both
from bench.room.home import names_in, prepare_home, sessions_in
from bench.room.killed import killed
from bench.room.server import serving
from bench.room.slow_line import slow_line

AIMS = {"page_p95_ms": 150, "api_p95_ms": 80, "first_view_kb": 300, "first_view_s": 3.0, "later_views_kb": 60}
PARTS = ("load", "slow_line", "killed", "both")


def addresses(home: Path) -> list[dict[str, Any]]:
    """Return the addresses that this version of the room has."""
    from fastapi import FastAPI

    from toguna.room.web import RoomSettings, create_app
    from toguna.room.web.app import routes_of
    from toguna.store.home import Home

    app: FastAPI = create_app(RoomSettings(home=Home(home), theatres=("mali",), build=False))
    known = [route.path_regex for route in routes_of(app) if getattr(route, "path_regex", None)]
    listed = tomllib.loads((Path(__file__).parent / "addresses.toml").read_text(encoding="utf-8"))["address"]
    return [a for a in listed if any(r.match(a["path"].partition("?")[0]) for r in known)]


def load(
    home: Path,
    args: argparse.Namespace,
    *,
    thought: float,
    seconds: float | None = None,
    kinds: tuple[str, ...] = ("page", "api"),
) -> dict[str, Any]:
    """Let users ask, and count."""
    plan: dict[str, Any] = {
        "users": sessions_in(home, args.users),
        "at_once": args.users,
        "addresses": [a for a in addresses(home) if a["kind"] in kinds],
        "names": names_in(home, args.rows),
        "thought": thought,
        "seconds": seconds or args.seconds,
        "seed": args.seed,
    }
    with serving(home) as server:
        _asked(plan | {"port": server.port, "seconds": min(10.0, args.seconds), "thought": 0.2})  # warm
        fresh, began = server.memory_mb(), server.cpu_seconds()
        told = _asked(plan | {"port": server.port})
        cpu = server.cpu_seconds() - began
        most = server.memory_mb("VmHWM")
    answered = sum(len(seconds) for seconds in told["asked"].values())
    return {
        "thought_s": thought,
        "seconds": round(told["seconds"], 1),
        "answers": answered,
        "per_second": round(answered / told["seconds"], 1),
        "errors": told["errors"],
        "load_average": [round(n, 1) for n in os.getloadavg()],
        "cpu_ms_per_answer": round(1000 * cpu / max(answered, 1), 2),
        "memory_mb": {"after_the_first_questions": fresh, "most": most},
        **{kind: _spread(told, plan["addresses"], kind) for kind in ("page", "api")},
        "by_address": {name: _quantiles(s) | {"kb": round(told["bytes"][name] / 1000, 1)} for name, s in
                       sorted(told["asked"].items())},
    }  # fmt: skip


def _asked(plan: dict[str, Any]) -> dict[str, Any]:
    words = [sys.executable, "-m", "bench.room.load"]
    done = subprocess.run(words, input=json.dumps(plan), capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _spread(told: dict[str, Any], listed: list[dict[str, Any]], kind: str) -> dict[str, Any] | None:
    names = {a["name"] for a in listed if a["kind"] == kind}
    every = [s for name, seconds in told["asked"].items() if name in names for s in seconds]
    return _quantiles(every) if every else None


def _quantiles(seconds: list[float]) -> dict[str, Any]:
    ms = 1000 * np.array(seconds)
    cut = {f"p{q}_ms": round(float(np.quantile(ms, q / 100)), 1) for q in (50, 95, 99)}
    return {"n": len(seconds), **cut, "most_ms": round(float(ms.max()), 1)}


def machine() -> dict[str, Any]:
    """Say what it ran on."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next((line.partition(": ")[2] for line in info.splitlines() if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "processor": model or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory, 1),
        "system": platform.system(),
    }


def main() -> int:
    """Measure, and write the results; parts that were not asked for keep what was written before."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path, default=RESULTS / "room.json")
    parser.add_argument("--home", type=Path, help="make the home here, or use the one made before")
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--writes", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    args = parser.parse_args()
    started = time.monotonic()
    results = json.loads(args.json.read_text(encoding="utf-8")) if args.json.is_file() else {}
    results.pop("made_with", None)
    with tempfile.TemporaryDirectory() as name:
        home = args.home or Path(name) / "home"
        prepare_home(home, rows=args.rows, seed=args.seed)
        for part in args.parts:
            results[part] = _part(part, home, args, Path(name))
    results |= {"rows": args.rows, "users": args.users, "aims": AIMS, "machine": machine()}
    save(args.json, results, seed=args.seed, started=started)
    return 0


def _part(part: str, home: Path, args: argparse.Namespace, folder: Path) -> Any:
    if part == "load":
        short = min(args.seconds, 120.0)
        return {
            "people": load(home, args, thought=1.0, kinds=("page",)),
            "people_and_programs": load(home, args, thought=1.0, seconds=short),
            "without_thought": load(home, args, thought=0.0, seconds=short / 2),
        }
    if part == "slow_line":
        return slow_line(home)
    if part == "killed":
        return killed(home, folder, writes=args.writes)
    return both(home, folder)


if __name__ == "__main__":
    sys.exit(main())
