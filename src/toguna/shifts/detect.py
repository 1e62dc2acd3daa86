"""Everything that may have changed, tested once and told.

Enters: events with resolved actors, a theatre, a registry, two windows. Leaves: a `Detection`, with
every test that was run (alarms among them), the false alarms to expect, and the state of every area.
Called by `toguna.room.assess` and the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from toguna.actors.registry import Registry
from toguna.core.errors import DataError
from toguna.core.progress import Progress, Silent
from toguna.core.types import Interval, Shift
from toguna.shifts import alliances, fronts, mix, reach, spread, tempo
from toguna.shifts.battery import dimension_of, passes
from toguna.shifts.caveats import with_caveats
from toguna.shifts.comparison import Measured
from toguna.shifts.fdr import q_values
from toguna.shifts.places import locate
from toguna.shifts.population import Population, Run, for_tests, main_source, population, subjects
from toguna.shifts.sentences import sentence
from toguna.store.theatre import Theatre

__all__ = ["Detection", "detect"]

_COLUMN = {"tactics": "tactic", "targets": "target", "settings": "setting"}


@dataclass(frozen=True, slots=True)
class Detection:
    """What was tested and what was found.

    Parameters
    ----------
    tested : tuple of Shift
        Everything, alarms first, then by p.
    false_alarms : dict
        Rates by population, "source/subject".
    areas : list of dict
        State of every area for the first population.
    populations : tuple of Population
        What the shifts were tested on; the theatre's first subject in the main source comes first.
    """

    tested: tuple[Shift, ...]
    false_alarms: dict[str, Any]
    areas: list[dict[str, Any]]
    populations: tuple[Population, ...]


@dataclass(frozen=True, slots=True)
class _Tested:
    """One test with its p and q, not measured yet."""

    population: Population
    test: str
    p: float
    q: float

    @property
    def dimension(self) -> str:
        return dimension_of(self.test)

    @property
    def what(self) -> str:
        return self.test.split("/", 1)[1]


def _measure(t: _Tested, run_: Run, rng: np.random.Generator) -> Measured:
    """Measure the effect behind one test."""
    c, battery = t.population.battery.comparison, t.population.battery
    if t.dimension == "spread":
        return spread.measure(c, rng=rng)[t.what]
    if t.dimension in _COLUMN:
        return mix.measure(c, _COLUMN[t.dimension], rng=rng)
    if t.dimension == "reach":
        found = reach.measure(c, t.what, rng=rng)
        names = run_.registry.titles(t.what)
        return Measured(names["en"], found.effect, found.event_ids, {**found.numbers, "names": names})
    if t.dimension == "tempo":
        return tempo.measure(c, t.what, battery.masks[t.what], run_.known.get(t.population.source))
    if battery.scan is None:
        raise DataError(f"{t.test} was not run.")
    top = int(np.argmax(battery.scan.ratio))
    return fronts.measure(c, battery.scan, top, history=t.population.history, rng=rng)


def _label(t: _Tested, registry: Registry) -> dict[str, str]:
    """Name what a test is about: the population, for tempo also an area of it or a family."""
    scope, _, name = t.what.partition("/")
    if t.dimension != "tempo" or scope == "all":
        return dict(t.population.label)
    names = registry.titles(name)
    return {lang: f"{label}, {names[lang]}" for lang, label in t.population.label.items()}


def _wolf(found: Population, dimension: str) -> float | None:
    return None if found.false_alarms is None else round(found.false_alarms.per_year(dimension)[0], 3)


def _rounded(effect: Interval) -> Interval:
    """Keep four digits: what a fifth one says is noise."""

    def near(value: float | None) -> float | None:
        return None if value is None else float(f"{value:.4g}")

    return Interval(float(f"{effect.value:.4g}"), effect.unit, near(effect.low), near(effect.high))


def _shift(t: _Tested, m: Measured, run_: Run) -> Shift:
    alarm = passes(t.q)
    label = _label(t, run_.registry)
    return Shift(
        id=f"{t.dimension}/{t.population.source}/{t.population.subject}/{t.what}",
        dimension=t.dimension,
        subject=m.subject if t.dimension in ("fronts", "reach") else label["en"],
        source=t.population.source,
        window=run_.windows.recent,
        reference=run_.windows.reference,
        effect=_rounded(m.effect),
        p=float(f"{t.p:.6g}"),
        q=float(f"{t.q:.6g}"),
        false_alarms_per_year=_wolf(t.population, t.dimension),
        alarm=alarm,
        event_ids=m.event_ids,
        numbers=dict(m.numbers),
        text=sentence(t.test, m, label, alarm=alarm),
    )


def _single_areas(t: _Tested, run_: Run, rng: np.random.Generator) -> list[Shift]:
    """Tell of the named areas whose own scan p passes, once the scan as a whole has passed.

    Their p is already adjusted for every zone and period looked at; their q carries the same penalty
    for the other tests of the run as the scan itself, which is at least M over the number of alarms:
    a selected family tested at that level keeps its error rate on average over what was selected
    (Benjamini and Bogomolov 2014, doi 10.1111/rssb.12028).
    """
    scan = t.population.battery.scan
    if t.dimension != "fronts" or scan is None or not passes(t.q):
        return []
    top, penalty = int(np.argmax(scan.ratio)), t.q / float(scan.p.min())
    levels = {"admin1", "admin2", fronts.leading_level(t.population.history)}
    out = []
    for z, zone in enumerate(scan.zones):
        p = float(scan.p[z])
        q = min(1.0, p * penalty)
        if z == top or zone.level not in levels or not passes(q):
            continue
        m = fronts.measure(t.population.battery.comparison, scan, z, history=t.population.history, rng=rng)
        out.append(_shift(_Tested(t.population, f"fronts/{zone.level}/{zone.name}", p, q), m, run_))
    return out


def _alliances(events: pl.DataFrame, run_: Run) -> list[Shift]:
    """Documented changes among the actors; no p, no q, no rate of false alarms."""
    return [
        Shift(
            id=f"alliances/{name}",
            dimension="alliances",
            subject=m.subject,
            source="registry",
            window=run_.windows.recent,
            reference=run_.windows.reference,
            effect=m.effect,
            p=None,
            q=None,
            false_alarms_per_year=None,
            alarm=True,
            event_ids=m.event_ids,
            numbers=dict(m.numbers),
            text=sentence("alliances", m, {"en": "", "fr": ""}, alarm=True),
        )
        for name, m in alliances.changes(run_.registry, events, run_.windows)
    ]


def _shifts(populations: Sequence[Population], run_: Run) -> list[Shift]:
    """Adjust over everything tested, then measure and tell each."""
    tests = [(pop, test, p) for pop in populations for test, p in pop.battery.p.items()]
    q_all = q_values([p for _, _, p in tests])
    out = []
    for (pop, test, p), q in zip(tests, q_all, strict=True):
        t, rng = _Tested(pop, test, p, q), run_.named(f"{pop.source}/{pop.subject}/{test}")
        out.append(_shift(t, _measure(t, run_, rng), run_))
        out += _single_areas(t, run_, rng)
    return out


def detect(
    events: pl.DataFrame,
    *,
    theatre: Theatre,
    run_: Run,
    progress: Progress | None = None,
) -> Detection:
    """Test everything that may have changed.

    Parameters
    ----------
    events : DataFrame
        Event frame with resolved actors; rows contained in another (`within`) are not counted.
    theatre : Theatre
        Its `subjects` say which populations are tested.
    run_ : Run
        Registry as of the date; the two windows, nothing after which is looked at; the seed of all random
        draws, each test having a stream of its own; which share of recent events is known.

    Returns
    -------
    Detection
        Every test with p, q over all of them, effect and interval, and false alarms per year.
    """
    progress = progress or Silent()
    windows = run_.windows
    counted = locate(events.filter(pl.col("within").is_null()), theatre)
    counted = for_tests(counted.filter(pl.col("date_start") <= windows.as_of))
    populations: list[Population] = []
    main = main_source(counted, windows.recent)
    sources = sorted(counted["source"].unique(), key=lambda name: (name != main, name))
    pairs = [(source, subject) for source in sources for subject in subjects(theatre)]
    with progress.step("test for shifts and count false alarms") as said:
        for k, (source, subject) in enumerate(pairs):

            def done(share: float, before: int = k) -> None:
                said(round(100 * (before + share)), 100 * len(pairs))

            populations.append(population(counted, subject, source, run_=run_, said=done))
    shifts = with_caveats(_shifts(populations, run_), theatre) + _alliances(counted, run_)
    shifts.sort(key=lambda s: (not s.alarm, s.p if s.p is not None else 2.0, s.id))
    first = populations[0] if populations else None
    return Detection(
        tested=tuple(shifts),
        false_alarms={
            f"{p.source}/{p.subject}": p.false_alarms.as_dict() for p in populations if p.false_alarms
        },
        areas=fronts.areas(first.battery.comparison, first.battery.scan, first.history) if first else [],
        populations=tuple(populations),
    )
