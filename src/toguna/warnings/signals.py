"""What may give rise to a warning, in one shape: an alarm of a test, a chance, a forecast.

Enters: shifts and rows of an assessment, as plain dicts. Leaves: `Signal` values. Called by the command line,
the room and the replay, which pass in what they found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toguna.core.digest import digest

__all__ = ["Signal", "of_chances", "of_forecasts", "of_shifts"]

Row = Mapping[str, Any]
_LULL = "lull"


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that was found.

    Parameters
    ----------
    origin : {"shift", "chance", "forecast"}
    id : str
        Its id in the assessment.
    digest : str
        sha256 of the whole row it was read from.
    text : mapping
        What it says, by language.
    dimension, part : str
        Of a shift: dimension; for tempo "area", "family" or "all".
    areas : tuple of str
        Areas it names; empty = none.
    actors : tuple of str
        Organisations it names.
    q : float or None
        False discovery rate of a shift.
    probability, low, high : float or None
        Chance with its 90% interval.
    within : int or None
        Months of a chance; of a forecast, how many months ahead the month lies that it is about.
    deaths : int or None
        Number that a forecast of deaths says is reached or exceeded.
    false_alarms_per_year : float or None
        As simulated for its dimension.
    event_ids : tuple of str
        Events that show it.
    """

    origin: str
    id: str
    digest: str
    text: Mapping[str, str]
    dimension: str = ""
    part: str = ""
    areas: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    q: float | None = None
    probability: float | None = None
    low: float | None = None
    high: float | None = None
    within: int | None = None
    deaths: int | None = None
    false_alarms_per_year: float | None = None
    event_ids: tuple[str, ...] = field(default=())

    @property
    def numbers(self) -> dict[str, float | int]:
        """What a rule looks at, without what is not known."""
        names = ("q", "probability", "low", "high", "within", "deaths", "false_alarms_per_year")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def of_shifts(shifts: Iterable[Row]) -> list[Signal]:
    """Read alarms of tests; what was not tested, did not sound, or says that violence fell is left out."""
    return [
        _shift(row)
        for row in shifts
        if row["alarm"] and row["q"] is not None and row["numbers"].get("direction") != _LULL
    ]


def _shift(row: Row) -> Signal:
    numbers, dimension = row["numbers"], str(row["dimension"])
    what = str(row["id"]).split("/", 3)[-1]
    part, _, name = what.partition("/") if dimension == "tempo" else ("", "", what)
    areas = [name] if part == "area" else numbers.get("areas") if dimension == "fronts" else []
    actors = [name] if part == "family" or dimension == "reach" else []
    return Signal(
        "shift",
        str(row["id"]),
        digest(dict(row)),
        dict(row["text"]),
        dimension=dimension,
        part=part,
        areas=tuple(str(a) for a in areas or ()),
        actors=tuple(str(a) for a in actors),
        q=float(row["q"]),
        false_alarms_per_year=row["false_alarms_per_year"],
        event_ids=tuple(row["event_ids"]),
    )


def of_chances(rows: Iterable[Row], *, theatre: Sequence[str] = ()) -> list[Signal]:
    """Read chances of further attacks.

    Parameters
    ----------
    rows : iterable of mapping
        ``recurrence`` of an assessment.
    theatre : sequence of str
        Titles of the theatre: a chance for all of it names no area.
    """
    return [_chance(row, theatre) for row in rows]


def _chance(row: Row, theatre: Sequence[str]) -> Signal:
    place = str(row["place"] or "")
    family = str((row.get("kind") or {}).get("family") or "")
    return Signal(
        "chance",
        str(row["id"]),
        digest({k: v for k, v in row.items() if k != "record"}),
        dict(row["text"]),
        areas=(place,) if place and place not in theatre else (),
        actors=(family,) if family else (),
        probability=float(row["probability"]),
        low=_number(row.get("low")),
        high=_number(row.get("high")),
        within=int(row["horizon_months"]),
        event_ids=tuple(row.get("event_ids") or ()),
    )


def of_forecasts(rows: Iterable[Row]) -> list[Signal]:
    """Read forecasts of deaths that are told as the chance of exceeding a number.

    Rows have ``id``, ``area``, ``probability``, ``low``, ``high``, ``horizon_months``, ``deaths``, ``text``
    by language; see `toguna.warnings.foreseen`.
    """
    return [
        Signal(
            "forecast",
            str(row["id"]),
            digest(dict(row)),
            dict(row["text"]),
            areas=(str(row["area"]),) if row.get("area") else (),
            probability=float(row["probability"]),
            low=_number(row.get("low")),
            high=_number(row.get("high")),
            within=int(row["horizon_months"]),
            deaths=int(row["deaths"]),
        )
        for row in rows
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
