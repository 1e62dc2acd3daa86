"""The answer: how likely another attack of a kind in a place is, by which model, and on what record.

Enters: a `Sample` of one population, a `Kind`, a `Place`, a date, horizons. Leaves: one `Recurrence` for
each horizon. Called by the verb ``recurrence`` and by whoever writes an assessment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from toguna.core.errors import DataError, UnknownNameError
from toguna.forecasts.recurrence import pooled, selfexciting
from toguna.forecasts.recurrence.history import (
    Chances,
    Grid,
    History,
    asked_grid,
    history_of,
    sibling_grid,
)
from toguna.forecasts.recurrence.question import Area, Circle, Kind, Place, horizon_days
from toguna.forecasts.recurrence.rolling import (
    BLEND,
    CONSTANT,
    LAST_YEAR,
    POOLED,
    SELF_EXCITING,
    Record,
    blend,
    compete,
    plain,
)
from toguna.forecasts.recurrence.selfexciting import Effort
from toguna.shifts.sample import Sample

__all__ = ["FEWEST_EVENTS", "Recurrence", "listed", "recur"]

FEWEST_EVENTS = 10
JUDGED, ANSWERED = Effort(draws=50, paths=10), Effort(draws=200, paths=50)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How likely another attack of a kind in a place is within some months.

    Parameters
    ----------
    place : str
        How the place is called.
    kind : dict
        The conditions on tactic, target, setting, family; empty = any attack of the population.
    horizon_months : int
        Counted from the day after `as_of`.
    probability : float
        Of at least one.
    low, high : float
        90 % limits of that probability: what the parameters leave open, given the model.
    expected : float
        Mean number.
    model : str
        The model that was best on past days; `record` says how the others did.
    as_of, since : date
        The day of the forecast, and the first day of the record.
    events, alike, here, alike_here : int
        Events on record; of this kind; in this place; both.
    record : dict
        Model -> ignorance (bits), Brier score, and what it says here; "origins", "forecasts", "happened".
    """

    place: str
    kind: dict[str, list[str] | str]
    horizon_months: int
    probability: float
    low: float
    high: float
    expected: float
    model: str
    as_of: date
    since: date
    events: int
    alike: int
    here: int
    alike_here: int
    record: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return listed([self])[0] | {
            "model": self.model,
            "as_of": self.as_of.isoformat(),
            "since": self.since.isoformat(),
            "events": self.events,
            "alike": self.alike,
            "here": self.here,
            "alike_here": self.alike_here,
            "record": dict(self.record),
        }


def listed(found: Iterable[Recurrence]) -> list[dict[str, Any]]:
    """Return the list that an assessment carries: place, kind, horizon, probability, limits, expected."""
    return [
        {
            "place": r.place,
            "kind": dict(r.kind),
            "horizon_months": r.horizon_months,
            "probability": round(r.probability, 4),
            "low": round(r.low, 4),
            "high": round(r.high, 4),
            "expected": round(r.expected, 4),
        }
        for r in found
    ]


def _checked(sample: Sample, kind: Kind, place: Place, last_day: int) -> Sample:
    """Return the events until a day; refuse too few, and names that the record does not hold."""
    kept = sample.take(np.flatnonzero(sample.day <= last_day))
    kind.check(kept)
    if len(kept) < FEWEST_EVENTS:
        raise DataError(
            f"recurrence: {len(kept)} events are on record by {date.fromordinal(last_day)}; "
            f"expected at least {FEWEST_EVENTS}. Take a later date, another source or a wider population."
        )
    if isinstance(place, Area):
        known = kept.coded[place.level]
        if place.name not in known.names or not (known.codes == known.names.index(place.name)).any():
            raise UnknownNameError(
                f"area with events by {date.fromordinal(last_day)}",
                place.name,
                {known.names[c] for c in np.unique(known.codes) if c >= 0},
            )
    return kept


def _level(sample: Sample, place: Place) -> str:
    """Choose the areas whose questions are alike: those of the place's level, else cells for circles."""
    if isinstance(place, Area):
        return place.level
    return "cell" if (sample.coded["admin1"].codes < 0).mean() > 0.5 else "admin1"


def _say(
    history: History, grids: tuple[Grid, Grid], record: Record, rng: np.random.Generator
) -> dict[str, Chances]:
    """Let every model answer the question itself."""
    alike, asked = grids
    fitted = selfexciting.fit(history)
    excited = selfexciting.chances(fitted, asked, effort=ANSWERED, rng=rng)
    drawn = pooled.chances(pooled.fit(history, alike), history, asked, rng=rng)
    rules = {name: plain(history, asked, name, record.added[name]) for name in (CONSTANT, LAST_YEAR)}
    return rules | {POOLED: drawn, SELF_EXCITING: excited, BLEND: blend(drawn, excited)}


def _told(record: Record, said: Mapping[str, Chances], h: int) -> dict[str, Any]:
    models = {}
    for name, one in said.items():
        models[name] = {
            "probability": round(float(one.probability[1, 1, h]), 4),
            "expected": round(float(one.expected[1, 1, h]), 4),
        }
        if name in record.scored:
            s = record.scored[name]
            models[name] |= {"ignorance": round(s.ignorance, 4), "brier": round(s.brier, 4)}
    first = next(iter(record.scored.values()), None)
    return {
        "models": models,
        "origins": record.origins,
        "forecasts": 0 if first is None else len(first.days),
        "happened": 0 if first is None else int(first.happened.sum()),
    }


def recur(
    sample: Sample,
    *,
    kind: Kind,
    place: Place,
    as_of: date,
    horizons: Iterable[int],
    rng: np.random.Generator,
) -> tuple[Recurrence, ...]:
    """Say how likely another attack of a kind in a place is.

    Five models forecast from past days: a constant rate, last year's rate, hierarchical rates, a
    self-exciting process, and the mean of the last two. They are scored (ignorance) on every area and
    every combination of the asked marks at up to 12 past days, each seeing only what lay before it.
    The best answers.

    Parameters
    ----------
    sample : Sample
        One population of one source, with what was published by `as_of` and nothing else.
    kind : Kind
    place : Area or Circle
        An area must have at least one event on record; ask for a circle otherwise.
    as_of : date
        Later events are not looked at.
    horizons : iterable of int
        Months, 1 to 36.
    rng : numpy Generator

    Returns
    -------
    tuple of Recurrence
        One for each horizon, shortest first.

    Raises
    ------
    DataError
        Fewer than 10 events on record.
    UnknownNameError
        An area or a family that the record does not hold.
    UsageError
        Horizons out of range.
    """
    months = sorted(set(horizons))
    days = horizon_days(months)
    kept = _checked(sample, kind, place, as_of.toordinal())
    history, names = history_of(kept, kind, last_day=as_of.toordinal())
    alike = sibling_grid(kept, _level(kept, place), history.labels, days)
    asked = asked_grid(kept, (kind, place), names, days)
    record = compete(history, alike, effort=JUDGED, rng=rng)
    said = _say(history, (alike, asked), record, rng)
    counted = asked.counts(history, since=0.0, until=history.span)
    chosen = said[record.chosen]
    return tuple(
        Recurrence(
            place=place.label or (place.name if isinstance(place, Area) else _circle(place)),
            kind=kind.words(),
            horizon_months=month,
            probability=float(chosen.probability[1, 1, h]),
            low=float(chosen.low[1, 1, h]),
            high=float(chosen.high[1, 1, h]),
            expected=float(chosen.expected[1, 1, h]),
            model=record.chosen,
            as_of=as_of,
            since=date.fromordinal(int(kept.day[0])),
            events=len(kept),
            alike=int(counted[:, 1].sum()),
            here=int(counted[1].sum()),
            alike_here=int(counted[1, 1]),
            record=_told(record, said, h),
        )
        for h, month in enumerate(months)
    )


def _circle(place: Circle) -> str:
    return f"{place.km:g} km around {place.lat:.2f}, {place.lon:.2f}"
