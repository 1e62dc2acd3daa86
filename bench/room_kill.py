"""Kill the room with SIGKILL while a team writes, and look whether every acknowledged write is there.

A server on loopback with a home of its own; some hands send reports and photos and decide on them over HTTP,
as browsers do. At random moments the server is killed and started again on the same home. What was not
acknowledged is sent again under its own number. Afterwards, in the files alone:

- every report that was acknowledged is there once, with its history and its photo on the disk;
- every decision that was acknowledged stands in the history of its report;
- no report is there twice, none half; the register passes SQLite's integrity check.

Anything else is a fault, and the exit code is 1. SIGKILL leaves what the kernel was given; a power cut does
not: against that commits are flushed (synchronous=FULL) and photos before they are named.

    python -m bench.room_kill [--json FILE] [--writes 500] [--kills 10] [--hands 6] [--seed N]
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from PIL import Image

from bench.record import RESULTS, save

AS_OF = date(2015, 11, 24)
REPORT = {
    "consent": "yes", "incident_date": "2015-11-20", "date_known": "day", "place": "Gao", "region": "Gao",
    "event_type": "armed_attack", "perpetrators_unknown": "yes", "killed": "1", "wounded_unknown": "yes",
    "sensitivity": "low",
}  # fmt: skip
EVERY = 5  # every fifth report brings a photo, and every fifth is decided on


def serve(home: Path, port: int) -> None:
    """Be the server; killed from outside."""
    import uvicorn

    from toguna.accounts.rights import Principal, Role
    from toguna.room.web import RoomSettings, create_app
    from toguna.store.home import Home

    settings = RoomSettings(home=Home(home), theatres=("mali",), as_of=AS_OF, build=False)
    app = create_app(settings, authenticate=lambda _: Principal(Role.ANALYST, 1, "bench", via="session"))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error")


@dataclass
class Work:
    """What is to be written, what was acknowledged, and how long it took."""

    base: str
    writes: int
    next: int = 0
    reports: set[int] = field(default_factory=set)
    decided: set[int] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    again: int = 0
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> int | None:
        """Return the number of the next report; None when all are taken."""
        with self.lock:
            self.next += 1
            return self.next if self.next <= self.writes else None


def word(number: int) -> str:
    """A word that no other report holds, not even within a longer one."""
    return f"n{number:06d}x"


def picture(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (number % 256, number // 256, 90)).save(out, "JPEG")
    return out.getvalue()


def persist(work: Work, act: Any) -> Any:
    """Do something over HTTP until it is answered; the server may be away."""
    while True:
        begun = time.monotonic()
        try:
            answered = act()
        except httpx.HTTPError:
            with work.lock:
                work.again += 1
            time.sleep(0.05)
            continue
        with work.lock:
            work.seconds.append(time.monotonic() - begun)
        return answered


def hand(work: Work) -> None:
    with httpx.Client(base_url=work.base, timeout=20) as client:
        ticket = persist(work, lambda: client.get("/t/mali/report/ticket")).json()
        headers = {"x-csrf": ticket["csrf"]}
        while (number := work.take()) is not None:
            typed = REPORT | {"uuid": str(UUID(int=number)), "description": f"Rapport {word(number)}."}
            files = {"photo": ("p.jpg", picture(number), "image/jpeg")} if number % EVERY == 0 else None
            sent = persist(
                work,
                lambda t=typed, f=files: client.post(
                    "/t/mali/report", data=t, files=f, headers=headers | {"x-report": "script"}
                ),
            )
            with work.lock:
                if sent.status_code == 201:
                    work.reports.add(number)
                else:
                    work.faults.append(f"report {number}: {sent.status_code}")
            if number % EVERY == 1:
                decide(work, client, number, headers)


def decide(work: Work, client: httpx.Client, number: int, headers: dict[str, str]) -> None:
    """Reject one's own report; a decision that was written and not acknowledged is told as a conflict."""
    page = persist(work, lambda: client.get("/t/mali/review", params={"q": word(number)})).text
    place = page.split('href="/t/mali/review/')[1].split('"')[0]
    act = {"act": "rejected", "version": "1", "reason": f"no {number}"}
    told = persist(work, lambda: client.post(f"/t/mali/review/{place}", data=act, headers=headers))
    with work.lock:
        if told.status_code in (303, 409):
            work.decided.add(number)
        else:
            work.faults.append(f"decision {number}: {told.status_code}")


def start(home: Path, port: int) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "bench.room_kill", "--serve", str(home), "--port", str(port)]
    server = subprocess.Popen(words)
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).status_code < 600:
                return server
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError("the server does not start")


def run(home: Path, args: argparse.Namespace) -> tuple[Work, int]:
    """Write and kill; return what was acknowledged and how often the server was killed while it worked."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rng = random.Random(args.seed)
    work = Work(f"http://127.0.0.1:{port}", args.writes)
    server = start(home, port)
    hands = [threading.Thread(target=hand, args=(work,)) for _ in range(args.hands)]
    for one in hands:
        one.start()
    # Kills lie at random places of the work, not of the clock: a slow machine is killed as often.
    marks = sorted(rng.sample(range(5, args.writes - 5), args.kills))
    killed = 0
    for mark in marks:
        while work.next < mark and any(h.is_alive() for h in hands):
            time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.03))
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        killed += 1
        server = start(home, port)
    for one in hands:
        one.join()
    server.kill()
    server.wait()
    return work, killed


def look(home: Path, work: Work) -> list[str]:
    """Say what is not as it was promised."""
    faults = list(work.faults)
    with closing(sqlite3.connect(home / "register.sqlite")) as register:
        if register.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            faults.append("integrity")
        rows = register.execute("SELECT id, uuid, state FROM submission").fetchall()
        changes = Counter(register.execute("SELECT submission_id, act FROM submission_change").fetchall())
        photos = dict(register.execute("SELECT submission_id, sha256 FROM submission_photo").fetchall())
    ids = {UUID(uuid).int: (id, state) for id, uuid, state in rows}
    faults += [f"report {n} is lost" for n in sorted(work.reports - set(ids))]
    if len(ids) != len(rows):
        faults.append("a report is there twice")
    faults += [f"report {n} is half" for n, (id, _) in ids.items() if changes[id, "received"] != 1]
    for n in work.decided:
        id, state = ids.get(n, (0, ""))
        if state != "rejected" or changes[id, "rejected"] != 1:
            faults.append(f"the decision on {n} is lost or there twice")
    for n in (n for n in work.reports if n % EVERY == 0):
        sha256 = photos.get(ids.get(n, (0, ""))[0], "")
        if not (home / "photos" / f"{sha256}.jpg").is_file():
            faults.append(f"the photo of {n} is lost")
    return faults


def main() -> int:
    """Write, kill, look, write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path, default=RESULTS / "room_kill.json")
    parser.add_argument("--writes", type=int, default=500)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--hands", type=int, default=6)
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve, args.port)
        return 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        home.mkdir()
        work, killed = run(home, args)
        faults = look(home, work)
    results = {
        "writes": args.writes,
        "hands": args.hands,
        "killed": killed,
        "reports_acknowledged": len(work.reports),
        "decisions_acknowledged": len(work.decided),
        "photos_acknowledged": sum(n % EVERY == 0 for n in work.reports),
        "requests_sent_again": work.again,
        "seconds_per_request_median": round(statistics.median(work.seconds), 4),
        "faults": faults,
    }
    save(args.json, results, seed=args.seed, started=started)
    print(json.dumps(results, indent=1))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
