"""What a map shows beside events: fronts, forecasts by area, posts of forces, drivers.

Enters: a view and its assessment. Leaves: plain values, written when it is built. Called by `prepared`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import Any

import polars as pl

from toguna.core.dates import parse_partial
from toguna.responses.protection import posts_of
from toguna.room.briefing.pictures import fronts_of
from toguna.room.briefing.scope import scope_of
from toguna.room.view import View

__all__ = ["LAYERS", "layers"]

LAYERS = "layers.json"


def layers(view: View, assessment: Mapping[str, Any]) -> dict[str, Any]:
    """Say what may be laid over the areas.

    Returns
    -------
    dict
        `fronts`: names of areas. `forecasts`: by area `sum` (deaths expected over all months), and of the
        first month `month`, `mean`, `low`, `high` (90 % interval). `forces`: force, town, lat, lon, since.
        `drivers`: `id`, `indicator`, `unit` (figures in other units are a driver of their own), and by area
        `value` and `period`, the newest known on the day.
    """
    question = view.question
    theatre, as_of = question.theatre, question.as_of
    return {
        "fronts": fronts_of(assessment, scope_of(assessment, view.events, theatre)),
        "forecasts": _forecasts(assessment),
        "forces": [post.as_dict() for post in posts_of(theatre, as_of).posts],
        "drivers": drivers(theatre.tables["drivers"], as_of, {a.name for a in theatre.areas("adm1")}),
    }


def _forecasts(assessment: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in assessment["forecasts"]:
        area = row["unit"].rpartition("/")[2]
        if (row["level"], row["target"]) != ("admin1", "deaths") or not area:
            continue
        told = found.setdefault(area, {"sum": 0.0, "months": 0})
        told["sum"] += row["mean"]
        told["months"] += 1
        if row["step"] == 1:
            interval = row["interval"]
            told |= {
                "month": row["month"],
                "mean": row["mean"],
                "low": interval["low"],
                "high": interval["high"],
            }
    return found


def drivers(table: pl.DataFrame, as_of: date, areas: Set[str]) -> list[dict[str, Any]]:
    """Return the newest value of each indicator by area, about a time that is over by the day."""
    newest: dict[tuple[str, str, str], tuple[date, dict[str, Any]]] = {}
    for row in table.iter_rows(named=True):
        about = parse_partial(row["period"] or row["year"] or "")
        value = _number(row["value"])
        if about is None or about.last > as_of or value is None or row["region"] not in areas:
            continue
        key = (str(row["indicator"]), str(row["unit"] or ""), str(row["region"]))
        if key not in newest or newest[key][0] <= about.last:
            newest[key] = (about.last, {"value": value, "period": about.text})
    grouped: dict[tuple[str, str], dict[str, Any]] = {}
    for (indicator, unit, region), (_, told) in sorted(newest.items()):
        group = grouped.setdefault(
            (indicator, unit),
            {"id": f"{indicator} {unit}", "indicator": indicator, "unit": unit, "areas": {}},
        )
        group["areas"][region] = told
    return list(grouped.values())


def _number(said: str | None) -> float | None:
    try:
        found = float(said or "")
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None
