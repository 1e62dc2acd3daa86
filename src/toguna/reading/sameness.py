"""Compare the days and the places that a text names: the same, another, or not told.

Enters: days and `Place` values. Leaves: True, False, or None where nothing contradicts and nothing agrees.
Called by `toguna.reading.episodes` and `toguna.reading.twice`.
"""

from __future__ import annotations

from datetime import date, timedelta

from toguna.core.text import fold
from toguna.reading.days import When
from toguna.reading.gazetteer import capital_of, close
from toguna.reading.mentions import LEVELS
from toguna.reading.places import Place

__all__ = ["Days", "apart", "days_of", "regional", "same_days", "same_place"]

Days = tuple[date, date, str]
"""First and last day, and how exact: "day", "week", "month" or "year"."""
NEARBY = 100.0  # km: "near X" and "near Y" may be one scene when the two lie closer than this


def days_of(when: When | None, base: Days | None) -> Days | None:
    """Return the days that words mean; those that hang on another day count from `base`."""
    if when is None:
        return None
    if when.shift is not None:
        if base is None:
            return None
        first = base[0] + timedelta(days=when.shift)
        return first, first, when.precision
    return (when.first, when.last, when.precision) if when.first and when.last else None


def same_days(a: Days | None, b: Days | None) -> bool | None:
    """Compare two times: None when one is not told."""
    if a is None or b is None:
        return None
    day = timedelta(days=1)
    return a[0] - day <= b[1] and b[0] - day <= a[1]


def apart(a: Days, b: Days) -> bool:
    """Say whether two times share no day, though they come within one of each other."""
    return "day" == a[2] == b[2] and (a[1] < b[0] or b[1] < a[0])


def same_place(a: Place | None, b: Place | None) -> bool | None:
    """Compare two places: None when one is not told or too coarse to contradict."""
    if a is None or b is None or "seat" in (a.role, b.role):
        return None
    if fold(a.name) == fold(b.name):
        return True
    if _close(a, b, 25.0):
        return True
    near = "near" in (a.role, b.role)
    loose = not (_located(a) and _located(b)) or _admin1(a) & _admin1(b) or _close(a, b, NEARBY)
    if near and loose:
        return None
    if not a.spots or not b.spots:
        return False if min(LEVELS[a.level], LEVELS[b.level]) >= 4 else None
    return _within(a, b) if {a.level, b.level} & {"admin1", "admin2", "area"} else False


def _admin1(p: Place) -> set[str]:
    return {s.admin1 for s in p.spots if s.admin1}


def _located(p: Place) -> bool:
    return any(s.lat is not None for s in p.spots)


def _close(a: Place, b: Place, within_km: float) -> bool:
    return any(close(x, y, within_km=within_km) for x in a.spots for y in b.spots)


def _within(a: Place, b: Place) -> bool | None:
    """Say whether one of two places lies in the area that the other is."""
    firsts = [{x.admin1 for x in p.spots if x.admin1} for p in (a, b)]
    if all(firsts):
        return (
            bool(firsts[0] & firsts[1]) or None
            if "admin2" in (a.level, b.level)
            else bool(firsts[0] & firsts[1])
        )
    return None


def regional(p: Place) -> bool:
    """Say whether a name can mean a whole region, though it may mean its chief town."""
    return any(s.level == "admin1" and s.name != capital_of(s.country) for s in p.spots)
