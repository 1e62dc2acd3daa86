"""What a check may know beside the rows, and how it words a finding. Used by every file beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from toguna.core.findings import Finding, Several, Severity
from toguna.store.areas import Area

__all__ = ["GROUPED_ABOVE", "Context", "Ground", "Lifetime", "Rule", "share_of"]

# Above these numbers a kind of finding is said once, with its number: a file with 10,000 failures of one kind
# is wrong as a whole, and 10,000 sentences would not say more.
GROUPED_ABOVE = {"note": 100, "failure": 10_000, "stop": 10_000}

Lifetime = tuple[date | None, date | None]
"""First and last day on which an organisation can have existed; None when not stated or not yet known."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a theatre says about places.

    Parameters
    ----------
    countries : tuple of Area
        Outlines of countries.
    areas : tuple of Area
        Outlines of first-level areas of the countries assessed.
    places : frozenset of str
        Folded names of places and areas; empty when the theatre lists none.
    """

    countries: tuple[Area, ...] = ()
    areas: tuple[Area, ...] = ()
    places: frozenset[str] = frozenset()


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
    decimal : str
        The decimal sign of the file: "." or ",".
    lifetimes : mapping of str to Lifetime
        By folded spelling of an organisation, as far as known by the as-of date.
    ground : Ground
        Outlines and places; empty when there is no theatre.
    licence : str or None
        Terms of the file; "" when it states none, None when that was not asked.
    """

    table: str
    unreadable: pl.DataFrame | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    published_at: date | None = None
    known_actors: frozenset[str] | None = None
    decimal: str = "."
    lifetimes: Mapping[str, Lifetime] = field(default_factory=dict)
    ground: Ground = field(default_factory=Ground)
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """The fixed words of one check."""

    code: str
    severity: Severity
    expected: str
    repair: str

    def say(self, frame: pl.DataFrame, context: Context, column: str | None, found: pl.Expr) -> list[Finding]:
        """Make one finding per row of `frame`, or one for all when there are very many.

        `found` words what stands there.
        """
        field_name = context.columns.get(column, column) if column else None
        if frame.height > GROUPED_ABOVE[self.severity]:
            said = self._words(frame.head(3), found)
            words = (self.expected, self.repair, frame["row"], tuple(text for _, text in said))
            examples = "; ".join(words[-1])
            return [Several(self.code, self.severity, context.table, None, field_name, examples, *words)]
        what, how = (self.code, self.severity, context.table), (self.expected, self.repair)
        return [Finding(*what, row, field_name, text, *how) for row, text in self._words(frame, found)]

    def _words(self, frame: pl.DataFrame, found: pl.Expr) -> list[tuple[int, str]]:
        said = frame.select(row="row", event_id=pl.col("event_id").fill_null("no id"), found=found)
        return [(row, f"{text} in {event_id}") for row, event_id, text in said.iter_rows()]

    def once(self, context: Context, column: str | None, found: str, *, row: int | None = None) -> Finding:
        """Make one finding about the whole table, or about a row that stands for others."""
        field_name = context.columns.get(column, column) if column else None
        return Finding(
            self.code, self.severity, context.table, row, field_name, found, self.expected, self.repair
        )


def share_of(part: pl.DataFrame, whole: pl.DataFrame) -> str:
    """Word how many events and deaths a part of the rows is ("2 of 160 events (1.2 %) with ...").

    Rows without a best estimate add no deaths.
    """
    events = f"{part.height:,} of {whole.height:,} events ({part.height / max(whole.height, 1):.1%})"
    if part["best"].count() == 0:
        return f"{events}, none with a figure of deaths".replace("%", " %")
    dead, every = (int(frame["best"].sum()) for frame in (part, whole))
    share = f" ({dead / every:.1%})" if every > 0 else ""
    return f"{events}, {dead:,} of {every:,} deaths{share}".replace("%", " %")
