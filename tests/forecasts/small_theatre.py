"""A theatre of one country with square areas, and made events, for the tests of outlooks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from shapely.geometry import box

from toguna.core.geography import gid
from toguna.core.names import EVENT_SCHEMA
from toguna.store.areas import Area
from toguna.store.theatre import Theatre

AREAS = ("East", "North", "South", "West")
CORNERS = {"East": (1, 0), "North": (0, 1), "South": (0, 0), "West": (1, 1)}


def theatre(*, countries: tuple[str, ...] = ("XYZ",)) -> Theatre:
    """Four square areas of one degree, each of two districts."""
    found = Theatre("small", Path(), {"en": "Small"}, countries, {}, {})
    larger = {name: box(x, y, x + 1, y + 1) for name, (x, y) in CORNERS.items()}
    found._areas["adm0"] = []
    found._areas["adm1"] = [Area(name, "XYZ", "adm1", shape) for name, shape in sorted(larger.items())]
    found._areas["adm2"] = [
        Area(f"{name} {half}", "XYZ", "adm2", box(x, y + half / 2, x + 1, y + half / 2 + 0.5))
        for name, (x, y) in sorted(CORNERS.items())
        for half in (0, 1)
    ]
    return found


def event(day: date, area: str, deaths: int | None, **other: object) -> dict[str, object]:
    x, y = CORNERS[area]
    half = other.pop("half", 0)
    lat, lon = y + 0.25 + 0.5 * int(str(half)), x + 0.25
    return {
        "source": "desk", "date_start": day, "date_end": day, "published_at": day, "country": "XYZ",
        "admin1": area, "admin2": f"{area} {half}", "lat": lat, "lon": lon, "gid": int(gid(lat, lon)),
        "where_prec": 1, "best": deaths, "violence": "sb", **other,
    }  # fmt: skip


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    named = [{"event_id": f"desk:{n}", **row} for n, row in enumerate(rows)]
    return pl.DataFrame(named, schema=EVENT_SCHEMA)


def world(
    *, months: int, seed: int, rates: dict[str, float], toll: float = 3.0, first: int = 2000
) -> pl.DataFrame:
    """Events at steady rates a month by area, deaths of each Poisson."""
    rng, rows = np.random.default_rng(seed), []
    for t in range(months):
        start = date(first + t // 12, t % 12 + 1, 1)
        for area, rate in rates.items():
            for _ in range(rng.poisson(rate)):
                day = start + timedelta(days=int(rng.integers(28)))
                kind = str(rng.choice(["sb", "ns", "os"], p=[0.6, 0.1, 0.3]))
                deaths, half = int(rng.poisson(toll)), int(rng.integers(2))
                rows.append(event(day, area, deaths, violence=kind, half=half))
    return frame(rows)
