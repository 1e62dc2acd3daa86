"""What forecasts say of deaths in areas, in the shape that `toguna.warnings.signals.of_forecasts` reads.

Enters: forecasts as an assessment carries them; withheld ones are not among them. Leaves: plain rows. Pure.
Called by `toguna.room.warned`.

Only months that begin after the day count: the month of the day itself is partly past and known to somebody.
Only areas count: in a war a whole country nearly always loses as many, and nobody could be asked where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from toguna.core.language import LANGUAGES, Language
from toguna.forecasts.outlook.words import month_day
from toguna.forecasts.recurrence.sentences import chance_in_words, percent

__all__ = ["AHEAD", "LEVEL", "TARGET", "foreseen"]

AHEAD = 3
"""Months that are looked at: as long as such a warning stands."""
LEVEL, TARGET = "admin1", "deaths"


def foreseen(rows: Iterable[Mapping[str, Any]], as_of: date) -> list[dict[str, Any]]:
    """Say of each area and number of deaths in which of the next months it is likeliest to be reached.

    Parameters
    ----------
    rows : iterable of mapping
        ``forecasts`` of an assessment.
    as_of : date
        Day of the assessment.

    Returns
    -------
    list of dict
        ``id`` (that of the forecast), ``area``, ``deaths``, ``probability`` (0-1), ``low`` and ``high``
        (None: a forecast states no interval of it), ``horizon_months`` (1 = the first month after the day),
        ``month``, ``model``, ``text`` by language. Of months that are alike the first. What is not placed in
        an area is left out.
    """
    best: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows:
        area = str(row["unit"]).rpartition("/")[2]
        ahead = _ahead(month_day(row["month"]), as_of)
        if (row["level"], row["target"]) != (LEVEL, TARGET) or not area or not 1 <= ahead <= AHEAD:
            continue
        for number, chance in row["at_least"].items():
            key = str(row["unit"]), int(number)
            if key not in best or chance > best[key]["probability"]:
                best[key] = _told(row, area, int(number), ahead)
    return list(best.values())


def _ahead(month: date, as_of: date) -> int:
    return (month.year - as_of.year) * 12 + month.month - as_of.month


def _told(row: Mapping[str, Any], area: str, number: int, ahead: int) -> dict[str, Any]:
    chance = float(row["at_least"][str(number)])
    return {
        "id": str(row["id"]),
        "area": area,
        "deaths": number,
        "probability": chance,
        "low": None,
        "high": None,
        "horizon_months": ahead,
        "month": str(row["month"]),
        "model": str(row["model"]),
        "text": {code: _text(Language(code), row, area, number) for code in LANGUAGES},
    }


def _text(L: Language, row: Mapping[str, Any], area: str, number: int) -> str:
    chance = float(row["at_least"][str(number)])
    return L.plural(
        "Forecast for {area}: {n} death or more in {month}, {odds} ({chance}).",
        "Forecast for {area}: {n} deaths or more in {month}, {odds} ({chance}).",
        number,
        area=area,
        month=L.month(month_day(row["month"])),
        odds=chance_in_words(L, chance),
        chance=percent(L, chance),
    )
