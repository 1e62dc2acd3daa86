"""Hold every statement of a theatre against its data, as of a date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from toguna.actors.registry import Registry
from toguna.core.language import in_every_language
from toguna.room.ahead.ahead import Ahead
from toguna.room.claims import forward, measures
from toguna.room.claims.measures import Known, Verdict
from toguna.room.claims.statements import Statement, read_statements
from toguna.shifts.caveats import uneven_sources
from toguna.shifts.detect import Detection
from toguna.shifts.population import Population
from toguna.store.theatre import Theatre

__all__ = ["Evidence", "evaluate"]

_MEASURES: dict[str, Callable[[Statement, Known], Verdict]] = {
    "displacement": measures.displacement,
    "fronts": measures.fronts,
    "tempo": measures.tempo,
    "share": measures.share,
    "largest": measures.largest,
    "reach": measures.reach,
    "overtakes": measures.overtakes,
    "recurrence": forward.recurrence,
    "alike": forward.alike,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What statements are held against.

    Parameters
    ----------
    events : DataFrame
        Event frame with resolved actors.
    registry : Registry
        Actors as of the date.
    detection : Detection
        Shifts of the same run.
    ahead : Ahead or None
        Chances and likeness of the same run.
    """

    events: pl.DataFrame
    registry: Registry
    detection: Detection
    ahead: Ahead | None = None


def _population(statement: Statement, detection: Detection) -> Population | None:
    wanted = statement.settings.get("subject")
    return next((p for p in detection.populations if wanted in (None, p.subject)), None)


def _verdict(statement: Statement, known: Known | None) -> Verdict:
    if statement.measure == "none-yet":
        return Verdict("not-testable", dict(statement.settings["reason"]))
    if known is None:
        return Verdict("not-testable", in_every_language("There are no events to test this with."))
    return _MEASURES[statement.measure](statement, known)


def evaluate(theatre: Theatre, held: Evidence, as_of: date) -> list[dict[str, Any]]:
    """Evaluate the statements in a theatre's claims.toml.

    Parameters
    ----------
    theatre : Theatre
        Its folder holds claims.toml; without one the list is empty.
    held : Evidence
        What is known as of the date.
    as_of : date
        Statements made later are not evaluated.

    Returns
    -------
    list of dict
        id, statement, said_by, said_on, measure, verdict, text, numbers, event_ids; in file order.
    """
    uneven = uneven_sources(theatre)
    out = []
    for s in read_statements(theatre.folder):
        if s.said_on > as_of:
            continue
        p = _population(s, held.detection)
        known = None
        if p:
            known = Known(held.events, held.registry, held.detection, p, p.source in uneven, held.ahead)
        found = _verdict(s, known)
        out.append(
            {
                "id": s.id,
                "statement": dict(s.text),
                "said_by": s.said_by,
                "said_on": s.said_on.isoformat(),
                "measure": s.measure,
                "verdict": found.verdict,
                "text": dict(found.text),
                "numbers": dict(found.numbers),
                "event_ids": list(found.event_ids),
            }
        )
    return out
