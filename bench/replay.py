"""Replay of Mali, month by month, scored beside the rules in use; the same on one and two Dask workers.

    python -m bench.replay [--seed N]

Every run must write the same bytes; seconds and memory are those of this machine.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.record import arguments, write
from toguna.replay.lessons import lessons
from toguna.replay.looks import month_ends
from toguna.replay.run import replay
from toguna.replay.runners import runner
from toguna.room.again import Again
from toguna.store.theatre import load_theatre

DATES = month_ends("2012-06", "2015-11")
RUNS = {"serial": ("serial", 1), "1 worker": ("dask", 1), "2 workers": ("dask", 2)}


def _files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.rglob("*.json"))}


def main() -> None:
    """Run everything and write bench/results/replay.json."""
    args, started = arguments(__doc__, worlds=0), time.monotonic()
    asked = {"theatre": "mali", "seed": args.seed}
    written: dict[str, dict[str, bytes]] = {}
    scaling: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (kind, workers) in RUNS.items():
            out, began = Path(folder) / name.replace(" ", "-"), time.monotonic()
            run = runner(kind, workers=workers)
            done = replay(Again("mali", worlds=args.worlds), DATES, out=out, asked=asked, run=run)
            scaling[name] = {
                "seconds": round(time.monotonic() - began, 1),
                "worker_seconds": done.seconds,
                "peak_mb": done.peak_mb,
            }
            written[name] = _files(out)
            facts = lessons(done.looks, title=load_theatre("mali").title)
    same = all(files == written["serial"] for files in written.values())
    results = {"lessons": facts, "scaling": scaling, "same_bytes": same, "cores": os.cpu_count()}
    write("replay", results, args, started)


if __name__ == "__main__":
    main()
