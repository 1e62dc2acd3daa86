"""What may stand behind the question mark of an address: one model for each kind of request.

Enters: parameters as strangers write them. Leaves: values in their range, or what is wrong, one line each. A
parameter that is not known, or that comes twice where one is meant, is refused: a misspelt filter that is
quietly dropped would answer another question than the one asked.
"""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from toguna.room.search import FACETS

__all__ = [
    "Asking",
    "Day",
    "EventQuery",
    "FeatureQuery",
    "FileQuery",
    "IncidentQuery",
    "Once",
    "Paging",
]

MOST, MOST_OFFSET, LONGEST = 1000, 10**9, 200
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})?)?", re.ASCII)
Box = tuple[float, float, float, float]


def _day(said: Any) -> Any:
    """Read a day as YYYY-MM-DD and nothing else: other readers take 20151124 for seconds since 1970."""
    if isinstance(said, str) and not _ISO.fullmatch(said):
        raise ValueError("day")
    return said


Day = Annotated[date, BeforeValidator(_day)]


def box_of(said: str) -> Box:
    """Read west, south, east, north in degrees; six numbers are a box with heights, which are left out.

    Raises
    ------
    ValueError
        It is none.
    """
    numbers = [float(part) for part in said.split(",")]
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise ValueError("box")
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("box")
    return west, south, east, north


def days_of(said: str) -> tuple[date | None, date | None]:
    """Read a moment or an interval ("2015-01-01/..") as days, both ends counted; None = open.

    Raises
    ------
    ValueError
        It is neither.
    """
    first, slash, last = said.partition("/")
    ends = [_end(first), _end(last if slash else first)]
    if not slash and ends[0] is None:
        raise ValueError("datetime")
    if ends[0] and ends[1] and ends[1] < ends[0]:
        raise ValueError("datetime")
    return ends[0], ends[1]


def _end(said: str) -> date | None:
    if said in ("", ".."):
        return None
    found = _INSTANT.fullmatch(said)
    if not found:
        raise ValueError("datetime")
    return date.fromisoformat(found.group(1))


class Asking(BaseModel):
    """What every address takes."""

    model_config = ConfigDict(extra="forbid")

    as_of: Day | None = Field(
        None, description="Day the room is stepped back to; nothing published later counts."
    )
    lang: Literal["en", "fr"] | None = Field(None, description="Language; otherwise that of Accept-Language.")


class Paging(Asking):
    """A part of a list."""

    limit: int = Field(50, ge=1, le=MOST, description="Most items in the answer.")
    offset: int = Field(0, ge=0, le=MOST_OFFSET, description="Items left out at the beginning.")


class EventQuery(Asking):
    """Which events; everything said has to hold."""

    q: str = Field(
        "", max_length=LONGEST, description="Words of any column; `word*` begins so, `-word` = without it."
    )
    place: str = Field("", max_length=LONGEST, description="Words of a place, an area or a country code.")
    actor: str = Field("", max_length=LONGEST, description="Id, name or alias of an organisation.")
    first: Day | None = Field(None, alias="from", description="First day.")
    last: Day | None = Field(None, alias="to", description="Last day, counted.")
    violence: list[str] = Field(
        default_factory=list, max_length=40, description="sb, ns or os; `-` = not stated."
    )
    tactic: list[str] = Field(
        default_factory=list, max_length=40, description="Any of these; `-` = not stated."
    )
    target: list[str] = Field(
        default_factory=list, max_length=40, description="Any of these; `-` = not stated."
    )
    source: list[str] = Field(default_factory=list, max_length=40, description="Any of these.")
    admin1: list[str] = Field(
        default_factory=list, max_length=40, description="Any of these; `-` = not stated."
    )
    year: list[str] = Field(default_factory=list, max_length=40, description="Years in which events begin.")
    box: str | None = Field(
        None, max_length=LONGEST, description="west,south,east,north in degrees; west > east crosses 180°."
    )
    sort: Literal["newest", "oldest", "deaths"] = Field("newest", description="deaths: the most first.")

    @field_validator("box")
    @classmethod
    def _box(cls, said: str | None) -> str | None:
        if said is not None:
            box_of(said)
        return said

    @property
    def degrees(self) -> Box | None:
        """The box as numbers."""
        return box_of(self.box) if self.box is not None else None

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all beside the order."""
        words = self.q.strip() or self.place.strip() or self.actor.strip()
        return bool(words or self.first or self.last or self.box or any(getattr(self, f) for f in FACETS))


class IncidentQuery(EventQuery, Paging):
    """Which events, and which part of them."""


class FileQuery(EventQuery):
    """Which rows of a file, and how a CSV file is written."""

    hxl: bool = Field(True, description="CSV: write the line of HXL tags under the names.")
    bom: bool = Field(False, description="CSV: begin with a byte order mark, for spreadsheets that need one.")


class FeatureQuery(Paging):
    """Which features of a collection (OGC API Features, part 1)."""

    bbox: str | None = Field(None, max_length=LONGEST, description="Four or six numbers, west first, WGS 84.")
    datetime: str | None = Field(
        None, max_length=80, description="A moment or an interval, `2015-01-01/2015-06-30`, `../2015-06-30`."
    )

    @field_validator("bbox")
    @classmethod
    def _box(cls, said: str | None) -> str | None:
        if said is not None:
            box_of(said)
        return said

    @field_validator("datetime")
    @classmethod
    def _days(cls, said: str | None) -> str | None:
        if said is not None:
            days_of(said)
        return said

    def events(self) -> EventQuery:
        """Return the same as a question about events, in the order of days."""
        first, last = days_of(self.datetime) if self.datetime else (None, None)
        told: dict[str, Any] = {"from": first, "to": last, "box": self.bbox, "sort": "oldest"}
        return EventQuery(**told)


async def _once(request: Request) -> None:
    """Refuse a parameter that comes twice where one value is meant (async: it waits for nothing)."""
    params = request.query_params
    twice = [name for name in params if name not in FACETS and len(params.getlist(name)) > 1]
    if twice:
        errors = [{"type": "repeated", "loc": ("query", n), "msg": "", "input": params[n]} for n in twice]
        raise RequestValidationError(errors)


Once = Depends(_once)
