"""The answer: how likely another attack of a kind in a place is, by which model, and on what record.

Enters: a `Sample` of one population, a `Kind`, a `Place`, a date, horizons. Leaves: one `Recurrence` for
each horizon. Called by the verb ``recurrence`` and by whoever writes an assessment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from toguna.forecasts.recurrence.selfexciting import Effort, Fitted
from toguna.shifts.sample import Sample

__all__ = ["FEWEST_EVENTS", "Recurrence", "level_of", "listed", "recur", "recur_at"]

FEWEST_EVENTS = 10
JUDGED, ANSWERED = Effort(draws=50, paths=10), Effort(draws=200, paths=50)
JUDGED_MONTHS = (3, 6, 12)
"""Past forecasts are scored on these, whatever is asked: the choice hangs on no other question."""
YEAR, THREE_YEARS = tuple(range(1, 13)), tuple(range(1, 37))
"""What is answered for a month must not hang on the other months asked: all of the ladder are."""


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
    event_ids : tuple of str
        The attacks on record of this kind in this place, oldest first.
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
    event_ids: tuple[str, ...] = ()

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
            "event_ids": list(self.event_ids),
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


def level_of(sample: Sample, place: Place) -> str:
    """Choose the areas whose questions are alike: those of the place's level, else cells for circles."""
    if isinstance(place, Area):
        return place.level
    return "cell" if (sample.coded["admin1"].codes < 0).mean() > 0.5 else "admin1"


Fits = tuple[Fitted, pooled.Pooled]


def _say(
    history: History, asked: Grid, fitted: Fits, record: Record, rng: np.random.Generator
) -> dict[str, Chances]:
    """Let every model answer the question itself."""
    excited = selfexciting.chances(fitted[0], asked, effort=ANSWERED, rng=rng)
    drawn = pooled.chances(fitted[1], history, asked, rng=rng)
    rules = {name: plain(history, asked, name, record.added[name]) for name in (CONSTANT, LAST_YEAR)}
    said = rules | {POOLED: drawn, SELF_EXCITING: excited, BLEND: blend(drawn, excited)}
    return {name: one.ordered() for name, one in said.items()}


def _up_to(
    history: History, asked: Grid, fitted: Fits, record: Record, rng: np.random.Generator
) -> dict[str, Chances]:
    """Let every model answer for the months 1 to 12, and to 36 when a later one is asked for.

    Each ladder has random numbers of its own, and its months are simulated together.
    """
    seeds = [int(s) for s in rng.integers(2**63, size=2)]
    near, far = (replace(asked, horizon=horizon_days(months)) for months in (YEAR, THREE_YEARS))
    said = _say(history, near, fitted, record, np.random.default_rng(seeds[0]))
    if asked.horizon[-1] <= near.horizon[-1]:
        return said
    later = _say(history, far, fitted, record, np.random.default_rng(seeds[1]))
    return {name: said[name].followed_by(later[name]) for name in said}


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
    every combination of the asked marks at up to 12 past days, within 3, 6 and 12 months, each seeing
    only what lay before it. The best answers. What is said for a horizon does not hang on the others.

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
    return recur_at(sample, kind=kind, places=[place], as_of=as_of, horizons=horizons, rng=rng)[0]


def recur_at(
    sample: Sample,
    *,
    kind: Kind,
    places: Sequence[Place],
    as_of: date,
    horizons: Iterable[int],
    rng: np.random.Generator,
) -> list[tuple[Recurrence, ...]]:
    """Ask the same in several places: models are fitted and judged once.

    Parameters
    ----------
    sample, kind, as_of, horizons, rng
        As for `recur`.
    places : sequence of Area or Circle
        At least one; areas of the level of the first (circles go with it, too).

    Returns
    -------
    list of tuple of Recurrence
        For each place what `recur` returns.
    """
    months = sorted(set(horizons))
    days = horizon_days(months)
    for place in places:
        kept = _checked(sample, kind, place, as_of.toordinal())
    history, names = history_of(kept, kind, last_day=as_of.toordinal())
    judged = horizon_days(JUDGED_MONTHS)
    alike = sibling_grid(kept, level_of(kept, places[0]), history.labels, judged)
    record = compete(history, alike, effort=JUDGED, rng=rng)
    fitted = selfexciting.fit(history), pooled.fit(history, alike)
    answers = []
    for place in places:
        asked = asked_grid(kept, (kind, place), names, days)
        said = _up_to(history, asked, fitted, record, rng)
        common = _common(kept, history, asked, record) | {"kind": kind.words(), "as_of": as_of}
        common["place"] = place.label or (place.name if isinstance(place, Area) else _circle(place))
        answers.append(tuple(_one(common, record, said, month) for month in months))
    return answers


def _common(kept: Sample, history: History, asked: Grid, record: Record) -> dict[str, Any]:
    """Count what is on record."""
    counted = asked.counts(history, since=0.0, until=history.span)
    here = asked.codes(history) == 3  # area 1, kind 1
    return {
        "model": record.chosen,
        "since": date.fromordinal(int(kept.day[0])),
        "events": len(kept),
        "alike": int(counted[:, 1].sum()),
        "here": int(counted[1].sum()),
        "alike_here": int(counted[1, 1]),
        "event_ids": tuple(str(i) for i in kept.ids[here]),
    }


def _one(common: Mapping[str, Any], record: Record, said: Mapping[str, Chances], month: int) -> Recurrence:
    h = month - 1
    chosen = said[record.chosen]
    return Recurrence(
        **common,
        horizon_months=month,
        probability=float(chosen.probability[1, 1, h]),
        low=float(chosen.low[1, 1, h]),
        high=float(chosen.high[1, 1, h]),
        expected=float(chosen.expected[1, 1, h]),
        record=_told(record, said, h),
    )


def _circle(place: Circle) -> str:
    return f"{place.km:g} km around {place.lat:.2f}, {place.lon:.2f}"
