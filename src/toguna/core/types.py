"""The values that travel from package to package. All frozen, all printable as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from toguna.core.dates import Window

__all__ = ["Deaths", "Interval", "Shift", "Snapshot"]


@dataclass(frozen=True, slots=True)
class Deaths:
    """Sums of deaths (persons) and how many rows gave no figure.

    `unknown` counts the rows whose best estimate is missing: missing is never zero, and such rows
    are in none of the three sums, so that low <= best <= high.
    """

    best: int = 0
    low: int = 0
    high: int = 0
    unknown: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return plain values for JSON."""
        return {"best": self.best, "low": self.low, "high": self.high, "unknown": self.unknown}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One release of one source, as it was published; never rewritten.

    Parameters
    ----------
    source : str
        Name of the source.
    version : str
        The publisher's version ("21.1"), or "" when it has none.
    sha256 : str
        Digest of the bytes that were taken in.
    file_name : str
        Name of the file that was taken in.
    licence, citation : str
        Terms of use, and how to cite.
    published_at : date or None
        When the world could have it; None when the publisher does not say.
    ingested_at : str
        When we took it in (UTC, ISO).
    rows : int
        Rows as published, before any check.
    deaths : Deaths
        Sums as published, before any check.
    series : str
        Which line of releases it belongs to, where a source has several side by side.
    first_day, last_day : date or None
        First day of the first event, last day of the last; None in records of before these were kept.
    taken : int
        Its number among the releases of its source in the order of taking in, from 1; 0 when not known. Of
        two published on the same day the higher one is the newer: a clock may go backwards.
    """

    source: str
    version: str
    sha256: str
    file_name: str
    licence: str
    citation: str
    published_at: date | None
    ingested_at: str
    rows: int
    deaths: Deaths
    series: str = ""
    first_day: date | None = None
    last_day: date | None = None
    taken: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with unit and interval; `low` and `high` are None where none can be had."""

    value: float
    unit: str
    low: float | None = None
    high: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"value": self.value, "unit": self.unit, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Shift:
    """One change that was tested for.

    Parameters
    ----------
    id : str
        Stable within a run ("spread/jihadist-attacks/centre").
    dimension : str
        fronts, spread, reach, tactics, targets, settings, tempo or alliances.
    subject : str
        What changed: a population of events, an area, an actor.
    source : str
        Source of the events it was tested on ("chronology", "ucdp"), or "registry".
    window, reference : Window
        The recent days, and those they are compared with.
    effect : Interval
        How much, with unit and 90% interval.
    p, q : float or None
        p value of the test; q its false discovery rate over everything tested in the run.
        None for alliances, which are documented and not tested.
    false_alarms_per_year : float or None
        Expected false alarms of this dimension per year of monthly looks at the threshold used.
    alarm : bool
        Whether it passed the threshold.
    event_ids : tuple of str
        The events that show it.
    numbers : dict
        Everything behind the sentence.
    text : dict
        The sentence, by language ("en", "fr").
    """

    id: str
    dimension: str
    subject: str
    source: str
    window: Window
    reference: Window
    effect: Interval
    p: float | None
    q: float | None
    false_alarms_per_year: float | None
    alarm: bool
    event_ids: tuple[str, ...]
    numbers: dict[str, Any] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "id": self.id,
            "dimension": self.dimension,
            "subject": self.subject,
            "source": self.source,
            "window": self.window.as_dict(),
            "reference": self.reference.as_dict(),
            "effect": self.effect.as_dict(),
            "p": self.p,
            "q": self.q,
            "false_alarms_per_year": self.false_alarms_per_year,
            "alarm": self.alarm,
            "event_ids": list(self.event_ids),
            "numbers": self.numbers,
            "text": self.text,
        }
