"""Small event frames for tests of releases."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from toguna.core.names import EVENT_SCHEMA

DAY = date(2015, 1, 1)


def frame(*rows: tuple[str, str, int], kind: str = "Battles", best: int = 1) -> pl.DataFrame:
    """Events from (id, country, days after the first of January 2015)."""
    days = [DAY + timedelta(days=n) for _, _, n in rows]
    told = pl.DataFrame(
        {
            "event_id": [i for i, _, _ in rows],
            "country": [c for _, c, _ in rows],
            "date_start": days,
            "date_end": days,
            "event_type": [kind] * len(rows),
            "best": [best] * len(rows),
        },
        schema={n: EVENT_SCHEMA[n] for n in ("event_id", "country", "date_start", "date_end")}
        | {"event_type": pl.String(), "best": pl.Int64()},
    )
    absent = [pl.lit(None, t).alias(n) for n, t in EVENT_SCHEMA.items() if n not in told.columns]
    return told.with_columns(absent).select(EVENT_SCHEMA.names())
