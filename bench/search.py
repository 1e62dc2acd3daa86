"""How long a question to the index of events takes: `python -m bench.search --json FILE`.

Events drawn from the embedded chronology (its places, organisations, words and figures), spread over thirty
years and 400 areas. Each question is asked again and again; the first time is told apart. Milliseconds of the
processor do not depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.record import RESULTS, save
from toguna.core.names import EXPORT_COLUMNS
from toguna.room.search import Called, Index, prepare, read_query
from toguna.room.view import Question, collect, windows_of
from toguna.store.theatre import load_theatre

FIRST, DAYS = date(1990, 1, 1), 30 * 365
QUESTIONS = {
    "everything": {},
    "a place": {"place": ["Gao"]},
    "an alias": {"actor": ["ançar dine"]},
    "a rare word": {"q": ["commune777"]},
    "two common words": {"q": ["attack mali"]},
    "words that begin so": {"q": ["a*"]},
    "ten years, two facets, most deaths first": {
        "from": ["2000-01-01"],
        "to": ["2009-12-31"],
        "violence": ["os"],
        "tactic": ["raid", "ied_mine"],
        "sort": ["deaths"],
    },
    "the last page of everything": {"page": ["16000"]},
}


def world(n: int, seed: int) -> tuple[pl.DataFrame, Called]:
    """Return `n` events in the shape of an assessment, and what organisations are called."""
    theatre = load_theatre("mali")
    found = collect(Question(theatre=theatre, windows=windows_of(theatre, date(2015, 11, 24))))
    rng = np.random.default_rng(seed)
    drawn = found.events[rng.integers(0, found.events.height, n).tolist()]
    first = (pl.Series(rng.integers(0, DAYS, n)) + FIRST.toordinal() - date(1970, 1, 1).toordinal()).cast(
        pl.Int32
    )
    areas = pl.Series(rng.zipf(1.3, n) % 400).cast(pl.String)
    number = pl.int_range(pl.len()).cast(pl.String)
    kinds = pl.Series(rng.choice(["sb", "ns", "os"], n, p=[0.6, 0.15, 0.25]))
    events = drawn.with_columns(
        event_id=pl.format("bench:{}", number),
        incident_id=pl.format("incident/bench:{}", number),
        source=pl.lit("bench"),
        violence=kinds,
        date_start=first.cast(pl.Date),
        date_end=first.cast(pl.Date),
        admin1=pl.concat_str(pl.col("admin1").fill_null("Area"), areas, separator=" "),
        admin2=pl.concat_str(pl.lit("commune"), pl.Series(rng.integers(0, 4000, n)).cast(pl.String)),
        lat=pl.col("lat") + pl.Series(rng.normal(0, 0.3, n)),
        lon=pl.col("lon") + pl.Series(rng.normal(0, 0.3, n)),
    )
    actors = [actor.as_dict() for actor in found.registry.actors.values()]
    return events.select([c.name for c in EXPORT_COLUMNS]), Called(actors)


def timed(index: Index, asked: dict[str, list[str]], times: int) -> dict[str, Any]:
    """Ask one question; words are changed by a blank each time, so that no answer is a kept one."""
    took, worked, found = [], [], None
    for k in range(times):
        query, _ = read_query(asked)
        fresh = replace(query, text=query.text + " " * k)
        started, busy = time.perf_counter(), time.thread_time()
        found = index.find(fresh)
        took.append(1000 * (time.perf_counter() - started))
        worked.append(1000 * (time.thread_time() - busy))
    assert found is not None
    return {
        "found": found.total,
        "processor_ms": round(float(np.median(worked[1:])), 1),
        "first_ms": round(took[0], 1),
        "median_ms": round(float(np.median(took[1:])), 1),
        "p95_ms": round(float(np.quantile(took[1:], 0.95)), 1),
    }


def main() -> None:
    """Prepare an index and time the questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--json", type=Path, default=RESULTS / "search.json")
    args = parser.parse_args()
    started = time.monotonic()
    events, called = world(args.rows, args.seed)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "search"
        before = time.process_time()
        prepare(events, called, out)
        preparing = time.process_time() - before
        index = Index(out)
        found = {name: timed(index, asked, args.times) for name, asked in QUESTIONS.items()}
        size = sum(path.stat().st_size for path in out.iterdir())
    told = {
        "rows": args.rows,
        "prepare_processor_seconds": round(preparing, 1),
        "megabytes": round(size / 1e6, 1),
    }
    save(args.json, told | {"questions": found}, seed=args.seed, started=started)
    for name, row in found.items():
        print(f"{name:45} {row}")


if __name__ == "__main__":
    main()
