"""What of an outlook may leave the house: forecasts held against the publish guard, refused ones withheld.

Enters: an `Outlook`, the accounts of the sources. Leaves: findings by level and target; rows and records of
an assessment, without the numbers of what was refused. Called by `toguna.room.ahead` and
`toguna.room.forecasting`; method: docs/methods/publish-guard.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np

from toguna.core.findings import Finding
from toguna.forecasts.guard import Account, Draft, Record, guard
from toguna.forecasts.outlook.adjust import LEVEL
from toguna.forecasts.outlook.outlook import Made, Outlook
from toguna.forecasts.outlook.plain import records_of, rows_of
from toguna.forecasts.outlook.span import last_day

__all__ = ["Counted", "Refused", "published", "refused"]


class Counted(Protocol):
    """How the rows of a source were counted, see `toguna.events.gather.SourceAccount`."""

    @property
    def source(self) -> str:
        """Name of the source."""

    @property
    def read(self) -> int:
        """Rows that were visible."""

    @property
    def accepted(self) -> int:
        """Those that count."""

    @property
    def quarantined(self) -> int:
        """Those that cannot be used."""

    @property
    def superseded(self) -> int:
        """Those that another release tells in their place."""


Refused = Mapping[str, tuple[Finding, ...]]
"""Level/target -> everything that stands against publishing it; what may go out is not in it."""


def refused(found: Outlook, accounts: Iterable[Counted]) -> Refused:
    """Hold every forecast of an outlook against the guard.

    Parameters
    ----------
    found : Outlook
    accounts : iterable of Counted
        How the rows of the sources were counted, see `toguna.events.gather`.
    """
    rows = tuple(_account(a) for a in accounts if a.source == found.source)
    told = {
        f"{made.level}/{made.target}": guard(_draft(made, found, (*rows, *_sums(made, found))))
        for made in found.made
    }
    return {name: findings for name, findings in told.items() if findings}


def published(found: Outlook, against: Refused) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return rows and records as an assessment carries them.

    Rows of a refused forecast are left out. Its record stays, with ``withheld``: the findings, and without
    what moves its means, which would tell them; of the others ``withheld`` is empty.
    """
    rows = [row for row in rows_of(found) if f"{row['level']}/{row['target']}" not in against]
    records = []
    for record in records_of(found):
        findings = against.get(f"{record['level']}/{record['target']}", ())
        told = record | {"withheld": [finding.as_dict() for finding in findings]}
        records.append(told | {"drivers": []} if findings else told)
    return rows, records


def _account(a: Counted) -> Account:
    parts = {"accepted": a.accepted, "quarantined": a.quarantined, "superseded": a.superseded}
    return Account(f"{a.source} rows", a.read, parts)


def _sums(made: Made, found: Outlook) -> tuple[Account, ...]:
    """Say that the units of a level add up to the countries."""
    whole = next((m for m in found.made if (m.level, m.target) == ("country", made.target)), None)
    if whole is None or whole is made:
        return ()
    parts = {f"units of {made.level}": float(made.known.sum())}
    return (Account(f"{made.target} of all countries", float(whole.known.sum()), parts),)


def _draft(made: Made, found: Outlook, accounts: tuple[Account, ...]) -> Draft:
    forecast = made.forecast
    months = [forecast.origin + step for step in forecast.steps]
    finite = np.isfinite(forecast.draws).all(axis=2)
    cells = [(unit, month) for unit in forecast.units for month in months]
    given = [cell for cell, fine in zip(cells, finite.T.ravel(), strict=True) if fine]
    return Draft(
        f"{made.level}/{made.target}",
        last_day(forecast.origin),
        found.as_of,
        cells,
        given,
        (_record(made),),
        accounts,
    )


def _record(made: Made) -> Record:
    """Count by origin what the 90 % intervals of the draws held: randomised ranks, as counts need them."""
    cases = made.record.cases
    inside = abs(cases.rank - 0.5) <= LEVEL / 2
    origins = np.unique(cases.origin)
    held = [int(inside[cases.origin == t].sum()) for t in origins]
    n = [int((cases.origin == t).sum()) for t in origins]
    return Record(f"all units, {made.level}", LEVEL, held, n)
