"""The genealogy of organisations at a date, as a graph, with what changed since an earlier date.

Enters: a registry and two dates. Leaves: a networkx graph, its GraphML file, its plain values for
JSON, and a place for every node on a picture. Called by the command line and by the briefing.

Nodes are the organisations that may have existed by the date. Edges are the relations in force
then, and those that ended since the earlier date. Missing dates are "" in the graph, because GraphML
has no missing value, and null in `to_dict`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx

from toguna.actors.organisations import Actor
from toguna.actors.registry import Registry
from toguna.actors.relations import Relation
from toguna.core.errors import UsageError

__all__ = ["genealogy", "to_dict", "to_graphml"]


def genealogy(registry: Registry, on: date, since: date) -> nx.MultiDiGraph:
    """Draw up the graph of organisations at a date.

    Parameters
    ----------
    registry : Registry
        As of `on` or later.
    on : date
        Date of the picture.
    since : date
        Earlier date: what began or ended after it is marked.

    Returns
    -------
    MultiDiGraph
        Nodes by actor id: name, kind, family, active_from, active_to (text or ""), status ("ended",
        "new since", "active"; the first that fits). Edges by relation id: kind, start, end,
        contested, change ("ended", "began" or "": what ended after `since`, else what began after
        it). A joint claim of a past day is kept with change "began" if it was made after `since`.
        Same order every time.

    Raises
    ------
    UsageError
        When `since` lies after `on`.
    """
    if since > on:
        raise UsageError(f"the earlier date ({since}) lies after the date of the genealogy ({on}).")
    graph = nx.MultiDiGraph(on=on.isoformat(), since=since.isoformat())
    for actor in registry.actors.values():
        if actor.begun(on):
            graph.add_node(actor.id, **_node(actor, registry, on, since))
    change = {c.relation.id: c.kind for c in registry.changes(since, on)}
    for r in registry.statements:
        if (r.in_force(on) or r.id in change) and r.a in graph and r.b in graph:
            graph.add_edge(r.a, r.b, key=r.id, **_edge(r, change.get(r.id, ""), on))
    return graph


def _node(actor: Actor, registry: Registry, on: date, since: date) -> dict[str, Any]:
    start, end = actor.active_from, actor.active_to
    over = end is not None and end.last <= on
    new = start is not None and start.first > since
    return {
        "name": actor.name,
        "kind": actor.kind,
        "family": registry.family(actor.id, on),
        "active_from": start.text if start else "",
        "active_to": end.text if end and over else "",
        "status": "ended" if over else "new since" if new else "active",
    }


def _edge(r: Relation, change: str, on: date) -> dict[str, Any]:
    return {
        "kind": r.kind,
        "start": r.start.text if r.start else "",
        "end": r.end.text if r.end and r.end.last <= on else "",
        "contested": r.contested,
        "change": change,
    }


def to_dict(graph: nx.MultiDiGraph) -> dict[str, Any]:
    """Return nodes and edges as plain values for JSON; missing dates and no change are null."""
    nodes = [{"id": i, **_nulls(data, "active_from", "active_to")} for i, data in graph.nodes(data=True)]
    edges = [
        {"id": key, "source": a, "target": b, **_nulls(data, "start", "end", "change")}
        for a, b, key, data in graph.edges(keys=True, data=True)
    ]
    return {
        "on": graph.graph["on"],
        "since": graph.graph["since"],
        "nodes": nodes,
        "edges": sorted(edges, key=lambda e: str(e["id"])),
    }


def _nulls(data: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {k: None if k in fields and v == "" else v for k, v in data.items()}


def to_graphml(graph: nx.MultiDiGraph, path: Path) -> Path:
    """Write the graph as GraphML (UTF-8, same bytes every time) and return the path."""
    lines = nx.generate_graphml(graph, encoding="utf-8", prettyprint=True, named_key_ids=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return path
