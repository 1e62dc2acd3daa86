"""A finding: one thing that is wrong or remarkable in the data, said so that it can be repaired.

Made by the checks in `toguna.events.checks` and by the readers in `toguna.store` and
`toguna.sources`; shown by every command and counted in the last line of every briefing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import polars as pl

__all__ = ["Finding", "Several", "Severity", "rows_of", "stops", "tally", "without_rows"]

Severity = Literal["note", "failure", "stop"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about one place in one table.

    Parameters
    ----------
    code : str
        Stable kebab-case code ("deaths-out-of-order"); documented under `docs/reference/findings.md`.
    severity : {"note", "failure", "stop"}
        ``note``: kept, look at it. ``failure``: the row is quarantined.
        ``stop``: the whole file cannot be used.
    table : str
        File or source name.
    row : int or None
        1-based line of data (the header is not counted); None when it concerns the whole file.
    field : str or None
        Column, where one can be named.
    found, expected, repair : str
        What stands there, what should, and how to put it right.
    """

    code: str
    severity: Severity
    table: str
    row: int | None
    field: str | None
    found: str
    expected: str
    repair: str

    def sentence(self) -> str:
        """Say the finding in one line."""
        where = self.table + (f" row {self.row}" if self.row is not None else "")
        column = f", {self.field}" if self.field else ""
        return f"{where}{column}: found {self.found}; expected {self.expected}. {self.repair} [{self.code}]"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Several(Finding):
    """One finding that stands for very many rows, as long as the rows must be known one by one.

    A file of two million bad rows would otherwise make as many findings, said in one sentence at the end.
    `toguna.events.admit` puts it into words.

    Parameters
    ----------
    rows : Series of int
        The rows.
    examples : tuple of str
        What the first of them hold.
    """

    rows: pl.Series = field(compare=False, repr=False)
    examples: tuple[str, ...]


def rows_of(findings: Iterable[Finding]) -> pl.Series:
    """Return the rows that findings are about, each once, in order."""
    findings = list(findings)
    single = [f.row for f in findings if f.row is not None]
    many = [f.rows.cast(pl.Int64) for f in findings if isinstance(f, Several)]
    return pl.concat([pl.Series(single, dtype=pl.Int64), *many]).unique().sort()


def without_rows(findings: Iterable[Finding], rows: pl.Series) -> list[Finding]:
    """Leave out what is said of these rows."""
    out = set(rows)
    kept = [f for f in findings if f.row not in out]
    return [g for f in kept for g in (_rest(f, rows) if isinstance(f, Several) else [f])]


def _rest(finding: Several, rows: pl.Series) -> list[Several]:
    stay = ~finding.rows.is_in(rows.implode())
    left = [text for text, stays in zip(finding.examples, stay, strict=False) if stays]
    if not stay.any():
        return []
    return [replace(finding, rows=finding.rows.filter(stay), examples=tuple(left or finding.examples[:1]))]


def stops(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that forbid using the whole file."""
    return [f for f in findings if f.severity == "stop"]


def tally(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by code, most frequent first."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
