"""Simulated worlds of attacks and measures with known truth, and frames of events made by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from toguna.core.names import EVENT_SCHEMA
from toguna.responses.attacks import EPOCH, Attacks
from toguna.responses.register import Response

END = date(2015, 12, 31)
FIRST = date(2012, 1, 1)
LAST = (END - EPOCH).days
START = (FIRST - EPOCH).days
AREAS = tuple("ABCDEFGH")


def frame(*rows: dict) -> pl.DataFrame:
    base = dict.fromkeys(EVENT_SCHEMA)
    made = [
        {
            **base,
            "event_id": f"s:{n}",
            "source": "s",
            "date_prec": 1,
            "where_prec": 1,
            "country": "AAA",
            "perpetrators": [],
            "source_urls": [],
            "published_at": row["date_start"],
            "date_end": row["date_start"],
            **row,
        }
        for n, row in enumerate(rows)
    ]
    return pl.DataFrame(made, schema=EVENT_SCHEMA)


def measure(id: str, day: date, **more) -> Response:
    base = {
        "date_end": None, "kind": "patrols", "place": "", "admin1": "", "actor": "x", "note": "",
        "recommendation": False, "sources": (),
    }  # fmt: skip
    return Response(id=id, date_start=day, **(base | more))


def on(number: float) -> date:
    return EPOCH + timedelta(days=int(number))


def attacks(days, areas=None, tolls=None) -> Attacks:
    days = np.asarray(days, dtype=np.int64)
    order = np.argsort(days, kind="stable")
    named = np.array(list(areas or [""] * len(days)), dtype=object)[order]
    dead = np.ones(len(days)) if tolls is None else np.asarray(tolls, dtype=float)[order]
    return Attacks(tuple(f"s:{i}" for i in order), days[order], days[order], tuple(named), dead)


def bursts(rng: np.random.Generator, n: int = 40) -> np.ndarray:
    """Days of attacks that come in bursts, as real ones do."""
    seeds = rng.integers(START, LAST, size=n // 4)
    return np.clip(np.repeat(seeds, 4) + rng.geometric(0.1, size=4 * (n // 4)), START, LAST)
