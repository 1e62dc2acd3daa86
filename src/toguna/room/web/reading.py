"""The readers of a room: made of a theatre, of what users added to it, and of what is on record.

Enters: an `Ask`. Leaves: a reader; what is known of events by their ids. Called by the pages of reading. A
language model is offered only where the settings of the home say so; what it may be sent stands there too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select

from toguna.actors.registry import Registry
from toguna.core.errors import UsageError
from toguna.reading.gazetteer import Gazetteer
from toguna.reading.groups import Groups
from toguna.reading.marks import Setting
from toguna.reading.model.settings import ModelSettings, read_settings
from toguna.reading.protocol import Reader, reader
from toguna.room.additions import with_additions
from toguna.room.reporting.inbox import ACCEPTED
from toguna.room.texts.learned import weights_of
from toguna.room.web.ask import Ask, open_day
from toguna.store.register.report_tables import Submission

__all__ = ["MODEL", "RULES", "events_named", "model_offered", "reader_of", "registry_now"]

RULES, MODEL = "rules", "model"
_MOST = 500
_GAZETTEERS: dict[str, Gazetteer] = {}


def registry_now(asked: Ask) -> Registry:
    """Return the organisations of the theatre on the day of the room, with what users added."""
    tables = with_additions(asked.theatre, asked.room.settings.home.register)
    return Registry.build(tables, as_of=asked.room.settings.today())


def model_offered(asked: Ask) -> ModelSettings | None:
    """Return the language model that may be chosen on the page; None where none is, or not soundly set up."""
    try:
        found = read_settings(asked.room.settings.home.path)
    except UsageError:
        return None
    return found if found.room else None


def reader_of(asked: Ask, name: str = RULES) -> Reader:
    """Make a reader of a theatre, which knows the incidents on record."""
    folder = str(asked.theatre.folder)
    if folder not in _GAZETTEERS:
        _GAZETTEERS[folder] = Gazetteer.build(asked.theatre)
    registry = registry_now(asked)
    home = asked.room.settings.home
    known = tuple(_known(asked))
    setting = Setting(_GAZETTEERS[folder], Groups.build(registry), registry, known, home.path)
    return reader(name, setting, weights_of(home))


def _known(asked: Ask) -> list[dict[str, Any]]:
    """List incidents on record: of the built assessment, and reports accepted since."""
    built = open_day(asked)
    events = [] if built is None else built.events.select("event_id", "date_start", "place").iter_rows()
    known = [{"id": i, "date": day, "place": place} for i, day, place in events if day and place]
    held = {k["id"] for k in known}
    return known + [k for k in _accepted(asked) if k["id"] not in held]


def _accepted(asked: Ask) -> Iterator[dict[str, Any]]:
    """Yield the reports accepted last: the assessment may not know them yet."""
    query = select(Submission.id, Submission.answers).where(
        Submission.theatre == asked.theatre.name, Submission.state == ACCEPTED
    )
    with asked.room.settings.home.register.read() as session:
        rows = session.execute(query.order_by(Submission.id.desc()).limit(_MOST)).all()
    for number, answers in rows:
        told = json.loads(answers)
        if told.get("incident_date"):
            day = date.fromisoformat(told["incident_date"])
            yield {"id": f"reports:room-{number}", "date": day, "place": told.get("place", "")}


def events_named(asked: Ask, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return day and place of events on record by their ids; what is not on record is not in it."""
    wanted = {i for i in ids if i}
    built = open_day(asked) if wanted else None
    if built is None:
        return {}
    rows = built.events.filter(pl.col("event_id").is_in(list(wanted)))
    told = rows.select("event_id", "date_start", "place", "admin1").iter_rows(named=True)
    return {row["event_id"]: row for row in told}
