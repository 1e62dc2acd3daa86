"""Two sources tell of simulated incidents: what is linked is held against what is true."""

from __future__ import annotations

import pytest

from toguna.events.links import Linked, link
from toguna.testing.tellings import Reporting, Told, tell

N = 2000


def pairs_of(linked: Linked) -> set[tuple[str, str]]:
    several = linked.table.filter(linked.table["incident_id"].is_duplicated())
    joined = several.join(several, on="incident_id")
    return {(a, b) for a, _, _, b, _ in joined.iter_rows() if a < b}


def quality(world: Told) -> tuple[float, float]:
    """Precision and recall."""
    said = pairs_of(link(world.events))
    hits = len(said & world.truth)
    return hits / len(said), hits / len(world.truth)


@pytest.fixture(scope="module")
def sharp() -> tuple[float, float]:
    return quality(tell(N, seed=7))


def test_sharp_reports_are_recovered(sharp: tuple[float, float]) -> None:
    precision, recall = sharp
    assert precision > 0.75
    assert recall > 0.8


def test_vague_days_and_centroids_cost_recall(sharp: tuple[float, float]) -> None:
    """As stated in docs/methods/links.md: vague reports are found less often."""
    for vague in (Reporting(vague_days=0.5), Reporting(vague_place=0.5)):
        _, recall = quality(tell(N, seed=7, reporting=vague))
        assert 0.3 < recall < sharp[1]


def test_sources_that_share_nothing_are_hardly_linked() -> None:
    said = pairs_of(link(tell(N, seed=7, reporting=Reporting(shared=0.0)).events))
    assert len(said) < 0.2 * N


def test_truth_is_told_once_each() -> None:
    world = tell(50, seed=1)
    assert world.events.height == 100
    assert world.events["event_id"].n_unique() == 100
    assert len(world.truth) == 30
