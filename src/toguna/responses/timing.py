"""Reactive or proactive: did measures begin after violence, or before it?

Enters: responses and attacks. Leaves: `Timing`. Called by `toguna.room.doing`.

A measure is **after** violence when an attack came within `WITHIN` days before it (or on its day), **before**
when none did and one came within as many days after, **apart** when neither; **open** while its days after
are not over. The reference moves all measures together by a random number of days around the calendar: it
keeps the bursts of both and breaks what ties them. Nothing here says what a measure caused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.responses.attacks import Attacks, day_number
from toguna.responses.register import Response

__all__ = ["CLASSES", "FEWEST", "WITHIN", "Before", "Timed", "Timing", "Trigger", "timing"]

WITHIN = 30
"""Days before or after a measure that count."""
GRAVE_SHARE = 0.1
"""A measure for the whole theatre is held against this share of attacks, the most deadly ones."""
LOOK_BACK = 365
ARRANGEMENTS = 999
FEWEST = 8
"""Fewer measures than this have no reference: the figures stand alone."""
CLASSES = ("after", "before", "apart", "open")
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something that a measure may have answered, other than an attack.

    Parameters
    ----------
    kind : str
        "shift" or "warning".
    id : str
        Its id.
    day : date
        When it became known.
    area : str
        First-level area; "" for the whole theatre.
    """

    kind: str
    id: str
    day: date
    area: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """The last thing of a kind before a measure: kind, id, and the delay in days (0 = the same day)."""

    kind: str
    id: str
    delay: int


@dataclass(frozen=True, slots=True)
class Timed:
    """One measure with what came before it.

    Parameters
    ----------
    id : str
        Of the response.
    area : str
        Area it is held against; "" for the whole theatre.
    when : {"after", "before", "apart", "open"}
        See the module.
    before : tuple of Before
        The last attack, shift and warning within a year before it, as far as there were any.
    next_attack : int or None
        Days from it to the next attack within `WITHIN`; None when there was none or it is not yet known.
    """

    id: str
    area: str
    when: str
    before: tuple[Before, ...]
    next_attack: int | None


@dataclass(frozen=True)
class Timing:
    """What all measures show together.

    Parameters
    ----------
    timed : tuple of Timed
        One per measure taken; recommendations are none.
    counts : dict of str to int
        Measures by `CLASSES`.
    share_after : float or None
        after / (after + before); None when both are 0.
    median_delay : float or None
        Days from the last attack, over measures that had one within a year.
    expected_after : float or None
        Mean number of measures after violence had they been placed without regard to it; None when not drawn.
    p_after, p_before : float or None
        How often chance places as many or more of them after, or before, violence.
    spending : dict of str to float
        Stated costs by class; empty when none is stated or currencies differ.
    costs_stated : int
        Measures with a stated cost.
    grave_from : float or None
        Deaths from which an attack counts for measures of the whole theatre.
    outside : int
        Measures that began before the first attack on record: not judged.
    """

    timed: tuple[Timed, ...]
    counts: dict[str, int]
    share_after: float | None
    median_delay: float | None
    expected_after: float | None
    p_after: float | None
    p_before: float | None
    spending: dict[str, float]
    costs_stated: int
    grave_from: float | None
    outside: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "timed": [asdict(t) for t in self.timed], "within_days": WITHIN}


@dataclass(frozen=True)
class _Held:
    """One measure and the days of the attacks it is held against."""

    response: Response
    area: str
    day: int
    attacks: Attacks


def timing(
    responses: Sequence[Response],
    attacks: Attacks,
    *,
    areas: Mapping[str, str],
    end: date,
    rng: np.random.Generator,
    triggers: Sequence[Trigger] = (),
) -> Timing:
    """Hold measures against the attacks before and after them.

    Parameters
    ----------
    responses : sequence of Response
        As of `end`; recommendations are left out.
    attacks : Attacks
        As of `end`, of one source.
    areas : mapping of str to str
        Response id to canonical first-level area; "" or absent: the whole theatre.
    end : date
        Last day on which an attack could be known.
    rng : Generator
        Source of chance.
    triggers : sequence of Trigger
        Shifts and warnings with their days.
    """
    grave, limit = attacks.gravest(GRAVE_SHARE)
    taken = [r for r in responses if not r.recommendation]
    held = [_hold(r, areas.get(r.id, ""), attacks, grave) for r in taken] if attacks.ids else []
    first = int(attacks.days[0]) if attacks.ids else 0
    judged = [h for h in held if h.day >= first]
    timed = tuple(_timed(h, triggers, day_number(end)) for h in judged)
    counts = {name: sum(t.when == name for t in timed) for name in CLASSES}
    either = counts["after"] + counts["before"]
    delays = [b.delay for t in timed for b in t.before if b.kind == "attack"]
    drawn = _arranged(judged, first, day_number(end), rng=rng) if len(judged) >= FEWEST else None
    return Timing(
        timed=timed,
        counts=counts,
        share_after=counts["after"] / either if either else None,
        median_delay=float(np.median(delays)) if delays else None,
        expected_after=None if drawn is None else float(drawn[:, 0].mean()),
        p_after=_p(drawn, 0, counts["after"]),
        p_before=_p(drawn, 1, counts["before"]),
        spending=_spending(taken, timed),
        costs_stated=sum(r.cost is not None for r in taken),
        grave_from=None if np.isnan(limit) else limit,
        outside=len(taken) - len(judged),
    )


def _hold(response: Response, area: str, attacks: Attacks, grave: Attacks) -> _Held:
    mine = attacks.within(area) if area else grave
    return _Held(response, area, day_number(response.date_start), mine)


def _when(day: int, days: Ints, end: int) -> str:
    """Class one measure; `days` are sorted."""
    at = int(np.searchsorted(days, day, side="right"))
    if at and day - days[at - 1] <= WITHIN:
        return "after"
    if at < days.size and days[at] - day <= WITHIN:
        return "before"
    return "apart" if day + WITHIN <= end else "open"


def _timed(held: _Held, triggers: Sequence[Trigger], end: int) -> Timed:
    days, day = held.attacks.days, held.day
    at = int(np.searchsorted(days, day, side="right"))
    before = []
    if at and day - days[at - 1] <= LOOK_BACK:
        before.append(Before("attack", held.attacks.ids[at - 1], int(day - days[at - 1])))
    for kind in ("shift", "warning"):
        before += _last(kind, held, triggers)
    ahead = int(days[at] - day) if at < days.size and days[at] - day <= WITHIN else None
    return Timed(held.response.id, held.area, _when(day, days, end), tuple(before), ahead)


def _last(kind: str, held: _Held, triggers: Sequence[Trigger]) -> list[Before]:
    start = held.response.date_start
    earlier = [
        t
        for t in triggers
        if t.kind == kind
        and start - timedelta(days=LOOK_BACK) <= t.day <= start
        and (not t.area or not held.area or t.area == held.area)
    ]
    if not earlier:
        return []
    last = max(earlier, key=lambda t: (t.day, t.id))
    return [Before(kind, last.id, (start - last.day).days)]


def _arranged(held: Sequence[_Held], first: int, end: int, *, rng: np.random.Generator) -> Ints:
    """Return how many measures fall after and before violence when all move together, shape (K, 2)."""
    length = end - first + 1
    offsets = np.arange(1, length)
    if offsets.size > ARRANGEMENTS:
        offsets = rng.choice(offsets, size=ARRANGEMENTS, replace=False)
    counts = np.zeros((offsets.size, 2), dtype=np.int64)
    for h in held:
        days = h.attacks.days
        moved = first + (h.day - first + offsets) % length
        at = np.searchsorted(days, moved, side="right")
        padded = np.concatenate([[-(10**9)], days, [10**9]])
        after = moved - padded[at] <= WITHIN
        before = ~after & (padded[at + 1] - moved <= WITHIN)
        counts[:, 0] += after
        counts[:, 1] += before
    return counts


def _p(drawn: Ints | None, which: int, seen: int) -> float | None:
    if drawn is None or not len(drawn):
        return None
    return float((1 + np.sum(drawn[:, which] >= seen)) / (1 + len(drawn)))


def _spending(taken: Sequence[Response], timed: Sequence[Timed]) -> dict[str, float]:
    when = {t.id: t.when for t in timed}
    told = [(when[r.id], r.cost, r.currency) for r in taken if r.cost is not None and r.id in when]
    if len({currency for _, _, currency in told}) != 1:
        return {}
    return {name: sum(cost for w, cost, _ in told if w == name) for name in CLASSES}
