"""Of an event told by several releases one telling counts; what does not count is counted as such."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from toguna.events.succession import Kept, Telling, in_force, superseded
from toguna.sources.protocol import Term

from .frames import DAY, frame


def ids(telling: Telling, kept: Kept) -> list[str]:
    return telling.events.filter(kept.counts)["event_id"].to_list()


def counted(tellings: list[Telling], **rule: str) -> list[list[str]]:
    return [ids(t, k) for t, k in zip(tellings, in_force(tellings, **rule), strict=True)]  # type: ignore[arg-type]


def test_exports_of_two_countries_are_both_used() -> None:
    mali = Telling(frame(("a", "MLI", 0), ("b", "MLI", 90)), date(2016, 1, 1))
    niger = Telling(frame(("c", "NER", 30)), date(2016, 2, 1))
    assert counted([mali, niger], succession="coverage") == [["a", "b"], ["c"]]


def test_a_newer_export_replaces_what_it_covers_and_nothing_else() -> None:
    old = Telling(frame(*((f"e{k}", "MLI", 10 * k) for k in range(8))), date(2016, 1, 1))
    new = Telling(frame(("e3", "MLI", 30), ("n", "MLI", 45), ("e5", "MLI", 50)), date(2016, 2, 1))
    first, second = in_force([old, new], succession="coverage")
    assert ids(old, first) == ["e0", "e1", "e2", "e6", "e7"]
    assert (first.told_again, int(first.withdrawn.sum()), first.narrower) == (2, 1, 0)
    assert second.counts.all()
    said = {f.code: f.found for f in superseded("x 1", "x", old.events, first)}
    assert said["event-withdrawn"].startswith("1 events of x 1 with 1 deaths")
    assert said["event-in-two-releases"].startswith("2 events")


def test_an_export_of_fewer_kinds_withdraws_nothing_of_the_others() -> None:
    fights = frame(*((f"f{k}", "MLI", k) for k in range(20)))
    protests = frame(*((f"p{k}", "MLI", k) for k in range(20)), kind="Protests")
    old = Telling(pl.concat([fights, protests]), date(2016, 1, 1))
    new = Telling(fights, date(2016, 2, 1))
    kept = in_force([old, new], succession="coverage")[0]
    assert ids(old, kept) == [f"p{k}" for k in range(20)]
    assert (kept.narrower, int(kept.withdrawn.sum())) == (20, 0)


def test_of_two_exports_of_one_day_neither_withdraws() -> None:
    both = [
        Telling(frame(("a", "MLI", 0), ("b", "MLI", 5), ("c", "MLI", 9)), DAY),
        Telling(frame(("a", "MLI", 0), ("c", "MLI", 9)), DAY),
    ]
    assert counted(both, succession="coverage") == [["b"], ["a", "c"]]


def test_nothing_vanishes_from_submissions() -> None:
    old = Telling(frame(("a", "MLI", 0), ("b", "MLI", 5), ("c", "MLI", 9)), date(2016, 1, 1))
    new = Telling(frame(("a", "MLI", 0), ("c", "MLI", 9)), date(2016, 2, 1))
    assert counted([old, new], succession="cumulative") == [["b"], ["a", "c"]]


FINAL = Term(last=date(2015, 1, 31))
FEBRUARY = Term(date(2015, 2, 1), date(2015, 2, 28), preliminary=True)


def test_final_release_settles_its_days_whatever_came_later() -> None:
    final = Telling(frame(("a", "MLI", 0), ("b", "MLI", 30)), date(2015, 2, 15), FINAL)
    early = Telling(
        frame(("b", "MLI", 30), ("late", "MLI", 12), ("n", "MLI", 40)), date(2015, 3, 31), FEBRUARY
    )
    assert counted([final, early]) == [["a", "b"], ["n"]]
    assert counted([final, early], rule="newest-wins") == [["a"], ["b", "late", "n"]]


def test_a_final_release_that_came_later_wins_by_both_rules() -> None:
    early = Telling(
        frame(("a", "MLI", 3), ("gone", "MLI", 12), ("n", "MLI", 40)), date(2015, 2, 28), FEBRUARY
    )
    final = Telling(frame(("a", "MLI", 3)), date(2015, 6, 30), FINAL)
    for rule in ("annual-first", "newest-wins"):
        assert counted([early, final], rule=rule) == [["n"], ["a"]]


ROWS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["MLI", "NER"]), st.integers(0, 60)),
    max_size=8,
    unique_by=lambda row: row[0],
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4), st.sampled_from(["coverage", "cumulative", "whole"]))
def test_every_event_counts_once_and_deaths_are_conserved(releases: list, succession: str) -> None:
    tellings = [
        Telling(frame(*rows, best=7), DAY + timedelta(days=30 * k)) for k, rows in enumerate(releases)
    ]
    kept = in_force(tellings, succession=succession)  # type: ignore[arg-type]
    told = [i for t, k in zip(tellings, kept, strict=True) for i in ids(t, k)]
    assert len(told) == len(set(told))
    everything = {row[0] for rows in releases for row in rows}
    gone = {i for t, k in zip(tellings, kept, strict=True) for i in t.events.filter(k.withdrawn)["event_id"]}
    assert set(told) | gone == everything
    assert not set(told) & gone
    deaths = sum(int(t.events.filter(k.counts)["best"].sum()) for t, k in zip(tellings, kept, strict=True))
    assert deaths == 7 * len(told)
    for telling, k in zip(tellings, kept, strict=True):
        assert telling.events.height == k.counts.sum() + k.told_again + k.withdrawn.sum()
    assert kept[-1].counts.all()
    if succession == "cumulative":
        assert not gone
