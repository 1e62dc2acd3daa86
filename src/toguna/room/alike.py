"""Attacks alike, in words and with dates and places.

Enters: what was collected, and the id of an attack. Leaves: an `Alike`. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import polars as pl

from toguna.actors.registry import Registry
from toguna.core.language import LANGUAGES, Language
from toguna.events.nowcast import Completeness
from toguna.forecasts.similar import words
from toguna.forecasts.similar.answer import Answer, Earlier, Seen, first_origin
from toguna.forecasts.similar.answer import similar as most_similar
from toguna.forecasts.similar.record import Record
from toguna.forecasts.similar.record import record as ask
from toguna.forecasts.similar.traits import traits_of

__all__ = ["Alike", "Known", "alike", "alike_of", "attacks", "held_out"]


class Account(Protocol):
    """What is asked of the account of a source."""

    @property
    def source(self) -> str:
        """Its name."""

    @property
    def redistribute(self) -> bool:
        """Whether its rows may be passed on."""


class Gathered(Protocol):
    """What is asked of what was gathered."""

    @property
    def accounts(self) -> Sequence[Account]:
        """One per release."""


class Known(Protocol):
    """What is asked of what was collected, see `toguna.room.view.Collected`."""

    @property
    def gathered(self) -> Gathered:
        """Accounts of the sources."""

    @property
    def registry(self) -> Registry:
        """Organisations as of the date."""

    @property
    def events(self) -> pl.DataFrame:
        """Events with resolved actors."""

    @property
    def completeness(self) -> Mapping[str, Completeness]:
        """By source, the share of recent events that is known."""

    @property
    def reach(self) -> Mapping[str, date]:
        """By source, the last day that its releases cover."""


@dataclass(frozen=True)
class Alike:
    """What is like one attack, ready to be shown.

    Parameters
    ----------
    answer : Answer
        The attacks, with the numbers behind.
    rows : list of dict
        One per earlier attack: event_id, date, place, probability, stated, judged and why (by language).
    series : list of dict
        One per attack of the series, oldest first: event_id, date, place.
    seen : Seen
        The attacks compared.
    """

    answer: Answer
    rows: list[dict[str, Any]]
    series: list[dict[str, Any]]
    seen: Seen

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        told = self.answer.as_dict()
        earlier = [one | row for one, row in zip(told["earlier"], self.rows, strict=True)]
        return told | {"earlier": earlier, "series": self.series}


def alike(collected: Known, event: str, *, as_of: date, most: int) -> Alike:
    """Find the earlier attacks most like one.

    Parameters
    ----------
    collected : Known
        Events and registry as of the date.
    event : str
        Id of an attack, "source:id"; without a source the chronology is meant.
    as_of : date
        Nothing later is looked at.
    most : int
        How many to return at the most.

    Raises
    ------
    UnknownNameError
        No such attack is known.
    """
    event = event if ":" in event else f"chronology:{event}"
    counted = attacks(collected.events, event.split(":", 1)[0])
    seen = Seen.of(traits_of(counted, collected.registry, as_of=as_of))
    return alike_of(collected, (counted, seen), event, most=most)


def attacks(events: pl.DataFrame, source: str) -> pl.DataFrame:
    """Return the events of one source that are compared: those within wider ones left out."""
    return events.filter((events["source"] == source) & events["within"].is_null())


def alike_of(collected: Known, compared: tuple[pl.DataFrame, Seen], event: str, *, most: int) -> Alike:
    """Answer for one of the attacks compared; see `alike`."""
    counted, seen = compared
    answer = most_similar(seen, event, most=most)
    closed = {a.source for a in collected.gathered.accounts if not a.redistribute}
    facts = {
        row["event_id"]: {
            "date": row["date_start"].isoformat(),
            "place": "" if row["source"] in closed else str(row["place"] or row["admin1"] or ""),
        }
        for row in counted.select("event_id", "source", "date_start", "place", "admin1").iter_rows(named=True)
    }
    rows = [_row(collected, one, facts) for one in answer.earlier]
    return Alike(answer, rows, [{"event_id": i, **facts[i]} for i in answer.series], seen)


def _row(collected: Known, one: Earlier, facts: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    judged, why = {}, {}
    for code in LANGUAGES:
        lang = Language(code)
        judged[code] = words.judgement(lang, one)
        why[code] = words.reasons(lang, one, _names(collected, code))
    told = {"event_id": one.event_id, "probability": one.probability, "stated": one.stated}
    return told | facts[one.event_id] | {"judged": judged, "why": why}


def _names(collected: Known, code: str) -> Callable[[str], str]:
    return lambda actor: collected.registry.titles(actor)[code]


def held_out(found: Alike | Seen, *, seed: int) -> Record:
    """Hold likeness against the last three fifths of the attacks of known families."""
    traits = found.seen.traits if isinstance(found, Alike) else found.traits
    first = first_origin(traits)
    rng = np.random.default_rng(seed)
    return ask(traits, first=first, rng=rng) if first else Record(0, 0)
