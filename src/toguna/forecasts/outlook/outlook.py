"""Forecasts of a theatre as of a date: one pure function from events to draws, record and drivers.

Enters: events known at the date, a theatre, how far and how whole its sources are, a seed. Leaves: an
`Outlook`. Called by `toguna.room.ahead`, the verb `forecast` and the replay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from toguna.core.dates import Window
from toguna.core.errors import UnknownNameError, UsageError
from toguna.core.grading import is_restricted
from toguna.events.nowcast import Completeness
from toguna.events.targets import tells_of_civilians
from toguna.forecasts.forecast import Forecast
from toguna.forecasts.outlook.adjust import limits_of
from toguna.forecasts.outlook.chain import KINDS, Chain, chain_of
from toguna.forecasts.outlook.drivers import drivers_of
from toguna.forecasts.outlook.late import Late, settled
from toguna.forecasts.outlook.layers import TARGETS, Layer, layers_of
from toguna.forecasts.outlook.record import FEWEST_RECORD, Record, records_of
from toguna.forecasts.outlook.span import Span, span_of
from toguna.shifts.population import for_tests, main_source
from toguna.store.theatre import Theatre

__all__ = [
    "AT_LEAST",
    "MODEL",
    "MOST_MONTHS",
    "QUANTILES",
    "Asked",
    "Made",
    "Outlook",
    "Sources",
    "counted_of",
    "outlook",
]

Floats = NDArray[np.float64]

MOST_MONTHS, DRAWS = 36, 1000
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
AT_LEAST = (1, 25, 100)
MODEL = "pool"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be forecast.

    Parameters
    ----------
    level : str
        Smallest level: "country", "admin1", "admin2" or "grid".
    targets : tuple of str
        See `layers.TARGETS`.
    months : int
        Steps 1 to this one, at most 36.
    size : int
        Draws.
    trees : bool
        Whether trees speak on levels with many units and months. They cost a minute.
    """

    level: str = "admin1"
    targets: tuple[str, ...] = ("deaths", "incidents")
    months: int = 12
    size: int = DRAWS
    trees: bool = False

    def __post_init__(self) -> None:
        for target in self.targets:
            if target not in TARGETS:
                raise UnknownNameError("target", target, TARGETS)
        if not 1 <= self.months <= MOST_MONTHS:
            raise UsageError(f"forecasts reach 1 to {MOST_MONTHS} months, got {self.months}.")
        if self.size < 1:
            raise UsageError(f"a forecast needs a draw at least, got {self.size}.")


@dataclass(frozen=True, slots=True)
class Sources:
    """How far and how whole the sources are, by source.

    Parameters
    ----------
    reach : mapping of str to date
        Last day that releases cover; a source that is not here has no releases.
    known : mapping of str to Completeness
        Share of recent events that is known.
    """

    reach: Mapping[str, date] = field(default_factory=dict)
    known: Mapping[str, Completeness] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """One level and target, forecast.

    Parameters
    ----------
    level : str
    forecast : Forecast
        Units and draws (H, U, S); the draws of the parts of a unit add up to those of the unit.
    low, high : (H, U) float
        The 90 % interval, moved by what past origins taught.
    calibrated : (H, U) bool
        False where too few past cases were at hand: the interval is that of the draws.
    parent : (U,) int
        Index of the larger unit in the level above.
    record : Record
        The same forecast at past origins.
    drivers : list of dict
        By unit, see `drivers`.
    known : (U, T) float
        Counts of the months known whole, the last being the origin.
    """

    level: str
    forecast: Forecast
    low: Floats
    high: Floats
    calibrated: NDArray[np.bool_]
    parent: NDArray[np.int64]
    record: Record
    drivers: list[dict[str, Any]]
    known: Floats

    @property
    def target(self) -> str:
        """What is counted."""
        return self.forecast.target


@dataclass(frozen=True)
class Outlook:
    """All forecasts of a theatre from one origin.

    Parameters
    ----------
    as_of : date
    source : str or None
        The source counted; None when there are no events.
    span : Span or None
        Months known whole; None when there are none.
    made : tuple of Made
        One for each target and level, the largest units first.
    silent : dict
        Target (or "all") -> why there is no forecast: "no-events", "not-coded", "too-short".
    late : bool
        Whether recent months were completed for late reports.
    unplaced, without_figure : int
        Events that name no country of the theatre; events without a figure of deaths, which add none.
    seed : int
    """

    as_of: date
    source: str | None
    span: Span | None
    made: tuple[Made, ...] = ()
    silent: dict[str, str] = field(default_factory=dict)
    late: bool = False
    unplaced: int = 0
    without_figure: int = 0
    seed: int = 0

    def proven(self) -> Outlook:
        """Leave out what has no record: fewer than three past origins to try it from."""
        kept = tuple(m for m in self.made if m.record.origins >= FEWEST_RECORD)
        lost = {m.target: "too-short" for m in self.made if m.record.origins < FEWEST_RECORD}
        return replace(self, made=kept, silent=self.silent | lost)

    def of(self, level: str, target: str) -> Made:
        """Return one of the forecasts."""
        for made in self.made:
            if (made.level, made.target) == (level, target):
                return made
        have = ", ".join(f"{m.level}/{m.target}" for m in self.made)
        raise UsageError(f"there is no forecast {level}/{target}; there is {have or 'none'}.")


def outlook(
    events: pl.DataFrame,
    theatre: Theatre,
    *,
    as_of: date,
    seed: int = 0,
    asked: Asked | None = None,
    sources: Sources | None = None,
) -> Outlook:
    """Forecast a theatre.

    Parameters
    ----------
    events : event frame
        As published by `as_of`, areas named; of all sources. The one with most events in the last year
        counts: sources are never added up.
    theatre : Theatre
        Countries and outlines.
    as_of : date
        The day of the forecast.
    seed : int
        Of every draw.
    asked : Asked, optional
    sources : Sources, optional
        Without it every month before `as_of` is taken as known whole.

    Returns
    -------
    Outlook
        Without forecasts, and with the reason, where there is nothing to rest on.
    """
    asked, sources = asked or Asked(), sources or Sources()
    counted = _countable(events)
    source = main_source(counted, Window.ending(as_of, 365))
    own = counted.filter(pl.col("source") == (source or ""))
    here = counted_of(events, theatre, source or "")
    days = here.select(pl.coalesce("date_end", "date_start")).to_series()
    span = span_of(days, as_of=as_of, reach=sources.reach.get(source or ""))
    if span is None:
        return Outlook(as_of, source, None, silent={"all": "no-events"}, seed=seed)
    layers = layers_of(here, theatre, months=(span.first, span.last), level=asked.level)
    known = sources.known.get(source or "")
    late = Late(layers, here, known, span, as_of, seed) if known is not None and known.matters else None
    silent = {t: "not-coded" for t in asked.targets if t in KINDS and not _coded(layers[0])}
    if "attacks_civilians" in asked.targets and not tells_of_civilians(here):
        silent["attacks_civilians"] = "not-coded"
    made: list[Made] = []
    for target in (t for t in asked.targets if t not in silent):
        chain = chain_of(
            layers,
            target,
            steps=tuple(range(1, asked.months + 1)),
            settled=settled(known, span, as_of),
            seed=seed,
            trees=asked.trees,
        )
        made += _made(chain, span, asked.size, late)
    inside = here.filter(days <= as_of)
    return Outlook(
        as_of,
        source,
        span,
        tuple(made),
        silent,
        late is not None,
        int(own["country"].is_null().sum()),
        int(inside["best"].is_null().sum()),
        seed,
    )


def _countable(events: pl.DataFrame) -> pl.DataFrame:
    """Leave out what wider events contain, reports of low confidence, and sensitive ones."""
    counted = for_tests(events.filter(pl.col("within").is_null()))
    return counted.filter(~is_restricted()) if "sensitivity" in counted.columns else counted


def counted_of(events: pl.DataFrame, theatre: Theatre, source: str) -> pl.DataFrame:
    """Return the events of one source that forecasts count: those in the countries of the theatre."""
    counted = _countable(events)
    return counted.filter(pl.col("source") == source, pl.col("country").is_in(list(theatre.countries)))


def _coded(country: Layer) -> bool:
    return any(country.counts[k].any() for k in KINDS)


def _made(chain: Chain, span: Span, size: int, late: Late | None) -> list[Made]:
    last = span.months - 1
    drawn = chain.draw(last, size=size, completed=late.completed if late else None)
    records = records_of(chain, first=span.first)
    out = []
    for layer, pool, said, record in zip(chain.layers, chain.pools, drawn, records, strict=True):
        limits = limits_of(said.draws)
        moved = record.moves.moved(limits)
        counts = layer.counts[chain.target]
        plain = pool.at(last).members if late else said.said.members
        forecast = Forecast(chain.target, MODEL, span.last, pool.steps, layer.units, said.draws, chain.seed)
        out.append(
            Made(
                layer.level,
                forecast,
                moved.low,
                moved.high,
                record.moves.told(limits.group),
                layer.parent,
                record,
                drivers_of(said, plain, counts, pool.members),
                counts,
            )
        )
    return out
