"""Kill an ingest again and again, and look each time whether everything is whole.

Every time a home that holds one release already is copied, and the ingest of a second file into it is ended
by SIGKILL: half of the times at a random moment of the run, half at a chosen step, before or after a file is
made durable, renamed, or the register commits. Then, in another process:

- every release has its sidecar, its Parquet file and the digest that was promised, the first one untouched;
- the register passes SQLite's integrity check and holds whole records only, none without its release;
- the ingest, repeated, gives account, digests and records of an undisturbed one.

Anything else is written down as a fault, and the exit code is 1. SIGKILL leaves what the kernel was given;
a power cut does not: against that files are flushed before they are renamed, which is not tested here.

    python -m bench.kill_ingest [--json FILE] [--times 200] [--rows N] [--seed N]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
import alembic.migration
import alembic.script  # noqa: F401 (loaded before forking)
import numpy as np
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.orm import Session

import toguna.sources.ucdp
from bench.made_files import ged_file
from bench.record import RESULTS, save
from toguna.core.digest import file_sha256
from toguna.events import ingest as ingesting
from toguna.store.archive import Archive
from toguna.store.home import Home

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
STEPS = ("begun", "read", "parsed", "checked", "fsync", "rename", "archived", "commit", "ended")
Case = float | tuple[str, int]
FIRST, SECOND = "GEDEvent_v24_1.csv", "GEDEvent_v25_1.csv"


def _apart(work: Callable[[], Any], answer: Path | None = None) -> int:
    """Run work in a forked process; this one only has modules loaded, so no thread of Polars is lost."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pid = os.fork()
    if pid:
        return pid
    try:
        told = work()
        if answer:
            answer.write_text(json.dumps(told), encoding="utf-8")
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _ask(work: Callable[[], Any], folder: Path) -> Any:
    answer = folder / "answer.json"
    _, status = os.waitpid(_apart(work, answer), 0)
    if status:
        raise RuntimeError("a process that was not to be killed failed")
    return json.loads(answer.read_text(encoding="utf-8"))


def _stepwise(mark: int, stop: tuple[str, int] | None) -> Counter[str]:
    """Tell each step to the parent; end by SIGKILL at the wanted occurrence of one. Counts the steps."""
    seen: Counter[str] = Counter()

    def step(name: str) -> None:
        seen[name] += 1
        os.pwrite(mark, name.ljust(16).encode(), 0)
        if stop == (name, seen[name]):
            os.kill(os.getpid(), signal.SIGKILL)

    def around(holder: Any, name: str, *, before: str = "", after: str = "") -> None:
        inner = getattr(holder, name)

        def run(*args: Any, **named: Any) -> Any:
            if before:
                step(before)
            told = inner(*args, **named)
            if after:
                step(after)
            return told

        setattr(holder, name, run)

    around(toguna.sources.ucdp.Ucdp, "read", before="begun", after="read")
    around(toguna.sources.ucdp.Ucdp, "parse", after="parsed")
    around(ingesting, "admit", after="checked")
    around(os, "fsync", before="fsync", after="fsync")
    around(Path, "replace", before="rename", after="rename")
    around(Archive, "put", after="archived")
    around(Session, "flush", before="commit", after="commit")
    around(DefaultDialect, "do_commit", before="commit", after="commit")
    around(ingesting, "_record", before="commit", after="ended")
    return seen


def _ingest(path: Path, home: Path) -> dict[str, Any]:
    return ingesting.ingest("ucdp", path, Home(home), now=MOMENT).as_dict()


def _state(home: Path) -> dict[str, Any]:
    """Read everything that a home holds, and say what is wrong with it."""
    faults: list[str] = []
    folder = home / "archive" / "ucdp"
    held = {}
    for sidecar in sorted(folder.glob("*.json")):
        told = json.loads(sidecar.read_text(encoding="utf-8"))
        content = sidecar.with_suffix(".parquet")
        if not content.is_file() or file_sha256(content) != told["content_sha256"]:
            faults.append(f"{content.name} is not what its sidecar says")
        held[told["sha256"]] = told
    for snapshot in Archive(home / "archive").snapshots():
        Archive(home / "archive").read(snapshot)
    records: dict[str, Any] = {}
    with closing(sqlite3.connect(home / "register.sqlite")) as register:
        if (said := register.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            faults.append(f"register: {said}")
        for number, sha256, account in register.execute("SELECT id, sha256, account FROM ingestion"):
            findings = register.execute("SELECT count(*) FROM finding WHERE ingestion_id = ?", (number,))
            records[sha256] = [json.loads(account), findings.fetchone()[0]]
            if records[sha256][1] != len(records[sha256][0]["findings"]):
                faults.append(f"record {number} has not all its findings")
            if sha256 not in held:
                faults.append(f"record {number} has no release")
    left = sorted(p.name for p in folder.glob(".new-*"))
    orphans = [p.name for p in folder.glob("*.parquet") if not p.with_suffix(".json").is_file()]
    return {"faults": faults, "held": held, "records": records, "left": left, "orphans": orphans}


def _usual(files: dict[str, Path], folder: Path) -> tuple[dict[str, int], float, dict[str, Any], Any]:
    """Run undisturbed, three times: the steps, the seconds, the account, and what the home then holds."""
    home, seconds = folder / "whole", []
    for _ in range(3):
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(files["template"], home)
        mark = os.open(folder / "step", os.O_RDWR | os.O_CREAT)

        def counted(mark: int = mark) -> list[Any]:
            seen = _stepwise(mark, None)
            return [_ingest(files[SECOND], home), seen]

        begun = time.monotonic()
        account, steps = _ask(counted, folder)
        seconds.append(time.monotonic() - begun)
        os.close(mark)
    return steps, statistics.median(seconds), account, _ask(lambda: _state(home), folder)


def _plan(times: int, steps: dict[str, int], rng: np.random.Generator) -> list[Case]:
    """Half at random moments (as shares of the usual time), half at every step in turn, in random order."""
    every = [(name, n + 1) for name in STEPS for n in range(steps.get(name, 0))]
    every = [every[int(i)] for i in rng.permutation(len(every))]
    plan: list[Case] = [float(share) for share in rng.uniform(0, 1, times - times // 2)]
    plan += [every[k % len(every)] for k in range(times // 2)]
    return [plan[int(i)] for i in rng.permutation(len(plan))]


def _kill(plan: list[Case], usual: float, files: dict[str, Path], folder: Path) -> list[dict[str, Any]]:
    """Carry the plan out; a run that was faster than its kill does not count and is tried again, earlier."""
    seen: list[dict[str, Any]] = []
    for case in plan:
        stop, wait = (None, case * usual) if isinstance(case, float) else (case, 120.0)
        seen.append(_once(wait, stop, files, folder))
        for _ in range(5):
            if seen[-1]["killed"]:
                break
            usual = min(usual, seen[-1]["seconds"])
            wait = 0.9 * min(wait, usual)
            seen.append(_once(wait, None, files, folder))
    return seen


def _once(wait: float, stop: tuple[str, int] | None, files: dict[str, Path], folder: Path) -> dict[str, Any]:
    """Kill one ingest; look, repeat, look again."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(files["template"], home)
    mark = os.open(folder / "step", os.O_RDWR | os.O_CREAT | os.O_TRUNC)

    def victim() -> None:
        _stepwise(mark, stop)
        _ingest(files[SECOND], home)

    pid = _apart(victim)
    begun = time.monotonic()
    ended = (0, 0)
    while time.monotonic() < begun + wait and not ended[0]:
        ended = os.waitpid(pid, os.WNOHANG)
        time.sleep(0.0005)
    if not ended[0]:
        os.kill(pid, signal.SIGKILL)
        ended = os.waitpid(pid, 0)
    seconds = time.monotonic() - begun
    step = os.pread(mark, 16, 0).decode().strip() or "before it began"
    os.close(mark)
    look = _ask(lambda: [_state(home), _ingest(files[SECOND], home), _state(home)], folder)
    seen = dict(zip(("found", "account", "after"), look, strict=True))
    return {"killed": os.WIFSIGNALED(ended[1]), "seconds": seconds, "step": step, **seen}


def judge(seen: dict[str, Any], usual: dict[str, Any], account: dict[str, Any], first: str) -> list[str]:
    """Say what is not as it should be."""
    faults = [*seen["found"]["faults"], *seen["after"]["faults"]]
    if seen["found"]["held"].get(first) != usual["held"][first]:
        faults.append("the first release was touched")
    told = seen["account"]
    if told["status"] not in ("new", "already-held") or told | {"status": "new"} != account:
        faults.append("the repeated ingest gives another account")
    for name in ("held", "records"):
        if seen["after"][name] != usual[name]:
            faults.append(f"after the repeated ingest: other {name}")
    if told["status"] == "new" and (seen["after"]["left"] or seen["after"]["orphans"]):
        faults.append("half-written files are left")
    return faults


def main() -> int:
    """Kill, look, count, write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path, default=RESULTS / "kill_ingest.json")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--rows", type=int, default=8_000)
    parser.add_argument("--seed", type=int, default=20151120)
    args = parser.parse_args()
    started, rng = time.monotonic(), np.random.default_rng(args.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {file: folder / file for file in (FIRST, SECOND)} | {"template": folder / "template"}
        seeds = {FIRST: (args.rows // 10 or 1, 1), SECOND: (args.rows, 2)}
        for file, (rows, more) in seeds.items():
            made = np.random.default_rng(args.seed + more)
            _ask(lambda f=file, r=rows, g=made: ged_file(files[f], rows=r, rng=g), folder)
        first = _ask(lambda: _ingest(files[FIRST], files["template"]), folder)
        steps, seconds, account, usual = _usual(files, folder)
        seen = _kill(_plan(args.times, steps, rng), seconds, files, folder)
    faults = Counter(fault for one in seen for fault in judge(one, usual, account, first["sha256"]))
    killed = [one for one in seen if one["killed"]]
    results = {
        "rows": args.rows,
        "times": args.times,
        "killed": len(killed),
        "ended_before_the_kill": len(seen) - len(killed),
        "undisturbed_seconds": round(seconds, 2),
        "killed_after_step": dict(sorted(Counter(one["step"] for one in killed).items())),
        "release_whole_already": sum(len(one["found"]["held"]) == 2 for one in killed),
        "record_whole_already": sum(len(one["found"]["records"]) == 2 for one in killed),
        "half_written_files_found": sum(len(one["found"]["left"]) for one in killed),
        "most_half_written_files_at_once": max((len(one["found"]["left"]) for one in seen), default=0),
        "half_written_files_after_repeating": sum(len(one["after"]["left"]) for one in seen),
        "faults": dict(faults),
    }
    save(args.json, results, seed=args.seed, started=started)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
