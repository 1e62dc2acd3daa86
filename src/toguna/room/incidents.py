"""Incidents of a view: what the registry knows about kinship, what people stated, what follows.

Enters: events with resolved actors, a registry, a register. Leaves: `Linked`, findings, plain values for the
assessment. Called by `toguna.room.view` and `toguna.room.situation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from toguna.core.findings import Finding
from toguna.events.links import Kinship, Linked, Ruling, link, repeated
from toguna.events.links.incidents import Incident, Link
from toguna.events.links.link import each_by_itself
from toguna.events.links.score import model

if TYPE_CHECKING:
    from toguna.actors.registry import Registry
    from toguna.events.viewpoint import Viewpoint

__all__ = ["find", "kinship_of", "told", "told_incident", "told_link"]

_KIN = ("component_of", "merger_into")


def kinship_of(registry: Registry) -> Kinship:
    """Say which ids name nobody, and which organisations are part of one another."""
    nobody = frozenset(a.id for a in registry.actors.values() if a.kind == "unknown")
    kin = frozenset((r.a, r.b) for r in registry.statements if r.kind in _KIN)
    return Kinship(nobody, kin)


def find(
    events: pl.DataFrame, *, registry: Registry, rulings: Sequence[Ruling], viewpoint: Viewpoint
) -> tuple[Linked, list[Finding]]:
    """Link the events of a view as its viewpoint says, and look for rows submitted more than once."""
    copies, extra = repeated(events)
    if viewpoint.incidents == "apart":
        return replace(each_by_itself(events), repeated=extra), copies
    linked = link(events, kinship=kinship_of(registry), rulings=rulings)
    said = [_contradiction(a, b) for a, b in linked.contradictions]
    return replace(linked, repeated=extra), [*copies, *said]


def _contradiction(a: str, b: str) -> Finding:
    return Finding(
        "link-statements-contradict",
        "note",
        "link statements",
        None,
        None,
        f"{a} and {b} are called different, and one by way of other events",
        "statements that can all be true",
        "They were taken as one. See `toguna links show` for the statements, and state the wrong one anew.",
    )


def told(linked: Linked, events: pl.DataFrame, held: Sequence[str], viewpoint: Viewpoint) -> dict[str, Any]:
    """Say the incidents in plain values.

    Parameters
    ----------
    linked : Linked
        What linking found.
    events : DataFrame
        The events it was found on.
    held : sequence of str
        Sources whose rows may not be passed on: of their events only ids are told.
    viewpoint : Viewpoint
        The rule of the view.
    """
    used = model()
    places = {c: dict(events.select("event_id", c).drop_nulls().iter_rows()) for c in ("place", "admin1")}
    return {
        "viewpoint": viewpoint.incidents,
        "n": int(linked.table["speaks"].sum()),
        "n_told": int(events["within"].null_count()),
        "n_several_sources": len(linked.incidents),
        "for_review": len(linked.review),
        "repeated_rows": linked.repeated,
        "thresholds": {"link": used.link, "review": used.review, "measured": used.measured},
        "statements": [r.as_dict() for r in linked.rulings],
        "several_sources": [told_incident(i, held, places) for i in linked.incidents],
    }


def told_incident(
    incident: Incident, held: Sequence[str], places: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Say one incident: figures and reasons, but nothing that a source forbids to pass on.

    An equal figure or a near place would betray the row that it equals, so links to such rows give no
    reasons. `places` names the place, and the area, of every event that has one.
    """
    hidden = _closed(incident.representative, held)
    spoken = (incident.representative, *incident.event_ids)
    return {
        "incident_id": incident.id,
        "event_ids": list(incident.event_ids),
        "representative": incident.representative,
        "place": next(
            (names[e] for names in places.values() for e in spoken if e in names and not _closed(e, held)),
            None,
        ),
        "date_start": None if hidden else incident.first.isoformat(),
        "date_end": None if hidden else incident.last.isoformat(),
        "figures": {
            name: {"withheld": name in held, "events": row["events"]}
            | {c: None if name in held else row[c] for c in ("best", "low", "high")}
            for name, row in incident.figures.items()
        },
        "score": round(incident.score, 4),
        "links": [told_link(x, held) for x in incident.links],
    }


def _closed(event: str, held: Sequence[str]) -> bool:
    return any(event.startswith(f"{source}:") for source in held)


def told_link(found: Link, held: Sequence[str]) -> dict[str, Any]:
    """Say one link, without reasons where one of its rows may not be passed on."""
    plain = found.as_dict()
    if _closed(found.event_a, held) or _closed(found.event_b, held):
        plain["reasons"] = []
    return plain
