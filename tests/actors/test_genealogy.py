"""The graph, its files and its picture."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_theatres import actor, relation, small_theatre

from toguna.actors.genealogy import genealogy, to_dict, to_graphml
from toguna.actors.layout import LABEL_YEARS, layout
from toguna.actors.registry import Registry
from toguna.core.errors import UsageError

DAY, BEFORE = date(2015, 11, 24), date(2014, 11, 24)


def small():
    actors = [
        actor("OLD", active_to="2013"),
        actor("BIG", active_from="2011"),
        actor("NEW", active_from="2015-01"),
        actor("NEXT", active_from="2016"),
    ]
    relations = [
        relation("OLD merger_into BIG", "2013"),
        relation("NEW cooperation BIG", "2015-02", "2015-03"),
        relation("NEW alliance BIG", "2015-06"),
        relation("NEW joint_claim BIG", "2015-11-20", "2015-11-20"),
        relation("OLD rivalry BIG", "2012", "2012"),
    ]
    return Registry.build(small_theatre(actors, relations), as_of=DAY)


def test_nodes_and_edges():
    told = to_dict(genealogy(small(), DAY, BEFORE))
    assert {n["id"]: n["status"] for n in told["nodes"]} == {
        "BIG": "active",
        "NEW": "new since",
        "OLD": "ended",
    }
    assert {n["id"]: n["family"] for n in told["nodes"]} == {"BIG": "BIG", "NEW": "NEW", "OLD": "BIG"}
    assert {e["kind"]: (e["source"], e["target"], e["change"]) for e in told["edges"]} == {
        "merger_into": ("OLD", "BIG", None),
        "cooperation": ("NEW", "BIG", "ended"),
        "alliance": ("NEW", "BIG", "began"),
        "joint_claim": ("NEW", "BIG", "began"),
    }
    assert set(told["nodes"][0]) == {"id", "name", "kind", "family", "active_from", "active_to", "status"}
    assert set(told["edges"][0]) == {"id", "source", "target", "kind", "start", "end", "contested", "change"}


def test_earlier_date_sees_less():
    told = to_dict(genealogy(small(), date(2012, 6, 1), date(2012, 1, 1)))
    assert [e["kind"] for e in told["edges"]] == ["rivalry"]
    assert all(e["end"] is None for e in told["edges"])
    assert {n["id"]: n["status"] for n in told["nodes"]} == {"BIG": "active", "OLD": "active"}


def test_dates_in_wrong_order():
    with pytest.raises(UsageError, match="lies after"):
        genealogy(small(), BEFORE, DAY)


def test_graphml_can_be_read_back(tmp_path):
    graph = genealogy(small(), DAY, BEFORE)
    path = to_graphml(graph, tmp_path / "a.graphml")
    back = nx.read_graphml(path, force_multigraph=True)
    assert dict(back.nodes(data=True)) == dict(graph.nodes(data=True))
    assert sorted(k for _, _, k in back.edges(keys=True)) == sorted(k for _, _, k in graph.edges(keys=True))
    assert path.read_bytes() == to_graphml(graph, tmp_path / "b.graphml").read_bytes()


def test_empty(tmp_path):
    graph = genealogy(Registry.build(small_theatre([]), as_of=DAY), DAY, BEFORE)
    assert layout(graph) == {}
    assert to_dict(graph)["nodes"] == []
    assert to_graphml(graph, tmp_path / "empty.graphml").exists()


def assert_readable(graph, places, width):
    assert set(places) == set(graph.nodes)
    spots = sorted(places.values(), key=lambda p: (p[1], p[0]))
    for (x, y), (x_next, y_next) in pairwise(spots):
        assert y != y_next or x_next - x >= width - 1e-6


def test_layout_of_the_shipped_pack(mali):
    graph = genealogy(Registry.build(mali, as_of=DAY), DAY, BEFORE)
    places = layout(graph)
    assert_readable(graph, places, LABEL_YEARS)
    assert places == layout(genealogy(Registry.build(mali, as_of=DAY), DAY, BEFORE))
    assert places["MOURABITOUN"][0] == pytest.approx(2013.58, abs=0.01)
    undated = {places[n][0] for n, d in graph.nodes(data=True) if not d["active_from"]}
    assert len(undated) == 1
    assert undated.pop() < min(x for n, (x, _) in places.items() if graph.nodes[n]["active_from"])


@settings(max_examples=40, deadline=None)
@given(
    years=st.lists(st.sampled_from(["", "2011", "2012", "2012-06", "2015"]), min_size=1, max_size=8),
    pairs=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=8),
    width=st.floats(0.1, 5),
)
def test_no_two_labels_overlap(years, pairs, width):
    n = len(years)
    kinds = ("jihadist", "separatist")
    actors = [actor(f"N{i}", active_from=y, kind=kinds[i % 2]) for i, y in enumerate(years)]
    links = [relation(f"N{a % n} component_of N{b % n}", "2013") for a, b in pairs if a % n != b % n]
    graph = genealogy(Registry.build(small_theatre(actors, links), as_of=DAY), DAY, BEFORE)
    assert_readable(graph, layout(graph, label_years=width), width)
