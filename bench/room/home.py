"""Make the home that the room is measured on: 400,000 events, a built assessment, accounts with sessions.

The assessment is that of Mali on 24 November 2015, built as the desk builds it. The archive holds a made
release of as many rows in the shape of UCDP GED, and the index of events that pages search is that of as
many events drawn from the chronology (`bench.search.world`), written by the function that a build calls.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.made_files import ged_file
from bench.search import world
from toguna.accounts.gate import Gate
from toguna.accounts.rights import Role
from toguna.accounts.sessions import open_session
from toguna.accounts.users import NewAccount, add_account
from toguna.events.ingest import ingest
from toguna.room.search import prepare
from toguna.room.web.desk import stamp
from toguna.store.home import Home

__all__ = ["AS_OF", "THEATRE", "built_in", "names_in", "prepare_home", "sessions_in"]

THEATRE, AS_OF = "mali", "2015-11-24"
_FILE = "GEDEvent_v25_1.csv"
_ROLES = (Role.ANALYST, Role.ANALYST, Role.DECIDER, Role.MONITOR, Role.ADMIN)


def prepare_home(folder: Path, *, rows: int, seed: int) -> None:
    """Make the home, unless it is there already."""
    if (folder / "made").is_file():
        return
    shutil.rmtree(folder, ignore_errors=True)
    home = Home(folder)
    folder.mkdir(parents=True)
    made = folder / _FILE
    ged_file(made, rows=rows, rng=np.random.default_rng(seed))
    ingest("ucdp", made, home)
    made.unlink()
    words = [sys.executable, "-m", "toguna.room.web.building", "--home", str(folder), "--theatre", THEATRE]
    subprocess.run([*words, "--as-of", AS_OF, "--stamp", stamp(home, THEATRE)], check=True)
    events, called = world(rows, seed)
    shutil.rmtree(built_in(folder) / "search")
    prepare(events, called, built_in(folder) / "search")
    (folder / "made").write_text(f"{rows}\n", encoding="utf-8")


def built_in(folder: Path) -> Path:
    """Return the folder of the built assessment."""
    shelf = folder / "room" / THEATRE
    told = json.loads((shelf / f"{AS_OF}.json").read_text(encoding="utf-8"))
    return shelf / str(told["folder"])


def names_in(folder: Path, rows: int) -> dict[str, list[str]]:
    """Return what may stand in the place of a name in an address."""
    found = json.loads((built_in(folder) / "assessment.json").read_text(encoding="utf-8"))
    said = json.loads((built_in(folder) / "room.json").read_text(encoding="utf-8"))
    return {
        "actor": [a["id"] for a in found["actors"]],
        "why": [s["id"] for s in found["shifts"]],
        "drawing": said["en"]["drawings"],
        "event": [f"bench:{n}" for n in range(0, rows, rows // 40)],
        "area": ["Gao", "Kidal", "Mopti", "Tombouctou", "Bamako"],
        "word": ["hotel", "convoy", "mortar", "village", "attack", "commune777"],
        "lang": ["en", "fr"],
    }


def sessions_in(folder: Path, users: int) -> list[dict[str, Any]]:
    """Return users with an open session each: role, language, cookie."""
    gate = Gate.of(Home(folder))
    moment, found = datetime.now(UTC), []
    with gate.register.write() as session:
        for n in range(users):
            role, name = _ROLES[n % len(_ROLES)], f"user-{n}-{moment:%H%M%S%f}"
            lang = ("fr", "en")[n // len(_ROLES) % 2]
            account = add_account(session, NewAccount(name, role, lang=lang), by="bench", now=moment)
            account.password_hash = "none: sessions are opened by the bench"
            token = open_session(session, account.id, "bench", moment)
            found.append({"role": str(role), "cookie": f"toguna-session={token}"})
    gate.register.close()
    return found
