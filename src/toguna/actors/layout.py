"""A place for every organisation on the picture of a genealogy.

Enters: a graph of `toguna.actors.genealogy`. Leaves: x and y of each node. Called by the charts of
the briefing.

x is the time of foundation in years; those without a date stand together at the left margin. y is a
lane (whole numbers, 0 at the top). A kind of organisation keeps its lanes together, and in it a
family does. Families of a kind are ordered by the mean lane of those they are related to, in a few
sweeps (the barycentre method of Sugiyama et al. 1981, doi 10.1109/TSMC.1981.4308636); the order with
the shortest edges is kept, so crossings become few, not provably the fewest. Two labels never
overlap: in one lane nodes stand at least a label's width apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import networkx as nx

from toguna.core.dates import parse_partial

__all__ = ["LABEL_YEARS", "layout"]

LABEL_YEARS = 1.5
SWEEPS = 8

Block = tuple[str, str]


def layout(graph: nx.MultiDiGraph, *, label_years: float = LABEL_YEARS) -> dict[str, tuple[float, int]]:
    """Place the nodes of a genealogy.

    Parameters
    ----------
    graph : MultiDiGraph
        Nodes with `kind`, `family` and `active_from` ("" when not known).
    label_years : float
        Width of a label in years, above 0; undated nodes stand this far left of the first year.

    Returns
    -------
    dict of str to (float, int)
        x in years (2013.58 = August 2013), y in lanes; any two nodes are one lane or `label_years` apart.
    """
    x = _times(graph, label_years)
    lanes = {
        b: _lanes(sorted(ids, key=lambda i: (x[i], i)), x, label_years) for b, ids in _blocks(graph).items()
    }
    order = best = sorted(lanes)
    links = [(_block(graph, a), _block(graph, b)) for a, b in graph.edges()]
    for _ in range(SWEEPS):
        order = _sweep(order, lanes, links)
        best = min(best, order, key=lambda o: _length(o, lanes, links))
    return _placed(best, lanes, x)


def _times(graph: nx.MultiDiGraph, label_years: float) -> dict[str, float]:
    dates = {i: parse_partial(text) for i, text in graph.nodes(data="active_from", default="") if text}
    known = {i: _year(d.first) for i, d in dates.items() if d is not None}
    margin = min(known.values(), default=0.0) - label_years
    return {i: known.get(i, margin) for i in graph.nodes}


def _year(day: date) -> float:
    length = (date(day.year, 12, 31) - date(day.year, 1, 1)).days + 1
    return round(day.year + (day - date(day.year, 1, 1)).days / length, 4)


def _block(graph: nx.MultiDiGraph, node: str) -> Block:
    family = graph.nodes[node]["family"]
    head = graph.nodes[family] if family in graph else graph.nodes[node]
    return head["kind"], family


def _blocks(graph: nx.MultiDiGraph) -> dict[Block, list[str]]:
    blocks: dict[Block, list[str]] = {}
    for node in sorted(graph.nodes):
        blocks.setdefault(_block(graph, node), []).append(node)
    return blocks


def _lanes(ids: Sequence[str], x: dict[str, float], width: float) -> list[list[str]]:
    """Put nodes, given from left to right, into the first lane with room."""
    lanes: list[list[str]] = []
    for node in ids:
        free = next((lane for lane in lanes if x[node] - x[lane[-1]] >= width), None)
        if free is None:
            lanes.append([node])
        else:
            free.append(node)
    return lanes


def _tops(order: Sequence[Block], lanes: dict[Block, list[list[str]]]) -> dict[Block, int]:
    tops, top = {}, 0
    for block in order:
        tops[block] = top
        top += len(lanes[block])
    return tops


def _middles(order: Sequence[Block], lanes: dict[Block, list[list[str]]]) -> dict[Block, float]:
    return {b: top + len(lanes[b]) / 2 for b, top in _tops(order, lanes).items()}


def _length(
    order: Sequence[Block], lanes: dict[Block, list[list[str]]], links: Sequence[tuple[Block, Block]]
) -> float:
    middle = _middles(order, lanes)
    return sum(abs(middle[a] - middle[b]) for a, b in links)


def _sweep(
    order: Sequence[Block], lanes: dict[Block, list[list[str]]], links: Sequence[tuple[Block, Block]]
) -> list[Block]:
    middle = _middles(order, lanes)
    near: dict[Block, list[float]] = {b: [] for b in order}
    for a, b in links:
        if a != b:
            near[a].append(middle[b])
            near[b].append(middle[a])
    pull = {b: sum(v) / len(v) if v else middle[b] for b, v in near.items()}
    of_kind: dict[str, list[float]] = {}
    for block in order:
        of_kind.setdefault(block[0], []).append(pull[block])
    kind = {k: sum(v) / len(v) for k, v in of_kind.items()}
    return sorted(order, key=lambda b: (kind[b[0]], b[0], pull[b], b[1]))


def _placed(
    order: Sequence[Block], lanes: dict[Block, list[list[str]]], x: dict[str, float]
) -> dict[str, tuple[float, int]]:
    tops = _tops(order, lanes)
    placed = {
        node: (x[node], tops[block] + depth)
        for block in order
        for depth, lane in enumerate(lanes[block])
        for node in lane
    }
    return {node: placed[node] for node in sorted(placed)}
