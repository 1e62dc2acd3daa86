"""One population of events from one source, put through the battery.

Enters: located events of all sources, a subject of the theatre, a registry, two windows. Leaves: a
`Population`. Called by `toguna.shifts.detect`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from toguna.actors.registry import Registry
from toguna.core.dates import Window
from toguna.core.grading import is_low_graded
from toguna.core.language import in_every_language
from toguna.events.nowcast import Completeness
from toguna.shifts.battery import Battery, run
from toguna.shifts.falsealarms import FalseAlarms, calibrate
from toguna.shifts.sample import Sample, select, to_sample
from toguna.shifts.windows import Windows
from toguna.store.theatre import Theatre

__all__ = ["Population", "Run", "for_tests", "main_source", "population", "subjects"]

REPLICATES = 9999
WORLDS = 100
FEWEST_REPLICATES, FEWEST_WORLDS = 1999, 5
BUDGET = {"replicates": 2_000_000, "worlds": 10_000}
"""Events times permutations, events times worlds: many events get fewer of both, so that the run ends
in time. What was drawn is written into the assessment."""


def _effort(n: int, most_worlds: int | None) -> tuple[int, int]:
    """Permutations and null worlds for a population of `n` events."""
    replicates = min(REPLICATES, max(FEWEST_REPLICATES, BUDGET["replicates"] // max(n, 1)))
    worlds = min(WORLDS, max(FEWEST_WORLDS, BUDGET["worlds"] // max(n, 1)))
    return replicates, worlds if most_worlds is None else min(worlds, most_worlds)


@dataclass(frozen=True, slots=True)
class Run:
    """What all populations of a run share.

    `known` says by source which share of recent events is known. `most_worlds` bounds the simulated worlds
    behind the false alarms; 0: none are simulated, and no rate is stated.
    """

    registry: Registry
    windows: Windows
    seed: int
    known: Mapping[str, Completeness] = field(default_factory=dict)
    most_worlds: int | None = None

    def rng(self, *path: int) -> np.random.Generator:
        """Return the stream of random numbers at `path`."""
        return np.random.default_rng(np.random.SeedSequence([self.seed, *path]))

    def named(self, test: str) -> np.random.Generator:
        """Return the stream of one test: the same whatever else is tested in the run."""
        return self.rng(2, zlib.crc32(test.encode()))


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
    unlisted : int
        Events in the windows that stay outside because the registry does not list who is named.
    """

    subject: str
    label: Mapping[str, str]
    source: str
    history: Sample
    battery: Battery
    false_alarms: FalseAlarms | None
    left_out: int
    unlisted: int


def subjects(theatre: Theatre) -> list[dict[str, Any]]:
    """Return the populations that a theatre names; all its violence when it names none."""
    stated = theatre.settings.get("subjects") or [{"id": "all-violence"}]
    default = in_every_language("recorded events")
    return [{**s, "label": default | dict(s.get("label", {}))} for s in stated]


def for_tests(events: pl.DataFrame) -> pl.DataFrame:
    """Keep the events that are counted in tests: field reports of low confidence are only shown."""
    return events.filter(~is_low_graded()) if "reliability" in events.columns else events


def main_source(counted: pl.DataFrame, recent: Window) -> str | None:
    """Name the source with the most events in the recent window (by name among equals).

    Sources overlap and are never added up: pictures and first sentences show this one, the others
    stand beside it as cross-checks. None when there are no events at all.
    """
    counted = for_tests(counted)
    late = counted.filter(pl.col("date_start").is_between(recent.start, recent.end))
    sizes = (late if late.height else counted)["source"].value_counts().rows()
    return str(min(sizes, key=lambda row: (-row[1], row[0]))[0]) if sizes else None


def _families(run_: Run, subject: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Families as of the date, of the kinds that the subject is about."""
    wanted, registry = subject.get("actor_kinds"), run_.registry
    found = registry.families(run_.windows.as_of)
    keep = {f: m for f, m in found.items() if registry.kind(f) != "unknown"}
    return {f: m for f, m in sorted(keep.items()) if not wanted or registry.kind(f) in wanted}


def population(
    events: pl.DataFrame,
    subject: Mapping[str, Any],
    source: str,
    *,
    run_: Run,
    said: Callable[[float], None] = lambda share: None,
) -> Population:
    """Select the events of a subject from one source and run every test on them.

    `said` is told the share of the work that is done.
    """
    kinds = {a: run_.registry.kind(a) for a in run_.registry.actors}
    chosen = select(events.filter(pl.col("source") == source), subject, kinds)
    history = to_sample(chosen, _families(run_, subject))
    span = run_.windows.reference.start, run_.windows.recent.end
    pool = history.between(*span)
    replicates, worlds = _effort(len(pool), run_.most_worlds)
    known = run_.known.get(source)
    battery = run(pool, run_.windows, replicates=replicates, rng=run_.rng(0), known=known)
    wolves = None
    if battery.p and worlds:
        wolves = calibrate(pool, run_.windows, worlds=worlds, seed=run_.seed, said=said)
    own = events.filter((pl.col("source") == source) & pl.col("date_start").is_between(*span))
    inside = chosen.filter(pl.col("date_start").is_between(*span))
    missed = own.filter(~pl.col("event_id").is_in(chosen["event_id"].to_list()))["perpetrators"].to_list()
    return Population(
        subject["id"],
        subject["label"],
        source,
        history,
        battery,
        wolves,
        left_out=len(inside) - len(pool),
        unlisted=sum(any(a not in kinds for a in actors or []) for actors in missed),
    )
