"""A global replay of country-month forecasts on a scheduler and two workers of this machine.

    python -m bench.cluster_demo [--table FILE] [--from 2018-01] [--to 2019-12] [--out out/cluster-demo]

It is stopped half-way and goes on; one worker is killed; the same is done in one process, and every byte must
be the same. Without --table it takes the country-month table beside the project, and where there is none it
makes a simulated one and says so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench.simulated import simulated_table
from toguna.core.language import LANGUAGES, Language
from toguna.replay.foretelling import Foretelling
from toguna.replay.lessons import lessons
from toguna.replay.looks import month_ends
from toguna.replay.run import Replayed, replay
from toguna.replay.runners import PLAIN_MEMORY, runner
from toguna.replay.task import Done
from toguna.replay.words import markdown
from toguna.room.taught.page import write_pages

ROOT = Path(__file__).resolve().parents[1]
REAL = Path("bench") / "ucdp_country_month_alltypes_1989_2021.parquet"


def table_of(named: Path | None, out: Path) -> tuple[Path, str]:
    """Choose the table, and say which it is."""
    if named is not None:
        return named, f"the table {named}"
    data = os.environ.get("TOGUNA_TEST_DATA")
    real = (Path(data) if data else ROOT.parent / "shared" / "data") / REAL
    if real.is_file():
        return real, f"deaths by country and month as recorded ({real.name})"
    out.mkdir(parents=True, exist_ok=True)
    return simulated_table(out / "simulated.csv"), "a SIMULATED table: no country in it is real"


class StopError(Exception):
    """Ends a run half-way, as Ctrl-C would."""


def told_until(
    total: int, *, stop: int | None = None, kill: Callable[[], None] | None = None
) -> Callable[[Done, int], None]:
    """Tell every look; kill a worker after the second that is computed, stop after some."""
    computed: list[str] = []

    def told(done: Done, count: int) -> None:
        what = f"{done.seconds:.1f} s" if done.text is not None else "was there"
        print(f"  {done.name} · {what} · {count} of {total}", file=sys.stderr)
        if done.text is not None:
            computed.append(done.name)
        if kill is not None and done.text is not None and len(computed) == 2:
            kill()
        if stop is not None and len(computed) >= stop:
            raise StopError

    return told


def on_cluster(chain: Any, dates: Sequence[date], out: Path, asked: dict[str, Any]) -> Replayed:
    """Start a scheduler and two workers, stop half-way, go on, and kill a worker on the way."""
    import dask
    from distributed import LocalCluster

    dask.config.set(PLAIN_MEMORY)
    os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"), "1"))
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs="ERROR"
    ) as cluster:
        run = runner("dask", scheduler=cluster.scheduler_address)

        def kill() -> None:
            victim = next(iter(cluster.workers.values())).pid
            print(f"  -- worker {victim} is killed (signal 9) --", file=sys.stderr)
            os.kill(victim, signal.SIGKILL)

        try:
            told = told_until(len(dates), stop=len(dates) // 2)
            replay(chain, dates, out=out, asked=asked, run=run, told=told)
        except StopError:
            kept = len(list((out / "looks").glob("*.json")))
            print(f"stopped half-way: {kept} looks are kept; the same line goes on", file=sys.stderr)
        return replay(chain, dates, out=out, asked=asked, run=run, told=told_until(len(dates), kill=kill))


def _files(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*.json"))}


def main() -> None:
    """Run the demonstration; leave with 1 when a byte differs."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    flags.add_argument("--table", type=Path, help="CSV or Parquet: unit, month, one column of counts")
    flags.add_argument("--column", help="which column counts")
    flags.add_argument("--from", dest="first", default="2018-01")
    flags.add_argument("--to", dest="last", default="2019-12")
    flags.add_argument("--out", type=Path, default=Path("out/cluster-demo"))
    given = flags.parse_args()
    table, said = table_of(given.table, given.out)
    print(f"data: {said}", file=sys.stderr)
    dates, chain = month_ends(given.first, given.last), Foretelling(table.absolute(), given.column)
    asked = {"table": table.name, "from": given.first, "to": given.last, "seed": 0}
    for name in ("cluster", "serial"):
        shutil.rmtree(given.out / name, ignore_errors=True)
    began = time.monotonic()
    done = on_cluster(chain, dates, given.out / "cluster", asked)
    spent, began = time.monotonic() - began, time.monotonic()
    print("the same in this process", file=sys.stderr)
    replay(chain, dates, out=given.out / "serial", asked=asked, told=told_until(len(dates)))
    alone = time.monotonic() - began
    same = _files(given.out / "cluster") == _files(given.out / "serial")
    facts = lessons(done.looks, title=dict.fromkeys(LANGUAGES, table.name))
    write_pages(facts, given.out)
    print(markdown(facts, Language("en")))
    print(f"data: {said}")
    print(f"{len(dates)} looks; scheduler and two workers {spent:.0f} s, one process {alone:.0f} s")
    print(f"most memory of one worker: {done.peak_mb:.0f} MB")
    print(f"every byte the same, with one stop and one worker killed: {'yes' if same else 'NO'}")
    print(f"lessons: {given.out / 'lessons.en.html'}")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
