"""Good event rows to spoil in tests."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from toguna.core.geography import gid
from toguna.core.names import EVENT_SCHEMA

GOOD: dict[str, Any] = {
    "source": "test",
    "date_start": date(2014, 3, 1),
    "date_end": date(2014, 3, 2),
    "date_prec": 1,
    "published_at": date(2014, 3, 2),
    "perpetrators": ["A"],
    "responsibility": "A+B|A",
    "best": 3,
    "low": 2,
    "high": 5,
    "deaths_civilians": 1,
    "place": "Somewhere",
    "note": "plain words, é and < 3",
    "lat": 14.25,
    "lon": -4.25,
    "where_prec": 1,
    "gid": int(gid(14.25, -4.25)),
    "source_urls": ["https://example.org/1"],
}


def events(*changes: dict[str, Any]) -> pl.DataFrame:
    """Return one good event per dict, changed by it."""
    rows = [
        {"event_id": f"test:{n}", "row": n, **GOOD, **change} for n, change in enumerate(changes, start=1)
    ]
    return pl.DataFrame([{name: row.get(name) for name in EVENT_SCHEMA} for row in rows], schema=EVENT_SCHEMA)
