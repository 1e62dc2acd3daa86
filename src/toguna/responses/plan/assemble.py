"""From a theatre at a date to a problem of planning: measures, draws, need, costs, limits.

Enters: a theatre, a forecast of deaths by area, a catalogue of evidence, what is asked. Leaves: `Setting`.
Called by `toguna.room.planning`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from toguna.core.errors import DataError, UnknownNameError, UsageError
from toguna.forecasts.forecast import Forecast
from toguna.forecasts.outlook.span import month_name
from toguna.responses.evidence import MOST_TOGETHER, Catalogue, Measure, Prior, prior, setting_of
from toguna.responses.plan.needs import Need, need_of
from toguna.responses.plan.problem import Aims, Demand, Floats, Limits, Option, Problem
from toguna.responses.plan.rules import Rule, not_offered, rules_without
from toguna.store.theatre import Theatre

__all__ = ["Ask", "Setting", "conventions", "months_needed", "setting"]

MONTHS = 3
"""Months of a quarter."""
_PER_DRAW = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """What a user asks of a plan.

    Parameters
    ----------
    budget : float
        Points (100: a reference budget), or money where every measure has a local cost.
    quarters : int
        Quarters planned, 1 to 11.
    off : tuple of str
        Rules switched off.
    allow : tuple of str
        Measures offered although a rule keeps them out.
    demands : tuple of Demand
    aims : Aims
    seed : int
    despite : bool
        Whether a plan is made from a forecast that is withheld.
    areas : tuple of str
        Areas in which something may be begun; empty = all. Harm elsewhere counts as before.
    warned : tuple of str
        Areas that warnings name; those that the theatre does not have are passed over.
    """

    budget: float = 100.0
    quarters: int = 4
    off: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    demands: tuple[Demand, ...] = ()
    aims: Aims = field(default_factory=Aims)
    seed: int = 0
    despite: bool = False
    areas: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.quarters <= 11:
            raise UsageError(f"a plan has 1 to 11 quarters, got {self.quarters}.")
        if not 0 <= self.budget < float("inf"):
            raise UsageError(f"a budget is 0 or more, got {self.budget}.")


@dataclass(frozen=True)
class Setting:
    """A problem and what it was made from.

    Parameters
    ----------
    problem : Problem
        With the draws a plan is chosen on.
    fresh : Problem
        The same with other draws, on which it is judged: a plan looks better on those it was chosen on.
    measures : dict of str to Measure
    priors : dict of str to Prior
    need : Need
    money : bool
        Whether costs are local money; False: points.
    currency : str
        Of the costs; "" for points.
    kept_out : dict of str to Rule
        Measures not offered, and the rule that keeps each out.
    unplaced : float
        Mean forecast harm that no area holds; no measure acts on it.
    setting : str
        Where evidence must be from to count in full.
    """

    problem: Problem
    fresh: Problem
    measures: dict[str, Measure]
    priors: dict[str, Prior]
    need: Need
    money: bool
    currency: str
    kept_out: dict[str, Rule]
    unplaced: float
    setting: str


@lru_cache(maxsize=1)
def conventions() -> dict[str, Any]:
    """Return how measures are planned where nothing better is known; see measures.toml."""
    text = files("toguna.responses.plan").joinpath("measures.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def first_month(as_of: date) -> int:
    """Return the number of the first month that begins after a day."""
    return (as_of.year - 1980) * 12 + as_of.month + 1


def months_needed(as_of: date, origin: int, quarters: int) -> int:
    """Return how many months after the origin a forecast must reach."""
    return first_month(as_of) - 1 - origin + MONTHS * (quarters + after())


def after() -> int:
    """Return how many quarters after the last one planned count, so that no effect falls beyond the end.

    A plan that could begin things whose effects are not counted would hide what it does not know there.
    """
    table = conventions()
    hows = [*table["pillars"].values(), table["other"]]
    return int(max(how["lead"] + how["lasts"] for how in hows)) - 1


def setting(theatre: Theatre, forecast: Forecast, catalogue: Catalogue, ask: Ask, *, as_of: date) -> Setting:
    """Put a problem together.

    Parameters
    ----------
    theatre : Theatre
    forecast : Forecast
        Deaths by area and month, at least `months_needed`; half of its draws choose, half judge.
    catalogue : Catalogue
    ask : Ask
    as_of : date
        Quarters begin with the first month after it.

    Raises
    ------
    UnknownNameError
        A rule, measure or area does not exist.
    DataError
        The forecast does not reach far enough.
    """
    for id in (*ask.allow, *(d.measure for d in ask.demands)):
        if id not in catalogue.measures:
            raise UnknownNameError("measure", id, catalogue.measures)
    rules = rules_without(ask.off)
    kept_out = {m: r for m, r in not_offered(rules).items() if m not in ask.allow and m in catalogue.measures}
    chosen = {id: m for id, m in catalogue.measures.items() if id not in kept_out}
    where = setting_of(theatre)
    priors = {id: prior(catalogue, id, setting=where, as_of=as_of) for id in catalogue.measures}
    units, harm, unplaced = _harm(forecast, ask, as_of)
    areas = tuple(unit.partition("/")[2] for unit in units)
    for name in ask.areas:
        if name not in areas:
            raise UnknownNameError("area", name, areas)
    need = need_of(theatre, areas, as_of)
    costs, currency = _costs(chosen, len(areas))
    shared = _Shared(chosen, priors, areas, need, costs, rules, ask)
    half = harm.shape[0] // 2
    return Setting(
        problem=shared.problem(harm[:half], as_of, salt=0),
        fresh=shared.problem(harm[half : 2 * half], as_of, salt=1),
        measures=dict(catalogue.measures),
        priors=priors,
        need=need,
        money=bool(currency),
        currency=currency,
        kept_out=kept_out,
        unplaced=unplaced,
        setting=where,
    )


def _harm(forecast: Forecast, ask: Ask, as_of: date) -> tuple[list[str], Floats, float]:
    """Return areas, draws by quarter (S, A, Q), and the mean harm without an area."""
    begin = first_month(as_of) - forecast.origin - 1
    quarters = ask.quarters + after()
    end = begin + MONTHS * quarters
    if end > len(forecast.steps) or begin < 0:
        last = month_name(forecast.origin + len(forecast.steps))
        raise DataError(f"the forecast ends in {last}; {quarters} quarters after {as_of} need {end} months.")
    inside = np.array([not unit.endswith("/") for unit in forecast.units], dtype=bool)
    used = forecast.draws[begin:end]
    summed = used.reshape(quarters, MONTHS, *used.shape[1:]).sum(axis=1)
    harm = np.ascontiguousarray(summed[:, inside].transpose(2, 1, 0), dtype=np.float64)
    units = [unit for unit, held in zip(forecast.units, inside, strict=True) if held]
    return units, harm, float(used[:, ~inside].sum(axis=(0, 1)).mean()) if (~inside).any() else 0.0


def _costs(chosen: dict[str, Measure], areas: int) -> tuple[Floats, str]:
    """Return costs of portions (M, A), and their currency; points where any local cost is missing."""
    told = conventions()["conventions"]
    local = [m.cost for m in chosen.values()]
    currencies = {c.currency for c in local if c is not None and c.local}
    usable = [c.best for c in local if c is not None and c.local and c.best]
    if chosen and len(usable) == len(chosen) and len(currencies) == 1:
        each = np.array(usable, dtype=np.float64) / told["portions"]
        return np.repeat(each[:, None], areas, axis=1), currencies.pop()
    return np.full((len(chosen), areas), float(told["price"])), ""


@dataclass(frozen=True)
class _Shared:
    """What the problem that chooses and the one that judges have in common."""

    chosen: dict[str, Measure]
    priors: dict[str, Prior]
    areas: tuple[str, ...]
    need: Need
    costs: Floats
    rules: tuple[Rule, ...]
    ask: Ask

    def problem(self, harm: Floats, as_of: date, *, salt: int) -> Problem:
        told, Q = conventions()["conventions"], self.ask.quarters + after()
        open_ = np.arange(Q) < self.ask.quarters
        served = np.array([id in told["serve_need"] for id in self.chosen], dtype=float)
        reached = np.minimum(told["people_reached"] / self.need.people, 0.9)
        return Problem(
            options=tuple(self._option(m) for m in self.chosen.values()),
            areas=self.areas,
            quarters=_quarter_names(as_of, Q),
            harm=harm,
            averted=self._averted(len(harm), salt),
            need=self.need.score * self.need.people,
            reach=served[:, None] * reached[None],
            cover=np.minimum(told["people_covered"] / self.need.people, 1.0),
            costs=self.costs,
            budget=self.ask.budget,
            limits=Limits(
                np.where(open_, float(told["quarter"]), 0.0),
                np.outer(self._meant(), np.full(Q, float(told["area_quarter"]))),
            ),
            rules=self.rules,
            demands=self.ask.demands,
            aims=self.ask.aims,
            most_together=MOST_TOGETHER,
            warned=self.ask.warned,
        )

    def _meant(self) -> Floats:
        """Return 1 for areas in which something may be begun, 0 for the others."""
        asked = self.ask.areas
        return np.array([float(not asked or name in asked) for name in self.areas])

    def _option(self, measure: Measure) -> Option:
        table = conventions()
        how = table["pillars"].get(measure.pillar, table["other"])
        evidence = self.priors[measure.id].evidence
        portions = table["conventions"]["portions"]
        return Option(measure.id, measure.pillar, how["term"], how["lead"], how["lasts"], portions, evidence)

    def _averted(self, size: int, salt: int) -> Floats:
        """Draw the share of harm that one portion averts, (S, M); each measure has a stream of its own.

        A portion has its part of the change, so that a measure of which nothing is known averts nothing on
        average however little of it is begun.
        """
        told = conventions()["conventions"]
        out = np.zeros((size, len(self.chosen)))
        for j, id in enumerate(self.chosen):
            rng = np.random.default_rng([self.ask.seed, salt, *id.encode()])
            change = spread_evenly(self.priors[id], rng, size)
            moved = (
                rng.uniform(0, 2 * told["displaced"], size) if id in told["displacing"] else np.zeros(size)
            )
            out[:, j] = -np.where(change < 0, change * (1 - moved), change) / told["portions"]
        return out


def spread_evenly(belief: Prior, rng: np.random.Generator, size: int) -> Floats:
    """Draw changes of harm whose mean is that of the prior: luck in the draws must not choose a measure.

    Many draws are sorted, averaged in blocks, moved onto the mean of the prior, and shuffled.
    """
    many = np.sort(belief.draws(rng, size * _PER_DRAW)).reshape(size, _PER_DRAW).mean(axis=1)
    ratio = (1 + many) * (1 + belief.mean) / (1 + many.mean())
    return np.asarray(rng.permutation(ratio) - 1)


def _quarter_names(as_of: date, quarters: int) -> tuple[str, ...]:
    first = first_month(as_of)
    begins: Sequence[int] = range(first, first + MONTHS * quarters, MONTHS)
    return tuple(f"{month_name(m)}/{month_name(m + MONTHS - 1)}" for m in begins)
