"""Admit good rows, put bad ones in quarantine, and say why; not one row is lost.

Enters: event frames from `toguna.sources`. Leaves: `Admission`. Called by `toguna.events.gather` and
`toguna.events.ingest`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from toguna.core.errors import DataError
from toguna.core.findings import Finding, Several, rows_of
from toguna.core.types import Deaths
from toguna.events.checks import CHECKS, within_unknown
from toguna.events.checks.context import GROUPED_ABOVE, Context

__all__ = ["GROUPED_ABOVE", "Admission", "admit", "group_findings", "how_many", "sum_deaths"]


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of the rows: read = accepted + quarantined, always.

    Parameters
    ----------
    accepted, quarantined : DataFrame
        Rows in the columns of an event.
    findings : tuple of Finding
        Why; notes of one kind are grouped when there are more than 100, failures above 10,000.
    """

    accepted: pl.DataFrame
    quarantined: pl.DataFrame
    findings: tuple[Finding, ...]


def admit(frame: pl.DataFrame, context: Context | None = None) -> Admission:
    """Run every check on every row.

    Parameters
    ----------
    frame : DataFrame
        Events; `row` is unique.
    context : Context, optional
        What the checks may know beside the rows.

    Returns
    -------
    Admission
        A row with a finding of severity "failure" is quarantined. An event whose wider event was not accepted
        loses its `within` and counts by itself.
    """
    context = context or Context(table="events")
    findings = [finding for check in CHECKS for finding in check(frame, context)]
    bad = pl.col("row").is_in(rows_of(f for f in findings if f.severity == "failure").implode())
    accepted, quarantined = frame.filter(~bad), frame.filter(bad)
    findings += within_unknown.check(accepted, context)
    lonely = within_unknown.without_container()
    accepted = accepted.with_columns(within=pl.when(lonely).then(None).otherwise("within"))
    if accepted.height + quarantined.height != frame.height:
        raise DataError(f"{context.table}: rows were lost between reading and admission; please report this.")
    return Admission(accepted, quarantined, tuple(group_findings(findings)))


def group_findings(findings: list[Finding]) -> list[Finding]:
    """Say findings of one kind once when there are very many of them, with their number and first rows."""
    kinds: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.code, finding.field), []).append(finding)
    said: list[Finding] = []
    for group in kinds.values():
        number = sum(how_many(finding) for finding in group)
        said += [_grouped(group, number)] if number > GROUPED_ABOVE[group[0].severity] else group
    return sorted(said, key=lambda f: (f.row if f.row is not None else 0, f.code, f.field or ""))


def how_many(finding: Finding) -> int:
    """Say for how many rows a finding stands."""
    return len(finding.rows) if isinstance(finding, Several) else 1


def _grouped(group: list[Finding], number: int) -> Finding:
    first = group[0]
    told = [text for f in group for text in (f.examples if isinstance(f, Several) else (f.found,))]
    found = f"{number} rows, for example {'; '.join(told[:3])}"
    return Finding(
        first.code, first.severity, first.table, None, first.field, found, first.expected, first.repair
    )


def sum_deaths(frame: pl.DataFrame) -> Deaths:
    """Add up the deaths of events; a missing figure counts as unknown, never as zero.

    Lowest and highest estimates are added over the rows that have a best estimate (which stands in
    where one of the two is missing), so that low <= best <= high holds for the sums as for the rows.
    """
    known = frame.select("best", "low", "high").filter(pl.col("best").is_not_null())
    return Deaths(
        best=int(known["best"].sum()),
        low=int(known["low"].fill_null(known["best"]).sum()),
        high=int(known["high"].fill_null(known["best"]).sum()),
        unknown=len(frame) - len(known),
    )
