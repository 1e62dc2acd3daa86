"""The pages of the room in their order, as far as the reader may open them.

Enters: an `Ask`. Leaves: names and addresses. Called by `answer`.
"""

from __future__ import annotations

from dataclasses import dataclass

from toguna.accounts.rights import Right
from toguna.room.web.ask import Ask

__all__ = ["Entry", "navigation"]


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation."""

    name: str
    href: str
    here: bool


def navigation(asked: Ask) -> list[Entry]:
    """List the pages that the reader may open."""
    L = asked.lang
    every = (
        ("now", L("Now"), Right.READ_PUBLIC),
        ("map", L("Map and time"), Right.READ_PUBLIC),
        ("incidents", L("Incidents"), Right.READ),
        ("actors", L("Actors"), Right.READ_PUBLIC),
        ("shifts", L("Shifts"), Right.READ_PUBLIC),
        ("ahead", L("What may come"), Right.READ_PUBLIC),
        ("doing", L("What is being done"), Right.READ),
        ("plans", L("Plans"), Right.READ),
        ("warnings", L("Warnings"), Right.READ),
        ("lessons", L("Lessons"), Right.READ),
        ("replay", L("Replay"), Right.READ),
        ("data", L("Data"), Right.READ),
        ("report", L("Report an incident"), Right.REPORT),
        ("review", L("Reports to review"), Right.REVIEW),
        ("read", L("Read a text"), Right.CODE),
    )
    here = asked.request.url.path.split("/")[3:4]
    return [Entry(said, asked.link(path), [path] == here) for path, said, right in every if asked.may(right)]
