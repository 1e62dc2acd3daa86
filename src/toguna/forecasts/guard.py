"""The publish guard: says why a forecast must not be published, or that nothing stands against it.

Enters: plain values about a forecast (`Draft`): its day, what it covers, its record, the accounts of its
data. Leaves: findings, none when it may go out. It reads no file and knows no model. Called before a
forecast is published; method and known failure: docs/methods/publish-guard.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite

import numpy as np
from scipy.special import bdtr, bdtrc

from toguna.core.findings import Finding

__all__ = ["Account", "Bounds", "Draft", "Record", "effective", "guard"]

ROUNDING = 1e-6
"""Relative difference up to which an account adds up: deaths spread over cells are fractions."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is still published.

    Parameters
    ----------
    most_days : int
        Days from the origin, the last day of data used, to the day of publication.
    off : float
        How far the true coverage may lie from the nominal one, 0 to 1.
    alpha : float
        Chance of refusing a forecast whose coverage is just within the bounds, over all records together.
    fewest : int
        Outcomes that a record needs before it counts as one.
    """

    most_days: int = 62
    off: float = 0.05
    alpha: float = 0.05
    fewest: int = 30


@dataclass(frozen=True, slots=True)
class Record:
    """How often past forecasts of this kind held what happened, origin by origin.

    Parameters
    ----------
    name : str
        What it is of ("all cells", "cells with 25 deaths or more").
    level : float
        Nominal coverage of the interval, 0 to 1.
    held, n : sequence of int
        Outcomes inside the interval, and all outcomes, of each origin.
    """

    name: str
    level: float
    held: Sequence[int]
    n: Sequence[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A total of the data and the parts it must be the sum of; None where one is not known.

    Parameters
    ----------
    name : str
        Of what ("ucdp rows", "deaths").
    whole : float or None
        The total.
    parts : mapping of str to float or None
        Accepted, quarantined, superseded; or placed, unplaced.
    """

    name: str
    whole: float | None
    parts: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A forecast that somebody wants to publish.

    Parameters
    ----------
    target : str
        What is forecast; names the forecast in findings.
    origin, as_of : date
        Last day of data used; day of publication.
    expected : collection of (str, int)
        Every (unit, month id) that the forecast is to cover.
    given : collection of (str, int)
        Those for which it has draws, all of them finite.
    records : sequence of Record
        Its calibration on the past.
    accounts : sequence of Account
        Of the data it was made from.
    """

    target: str
    origin: date
    as_of: date
    expected: Collection[tuple[str, int]]
    given: Collection[tuple[str, int]]
    records: Sequence[Record] = field(default_factory=tuple)
    accounts: Sequence[Account] = field(default_factory=tuple)


def guard(draft: Draft, bounds: Bounds | None = None) -> tuple[Finding, ...]:
    """Say everything that stands against publishing; empty when nothing does.

    Returns
    -------
    tuple of Finding
        All of severity "stop": forecast-stale, forecast-ahead, forecast-incomplete, forecast-without-record,
        forecast-miscalibrated, account-unbalanced.
    """
    bounds = bounds or Bounds()
    return (
        *_age(draft, bounds),
        *_gaps(draft),
        *_calibration(draft, bounds),
        *_accounts(draft),
    )


def _age(draft: Draft, bounds: Bounds) -> list[Finding]:
    days = (draft.as_of - draft.origin).days
    found, expected = f"data to {draft.origin}, {abs(days)} days", f"at most {bounds.most_days} days"
    if days > bounds.most_days:
        repair = "Ingest newer data and forecast again."
        return [
            _stop("forecast-stale", draft, "origin", found=f"{found} old", expected=expected, repair=repair)
        ]
    if days < 0:
        repair = "Correct the origin or the day of publication."
        return [
            _stop("forecast-ahead", draft, "origin", found=f"{found} after", expected=expected, repair=repair)
        ]
    return []


def _gaps(draft: Draft) -> list[Finding]:
    expected, given = set(draft.expected), set(draft.given)
    missing = sorted(expected - given)
    if expected and not missing:
        return []
    units, months = {unit for unit, _ in missing}, {month for _, month in missing}
    said = f"{len(missing)} of {len(expected)} cells missing ({len(units)} units, {len(months)} months)"
    first = f"; the first is {missing[0][0]} in month {missing[0][1]}" if missing else ""
    return [
        _stop(
            "forecast-incomplete",
            draft,
            "cells",
            found=said + first,
            expected="draws for every unit and month it is to cover, and at least one of them",
            repair="Forecast the missing cells, or state a smaller coverage.",
        )
    ]


def _calibration(draft: Draft, bounds: Bounds) -> list[Finding]:
    found = [_short(draft, record, bounds) for record in draft.records if sum(record.n) < bounds.fewest]
    if not draft.records:
        found.append(_short(draft, None, bounds))
    long = [record for record in draft.records if sum(record.n) >= bounds.fewest]
    alpha = bounds.alpha / max(len(long), 1)
    return found + [f for record in long for f in _coverage(draft, record, bounds, alpha)]


def _short(draft: Draft, record: Record | None, bounds: Bounds) -> Finding:
    said = "no record at all" if record is None else f"{sum(record.n)} outcomes ({record.name})"
    return _stop(
        "forecast-without-record",
        draft,
        "record",
        found=said,
        expected=f"{bounds.fewest} outcomes of past forecasts or more",
        repair="Replay the forecast over the past, and judge it by that.",
    )


def effective(record: Record) -> tuple[float, float]:
    """Return coverage and the number of independent outcomes that tell as much as the record does.

    Outcomes of one origin hang together. The number is divided by the design effect: the variance of the
    coverage between origins over the variance that independent outcomes would have, at least 1. With a
    single origin there is nothing to estimate it from, and the number stands as it is.
    """
    n = np.asarray(record.n, dtype=float)
    held = np.asarray(record.held, dtype=float)[n > 0]
    n = n[n > 0]
    total, share = float(n.sum()), float(held.sum() / n.sum())
    independent = share * (1 - share) / total
    if len(n) < 2 or independent == 0:
        return share, total
    k = len(n)
    between = k / (k - 1) * float(((held - n * share) ** 2).sum()) / total**2
    return share, total / max(1.0, between / independent)


def _coverage(draft: Draft, record: Record, bounds: Bounds, alpha: float) -> list[Finding]:
    """Refuse when an exact test rejects that the coverage lies within the bounds, on either side."""
    share, size = effective(record)
    n = max(1, round(size))
    held = round(share * n)
    low, high = max(0.0, record.level - bounds.off), min(1.0, record.level + bounds.off)
    p_narrow, p_wide = float(bdtr(held, n, low)), float(bdtrc(held - 1, n, high))
    if min(p_narrow, p_wide) >= alpha / 2:
        return []
    kind = "too narrow" if p_narrow < p_wide else "too wide"
    return [
        _stop(
            "forecast-miscalibrated",
            draft,
            "record",
            found=f"intervals {kind}: {share:.1%} held ({record.name}, {n} independent outcomes, "
            f"p = {min(p_narrow, p_wide):.2g})",
            expected=f"{low:.0%} to {high:.0%}, for intervals of {record.level:.0%}",
            repair="Recalibrate on past origins, and show the record.",
        )
    ]


def _accounts(draft: Draft) -> list[Finding]:
    found = []
    for account in draft.accounts:
        parts = list(account.parts.values())
        known = [v for v in (account.whole, *parts) if v is not None and isfinite(v)]
        gap = None
        if account.whole is not None and len(known) == len(parts) + 1:
            gap = account.whole - sum(v for v in parts if v is not None)
        if gap is not None and abs(gap) <= ROUNDING * max(1.0, abs(account.whole or 0.0)):
            continue
        said = " + ".join(f"{name} {_number(value)}" for name, value in account.parts.items()) or "nothing"
        found.append(
            _stop(
                "account-unbalanced",
                draft,
                account.name,
                found=f"{_number(account.whole)} against {said}",
                expected="a total that is the sum of its parts, all of them known",
                repair="Run `toguna check`, repair the data and forecast again.",
            )
        )
    return found


def _number(value: float | None) -> str:
    return "unknown" if value is None or not isfinite(value) else f"{value:.10g}"


def _stop(code: str, draft: Draft, column: str, *, found: str, expected: str, repair: str) -> Finding:
    return Finding(code, "stop", draft.target, None, column, found, expected, repair)
