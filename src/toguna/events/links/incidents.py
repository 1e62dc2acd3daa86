"""What linking leaves: links, incidents, and which telling of each speaks.

Values only; made by `toguna.events.links.link`, read by `toguna.room`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl

from toguna.events.links.score import Reason

__all__ = ["INCIDENT", "Incident", "Link", "Linked", "Ruling", "Verdict"]

Verdict = Literal["same", "different"]

INCIDENT = "incident/"
"""What ids of incidents begin with; the first event by id follows."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person stated about two events; of several about the same two the newest holds.

    Parameters
    ----------
    event_a, event_b : str
        Ids of the two events, in the order of the alphabet.
    verdict : {"same", "different"}
        Whether they tell of one incident.
    speaks : str or None
        Id of the event that is to speak for the incident, where the person chose one.
    by, reason, source_url, recorded_at : str
        In what role, why, resting on which page, and when (UTC, ISO).
    """

    event_a: str
    event_b: str
    verdict: Verdict
    speaks: str | None = None
    by: str = ""
    reason: str = ""
    source_url: str = ""
    recorded_at: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Link:
    """Two tellings that may be of one incident.

    Parameters
    ----------
    event_a, event_b : str
        Ids of the two events, in the order of the alphabet.
    probability : float
        That they tell of one incident, by the weights; in 0 to 1.
    status : str
        "linked", "confirmed" (by a person), "doubtful" (for review), or "refused": likely by itself, but the
        event of the other source already tells of another incident.
    reasons : tuple of Reason
        The weightiest first.
    """

    event_a: str
    event_b: str
    probability: float
    status: str
    reasons: tuple[Reason, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "event_a": self.event_a,
            "event_b": self.event_b,
            "score": round(self.probability, 4),
            "status": self.status,
            "reasons": [r.as_dict() for r in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident that more than one source tells of.

    Parameters
    ----------
    id : str
        "incident/" and the first of its events by id.
    event_ids : tuple of str
        Every telling, sorted.
    representative : str
        The event that speaks for it.
    first, last : date
        Days of the telling that speaks.
    figures : dict
        Deaths by source: `best`, `low`, `high` (None = unknown) summed over the `events` of that source.
    links : tuple of Link
        What holds it together.
    """

    id: str
    event_ids: tuple[str, ...]
    representative: str
    first: date
    last: date
    figures: dict[str, dict[str, int | None]]
    links: tuple[Link, ...]

    @property
    def score(self) -> float:
        """Probability of its weakest link; 1 where a person confirmed it."""
        return min((1.0 if x.status == "confirmed" else x.probability for x in self.links), default=1.0)


@dataclass(frozen=True)
class Linked:
    """Everything that linking found.

    Parameters
    ----------
    table : DataFrame
        `event_id`, `incident_id`, `speaks`: one row per event; an event that nothing was linked to is its own
        incident and speaks for it.
    incidents : tuple of Incident
        Those that more than one source tells of, by first day.
    review : tuple of Link
        Pairs for a person to decide: the doubtful, then the refused, the likeliest first.
    contradictions : tuple of (str, str)
        Pairs that a person called different although other statements make them one.
    compared : int
        Candidate pairs that were compared.
    rulings : tuple of Ruling
        The statements that were used, the newest about each pair.
    repeated : int
        Rows that are likely copies of another of the same source; all are kept and counted.
    """

    table: pl.DataFrame
    incidents: tuple[Incident, ...] = ()
    review: tuple[Link, ...] = ()
    contradictions: tuple[tuple[str, str], ...] = ()
    compared: int = 0
    rulings: tuple[Ruling, ...] = ()
    repeated: int = 0
