"""Which threat does most harm, month by month, and when did that ranking change?

Enters: events, kinds of actors. Leaves: `Threats`. Called by `toguna.room.doing`.

Families of threat are read from the kinds of the organisations blamed. Shares are over the year that ends
with the month, of what was published by its last day. A change of rank is stated when, in two months running,
resampled 30-day blocks of that year put the riser above the other in `SURE` of draws or more: what a single
massacre can turn is not stated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from toguna.responses.attacks import day_number

__all__ = ["FAMILIES", "Harm", "RankChange", "Threats", "harm_of", "threats"]

FAMILIES = ("jihadist", "separatist", "communal", "state", "unattributed")
"""Families of threat; "communal" holds militias and self-defence groups too."""
RANKED = FAMILIES[:-1]
OF_KIND = {
    "jihadist": "jihadist",
    "separatist": "separatist",
    "pro_government_militia": "communal",
    "state_force": "state",
}
YEAR = 365
BLOCK = 30
DRAWS = 499
SURE = 0.95
RUNNING = 2
"""Months in a row in which a change must hold."""
Floats = NDArray[np.float64]
Kind = Callable[[str], str]


@dataclass(frozen=True)
class Harm:
    """Harm by event and family of threat.

    Parameters
    ----------
    days, known : ndarray of int, shape (E,)
        First day and first day it could be known, since 1 January 1970.
    shares : ndarray of float, shape (E, 5)
        Share of each event by `FAMILIES`; rows sum to 1.
    deaths : ndarray of float, shape (E,)
        Best estimate, else the lowest; NaN when unknown.
    """

    days: NDArray[np.int64]
    known: NDArray[np.int64]
    shares: Floats
    deaths: Floats


@dataclass(frozen=True, slots=True)
class RankChange:
    """One change of rank that withstood resampling.

    Parameters
    ----------
    month : str
        First of the two months, "2015-03".
    risen, fallen : str
        Families.
    rank : int
        Rank the riser now holds, 1 is the most harm.
    probability : float
        Share of draws that put it above the other in the second of the two months.
    share, share_fallen : float
        Shares of both in that month.
    """

    month: str
    risen: str
    fallen: str
    rank: int
    probability: float
    share: float
    share_fallen: float


@dataclass(frozen=True)
class Threats:
    """Shares and changes of rank for one measure of harm.

    Parameters
    ----------
    measure : {"deaths", "events"}
        What is shared out.
    months : tuple of str
        "2012-12", ...; the last one ends on the as-of date.
    shares : tuple of dict of str to float
        By family, summing to 1; empty for a month without harm.
    totals : tuple of float
        Deaths or events of the year that ends with the month.
    ranking : tuple of str
        Families by rank as established at the end, the most harm first; families without harm are left out.
    first : str or None
        The leading family in the first month with a whole year on record.
    changes : tuple of RankChange
        In their order.
    unknown : int
        Events of the last year whose deaths are not known; they count for nothing in deaths.
    """

    measure: str
    months: tuple[str, ...]
    shares: tuple[dict[str, float], ...]
    totals: tuple[float, ...]
    ranking: tuple[str, ...]
    first: str | None
    changes: tuple[RankChange, ...]
    unknown: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def harm_of(events: pl.DataFrame, kind: Kind) -> Harm:
    """Read harm by family from a frame of events of one source.

    Parameters
    ----------
    events : DataFrame
        In the shape of `toguna.core.names.EVENT_SCHEMA`; events within wider ones are left out.
    kind : callable
        Kind of an organisation by its id; that of a coalition may be given as that of its members.

    Notes
    -----
    An event is shared evenly among the families it names. A battle names all who fought: there the state
    counts only when no one else is named, and forces from outside never do. Violence between non-state sides
    that the registry does not list is communal; what is left is unattributed.
    """
    told = events.filter(pl.col("within").is_null() & pl.col("date_start").is_not_null())
    told = told.sort("date_start", "event_id")
    named = zip(told["perpetrators"].to_list(), told["violence"].to_list(), strict=True)
    shares = np.array([_shares(who or [], violence, kind) for who, violence in named])
    toll = told.select(pl.coalesce("best", "low").cast(pl.Float64).alias("toll"))["toll"]
    return Harm(
        days=told["date_start"].cast(pl.Int32).to_numpy().astype(np.int64),
        known=told["published_at"].fill_null(told["date_start"]).cast(pl.Int32).to_numpy().astype(np.int64),
        shares=shares.reshape(told.height, len(FAMILIES)),
        deaths=toll.fill_null(float("nan")).to_numpy().copy(),
    )


def _shares(who: Sequence[str], violence: str | None, kind: Kind) -> list[float]:
    named = {OF_KIND[kind(a)] for a in who if kind(a) in OF_KIND}
    if len(named) > 1:
        named -= {"state"}
    if not named:
        named = {"communal" if violence == "ns" else "unattributed"}
    return [(f in named) / len(named) for f in FAMILIES]


def threats(harm: Harm, measure: str, *, end: date, rng: np.random.Generator) -> Threats:
    """Rank the families of threat as of each month.

    Parameters
    ----------
    harm : Harm
        Of one source, as of `end`.
    measure : {"deaths", "events"}
        What is shared out.
    end : date
        The as-of date.
    rng : Generator
        Source of chance.
    """
    weights = np.nan_to_num(harm.deaths) if measure == "deaths" else np.ones(len(harm.days))
    weighed = harm.shares * weights[:, None]
    ends = _ends(harm, end)
    blocks = [_blocks(harm, weighed, last) for last in ends]
    totals = [b.sum(axis=0) for b in blocks]
    order, changes = _ranked(ends, blocks, rng)
    recent = harm.days > day_number(end) - YEAR
    return Threats(
        measure=measure,
        months=tuple(f"{last:%Y-%m}" for last in ends),
        shares=tuple(_by_family(t) for t in totals),
        totals=tuple(float(t.sum()) for t in totals),
        ranking=tuple(RANKED[i] for i in order if totals[-1][i] > 0) if totals else (),
        first=_leader(totals[0]) if totals else None,
        changes=tuple(changes),
        unknown=int(np.isnan(harm.deaths[recent]).sum()),
    )


def _ends(harm: Harm, end: date) -> list[date]:
    """Return the last day of each month, from the first that ends a whole year on record."""
    if not len(harm.days):
        return []
    start = date(1970, 1, 1) + timedelta(days=int(harm.days.min()) + YEAR - 1)
    found = []
    day = _month_end(start)
    while day < end:
        found.append(day)
        day = _month_end(day + timedelta(days=1))
    return [*found, end] if start <= end else []


def _month_end(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


def _blocks(harm: Harm, weighed: Floats, last: date) -> Floats:
    """Sum harm by 30-day block of the year that ends on a day, as known then; shape (13, families)."""
    age = day_number(last) - harm.days
    seen = (age >= 0) & (age < YEAR) & (harm.known <= day_number(last))
    out = np.zeros((-(-YEAR // BLOCK), weighed.shape[1]))
    np.add.at(out, age[seen] // BLOCK, weighed[seen])
    return out


def _by_family(total: Floats) -> dict[str, float]:
    whole = float(total.sum())
    return {f: float(t) / whole for f, t in zip(FAMILIES, total, strict=True)} if whole else {}


def _leader(total: Floats) -> str | None:
    ranked = total[: len(RANKED)]
    return RANKED[int(ranked.argmax())] if ranked.any() else None


def _ranked(
    ends: Sequence[date], blocks: Sequence[Floats], rng: np.random.Generator
) -> tuple[list[int], list[RankChange]]:
    """Carry a ranking through the months; a pair swaps only when the evidence holds two months running."""
    if not blocks:
        return [], []
    order = [int(i) for i in np.argsort(-blocks[0].sum(axis=0)[: len(RANKED)], kind="stable")]
    above: list[Floats] = [_above(b, rng) for b in blocks]
    changes: list[RankChange] = []
    for k in range(RUNNING - 1, len(blocks)):
        held = np.min(above[k - RUNNING + 1 : k + 1], axis=0)
        while (at := _first_swap(order, held)) is not None:
            up, down = order[at + 1], order[at]
            order[at], order[at + 1] = up, down
            shares = _by_family(blocks[k].sum(axis=0))
            changes.append(
                RankChange(
                    month=f"{ends[k - RUNNING + 1]:%Y-%m}",
                    risen=RANKED[up],
                    fallen=RANKED[down],
                    rank=at + 1,
                    probability=float(above[k][up, down]),
                    share=shares[RANKED[up]],
                    share_fallen=shares[RANKED[down]],
                )
            )
    return order, changes


def _first_swap(order: Sequence[int], held: Floats) -> int | None:
    return next((i for i in range(len(order) - 1) if held[order[i + 1], order[i]] >= SURE), None)


def _above(blocks: Floats, rng: np.random.Generator) -> Floats:
    """Return how often resampled blocks put each ranked family above each other one, shape (4, 4)."""
    n = len(blocks)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=DRAWS)
    drawn = counts @ blocks[:, : len(RANKED)]
    return np.asarray((drawn[:, :, None] > drawn[:, None, :]).mean(axis=0))
