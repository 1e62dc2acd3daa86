"""The chain that a replay runs: what was collected and tested on a day, as plain values.

Enters: what to assess, as names and paths, so that it travels to workers. Leaves: one look. Called by
`toguna.replay.task` in workers; made by ``toguna replay``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from toguna.core.dates import parse_partial
from toguna.core.errors import DataError
from toguna.events.viewpoint import viewpoint
from toguna.replay.rules import Record, values
from toguna.replay.task import Ready
from toguna.replay.turning import onsets
from toguna.responses.register import responses
from toguna.room.ahead.ahead import Ahead
from toguna.room.foretold import MODELS, foretold_of
from toguna.room.inputs import inputs_of
from toguna.room.view import Collected, Question, collect, tested, windows_of
from toguna.store.home import Home
from toguna.store.theatre import load_theatre
from toguna.warnings.foreseen import foreseen

if TYPE_CHECKING:
    from toguna.core.types import Shift
    from toguna.shifts.detect import Detection
    from toguna.shifts.population import Population
    from toguna.store.theatre import Theatre

__all__ = ["Again", "first_level"]


@dataclass(frozen=True)
class Again:
    """Everything a look depends on but its day and seed.

    Parameters
    ----------
    theatre : str or Path
        Name of a shipped pack, or a folder that every worker can read.
    home : Path or None
        Where archive and register live; every worker must be able to read it.
    areas : tuple of (str, Path)
        The user's own outlines by level.
    sources : tuple of str or None
        Sources to use; None = the chronology and every archived release known by the day.
    viewpoint : str
        Rule by which many tellings become one account.
    worlds : int
        Most simulated worlds for the stated false alarms; 0 = none.
    model : str or None
        How deaths by area are forecast, see `toguna.room.foretold`; None = not at all.
    recent_days, reference_days : int or None
        Lengths of the windows; None = the theatre's own.
    chances : bool
        Whether the chances of further attacks are worked out too; slow.
    published : bool
        Whether a look keeps what its published forecasts say of deaths in areas, and what was withheld.
    """

    theatre: str | Path
    home: Path | None = None
    areas: tuple[tuple[str, Path], ...] = ()
    sources: tuple[str, ...] | None = None
    viewpoint: str = "standard"
    worlds: int = 0
    model: str | None = "pool"
    recent_days: int | None = None
    reference_days: int | None = None
    chances: bool = False
    published: bool = False

    def begin(self, as_of: date, seed: int) -> Ready:
        """Collect what could be known on a day."""
        theatre = load_theatre(self.theatre, areas=dict(self.areas) or None)
        windows = windows_of(theatre, as_of, recent=self.recent_days, reference=self.reference_days)
        home, rule = Home(self.home) if self.home else None, viewpoint(self.viewpoint)
        question = Question(theatre, windows, self.sources, home, seed, rule)
        collected = collect(question)
        stated = _stated(theatre, as_of)
        inputs = inputs_of(question, collected, [m.as_dict() for m in responses(theatre, as_of)])
        parameters = {
            "theatre": theatre.name,
            "windows": windows.as_dict(),
            "sources": list(self.sources) if self.sources is not None else None,
            "viewpoint": rule.as_dict(),
            "worlds": self.worlds,
            "turning_points": stated,
            "forecasts": MODELS[self.model] if self.model else None,
            **({"chances": True} if self.chances else {}),
            **({"published": True} if self.published else {}),
        }

        def compute() -> dict[str, Any]:
            detection = tested(question, collected, most_worlds=self.worlds)
            said = foretold_of(question, collected, self.model) if self.model else None
            told = {**_told(question, collected, detection), "stated": stated, "forecasts": said}
            ahead = Ahead(collected, theatre, question.windows.recent, seed)
            more = {"chances": _chances(ahead)} if self.chances else {}
            return {**told, **more, **({"published": _published(ahead)} if self.published else {})}

        return Ready(inputs, parameters, compute)


def _stated(theatre: Theatre, as_of: date) -> list[dict[str, Any]]:
    """Return the rows of turning_points.csv up to a day; a row that cannot be scored stops the replay."""
    rows = theatre.tables["turning_points"].to_dicts()
    for row in rows:
        day = parse_partial(row["date"] or "")
        if day is None or day.first != day.last or not row["title"] or not row["source_urls"]:
            raise DataError(
                f"turning_points.csv row {row['row']}: found date {row['date']!r}, title {row['title']!r}, "
                f"pages {row['source_urls']!r}; expected all three, the date as YYYY-MM-DD. "
                "See `toguna theatre check`."
            )
    return [{k: v for k, v in row.items() if k != "row"} for row in rows if row["date"] <= as_of.isoformat()]


def _told(question: Question, collected: Collected, detection: Detection) -> dict[str, Any]:
    first = detection.populations[0] if detection.populations else None
    return {
        "vintages": {a.source: a.vintage for a in collected.gathered.accounts},
        "population": {"subject": first.subject, "label": dict(first.label), "source": first.source}
        if first
        else None,
        "events": len(first.history) if first else 0,
        "alarms": [_alarm(s) for s in detection.tested if s.alarm and s.q is not None],
        "shifts": [s.as_dict() for s in detection.tested],
        "false_alarms": detection.false_alarms,
        "rules": values(_record(first, collected), question.as_of.toordinal()),
        "onsets": onsets(first.history, first_level(question.theatre)) if first else [],
    }


def _chances(ahead: Ahead) -> list[dict[str, Any]]:
    """Say how likely further attacks are, without the record of every model."""
    return [{k: v for k, v in row.items() if k != "record"} for row in ahead.chances.rows]


def _published(ahead: Ahead) -> dict[str, Any]:
    """Say what forecasts an assessment of the day would have shown, as far as warnings read them."""
    return {
        "foreseen": foreseen(ahead.published[0], ahead.as_of),
        "withheld": {name: [f.code for f in against] for name, against in ahead.refused.items()},
        "silent": dict(ahead.outlook.silent),
    }


def _alarm(shift: Shift) -> dict[str, Any]:
    """Say what sounds and which places it names."""
    named = [*shift.numbers.get("areas", ()), *shift.numbers.get("gained", ()), shift.id.rsplit("/", 1)[-1]]
    return {"id": shift.id, "q": shift.q, "places": sorted({str(place) for place in (*named, shift.subject)})}


def _record(found: Population | None, collected: Collected) -> Record:
    """Put the events of the first population as the rules see them."""
    if found is None:
        empty = np.zeros(0, dtype=np.int64)
        return Record(empty, empty, empty, np.zeros(0))
    sample = found.history
    best = dict(collected.events.select("event_id", "best").iter_rows())
    dead = [best.get(str(i)) for i in sample.ids]
    return Record(
        sample.day,
        sample.coded["admin1"].codes,
        sample.coded["tactic"].codes,
        np.array([np.nan if n is None else float(n) for n in dead]),
    )


def first_level(theatre: Theatre) -> frozenset[str] | None:
    """Name the first-level areas of the countries assessed; None when the pack has none."""
    areas = theatre.areas("adm1")
    named = {a.name for a in areas if not a.country or a.country in theatre.countries}
    return frozenset(named or theatre.names("adm1").canonical.values()) or None
