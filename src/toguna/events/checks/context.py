"""What a check may know beside the rows, and how it words a finding. Used by every file beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from toguna.core.findings import Finding, Severity

__all__ = ["Context", "Rule"]


@dataclass(frozen=True, slots=True)
class Context:
    """Facts beside the rows.

    Parameters
    ----------
    table : str
        Name of the file or source, for findings.
    unreadable : DataFrame or None
        Cells that could not be read: row, field, text.
    columns : mapping of str to str
        Event column to column of the file.
    published_at : date or None
        When the release was published; no event can begin later.
    known_actors : frozenset of str or None
        Actor ids of the theatre; None when actors are not given by id.
    """

    table: str
    unreadable: pl.DataFrame | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    published_at: date | None = None
    known_actors: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """The fixed words of one check."""

    code: str
    severity: Severity
    expected: str
    repair: str

    def say(self, frame: pl.DataFrame, context: Context, column: str | None, found: pl.Expr) -> list[Finding]:
        """Make one finding per row of `frame`; `found` words what stands there."""
        said = frame.select(row="row", event_id=pl.col("event_id").fill_null("no id"), found=found)
        field_name = context.columns.get(column, column) if column else None
        return [
            Finding(
                code=self.code,
                severity=self.severity,
                table=context.table,
                row=row,
                field=field_name,
                found=f"{text} in {event_id}",
                expected=self.expected,
                repair=self.repair,
            )
            for row, event_id, text in said.iter_rows()
        ]
