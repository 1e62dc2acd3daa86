"""The command line and the server write at the same time into one SQLite file.

While users of the room write (as in `bench.room.killed`) and others read pages, the command line takes in a
file, adds remarks to the ledger and makes a backup. Nothing may fail, wait for ever, or be lost.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench.made_files import ged_file
from bench.room.home import sessions_in
from bench.room.killed import Writes, copied, found_missing, integrity, raised, verified, write_until_ended
from bench.room.server import serving

__all__ = ["both"]

_NOTES, _WRITERS = 5, 4


def both(home: Path, folder: Path) -> dict[str, Any]:
    """Let both write, and look."""
    there = copied(home, folder / "both")
    warnings, done = raised(there, _WRITERS + 1), Writes()
    users = [u for u in sessions_in(there, 5 * _WRITERS) if u["role"] == "admin"]
    made = folder / "GEDEvent_v24_1.csv"
    ged_file(made, rows=20_000, rng=np.random.default_rng(1))
    with serving(there) as server, ThreadPoolExecutor(1) as beside:
        told = beside.submit(_command_line, there, made, warnings[-1], folder / "copy.toguna", server)
        asyncio.run(write_until_ended(server.port, users, warnings[:-1], done))
        commands = told.result()
    missing = found_missing(there, done)
    return {
        "commands": commands,
        "acknowledged_by_the_room": {kind: len(ids) for kind, ids in done.acknowledged.items()},
        "refused": dict(done.refused),
        "lost": {kind: len(ids) for kind, ids in missing.items()},
        "register": integrity(there),
        "ledger": verified(there),
    }


def _command_line(home: Path, made: Path, warning: str, copy: Path, server: Any) -> dict[str, Any]:
    """Run verbs one after the other, then end the room so that its writers stop."""
    note = ["ledger", "note", warning, "--by", "bench", "--text"]
    verbs = {
        "ingest": [["ingest", "ucdp", str(made)]],
        "ledger note": [[*note, f"by hand {n}"] for n in range(_NOTES)],
        "backup": [["backup", str(copy)]],
    }
    found = {}
    try:
        time.sleep(1.0)
        for name, lines in verbs.items():
            seconds, failed = [], []
            for words in lines:
                started = time.monotonic()
                done = subprocess.run(
                    [sys.executable, "-m", "toguna.cli", *words, "--home", str(home), "--quiet"],
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
                seconds.append(time.monotonic() - started)
                if done.returncode not in (0, 1):  # 1: findings, as made files have
                    failed.append(done.stderr.strip().splitlines()[-1:])
            found[name] = {"runs": len(lines), "failed": failed, "longest_s": round(max(seconds), 2)}
    finally:
        server.kill()
    return found
