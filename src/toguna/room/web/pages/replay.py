"""``/t/THEATRE/replay``: step the room back to any day, and what replay of the past taught."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from toguna.accounts.rights import Right
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, MissingError, needs, open_day
from toguna.room.web.building import days_ready

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/t/{theatre}/replay")
@needs(Right.READ)
def replay(asked: Asked) -> Response:
    """Offer a day to step to, the days that stand ready, and the eves of new fronts."""
    found = asked.room.desk.built(asked.theatre.name, asked.as_of)
    taught = found.section("taught", asked.lang.code) if found else None
    return answer.page(
        asked,
        "replay.html.j2",
        ready=days_ready(asked.room.settings.home, asked.theatre.name),
        turning=_turning(asked),
        taught=taught,
    )


@router.get("/t/{theatre}/step")
@needs(Right.READ)
def step(asked: Asked, to: str) -> Response:
    """Step the room to a day: everything is shown as it was knowable then."""
    try:
        day = date.fromisoformat(to.strip())
    except ValueError:
        raise MissingError("day", to[:40]) from None
    today = asked.room.settings.today()
    if day > today:
        raise MissingError("day", to[:40])
    asked.room.desk.built(asked.theatre.name, day)  # orders the build when there is none
    address = f"/t/{asked.theatre.name}/now" + ("" if day == today else f"?as_of={day}")
    return RedirectResponse(address, status_code=303)


def _turning(asked: Ask) -> list[dict[str, Any]]:
    """List the first events of the areas that are new on the room's own day, each with its eve."""
    built = open_day(asked)
    if built is None:
        return []
    day_of = dict(built.events.select("event_id", "date_start").iter_rows())
    found = []
    for area in built.assessment["areas"]:
        days = [day_of[id] for id in area["event_ids"] if day_of.get(id)]
        if area["level"] == "admin1" and area["status"] == "new" and days:
            first = min(days)
            found.append({"day": first, "eve": first - timedelta(days=1), "area": area["name"]})
    return sorted(found, key=lambda t: t["day"])
