"""What a page is asked: by whom, in which language, of which theatre, as of which day.

Enters: a request. Leaves: `Ask`, after the one check of rights there is. Every route takes an `Asked` and is
marked with `needs`; `toguna.room.web.app` refuses to start with a route that is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from babel.core import negotiate_locale
from fastapi import Depends, Request
from jinja2 import Environment

from toguna.accounts.gate import Gate
from toguna.accounts.rights import Principal, Right
from toguna.core.language import LANGUAGES, Language
from toguna.room.web.built import Built
from toguna.room.web.desk import Desk, Stale
from toguna.room.web.keeping import Data, Keeping, Page
from toguna.room.web.ledger import KeptLedger
from toguna.room.web.settings import RoomSettings
from toguna.store.theatre import Theatre

__all__ = [
    "LANG_COOKIE",
    "Ask",
    "Asked",
    "DeniedError",
    "MissingError",
    "NotBuiltError",
    "Room",
    "WithheldError",
    "needs",
    "open_day",
    "right_of",
]

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
LANG_COOKIE = "lang"


class DeniedError(Exception):
    """The person may not do this."""

    def __init__(self, principal: Principal, right: Right) -> None:
        super().__init__(f"{principal.role} lacks {right}")
        self.principal, self.right = principal, right


class MissingError(Exception):
    """There is no such thing, or it is not the person's to see."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"no {what} {name!r}")
        self.what, self.name = what, name


class WithheldError(Exception):
    """The terms of a source forbid passing a row on."""

    def __init__(self, source: str) -> None:
        super().__init__(f"a row of {source}")
        self.source = source


class NotBuiltError(Exception):
    """The assessment of that day is not there yet."""

    def __init__(self, asked: Ask) -> None:
        super().__init__("not built")
        self.asked = asked


@dataclass(frozen=True)
class Room:
    """What all requests share."""

    settings: RoomSettings
    desk: Desk
    shelf: Environment
    authenticate: Callable[[Request], Principal]
    gate: Gate
    kept: Keeping[Page] = field(default_factory=Keeping)
    told: Keeping[Data] = field(default_factory=Keeping)

    @cached_property
    def ledger(self) -> KeptLedger:
        """The ledger, read again when it grew."""
        return KeptLedger(self.settings.home)


def needs(right: Right) -> Callable[[Endpoint], Endpoint]:
    """Mark a route with the right it needs."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.right = right  # type: ignore[attr-defined]
        return endpoint

    return mark


def right_of(endpoint: Callable[..., Any]) -> Right:
    """Return the right a route needs; a route without one is a fault of the program."""
    right: Right = endpoint.right  # type: ignore[attr-defined]
    return right


@dataclass(frozen=True)
class Ask:
    """One request, understood."""

    request: Request
    room: Room
    principal: Principal
    lang: Language
    theatre_name: str | None
    as_of: date
    stepped: bool = False  # whether the reader stepped the room to another day than today
    faceless: bool = False  # asked for a page that is kept: see `toguna.room.web.kept`

    @property
    def theatre(self) -> Theatre:
        """The theatre asked about."""
        return self.room.desk.theatres[self.theatre_name or ""]

    @property
    def today(self) -> date:
        """The day by which deadlines are counted: that of the room, or that the reader stepped back to."""
        return self.as_of if self.stepped else self.room.settings.today()

    @cached_property
    def built(self) -> Built:
        """The assessment of the day; raises `NotBuiltError` while it is being built."""
        if (
            self.stepped
            and not self.may(Right.READ)
            and not self.room.desk.ready(self.theatre.name, self.as_of)
        ):
            raise MissingError("day", self.as_of.isoformat())  # a build is work: strangers order none
        found = self.room.desk.built(self.theatre.name, self.as_of)
        if found is None:
            raise NotBuiltError(self)
        return found

    @cached_property
    def stale(self) -> Stale | None:
        """What to say of the assessment shown, when a newer one is due."""
        if self.theatre_name is None or self.stepped:
            return None
        return self.room.desk.stale(self.theatre_name, self.as_of)

    def may(self, right: Right) -> bool:
        """Whether the person has a right here."""
        return self.principal.may(right, self.theatre_name)

    def turned(self, lang: str) -> str:
        """Return the address of the same page, with the same question, in another language."""
        params = self.request.query_params.multi_items()
        kept = [(name, said) for name, said in params if name != "lang"]
        return f"{self.request.url.path}?{urlencode([*kept, ('lang', lang)])}"

    def link(self, path: str, **query: Any) -> str:
        """Return the address of a page of this theatre, on the day that the reader stands on."""
        asked = {k: v for k, v in query.items() if v not in (None, "")}
        if self.stepped and "as_of" not in query:
            asked["as_of"] = self.as_of.isoformat()
        address = f"/t/{self.theatre_name}/{path}" if not path.startswith("/") else path
        return f"{address}?{urlencode(asked, doseq=True)}" if asked else address


def _language(request: Request, principal: Principal) -> Language:
    for said in (request.query_params.get("lang"), request.cookies.get(LANG_COOKIE), principal.lang):
        if said in LANGUAGES:
            return Language(said)
    wanted = [
        part.partition(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")
    ]
    found = negotiate_locale(wanted[:20], LANGUAGES, sep="-")
    return Language(found if found in LANGUAGES else "en")


def _day(request: Request, today: date) -> date:
    said = request.query_params.get("as_of")
    if not said:
        return today
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise MissingError("day", said[:40]) from None
    if day > today:
        raise MissingError("day", said[:40])  # nothing is known of a day to come, and nothing is built for it
    return day


def open_day(asked: Ask) -> Built | None:
    """Return the assessment of the day that stands open, whatever day the reader stepped to; None = none."""
    desk, theatre = asked.room.desk, asked.theatre.name
    return desk.built(theatre, desk.standing(theatre))


def ask(request: Request) -> Ask:
    """Understand a request, and refuse it when the person lacks the right its route needs."""
    room: Room = request.app.state.room
    principal = room.authenticate(request)
    right = right_of(request.scope["endpoint"])
    theatre = request.path_params.get("theatre")
    public = right is not Right.READ_PUBLIC or principal.user_id is not None or room.settings.public_view
    if not public or not principal.may(right):
        raise DeniedError(principal, right)
    if theatre is not None and (theatre not in room.desk.theatres or not principal.may(right, theatre)):
        raise MissingError("theatre", theatre)  # whoever may not enter does not learn that it is there
    as_of = _day(request, room.settings.today())
    stepped = as_of != room.settings.today()
    if theatre is not None and not stepped:
        as_of = room.desk.standing(theatre)
    return Ask(request, room, principal, _language(request, principal), theatre, as_of, stepped)


Asked = Annotated[Ask, Depends(ask)]
