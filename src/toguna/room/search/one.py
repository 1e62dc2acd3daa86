"""Everything that is known of one event: its tellings, who is said to have done it, what it is part of.

Enters: an index, an assessment, an id. Leaves: a `Dossier`. Called by pages and the programming interface.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from toguna.actors.registry import Registry
from toguna.actors.responsibility import account
from toguna.events.links.incidents import INCIDENT
from toguna.room.search.find import Index
from toguna.room.search.prepare import INSIDE

__all__ = ["Dossier", "dossier"]

Row = dict[str, Any]


@dataclass(frozen=True)
class Dossier:
    """One event and what belongs to it.

    Parameters
    ----------
    event : dict
        The row: columns of `EXPORT_COLUMNS`, `closed` (its source forbids passing it on), `speaks`.
    others : list of dict
        Rows that tell of the same incident.
    links : list of dict
        Why they are taken for one, as in the assessment: event_a, event_b, score, status, reasons.
    wider : dict or None
        The wider event that already counts this one.
    inside : list of dict
        Events that this one counts.
    account : dict
        Rival and joint statements of who did it, see `toguna.actors.responsibility.account`.
    data : list of dict
        Accounts of the releases of its source: version, licence, citation, published_at.
    """

    event: Row
    others: list[Row]
    links: list[Mapping[str, Any]]
    wider: Row | None
    inside: list[Row]
    account: dict[str, Any]
    data: list[Mapping[str, Any]]


def dossier(
    index: Index, assessment: Mapping[str, Any], id: str, *, registry: Registry | None = None
) -> Dossier | None:
    """Return what is known of an event, or of the event that speaks for an incident; None when there is none.

    Parameters
    ----------
    id : str
        "source:id", or "incident/source:id".
    registry : Registry, optional
        Settles names in claims.
    """
    at = _speaker(index, id) if id.startswith(INCIDENT) else index.position(id)
    if at is None:
        return None
    (event,) = index.rows([at])
    incident = index.numbers("incident")
    others = np.flatnonzero(incident == incident[at])
    wider = index.position(event["within"]) if event["within"] else None
    return Dossier(
        event,
        index.rows(k for k in others if k != at),
        _links(assessment, event["event_id"]),
        index.rows([wider])[0] if wider is not None else None,
        index.rows(np.sort(index.listed(INSIDE + event["event_id"]))),
        account(event, registry),
        [a for a in assessment["data"] if a["source"] == event["source"]],
    )


def _speaker(index: Index, id: str) -> int | None:
    """Return where the event stands that speaks for an incident; its id names the first of them."""
    first = index.position(id.removeprefix(INCIDENT))
    if first is None:
        return None
    incident, speaks = index.numbers("incident"), index.numbers("speaks")
    spoken = np.flatnonzero((incident == incident[first]) & speaks)
    return int(spoken[0]) if len(spoken) else first


def _links(assessment: Mapping[str, Any], event_id: str) -> list[Mapping[str, Any]]:
    told = (assessment.get("incidents") or {}).get("several_sources", [])
    return [link for one in told if event_id in one["event_ids"] for link in one["links"]]
