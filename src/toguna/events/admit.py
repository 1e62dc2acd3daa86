"""Mend what is certain, admit good rows, put bad ones in quarantine, and say why; not one row is lost.

Enters: event frames from `toguna.sources`. Leaves: `Admission`. Called by `toguna.events.gather` and
`toguna.events.ingest`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from toguna.core.errors import DataError
from toguna.core.findings import Finding, Several, rows_of, without_rows
from toguna.core.types import Deaths
from toguna.events.checks import CHECKS, within_unknown
from toguna.events.checks.context import GROUPED_ABOVE, Context
from toguna.events.mend import mend, widen

__all__ = ["GROUPED_ABOVE", "Admission", "admit", "group_findings", "how_many", "sum_deaths"]


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of the rows: read = accepted + quarantined, always.

    Parameters
    ----------
    accepted, quarantined : DataFrame
        Rows in the columns of an event. Garbled letters and counts written as text are read in both; ranges
        of deaths are widened in accepted rows only.
    findings : tuple of Finding
        Why; notes of one kind are grouped when there are more than 100, failures above 10,000.
    published : Deaths
        Sums over all rows as they were read: best = accepted + quarantined, always.
    widened : Deaths
        How much accepted rows lost in `low` and gained in `high` when their ranges were widened.
    tally : mapping of (str, str) to int
        How many findings of each severity and code there are, before grouping.
    examples : mapping of (str, str) to Finding
        The first finding of each severity and code.
    """

    accepted: pl.DataFrame
    quarantined: pl.DataFrame
    findings: tuple[Finding, ...]
    published: Deaths = field(default_factory=Deaths)
    widened: Deaths = field(default_factory=Deaths)
    tally: Mapping[tuple[str, str], int] = field(default_factory=dict)
    examples: Mapping[tuple[str, str], Finding] = field(default_factory=dict)


def admit(frame: pl.DataFrame, context: Context | None = None) -> Admission:
    """Mend and check every row.

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
    told = mend(frame, context or Context(table="events"))
    read, context = told.frame, told.context
    ranged, widenings = widen(read, context)
    findings = [finding for check in CHECKS for finding in check(ranged, context)]
    failed = rows_of(f for f in findings if f.severity == "failure")
    bad = pl.col("row").is_in(failed.implode())
    accepted, quarantined = ranged.filter(~bad), read.filter(bad)
    findings += [*told.findings, *without_rows(widenings, failed)]
    findings += within_unknown.check(accepted, context)
    lonely = within_unknown.without_container()
    accepted = accepted.with_columns(within=pl.when(lonely).then(None).otherwise("within"))
    figures = read.select("row", "best", "low", "high")  # of a large file all columns would take a GB more
    published, left = sum_deaths(figures), sum_deaths(figures.filter(~bad))
    now = sum_deaths(accepted)
    if accepted.height + quarantined.height != frame.height or now.best != left.best:
        raise DataError(f"{context.table}: rows were lost between reading and admission; please report this.")
    return Admission(
        accepted,
        quarantined,
        tuple(group_findings(findings)),
        published=published,
        widened=Deaths(low=left.low - now.low, high=now.high - left.high),
        tally=_counted(findings),
        examples={(f.severity, f.code): _first(f) for f in reversed(findings)},
    )


def group_findings(findings: list[Finding]) -> list[Finding]:
    """Say findings of one kind once when there are very many of them, with their number and first rows."""
    kinds: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.code, finding.field), []).append(finding)
    said: list[Finding] = []
    for group in kinds.values():
        number = sum(how_many(finding) for finding in group)
        many = number > GROUPED_ABOVE[group[0].severity] or any(isinstance(f, Several) for f in group)
        said += [_grouped(group, number)] if many else group
    return sorted(said, key=lambda f: (f.row if f.row is not None else 0, f.code, f.field or ""))


def _counted(findings: list[Finding]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        counts[finding.severity, finding.code] += how_many(finding)
    return counts


def _first(finding: Finding) -> Finding:
    """Say the first of very many by itself."""
    if not isinstance(finding, Several):
        return finding
    words = (finding.examples[0], finding.expected, finding.repair)
    place = (finding.table, int(finding.rows[0]), finding.field)
    return Finding(finding.code, finding.severity, *place, *words)


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
