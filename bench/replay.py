"""Replay of Mali and of a global table, scored; the same on one and two Dask workers, with time and memory.

    python -m bench.replay [--seed N]

Every run must write the same bytes; seconds and memory are those of this machine. The global table is the
country-month one beside the project, else a simulated one; the results say which.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench.cluster_demo import table_of
from bench.record import arguments, write
from toguna.core.language import LANGUAGES
from toguna.replay.foretelling import Foretelling
from toguna.replay.lessons import lessons
from toguna.replay.looks import month_ends
from toguna.replay.run import replay
from toguna.replay.runners import runner
from toguna.replay.skill import Asked
from toguna.room.again import Again
from toguna.store.theatre import load_theatre

DATES = month_ends("2012-06", "2015-11")
GLOBAL = month_ends("2018-01", "2019-12")
RUNS = {"serial": ("serial", 1), "1 worker": ("dask", 1), "2 workers": ("dask", 2)}


def _files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.rglob("*.json"))}


def scaled(
    chain: Any, dates: Sequence[date], asked: dict[str, Any], folder: Path
) -> tuple[list[dict[str, Any]], dict[str, Any], bool]:
    """Run a replay in every way; return its looks, time and memory, and whether all bytes are the same."""
    written: dict[str, dict[str, bytes]] = {}
    scaling: dict[str, Any] = {}
    looks: list[dict[str, Any]] = []
    for name, (kind, workers) in RUNS.items():
        out, began = folder / name.replace(" ", "-"), time.monotonic()
        done = replay(chain, dates, out=out, asked=asked, run=runner(kind, workers=workers))
        scaling[name] = {
            "seconds": round(time.monotonic() - began, 1),
            "worker_seconds": done.seconds,
            "peak_mb": done.peak_mb,
        }
        written[name], looks = _files(out), done.looks
        print(name, scaling[name], flush=True)
    return looks, scaling, all(files == written["serial"] for files in written.values())


def main() -> None:
    """Run everything and write bench/results/replay.json."""
    args, started = arguments(__doc__, worlds=0), time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = {"theatre": "mali", "seed": args.seed}
        looks, scaling, same = scaled(Again("mali", worlds=args.worlds), DATES, asked, folder / "mali")
        table, said = table_of(None, folder)
        asked = {"table": table.name, "seed": args.seed}
        told, wide, same_too = scaled(Foretelling(table.absolute()), GLOBAL, asked, folder / "global")
    world = lessons(told, title=dict.fromkeys(LANGUAGES, said), asked=Asked(25, None, args.seed))
    results = {
        "lessons": lessons(looks, title=load_theatre("mali").title, asked=Asked(1, None, args.seed)),
        "scaling": scaling,
        "global": {"table": said, "lessons": world, "scaling": wide},
        "same_bytes": same and same_too,
        "cores": os.cpu_count(),
    }
    write("replay", results, args, started)


if __name__ == "__main__":
    main()
