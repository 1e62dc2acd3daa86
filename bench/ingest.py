"""Time and memory of taking large files in, against a bare Polars read and write of the same file.

Two made files: 400,000 rows in the shape of UCDP GED (49 columns), and 2,000,000 in that of an ACLED
export (31 columns). "bare" is `polars.read_csv(...).write_parquet(compression="zstd")`: nothing is kept as
published, checked, digested, recorded or made durable. "ingest" is `toguna.events.ingest.ingest` into a new
home: digest, reading, parsing, all checks, archive, register. The two take turns, each time in a process of
its own; the ratio is that of the medians. Processor time is given too: unlike seconds it hardly depends on
what else the machine does. Peak memory is that of the whole process, as the kernel counts it.
Afterwards the archived release is read back and compared with what was read, and bytes of the archive of all
turns must be the same.

    python -m bench.ingest [--json FILE] [--rows N] [--acled-rows N] [--repeats N] [--acled-repeats N]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.made_files import acled_file, ged_file
from bench.record import RESULTS, save

TARGETS = {"ucdp": {"ratio": 3.0, "peak_gb": 2.0}, "acled": {"peak_gb": 4.0}}
FILES = {"ucdp": "GEDEvent_v25_1.csv", "acled": "acled_2025.csv"}
MAKERS = {"ucdp": ged_file, "acled": acled_file}
STAGES = ("digest", "read", "parse", "check", "archive", "register")


def _peak_gb() -> float:
    """Return the largest resident memory of this process (VmHWM: what its parent used does not count), GB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e9


def bare(path: Path, folder: Path) -> dict[str, Any]:
    """Read and write with Polars alone."""
    import polars as pl

    started, worked = time.perf_counter(), time.process_time()
    frame = pl.read_csv(path, infer_schema_length=10_000)
    frame.write_parquet(folder / "bare.parquet", compression="zstd")
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    return {"seconds": seconds, "cpu_seconds": cpu, "rows": frame.height}


def _timed(stages: dict[str, float], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*args, **named)
        finally:
            stages[name] = stages.get(name, 0.0) + time.perf_counter() - started

    return run


def ingested(source: str, path: Path, folder: Path) -> dict[str, Any]:
    """Take the file in, with the time of every stage."""
    from toguna.events import ingest as module
    from toguna.sources import get_source
    from toguna.store.archive import Archive
    from toguna.store.home import Home

    stages: dict[str, float] = {}
    reader = type(get_source(source))
    for holder, name, stage in (
        (module, "_digest", "digest"),
        (reader, "read", "read"),
        (reader, "parse", "parse"),
        (module, "admit", "check"),
        (Archive, "put", "archive"),
        (module, "_record", "register"),
    ):
        setattr(holder, name, _timed(stages, stage, getattr(holder, name)))
    started, worked = time.perf_counter(), time.process_time()
    account = module.ingest(source, path, Home(folder))
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    peak = _peak_gb()
    assert account.snapshot is not None
    assert account.read == account.accepted + account.quarantined
    held = Home(folder).archive.read(account.snapshot)
    assert held.height == account.read
    return {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "peak_gb": peak,
        "stages": stages,
        "rows": account.read,
        "columns": held.width,
        "accepted": account.accepted,
        "quarantined": account.quarantined,
        "findings": len(account.findings),
        "content": json.loads(next(folder.rglob("*.json")).read_text(encoding="utf-8"))["content_sha256"],
    }


def _worker(kind: str, source: str, path: Path) -> dict[str, Any]:
    """Run one turn in a process of its own, in a folder of its own that is thrown away."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        words = [sys.executable, "-m", "bench.ingest", "--turn", kind, source, str(path), folder]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _turn(kind: str, source: str, path: Path, folder: Path) -> None:
    told = bare(path, folder) if kind == "bare" else ingested(source, path, folder)
    print(json.dumps({"peak_gb": _peak_gb(), **told}))


def measure(source: str, *, rows: int, repeats: int, seed: int, folder: Path) -> dict[str, Any]:
    """Make a file and let both take turns on it."""
    path = folder / FILES[source]
    MAKERS[source](path, rows=rows, rng=np.random.default_rng(seed))
    turns = [(_worker("bare", source, path), _worker("ingest", source, path)) for _ in range(repeats)]
    plain, full = ([pair[side] for pair in turns] for side in (0, 1))
    times = [[turn["seconds"] for turn in part] for part in (plain, full)]
    medians = [statistics.median(part) for part in times]
    worked = [statistics.median(turn["cpu_seconds"] for turn in part) for part in (plain, full)]
    told = full[0]
    if {turn["rows"] for turn in (*plain, *full)} != {rows}:
        raise SystemExit(f"{source}: rows were lost")
    if len({turn["content"] for turn in full}) != 1:
        raise SystemExit(f"{source}: the archive differs from turn to turn")
    found = {
        "rows": rows,
        "columns": told["columns"],
        "megabytes": round(path.stat().st_size / 1e6),
        "repeats": repeats,
        "seconds_bare": round(medians[0], 2),
        "seconds_ingest": round(medians[1], 2),
        "all_seconds_bare": [round(t, 2) for t in times[0]],
        "all_seconds_ingest": [round(t, 2) for t in times[1]],
        "ratio": round(medians[1] / medians[0], 2),
        "cpu_seconds_bare": round(worked[0], 2),
        "cpu_seconds_ingest": round(worked[1], 2),
        "cpu_ratio": round(worked[1] / worked[0], 2),
        "peak_gb_bare": round(max(turn["peak_gb"] for turn in plain), 2),
        "peak_gb": round(max(turn["peak_gb"] for turn in full), 2),
        "stages": {
            name: round(statistics.median(turn["stages"].get(name, 0.0) for turn in full), 2)
            for name in STAGES
        },
        "accepted": told["accepted"],
        "quarantined": told["quarantined"],
        "findings": told["findings"],
        "targets": TARGETS[source],
    }
    found["met"] = {name: bool(found[name] <= most) for name, most in TARGETS[source].items()}
    path.unlink()
    return found


def main() -> None:
    """Run both and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", type=Path, default=RESULTS / "ingest.json")
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--acled-rows", type=int, default=2_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--acled-repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--folder", type=Path, help="where to put the files (needs about 6 GB)")
    words = ("KIND", "SOURCE", "FILE", "FOLDER")
    parser.add_argument("--turn", nargs=4, metavar=words, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.turn:
        kind, source, path, folder = args.turn
        _turn(kind, source, Path(path), Path(folder))
        return
    started = time.monotonic()
    sizes = {"ucdp": (args.rows, args.repeats), "acled": (args.acled_rows, args.acled_repeats)}
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        results = {
            source: measure(source, rows=rows, repeats=repeats, seed=args.seed, folder=Path(folder))
            for source, (rows, repeats) in sizes.items()
            if rows
        }
    save(args.json, results | {"cores": os.cpu_count()}, seed=args.seed, started=started)


if __name__ == "__main__":
    main()
