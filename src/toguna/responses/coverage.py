"""Are the areas that measures cover those where harm comes next?

Enters: responses and attacks. Leaves: `Coverage`. Called by `toguna.room.doing`. It compares places and makes
no causal claim: measures go where harm was, and may be why it does not come again.
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

__all__ = ["PERIOD", "Coverage", "Match", "coverage"]

PERIOD = 90
"""Days of a period."""
ARRANGEMENTS = 1999
FEWEST_PERIODS = 4
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Match:
    """How the areas covered in a period match those struck in the period before, or after, it.

    Parameters
    ----------
    share : float or None
        Share of all attacks, over periods, that came in an area covered; None without any.
    expected : float or None
        The same when coverage is handed to areas at random.
    correlation : float or None
        Mean over periods of the rank correlation between measures and attacks by area, -1 to 1.
    p : float or None
        How often a random assignment of areas gives as high a share.
    """

    share: float | None
    expected: float | None
    correlation: float | None
    p: float | None


@dataclass(frozen=True)
class Coverage:
    """The match with harm that came next, and with harm that came before.

    Parameters
    ----------
    periods : int
        Periods compared.
    areas : tuple of str
        Areas compared, of which none is left out.
    covering : int
        Measures that name an area; those for the whole theatre cover all alike and are left out.
    following, preceding : Match or None
        With attacks of the next and of the previous period; None when there are too few periods.
    """

    periods: int
    areas: tuple[str, ...]
    covering: int
    following: Match | None
    preceding: Match | None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "period_days": PERIOD}


def coverage(
    responses: Sequence[Response],
    attacks: Attacks,
    *,
    areas: Sequence[str],
    where: Mapping[str, str],
    end: date,
    rng: np.random.Generator,
) -> Coverage:
    """Compare areas covered with areas struck, period by period.

    Parameters
    ----------
    responses : sequence of Response
        As of `end`; recommendations are left out.
    attacks : Attacks
        As of `end`.
    areas : sequence of str
        All first-level areas of the theatre, length A.
    where : mapping of str to str
        Response id to canonical area.
    end : date
        Last day of the last period; periods are counted backwards from it.
    rng : Generator
        Source of chance.

    Notes
    -----
    An area is covered in a period by a measure that began in it, or that was under way by its stated last
    day. The reference permutes the names of areas, the same way in all periods: which areas are covered
    stays as lasting and as uneven as it is.
    """
    taken = [r for r in responses if not r.recommendation and where.get(r.id) in areas]
    first = int(attacks.days[0]) if attacks.ids else day_number(end)
    n = (day_number(end) - first + 1) // PERIOD
    starts = [end - timedelta(days=PERIOD * (n - k) - 1) for k in range(n)]
    covered = np.array([[_covers(r, s, where) for r in taken] for s in starts]).reshape(n, len(taken))
    index = np.array([list(areas).index(where[r.id]) for r in taken], dtype=np.int64)
    by_area = np.zeros((n, len(areas)))
    for k in range(n):
        np.add.at(by_area[k], index, covered[k].astype(float))
    struck = _struck(attacks, areas, [day_number(s) for s in starts])
    enough = n > FEWEST_PERIODS and len(areas) > 1 and bool(taken)
    return Coverage(
        periods=max(n - 1, 0),
        areas=tuple(areas),
        covering=len(taken),
        following=_match(by_area[:-1], struck[1:], rng) if enough else None,
        preceding=_match(by_area[1:], struck[:-1], rng) if enough else None,
    )


def _covers(response: Response, start: date, where: Mapping[str, str]) -> bool:
    last = start + timedelta(days=PERIOD - 1)
    return response.date_start <= last and (response.date_end or response.date_start) >= start


def _struck(attacks: Attacks, areas: Sequence[str], starts: Sequence[int]) -> Floats:
    found = np.zeros((len(starts), len(areas)))
    for day, area in zip(attacks.days, attacks.areas, strict=True):
        period = int(np.searchsorted(starts, day, side="right")) - 1
        if period >= 0 and area in areas:
            found[period, list(areas).index(area)] += 1
    return found


def _match(covered: Floats, struck: Floats, rng: np.random.Generator) -> Match:
    if not struck.sum():
        return Match(None, None, None, None)
    held = covered > 0
    seen = float((held * struck).sum() / struck.sum())
    drawn = np.empty(ARRANGEMENTS)
    for k in range(ARRANGEMENTS):
        order = rng.permutation(covered.shape[1])
        drawn[k] = (held[:, order] * struck).sum() / struck.sum()
    return Match(
        share=seen,
        expected=float(drawn.mean()),
        correlation=_correlation(covered, struck),
        p=float((1 + np.sum(drawn >= seen - 1e-12)) / (1 + ARRANGEMENTS)),
    )


def _ranks(values: Floats) -> Floats:
    """Return ranks from 1, (N,); equal values share the mean of theirs."""
    _, which, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[which])


def _correlation(covered: Floats, struck: Floats) -> float | None:
    """Average the rank correlation over periods in which both differ between areas."""
    found = [
        float(np.corrcoef(_ranks(c), _ranks(s))[0, 1])
        for c, s in zip(covered, struck, strict=True)
        if np.ptp(c) and np.ptp(s)
    ]
    return float(np.mean(found)) if found else None
