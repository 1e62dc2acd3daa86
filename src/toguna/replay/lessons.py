"""What a replay teaches: the score of what it looked at, as one plain dict.

Enters: looks, in the order of their dates. Leaves: `lessons`, which pages, the command line and an
assessment can read: tests of shifts beside the three rules in use, forecasts beside last year. Called by
``toguna replay``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from toguna.core.errors import DataError
from toguna.core.language import LANGUAGES, Language
from toguna.replay.rules import FIELD
from toguna.replay.score import LATE_DAYS, LEAD_DAYS, scorable, score, starts
from toguna.replay.skill import Asked, skill
from toguna.replay.turning import QUIET_DAYS, TurningPoint, turning_points
from toguna.replay.words import sentences

__all__ = ["FEWEST_LOOKS", "SHIFTS", "lessons"]

SHIFTS = "shifts"
FEWEST_LOOKS = 3
Look = Mapping[str, Any]


def lessons(
    looks: Sequence[Look],
    *,
    title: Mapping[str, str],
    quiet_days: int = QUIET_DAYS,
    asked: Asked | None = None,
) -> dict[str, Any]:
    """Score a replay.

    Parameters
    ----------
    looks : sequence of mapping
        Results in the order of their dates, see `toguna.replay.run.Replayed`.
    title : mapping
        Title of the theatre, or of the table, by language.
    quiet_days : int
        Days without an event in an area that make the next one a turning point.
    asked : Asked, optional
        Event and price of a false alarm that forecasts are judged by.

    Returns
    -------
    dict
        ``looks``, ``vintages``, ``turning_points`` (each with ``named_days``), ``methods`` (the tests of
        shifts first; hits, lead times, false alarms a year with 90% interval, hits by chance; none when the
        looks tested nothing), ``forecasts`` (see `toguna.replay.skill.skill`, or None), ``definitions``,
        ``sentences`` by language.

    Raises
    ------
    DataError
        Fewer than three looks: an alarm starts between two, and one more is needed to see what follows.
    """
    if len(looks) < FEWEST_LOOKS:
        raise DataError(f"a replay of {len(looks)} looks cannot be scored; it needs {FEWEST_LOOKS} or more.")
    dates = [date.fromisoformat(look["as_of"]) for look in looks]
    last = looks[-1]["found"]
    found: dict[str, Any] = {
        "title": dict(title),
        "looks": {
            "n": len(looks),
            "first": dates[0].isoformat(),
            "last": dates[-1].isoformat(),
            "untested": sum(_untested(look["found"]) for look in looks),
        },
        "vintages": dict(last["vintages"]),
        **_alarmed(looks, dates, quiet_days),
        "forecasts": skill(looks, asked),
        "definitions": {"quiet_days": quiet_days, "lead_days": LEAD_DAYS, "late_days": LATE_DAYS},
    }
    found["sentences"] = {code: sentences(found, Language(code)) for code in LANGUAGES}
    return found


def _untested(found: Mapping[str, Any]) -> bool:
    return "shifts" in found and all(s["q"] is None for s in found["shifts"])


def _alarmed(looks: Sequence[Look], dates: Sequence[date], quiet_days: int) -> dict[str, Any]:
    """Score what sounded; empty when the looks tested nothing, as those at a table of counts."""
    last = looks[-1]["found"]
    if "alarms" not in last:
        return {"population": None, "turning_points": [], "not_scored": [], "methods": []}
    points = turning_points(last["onsets"], last["stated"], quiet_days=quiet_days)
    scored = scorable(dates, points)
    methods = [
        {
            "name": name,
            "threshold": FIELD.get(name),
            "sounding": [day.isoformat() for day, names in zip(dates, on, strict=True) if names],
            **score(dates, starts(on), scored).as_dict(),
        }
        for name, on in _sounding(looks).items()
    ]
    return {
        "population": last["population"],
        "turning_points": [p.as_dict() | {"named_days": _named(p, dates, looks)} for p in scored],
        "not_scored": [p.as_dict() for p in points if p not in scored],
        "methods": methods,
    }


def _sounding(looks: Sequence[Look]) -> dict[str, list[list[str]]]:
    """Say what sounds at each look, by method."""
    on: dict[str, list[list[str]]] = {SHIFTS: [[a["id"] for a in look["found"]["alarms"]] for look in looks]}
    for rule, threshold in FIELD.items():
        on[rule] = [[rule] if look["found"]["rules"][rule] >= threshold else [] for look in looks]
    return on


def _named(point: TurningPoint, dates: Sequence[date], looks: Sequence[Look]) -> int | None:
    """Count the days from a turning point to the first look whose alarms name its area."""
    for day, look in zip(dates, looks, strict=True):
        places = {place for alarm in look["found"]["alarms"] for place in alarm["places"]}
        if day >= point.day and point.area in places:
            return (day - point.day).days
    return None
