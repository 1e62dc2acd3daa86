"""Which telling of an event counts, row by row, when a line of releases tells it several times.

Enters: the rows of the releases of one line, oldest first. Leaves: for each release which of its rows count,
how many were told again, and which are no longer told. Called by `toguna.events.gather`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from toguna.core.findings import Finding
from toguna.events.admit import sum_deaths
from toguna.sources.protocol import Succession, Term

__all__ = ["Kept", "Telling", "in_force", "superseded", "within_spans", "within_term"]

FEWEST, MOST_MISSING = 10, 0.5
"""Of a kind of event with ten or more in the days that a newer export covers, more than half are missing
from it: then somebody asked for less, and nothing was withdrawn."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The visible rows of one release: an event frame, its publication, and the days it covers."""

    events: pl.DataFrame
    published_at: date | None = None
    term: Term | None = None

    @property
    def preliminary(self) -> bool:
        """Whether a final release of the same days is to follow."""
        return self.term is not None and self.term.preliminary


@dataclass(frozen=True, slots=True)
class Kept:
    """What counts of one release: rows = rows that count + told_again + withdrawn.

    Parameters
    ----------
    counts : Series of bool
        For each row whether it counts.
    told_again : int
        Rows whose event a release that goes before tells too.
    withdrawn : Series of bool
        Rows that a newer release, which covers their country and days, no longer tells.
    narrower : int
        Rows missing from a newer release that was asked for less: they count.
    """

    counts: pl.Series
    told_again: int
    withdrawn: pl.Series
    narrower: int


def in_force(
    tellings: Sequence[Telling], *, succession: Succession = "whole", rule: str = "annual-first"
) -> list[Kept]:
    """Work out which telling of every event counts.

    Parameters
    ----------
    tellings : sequence of Telling
        Releases of one line, oldest first.
    succession : {"whole", "coverage", "cumulative"}
        How they follow one another.
    rule : {"annual-first", "newest-wins"}
        Whether a final release goes before preliminary ones that came out later.

    Returns
    -------
    list of Kept
        One for each telling, in their order. Every event id counts in one release only.
    """
    order = sorted(range(len(tellings)), key=lambda k: (rule == "annual-first" and _final(tellings[k]), k))
    found: dict[int, Kept] = {}
    for place, k in enumerate(order):
        later = [tellings[j] for j in order[place + 1 :]]
        found[k] = _kept(tellings[k], later, succession=succession, settles=rule == "annual-first")
    return [found[k] for k in range(len(tellings))]


def superseded(name: str, table: str, events: pl.DataFrame, kept: Kept) -> list[Finding]:
    """Say what became of the rows of a release that do not count; `name` is its source and version."""
    findings = []

    def say(code: str, found: str, expected: str, repair: str) -> None:
        findings.append(Finding(code, "note", table, None, "event_id", found, expected, repair))

    if kept.told_again:
        found = f"{kept.told_again} events of {name} that another release tells too"
        repair = "Nothing: the telling that goes before counts, the other is counted as superseded."
        say("event-in-two-releases", found, "each event in one release", repair)
    if lost := int(kept.withdrawn.sum()):
        deaths = sum_deaths(events.filter(kept.withdrawn)).best
        found = f"{lost} events of {name} with {deaths} deaths that a newer release no longer holds"
        repair = "Nothing: they do not count. `toguna revisions` lists them."
        say("event-withdrawn", found, "that the newer release of their days holds them", repair)
    if kept.narrower:
        found = f"{kept.narrower} events of {name} missing from a newer release that was asked for less"
        repair = "Nothing: they count. To replace them, export the same countries, days and kinds anew."
        say("release-narrower", found, "that a newer release holds most of each kind of event", repair)
    return findings


def _final(telling: Telling) -> bool:
    return telling.term is not None and not telling.term.preliminary


def _kept(telling: Telling, later: Sequence[Telling], *, succession: Succession, settles: bool) -> Kept:
    events = telling.events
    none = pl.Series("covered", [False]).new_from_index(0, events.height)
    again, gone, narrower = none, none, none
    for other in later:
        same = (
            events["event_id"].is_in(other.events["event_id"].drop_nulls().to_list()).fill_null(value=False)
        )
        again = again | same
        if not _goes_before(other, telling, settles=settles):
            continue
        if succession == "coverage":
            missing, less = _missing(events, other.events, same)
            gone, narrower = gone | missing, narrower | less
        elif succession == "whole":
            gone = gone | (within_term(events, other.term) & ~same)
    withdrawn = gone & ~again
    return Kept(
        ~(again | withdrawn), int(again.sum()), withdrawn, int((narrower & ~again & ~withdrawn).sum())
    )


def _goes_before(other: Telling, telling: Telling, *, settles: bool) -> bool:
    """Whether another release may say that an event is no more: a newer one, or the final of its days."""
    if other.preliminary and not telling.preliminary:
        return False
    if settles and telling.preliminary and _final(other):
        return True
    return (other.published_at or date.min) > (telling.published_at or date.min)


def _last_day(events: pl.DataFrame) -> pl.Series:
    return events.select(pl.coalesce("date_end", "date_start")).to_series()


def within_term(events: pl.DataFrame, term: Term | None) -> pl.Series:
    """Tell the events that lie wholly within the days of a term."""
    first, last = events["date_start"], _last_day(events)
    inside = pl.Series([term is not None]).new_from_index(0, events.height)
    if term is not None and term.first is not None:
        inside = inside & (first >= term.first)
    if term is not None and term.last is not None:
        inside = inside & (last <= term.last)
    return inside.fill_null(value=False)


def within_spans(events: pl.DataFrame, export: pl.DataFrame) -> pl.Series:
    """Tell the events that an export covers: of each country in it, first event there to last."""
    spans = export.group_by("country").agg(
        _from=pl.col("date_start").min(), _to=pl.coalesce("date_end", "date_start").max()
    )
    rows = events.select("country", "date_start", _last=_last_day(events)).join(
        spans, on="country", how="left", maintain_order="left"
    )
    covered = (pl.col("date_start") >= pl.col("_from")) & (pl.col("_last") <= pl.col("_to"))
    return rows.select(covered.fill_null(value=False).alias("covered")).to_series()


def _missing(events: pl.DataFrame, newer: pl.DataFrame, same: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Tell the events that a newer export covers and does not hold: withdrawn, or not asked for."""
    rows = events.select("country", "event_type", _in=within_spans(events, newer), _same=same)
    rows = rows.with_columns(_lost=pl.col("_in") & ~pl.col("_same"))
    lost = pl.col("_lost").sum().over("country", "event_type")
    among = pl.col("_in").sum().over("country", "event_type")
    selected = (among >= FEWEST) & (lost > MOST_MISSING * among)
    told = rows.select(gone=pl.col("_lost") & ~selected, less=pl.col("_lost") & selected)
    return told["gone"], told["less"]
