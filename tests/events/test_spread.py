"""Vague events are spread by what was known, and not one death is lost or found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from toguna.core.errors import UnknownNameError
from toguna.core.geography import gid
from toguna.events.spread import HOW, SPREAD_SCHEMA, spread
from toguna.store.areas import Area

from .rows import events

AS_OF = date(2014, 12, 31)
WEST = Area("West", "AAA", "adm1", box(0.0, 10.0, 2.0, 11.0))  # 4 by 2 cells
PRECISE = {"admin1": "West", "where_prec": 1, "lat": 10.25, "lon": 0.25, "gid": int(gid(10.25, 0.25))}
VAGUE = {"admin1": "West", "where_prec": 4, "lat": 10.5, "lon": 1.0, "gid": int(gid(10.5, 1.0))}
COUNT = st.one_of(st.none(), st.integers(0, 400))


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    start = date(2014, 1, 1) + timedelta(days=draw(st.integers(0, 300)))
    low, best, high = sorted(draw(st.lists(st.integers(0, 400), min_size=3, max_size=3)))
    lat, lon = draw(st.sampled_from([(10.25, 0.25), (10.75, 1.25), (10.5, 1.0), (40.0, 40.0)]))
    return {
        "date_start": start,
        "date_end": start + timedelta(days=draw(st.integers(0, 150))),
        "published_at": start + timedelta(days=draw(st.integers(0, 300))),
        "low": draw(st.sampled_from([low, None])),
        "best": draw(st.sampled_from([best, None])),
        "high": draw(st.sampled_from([high, None])),
        "where_prec": draw(st.sampled_from([None, 1, 2, 3, 4, 5, 6, 7])),
        "admin1": draw(st.sampled_from(["West", "west", "Elsewhere", None])),
        "lat": lat,
        "lon": lon,
        "gid": int(gid(lat, lon)),
    }


FRAMES = st.lists(rows(), min_size=0, max_size=12)


@settings(max_examples=60, deadline=None)
@given(changes=FRAMES, how=st.sampled_from(HOW), outlined=st.booleans())
def test_events_and_deaths_are_conserved_exactly(changes: list, how: str, outlined: bool) -> None:
    frame = events(*changes)
    known = frame.filter(pl.col("published_at") <= AS_OF)
    shares = spread(frame, how=how, as_of=AS_OF, areas=[WEST] if outlined else [])
    assert shares.schema == SPREAD_SCHEMA
    assert set(shares["event_id"]) == set(known["event_id"])
    names = ("best", "low", "high")
    sums = shares.group_by("event_id").agg(
        pl.col("share").sum(),
        *(pl.col(n).sum() for n in names),
        *(pl.col(n).count().alias(f"{n}_n") for n in names),
    )
    both = sums.join(known.select("event_id", *(pl.col(n).alias(f"{n}_of") for n in names)), on="event_id")
    assert (both["share"] == 1.0).all()
    for name in names:
        told = both.filter(pl.col(f"{name}_of").is_not_null())
        assert (told[name] == told[f"{name}_of"]).all()
        assert (both.filter(pl.col(f"{name}_of").is_null())[f"{name}_n"] == 0).all()
    ordered = shares.filter(
        (pl.col("low") > pl.col("best")) | (pl.col("best") > pl.col("high")) | (pl.min_horizontal(names) < 0)
    )
    assert ordered.is_empty()
    assert (shares["share"] > 0).all()


@settings(max_examples=40, deadline=None)
@given(before=FRAMES, after=FRAMES, how=st.sampled_from(HOW))
def test_what_is_published_later_changes_nothing(before: list, after: list, how: str) -> None:
    later = [{**row, "published_at": AS_OF + timedelta(days=1)} for row in after]
    frame = events(*before)
    added = events(*before, *later)
    assert spread(added, how=how, as_of=AS_OF, areas=[WEST]).equals(
        spread(frame, how=how, as_of=AS_OF, areas=[WEST])
    )


@settings(max_examples=40, deadline=None)
@given(changes=FRAMES, how=st.sampled_from(HOW), seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(changes: list, how: str, seed: int) -> None:
    frame = events(*changes)
    mixed = frame.sample(fraction=1.0, shuffle=True, seed=seed)
    assert spread(mixed, how=how, as_of=AS_OF, areas=[WEST]).equals(
        spread(frame, how=how, as_of=AS_OF, areas=[WEST])
    )


@pytest.mark.parametrize("how", HOW)
def test_precise_events_stay_as_they_are(how: str) -> None:
    frame = events(PRECISE, {**PRECISE, "where_prec": None, "best": None, "low": None, "high": None})
    shares = spread(frame, how=how, as_of=AS_OF, areas=[WEST])
    columns = ["event_id", "date_start", "date_end", "lat", "lon", "gid", "admin1", "best", "low", "high"]
    assert shares.select(columns).equals(frame.select(columns))
    assert set(shares["share"]) == {1.0}
    assert set(shares["placed"]) == {"given"}


def test_summary_event_no_longer_lands_in_one_month() -> None:
    long = {**PRECISE, "date_start": date(2014, 1, 17), "date_end": date(2014, 3, 11), "best": 54, "high": 60}
    long |= {"published_at": date(2014, 3, 11), "low": 0}
    (whole,) = spread(events(long), how="none", as_of=AS_OF).rows(named=True)
    assert (whole["month_id"], whole["best"]) == (409, 54)
    shares = spread(events(long), how="days", as_of=AS_OF)
    assert shares["month_id"].to_list() == [409, 410, 411]
    assert shares["best"].to_list() == [15, 28, 11]  # 15, 28 and 11 of 54 days
    assert shares["date_start"].to_list() == [date(2014, 1, 17), date(2014, 2, 1), date(2014, 3, 1)]
    assert shares["date_end"].to_list() == [date(2014, 1, 31), date(2014, 2, 28), date(2014, 3, 11)]


def test_vague_place_follows_what_was_struck_and_leaves_some_to_the_rest() -> None:
    struck = [PRECISE] * 6 + [{**PRECISE, "lat": 10.75, "lon": 1.75, "gid": None}]
    shares = spread(
        events(*struck, {**VAGUE, "best": 80, "low": 80, "high": 80}),
        how="days-and-places",
        as_of=AS_OF,
        areas=[WEST],
    ).filter(pl.col("event_id") == "test:8")
    assert set(shares["placed"]) == {"struck"}
    assert set(shares["admin1"]) == {"West"}
    by_cell = dict(shares.select("gid", "share").iter_rows())
    assert len(by_cell) == 8
    # 6 events and 1 event, and one imagined event over eight cells of nearly the same surface.
    assert by_cell[int(gid(10.25, 0.25))] == pytest.approx(6.125 / 8, abs=0.001)
    assert by_cell[int(gid(10.75, 1.75))] == pytest.approx(1.125 / 8, abs=0.001)
    assert by_cell[int(gid(10.25, 1.25))] == pytest.approx(0.125 / 8, abs=0.001)
    assert shares["best"].sum() == 80


def test_without_history_the_surface_and_without_outline_the_point() -> None:
    frame = events({**VAGUE, "best": 8, "low": 8, "high": 8})
    shares = spread(frame, how="days-and-places", as_of=AS_OF, areas=[WEST])
    assert shares["best"].to_list() == [1] * 8
    assert set(shares["placed"]) == {"surface"}
    (left,) = spread(frame, how="days-and-places", as_of=AS_OF).rows(named=True)
    assert (left["placed"], left["lat"], left["lon"], left["best"]) == ("left", 10.5, 1.0, 8)


def test_later_history_is_not_used() -> None:
    frame = events({**PRECISE, "published_at": date(2014, 6, 1)}, VAGUE)
    early = spread(frame, how="days-and-places", as_of=date(2014, 5, 31), areas=[WEST])
    assert set(early["placed"]) == {"surface"}
    late = spread(frame, how="days-and-places", as_of=date(2014, 6, 1), areas=[WEST])
    assert set(late["placed"]) == {"given", "struck"}


def test_unknown_way_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'days'"):
        spread(events({}), how="day", as_of=AS_OF)


def world(seed: int, *, same: bool) -> tuple[pl.DataFrame, np.ndarray]:
    """Events of which the true cells are known, and a third of which is told by area alone.

    When `same` is False the vague third happened in other cells than the rest.
    """
    rng = np.random.default_rng(seed)
    lats, lons = (
        axis.ravel() for axis in np.meshgrid([10.25, 10.75], [0.25, 0.75, 1.25, 1.75], indexing="ij")
    )
    weight = rng.dirichlet(np.full(8, 0.5))
    cells = rng.choice(8, size=900, p=weight)
    vague = np.arange(900) % 3 == 0
    if not same:
        cells[vague] = rng.choice(8, size=int(vague.sum()), p=weight[::-1])
    told = [
        {**VAGUE, "best": 2, "low": 2, "high": 2}
        if unclear
        else {**PRECISE, "lat": lats[c], "lon": lons[c], "gid": None, "best": 2, "low": 2, "high": 2}
        for c, unclear in zip(cells, vague, strict=True)
    ]
    truth = np.array([2.0 * np.sum(cells == c) for c in range(8)])
    return events(*told), truth


def error(shares: pl.DataFrame, truth: np.ndarray) -> float:
    """Deaths in wrong cells, as a share of all: half the sum of absolute differences."""
    order = [int(gid(lat, lon)) for lat in (10.25, 10.75) for lon in (0.25, 0.75, 1.25, 1.75)]
    expected = shares.with_columns(
        gid=pl.Series(gid(shares["lat"].to_numpy(), shares["lon"].to_numpy())),
        _dead=pl.col("share") * 2,
    )
    sums = dict(expected.group_by("gid").agg(pl.col("_dead").sum()).iter_rows())
    return float(np.abs(np.array([sums.get(g, 0.0) for g in order]) - truth).sum() / 2 / truth.sum())


def test_known_places_are_recovered_where_the_assumption_holds_and_not_where_it_fails() -> None:
    piled, spread_out, wrong = [], [], []
    for seed in range(5):
        frame, truth = world(seed, same=True)
        piled.append(error(spread(frame, how="days", as_of=AS_OF), truth))
        spread_out.append(error(spread(frame, how="days-and-places", as_of=AS_OF, areas=[WEST]), truth))
        other, there = world(seed, same=False)
        wrong.append(error(spread(other, how="days-and-places", as_of=AS_OF, areas=[WEST]), there))
    # What chance alone leaves when 600 events tell of 300 others over eight cells, at most (cells alike):
    # a third of half the sum of eight mean absolute differences, each sqrt(2/pi) standard deviations.
    chance = 0.5 * 8 * np.sqrt(2 / np.pi * (1 / 8) * (7 / 8) * (1 / 300 + 1 / 600)) / 3
    assert np.mean(spread_out) < 1.2 * chance
    assert min(piled) > 0.20  # a third of all deaths on one point, less what belongs to its cell
    assert np.mean(wrong) > 3 * np.mean(spread_out)  # told as a known failure on the page of the method
