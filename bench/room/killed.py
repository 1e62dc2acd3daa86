"""Kill the server while people write, again and again; then look for every write that was acknowledged.

Each writer sends a form, waits for the answer that says it was kept (303), and only then counts it. The
kinds of writes are those that this version of the room has: field reports, remarks in the ledger, accounts.
After every kill the room is opened again on what was left; at the end a process of its own reads the
register and verifies the chain of the ledger.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from bench.room.home import AS_OF, THEATRE, sessions_in
from bench.room.load import Answer, ask
from bench.room.server import serving
from toguna.store.home import Home
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.moves import Hand, raise_one
from toguna.warnings.types import Area, Basis, Warning

__all__ = [
    "Writes",
    "copied",
    "found_missing",
    "integrity",
    "killed",
    "raised",
    "verified",
    "write_until_ended",
]

_WRITERS = 8
_REPORT = {
    "consent": "yes",
    "incident_date": "2015-11-20",
    "date_known": "day",
    "place": "Sevare",
    "event_type": "armed_attack",
    "perpetrators_unknown": "yes",
    "killed": "0",
    "wounded_unknown": "yes",
    "sensitivity": "low",
}
Sent = tuple[str, str, Answer | None]
_HIDDEN = re.compile(r'name="(csrf|uuid|version)" value="([^"]*)"')


@dataclass
class Writes:
    """What was acknowledged, by kind; and what was sent without an answer."""

    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    unanswered: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def n(self) -> int:
        """Writes acknowledged so far."""
        return sum(map(len, self.acknowledged.values()))


def copied(home: Path, to: Path) -> Path:
    """Copy a home; large files that nobody writes to are linked."""

    def copy(source: str, target: str) -> None:
        small = Path(source).suffix in (".json", ".sqlite", "") or "register" in Path(source).name
        (shutil.copy2 if small else os.link)(source, target)

    shutil.rmtree(to, ignore_errors=True)
    try:
        shutil.copytree(home, to, copy_function=copy)
    except shutil.Error:  # another file system
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(home, to)
    return to


def raised(home: Path, number: int) -> list[str]:
    """Raise warnings to write remarks on; return their ids."""
    day = date.fromisoformat(AS_OF)
    plain = Warning(
        theatre=THEATRE,
        kind="surge",
        level="warning",
        urgency="Immediate",
        severity="Severe",
        certainty="Observed",
        areas=(Area("Gao", "adm1", ()),),
        start=day,
        end=day + timedelta(days=183),
        basis=(Basis("analyst", "bench", "d" * 64, AS_OF),),
        owner="early warning desk",
        acknowledge_by=day + timedelta(days=3),
        deadline=day + timedelta(days=14),
        addressees=("prevention desk",),
        escalate_to="head of office",
        headline={"en": "Warning", "fr": "Alerte"},
        text={"en": "More attacks.", "fr": "Plus d’attaques."},
    )
    ledger, hand = Ledger(Home(home)), Hand("bench", datetime.now(UTC))
    try:
        return [raise_one(ledger, replace(plain, owner=f"desk {n}"), hand).id for n in range(number)]
    finally:
        ledger.home.register.close()


def killed(home: Path, folder: Path, *, writes: int, seed: int = 20151120) -> dict[str, Any]:
    """Kill until enough writes were acknowledged, and look."""
    there = copied(home, folder / "killed")
    warnings, rng, done = raised(there, _WRITERS), random.Random(seed), Writes()
    users = [u for u in sessions_in(there, 10 * _WRITERS) if u["role"] == "admin"][:_WRITERS]
    kills, at = 0, []
    while done.n < writes and (len(at) < 3 or any(one["acknowledged"] for one in at[-3:])):
        with serving(there) as server:
            before, wait = done.n, rng.uniform(2.0, 8.0)
            timer = threading.Timer(wait, server.kill)
            timer.start()
            asyncio.run(write_until_ended(server.port, users, warnings, done))
            timer.join()
        kills += 1
        at.append({"after_s": round(wait, 2), "acknowledged": done.n - before})
    lost = found_missing(there, done)
    verdict = verified(there)
    return {
        "writers": _WRITERS,
        "kills": kills,
        "acknowledged": {kind: len(ids) for kind, ids in done.acknowledged.items()},
        "cut_off_without_an_answer": done.unanswered,
        "refused": dict(done.refused),
        "lost": {kind: len(ids) for kind, ids in lost.items()},
        "register": integrity(there),
        "ledger": verdict,
        "each": at,
    }


async def write_until_ended(
    port: int, users: list[dict[str, Any]], warnings: list[str], done: Writes
) -> None:
    """Let every user write on a warning of its own until the server is gone."""
    await asyncio.gather(*(_writer(port, u, w, done) for u, w in zip(users, warnings, strict=True)))


async def _writer(port: int, user: dict[str, Any], warning: str, done: Writes) -> None:
    """Write in turn whatever there is to write, until the server is gone."""
    rng = random.Random(f"{user['cookie']}{done.n}")
    try:
        line = await asyncio.open_connection("127.0.0.1", port)
        while True:
            for write in (_report, _remark, _account):
                kind, mark, answered = await write(line, user, warning, rng, done)
                if answered is None:
                    continue
                if answered.status == (200 if kind == "accounts" else 303):
                    done.acknowledged.setdefault(kind, []).append(mark)
                else:
                    done.refused[f"{kind}: {answered.status}"] += 1
    except (OSError, EOFError, ValueError):
        return


async def _form(line: Any, path: str, cookie: str) -> dict[str, str] | None:
    got = await ask(line, path, cookie)
    return dict(_HIDDEN.findall(got.text.decode())) if got.status == 200 else None


async def _sent(line: Any, path: str, cookie: str, fields: dict[str, str], done: Writes) -> Answer:
    done.unanswered += 1
    answered = await ask(line, path, cookie, body=urlencode(fields).encode())
    done.unanswered -= 1
    return answered


async def _report(line: Any, user: Any, _: str, rng: random.Random, done: Writes) -> Sent:
    path = f"/t/{THEATRE}/report"
    hidden = await _form(line, path, user["cookie"])
    if hidden is None:
        return "reports", "", None
    mark = str(UUID(int=rng.getrandbits(128), version=4))
    fields = {**_REPORT, "description": f"Attack of the bench {mark}.", **hidden, "uuid": mark}
    return "reports", mark, await _sent(line, path, user["cookie"], fields, done)


async def _remark(line: Any, user: Any, warning: str, rng: random.Random, done: Writes) -> Sent:
    path = f"/t/{THEATRE}/warnings/{warning}"
    hidden = await _form(line, path, user["cookie"])
    if hidden is None:
        return "remarks in the ledger", "", None
    mark = f"remark {rng.getrandbits(64):x}"
    fields = {"csrf": hidden["csrf"], "version": hidden["version"], "text": mark}
    return "remarks in the ledger", mark, await _sent(line, f"{path}/note", user["cookie"], fields, done)


async def _account(line: Any, user: Any, _: str, rng: random.Random, done: Writes) -> Sent:
    if "csrf" not in user:  # the same for every form of a session
        hidden = await _form(line, "/users", user["cookie"])
        user["csrf"] = (hidden or {}).get("csrf", "")
    mark = f"b{rng.getrandbits(64):x}"
    fields = {"csrf": user["csrf"], "name": mark, "role": "monitor", "lang": "en", "theatre": "*"}
    return "accounts", mark, await _sent(line, "/users", user["cookie"], fields, done)


def found_missing(home: Path, done: Writes) -> dict[str, list[str]]:
    """Return the acknowledged writes that are not there."""
    with closing(sqlite3.connect(home / "register.sqlite")) as register:
        held = {
            "reports": _column(register, "SELECT uuid FROM submission"),
            "remarks in the ledger": _column(register, "SELECT body FROM ledger_entry WHERE kind = 'note'"),
            "accounts": _column(register, "SELECT name FROM account"),
        }
    texts = {kind: "\n".join(rows) for kind, rows in held.items()}
    return {kind: [m for m in marks if m not in texts[kind]] for kind, marks in done.acknowledged.items()}


def _column(register: sqlite3.Connection, query: str) -> list[str]:
    try:
        return [str(row[0]) for row in register.execute(query)]
    except sqlite3.OperationalError:  # this version has no such table
        return []


def integrity(home: Path) -> str:
    """Return what SQLite says of the register."""
    with closing(sqlite3.connect(home / "register.sqlite")) as register:
        return "; ".join(row[0] for row in register.execute("PRAGMA integrity_check"))


def verified(home: Path) -> dict[str, Any]:
    """Verify the chain by the command line."""
    words = [sys.executable, "-m", "toguna.cli", "ledger", "verify", "--home", str(home), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    return {"exit_code": done.returncode, "entries": told["entries"], "first_bad": told["first_bad"]}
