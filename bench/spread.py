"""How long it takes to check, and to spread, many events: `python -m bench.spread --json FILE`.

Events of a simulated country with 12 areas; a third is known to an area only, one in fifty lasts months.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from shapely.geometry import box

from toguna import __version__
from toguna.core.geography import gid
from toguna.core.names import EVENT_SCHEMA
from toguna.events.admit import admit
from toguna.events.checks.context import Context, Ground
from toguna.events.spread import HOW, spread
from toguna.store.areas import Area

AS_OF = date(2020, 12, 31)
FIRST = date(1990, 1, 1)


def areas() -> list[Area]:
    """Twelve areas of 2 by 3 degrees."""
    return [
        Area(f"Area {r * 4 + c}", "AAA", "adm1", box(c * 3.0, 10 + r * 2.0, c * 3.0 + 3, 12 + r * 2.0))
        for r in range(3)
        for c in range(4)
    ]


def world(n: int, seed: int) -> pl.DataFrame:
    """Events with points, dates and precision codes; one in a hundred has figures that cross."""
    rng = np.random.default_rng(seed)
    places = np.column_stack([rng.uniform(10, 16, 3000), rng.uniform(0, 12, 3000)])
    at = rng.zipf(1.3, n) % 3000
    lat, lon = places[at].T
    start = rng.integers(0, 11_000, n)
    length = np.where(rng.random(n) < 0.02, rng.integers(32, 200, n), rng.integers(0, 3, n))
    best = rng.negative_binomial(0.6, 0.1, n)
    cell = ((lat - 10) // 2).astype(int) * 4 + (lon // 3).astype(int)
    frame = pl.DataFrame(
        {
            "event_id": [f"test:{i}" for i in range(n)],
            "row": np.arange(1, n + 1),
            "date_start": (pl.Series(start) + FIRST.toordinal() - date(1970, 1, 1).toordinal())
            .cast(pl.Int32)
            .cast(pl.Date),
            "date_end": (pl.Series(start + length) + FIRST.toordinal() - date(1970, 1, 1).toordinal())
            .cast(pl.Int32)
            .cast(pl.Date),
            "date_prec": np.where(length > 31, 5, 1),
            "best": best,
            "low": np.where(rng.random(n) < 0.01, best + 1, best // 2),
            "high": best * 2 + 1,
            "lat": lat,
            "lon": lon,
            "gid": gid(lat, lon),
            "where_prec": rng.choice([1, 2, 3, 4, 5], n, p=[0.45, 0.2, 0.15, 0.15, 0.05]),
            "admin1": [f"Area {c}" for c in cell],
            "place": [f"Place {p}" for p in at],
            "country": ["AAA"] * n,
        }
    )
    absent = [pl.lit(None, t).alias(c) for c, t in EVENT_SCHEMA.items() if c not in frame.columns]
    return (
        frame.with_columns(absent)
        .select(EVENT_SCHEMA.names())
        .cast(EVENT_SCHEMA)
        .with_columns(published_at=pl.col("date_end"))
    )


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Run once and return the seconds and what came."""
    started = time.monotonic()
    result = work()
    return round(time.monotonic() - started, 2), result


def main() -> None:
    """Time all checks, then every way of spreading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=200_000, help="events to spread; twice as many are checked"
    )
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--json", type=Path, default=Path(__file__).parent / "results" / "spread.json")
    args = parser.parse_args()
    country = Area("Land", "AAA", "adm0", box(0.0, 10.0, 12.0, 16.0))
    places = frozenset(f"place {i}" for i in range(3000))
    context = Context("bench", published_at=AS_OF, ground=Ground((country,), tuple(areas()), places))
    seconds, admission = timed(lambda: admit(world(2 * args.rows, args.seed), context))
    made, _ = timed(lambda: world(2 * args.rows, args.seed))
    found: dict[str, Any] = {
        "checks": {
            "rows": 2 * args.rows,
            "seconds": round(seconds - made, 2),
            "quarantined": admission.quarantined.height,
        }
    }
    events = admission.accepted.head(args.rows)
    for how in HOW:
        seconds, shares = timed(lambda how=how: spread(events, how=how, as_of=AS_OF, areas=areas()))
        conserved = all(int(shares[n].sum()) == int(events[n].sum()) for n in ("low", "best", "high"))
        found[how] = {
            "rows": events.height,
            "seconds": seconds,
            "shares": shares.height,
            "conserved": conserved,
        }
    made_with = {"toguna": __version__, "python": platform.python_version(), "seed": args.seed}
    text = json.dumps({"made_with": made_with, **found}, indent=1) + "\n"
    args.json.parent.mkdir(parents=True, exist_ok=True)
    args.json.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
