"""Everything that may have changed, tested once and told.

Enters: events with resolved actors, a theatre, a registry, two windows. Leaves: a `Detection`, with
every test that was run (alarms among them), the false alarms to expect, and the state of every area.
Called by `toguna.room.assess` and the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from toguna.actors.registry import Registry
from toguna.core.errors import DataError
from toguna.core.language import in_every_language
from toguna.core.progress import Progress, Silent
from toguna.core.types import Interval, Shift
from toguna.shifts import alliances, fronts, mix, reach, spread, tempo
from toguna.shifts.battery import THRESHOLD, Battery, dimension_of, run
from toguna.shifts.comparison import Measured
from toguna.shifts.falsealarms import FalseAlarms, calibrate
from toguna.shifts.fdr import q_values
from toguna.shifts.places import locate
from toguna.shifts.sample import Sample, select, to_sample
from toguna.shifts.sentences import sentence
from toguna.shifts.windows import Windows

__all__ = ["Detection", "Population", "detect"]

REPLICATES = 9999
WORLDS = 40
LARGE = 600
"""Events beyond which fewer permutations and worlds are drawn, to keep the run within its time."""

_COLUMN = {"tactics": "tactic", "targets": "target", "settings": "setting"}


@dataclass(frozen=True, slots=True)
class Population:
    """One population of events from one source, tested.

    Parameters
    ----------
    subject : str
        Its id in theatre.toml.
    label : dict
        Its name by language.
    source : str
        Where the events come from.
    history : Sample
        All its located events known as of the date.
    battery : Battery
        Tests and their p.
    false_alarms : FalseAlarms or None
        None when nothing could be tested.
    left_out : int
        Events in the windows that are not placed or dated well enough to be tested.
    """

    subject: str
    label: Mapping[str, str]
    source: str
    history: Sample
    battery: Battery
    false_alarms: FalseAlarms | None
    left_out: int


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
        What the shifts were tested on.
    """

    tested: tuple[Shift, ...]
    false_alarms: dict[str, Any]
    areas: list[dict[str, Any]]
    populations: tuple[Population, ...]


def _subjects(theatre: Any) -> list[dict[str, Any]]:
    stated = theatre.settings.get("subjects") or [{"id": "all-violence", "label": {}}]
    default = in_every_language("recorded violence")
    return [{**s, "label": default | dict(s.get("label", {}))} for s in stated]


def _families(registry: Registry, windows: Windows, subject: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Families as of the date, of the kinds that the subject is about."""
    wanted = subject.get("actor_kinds")
    found = registry.families(windows.as_of)
    keep = {f: m for f, m in found.items() if registry.kind(f) != "unknown"}
    return {f: m for f, m in sorted(keep.items()) if not wanted or registry.kind(f) in wanted}


def _population(
    events: pl.DataFrame,
    subject: Mapping[str, Any],
    source: str,
    *,
    registry: Registry,
    windows: Windows,
    seed: int,
) -> Population:
    kinds = {a: registry.kind(a) for a in registry.actors}
    chosen = select(events.filter(pl.col("source") == source), subject, kinds)
    history = to_sample(chosen, _families(registry, windows, subject))
    inside = chosen.filter(pl.col("date_start").is_between(windows.reference.start, windows.recent.end))
    pool = history.between(windows.reference.start, windows.recent.end)
    large = len(pool) > LARGE
    rng = np.random.default_rng(np.random.SeedSequence([seed, 0]))
    battery = run(pool, windows, replicates=1999 if large else REPLICATES, rng=rng)
    wolves = None
    if battery.p:
        wolves = calibrate(pool, windows, worlds=WORLDS // 4 if large else WORLDS, seed=seed)
    label = subject["label"]
    return Population(subject["id"], label, source, history, battery, wolves, len(inside) - len(pool))


def _measure(population: Population, test: str, *, registry: Registry, rng: np.random.Generator) -> Measured:
    """Measure the effect behind one test."""
    c = population.battery.comparison
    dimension, what = test.split("/", 1)
    if dimension == "spread":
        return spread.measure(c, rng=rng)[what]
    if dimension in _COLUMN:
        return mix.measure(c, _COLUMN[dimension], rng=rng)
    if dimension == "reach":
        found = reach.measure(c, what, rng=rng)
        return Measured(registry.actors[what].name, found.effect, found.event_ids, found.numbers)
    if dimension == "tempo":
        return tempo.measure(c, what, population.battery.masks[what])
    scan = population.battery.scan
    if scan is None:
        raise DataError(f"{test} was not run.")
    return fronts.measure(c, scan, int(np.argmax(scan.ratio)), history=population.history, rng=rng)


def _tempo_label(population: Population, what: str, registry: Registry) -> dict[str, str]:
    """Name what a tempo test is about: the population, an area of it, or a family."""
    scope, _, name = what.partition("/")
    if scope == "all":
        return dict(population.label)
    named = registry.actors[name].name if scope == "family" and name in registry.actors else name
    return {lang: f"{label}, {named}" for lang, label in population.label.items()}


def _wolf(population: Population, dimension: str) -> float | None:
    if population.false_alarms is None:
        return None
    return round(population.false_alarms.per_year(dimension)[0], 3)


def _rounded(effect: Interval) -> Interval:
    def near(value: float | None) -> float | None:
        return None if value is None else float(f"{value:.4g}")

    return Interval(float(f"{effect.value:.4g}"), effect.unit, near(effect.low), near(effect.high))


def _shift(
    population: Population,
    test: str,
    m: Measured,
    *,
    q: float,
    windows: Windows,
    registry: Registry,
    p: float,
) -> Shift:
    dimension, what = test.split("/", 1)
    alarm = q <= THRESHOLD
    label = _tempo_label(population, what, registry) if dimension == "tempo" else population.label
    return Shift(
        id=f"{dimension}/{population.source}/{population.subject}/{what}",
        dimension=dimension,
        subject=m.subject if dimension in ("fronts", "reach") else label["en"],
        source=population.source,
        window=windows.recent,
        reference=windows.reference,
        effect=_rounded(m.effect),
        p=float(f"{p:.6g}"),
        q=float(f"{q:.6g}"),
        false_alarms_per_year=_wolf(population, dimension),
        alarm=alarm,
        event_ids=m.event_ids,
        numbers=dict(m.numbers),
        text=sentence(test, m, label, alarm=alarm),
    )


def _fronts_beyond_the_first(
    population: Population, *, q: float, windows: Windows, registry: Registry, rng: np.random.Generator
) -> list[Shift]:
    """Tell of the named areas whose own scan p passes, once the scan as a whole has passed.

    Their p is already adjusted for every zone and period looked at; their q carries the same penalty
    for the other tests of the run as the scan itself.
    """
    scan = population.battery.scan
    if scan is None or q > THRESHOLD:
        return []
    top, penalty = int(np.argmax(scan.ratio)), q / float(scan.p.min())
    out = []
    for z, zone in enumerate(scan.zones):
        q_zone = min(1.0, float(scan.p[z]) * penalty)
        if z == top or zone.level not in ("admin1", "admin2") or q_zone > THRESHOLD:
            continue
        m = fronts.measure(population.battery.comparison, scan, z, history=population.history, rng=rng)
        test = f"fronts/{zone.level}/{zone.name}"
        out.append(
            _shift(population, test, m, q=q_zone, windows=windows, registry=registry, p=float(scan.p[z]))
        )
    return out


def _alliances(events: pl.DataFrame, *, registry: Registry, windows: Windows) -> list[Shift]:
    """Documented changes among the actors; no p, no q, no rate of false alarms."""
    return [
        Shift(
            id=f"alliances/{name}",
            dimension="alliances",
            subject=m.subject,
            source="registry",
            window=windows.recent,
            reference=windows.reference,
            effect=m.effect,
            p=None,
            q=None,
            false_alarms_per_year=None,
            alarm=True,
            event_ids=m.event_ids,
            numbers=dict(m.numbers),
            text=sentence("alliances", m, {"en": "", "fr": ""}, alarm=True),
        )
        for name, m in alliances.changes(registry, events, windows)
    ]


def _shifts(populations: list[Population], *, registry: Registry, windows: Windows, seed: int) -> list[Shift]:
    """Adjust over everything tested, then measure and tell each."""
    tests = [(pop, test, p) for pop in populations for test, p in pop.battery.p.items()]
    q_all = q_values([p for _, _, p in tests])
    out = []
    for k, ((pop, test, p), q) in enumerate(zip(tests, q_all, strict=True)):
        rng = np.random.default_rng(np.random.SeedSequence([seed, 2, k]))
        m = _measure(pop, test, registry=registry, rng=rng)
        out.append(_shift(pop, test, m, q=q, windows=windows, registry=registry, p=p))
        if dimension_of(test) == "fronts":
            out += _fronts_beyond_the_first(pop, q=q, windows=windows, registry=registry, rng=rng)
    return out


def detect(
    events: pl.DataFrame,
    *,
    theatre: Any,
    registry: Registry,
    windows: Windows,
    seed: int = 0,
    progress: Progress | None = None,
) -> Detection:
    """Test everything that may have changed.

    Parameters
    ----------
    events : DataFrame
        Event frame with resolved actors; rows contained in another (`within`) are not counted.
    theatre : Theatre
        Its `subjects` say which populations are tested.
    registry : Registry
        Actors and families as of the date.
    windows : Windows
        Recent and reference window; nothing after them is looked at.
    seed : int
        Seed of all random draws; each test has a stream of its own.

    Returns
    -------
    Detection
        Every test with p, q over all of them, effect and interval, and false alarms per year.
    """
    progress = progress or Silent()
    counted = locate(events.filter(pl.col("within").is_null()), theatre)
    counted = counted.filter(pl.col("date_start") <= windows.as_of)
    populations: list[Population] = []
    pairs = [(s, subject) for s in counted["source"].unique().sort() for subject in _subjects(theatre)]
    with progress.step("test for shifts and count false alarms") as said:
        for k, (source, subject) in enumerate(pairs):
            found = _population(counted, subject, source, registry=registry, windows=windows, seed=seed)
            populations.append(found)
            said(k + 1, len(pairs))
    shifts = _shifts(populations, registry=registry, windows=windows, seed=seed)
    shifts += _alliances(counted, registry=registry, windows=windows)
    shifts.sort(key=lambda s: (not s.alarm, s.p if s.p is not None else 2.0, s.id))
    first = populations[0] if populations else None
    c = first.battery if first else None
    return Detection(
        tested=tuple(shifts),
        false_alarms={
            f"{p.source}/{p.subject}": p.false_alarms.as_dict() for p in populations if p.false_alarms
        },
        areas=fronts.areas(c.comparison, c.scan, first.history) if c and first else [],
        populations=tuple(populations),
    )
