"""Forecasts of a theatre: sums, seeds, no future, late reports, and what is said when there is little."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from small_theatre import event, frame, theatre, world

from toguna.core.errors import UnknownNameError, UsageError
from toguna.events.nowcast import Completeness
from toguna.forecasts.outlook.adjust import Limits, limits_of, moves_of
from toguna.forecasts.outlook.layers import layers_of
from toguna.forecasts.outlook.outlook import Asked, Outlook, Sources, outlook
from toguna.forecasts.outlook.plain import plain
from toguna.forecasts.outlook.span import span_of

RATES = {"East": 2.0, "North": 0.5, "South": 0.1}
FIRST, AS_OF = date(2002, 1, 1), date(2005, 1, 15)


@pytest.fixture(scope="module")
def events() -> pl.DataFrame:
    return world(months=60, seed=1, rates=RATES).filter(pl.col("date_start") >= FIRST)


def made(events: pl.DataFrame, *, as_of: date = AS_OF, **asked: object) -> Outlook:
    wanted = Asked(**{"size": 100, "months": 4} | asked)  # type: ignore[arg-type]
    return outlook(events, theatre(), as_of=as_of, seed=7, asked=wanted)


def aimed(events: pl.DataFrame) -> pl.DataFrame:
    """Aim every third event at aid workers."""
    return events.with_columns(target=pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("aid_workers")))


@pytest.mark.parametrize("level", ["admin2", "grid"])
def test_parts_add_up_to_the_whole_draw_by_draw(events, level):
    targets = ("deaths", "deaths_sb", "incidents", "attacks_civilians")
    found = made(aimed(events), level=level, targets=targets)
    for target in targets:
        chain = [m for m in found.made if m.target == target]
        assert chain[0].level == "country" and chain[-1].level == level
        for above, below in pairwise(chain):
            for i in range(len(above.forecast.units)):
                parts = below.forecast.draws[:, below.parent == i].sum(axis=1)
                np.testing.assert_array_equal(parts, above.forecast.draws[:, i])


def test_kinds_of_violence_add_up_to_the_deaths_of_the_country(events):
    kinds = [made(events, level="country", targets=(f"deaths_{k}",)).made[0] for k in ("sb", "ns", "os")]
    whole = made(events, level="country", targets=("deaths",)).made[0]
    total = sum(k.forecast.draws for k in kinds)
    assert (total <= whole.forecast.draws).all()
    assert (total == whole.forecast.draws).mean() > 0.99  # every event is coded here


def test_counts_are_conserved_from_country_to_district(events):
    lost = frame(
        [event(date(2004, 3, 3), "East", 40, where_prec=5), event(date(2004, 3, 4), "East", 5, where_prec=4)]
    )
    country, larger, smaller = layers_of(
        pl.concat([events, lost]), theatre(), months=(265, 300), level="admin2"
    )
    assert country.counts["deaths"].sum() == events["best"].sum() + 45
    for layer in (larger, smaller):
        np.testing.assert_array_equal(layer.counts["deaths"].sum(axis=0), country.counts["deaths"][0])
    assert larger.counts["deaths"][larger.units.index("XYZ/")].sum() == 40
    assert smaller.counts["deaths"][smaller.units.index("XYZ/East/")].sum() == 5
    assert (
        "XYZ/West" in larger.units and larger.counts["incidents"][larger.units.index("XYZ/West")].sum() == 0
    )


def test_the_same_seed_makes_the_same_and_another_does_not(events):
    one, two = (made(events).of("admin1", "deaths").forecast.draws for _ in range(2))
    other = outlook(events, theatre(), as_of=AS_OF, seed=8, asked=Asked(size=100, months=4))
    np.testing.assert_array_equal(one, two)
    assert (other.of("admin1", "deaths").forecast.draws != one).any()


def test_attacks_on_civilians_are_told_only_where_the_source_says_whom_violence_hit(events):
    silent = events.with_columns(pl.lit(None, pl.String).alias("violence"))
    targets = ("attacks_civilians", "incidents")
    assert made(silent, targets=targets).silent == {"attacks_civilians": "not-coded"}
    one_sided = made(events, targets=targets, level="country")
    assert one_sided.of("country", "attacks_civilians").known.sum() == events.filter(violence="os").height


def test_what_else_is_asked_changes_nothing(events):
    alone = made(events, targets=("incidents",), level="admin1").of("admin1", "incidents")
    beside = made(events, targets=("deaths_os", "incidents"), level="admin2").of("admin1", "incidents")
    np.testing.assert_array_equal(alone.forecast.draws, beside.forecast.draws)
    np.testing.assert_array_equal(alone.high, beside.high)


def test_the_future_moves_nothing(events):
    """Months after the origin, the one under way too, may be anything."""
    later = frame([event(date(2005, m, d), "West", 500) for m in (1, 2, 6) for d in (2, 9)])
    shifted = later.filter(pl.col("date_start") <= AS_OF)
    assert plain(made(events)) == plain(made(pl.concat([events, shifted])))


def test_the_record_knows_no_future_either(events):
    """The last year is replaced: what was said at origins before it, and how it was weighed, stays."""
    early = events.filter(pl.col("date_start") < date(2004, 7, 1))
    other = pl.concat(
        [
            early,
            world(months=60, seed=5, rates={"West": 9.0}).filter(pl.col("date_start") >= date(2004, 7, 1)),
        ]
    )
    one, two = (made(e, level="country", targets=("deaths",)).made[0].record.cases for e in (events, other))
    known = (one.origin + one.step) < 30  # June 2004 is month 29
    np.testing.assert_array_equal(one.limits.high[known], two.limits.high[known])
    np.testing.assert_array_equal(one.score[known], two.score[known])
    np.testing.assert_array_equal(one.inside[known], two.inside[known])
    assert known.sum() > 15 and (one.observed[~known] != two.observed[~known]).any()


def test_drivers_add_up_to_the_mean(events):
    for m in made(events).made:
        for unit, driver in enumerate(m.drivers):
            total = driver["base"] + sum(driver["parts"].values())
            assert total == pytest.approx(driver["mean"], abs=2e-3)
            assert driver["mean"] == pytest.approx(m.forecast.draws[:, unit].mean(), abs=1e-3)
            assert sum(driver["weights"].values()) == pytest.approx(1, abs=0.01)


def test_an_area_without_events_beside_a_war_is_not_safe(events):
    areas = made(events, months=1).of("admin1", "incidents").forecast
    chance = dict(zip(areas.units, areas.chance_of(1)[0], strict=True))
    assert 0 < chance["XYZ/West"] < 0.3 < chance["XYZ/East"]
    assert chance["XYZ/"] == 0


def late(share: float) -> Completeness:
    two = np.array([share, share])
    return Completeness(two, two, two, two, np.tile(two, (50, 1)), steps=20, events=100)


def test_late_reports_raise_the_last_months(events):
    """Half of the last 60 days is known: means rise, nothing of the record is judged on those months."""
    targets = ("incidents", "deaths", "attacks_civilians")
    asked, events = Asked(level="admin1", targets=targets, size=400, months=3), aimed(events)
    plainly = outlook(events, theatre(), as_of=AS_OF, asked=asked)
    completed = outlook(
        events, theatre(), as_of=AS_OF, asked=asked, sources=Sources(known={"desk": late(0.5)})
    )
    assert completed.late and not plainly.late
    for target in targets:
        for level in ("country", "admin1"):
            one, two = (o.of(level, target) for o in (plainly, completed))
            assert two.forecast.draws.mean() > 1.02 * one.forecast.draws.mean()
            np.testing.assert_array_equal(one.known, two.known)
    cases = completed.of("country", "deaths").record.cases
    assert (cases.origin + cases.step).max() < 34  # November and December 2004 are months 34 and 35
    parts = completed.of("country", "deaths").drivers[0]["parts"]
    assert parts["late reports"] > 0


def test_one_month_of_history_is_a_rough_guess_and_says_so():
    few = frame([event(date(2004, 12, 5), "East", 7)])
    found = made(few)
    country = found.of("country", "deaths")
    assert country.record.as_dict() == {"origins": 0, "cases": 0}
    assert not country.calibrated.any() and country.forecast.draws.mean() == pytest.approx(7, rel=0.2)
    assert found.proven().made == () and found.proven().silent["deaths"] == "too-short"


def test_no_event_is_no_forecast():
    found = made(frame([]))
    assert (found.made, found.silent, found.source) == ((), {"all": "no-events"}, None)
    under_way = made(frame([event(date(2005, 1, 3), "East", 7)]))
    assert under_way.silent == {"all": "no-events"}


def test_kinds_that_are_not_coded_are_not_forecast(events):
    found = made(events.with_columns(violence=pl.lit(None, pl.String)), targets=("deaths", "deaths_os"))
    assert found.silent == {"deaths_os": "not-coded"} and {m.target for m in found.made} == {"deaths"}


@pytest.mark.parametrize(
    ("reach", "as_of", "last", "why"),
    [
        (None, date(2005, 1, 15), 300, "calendar"),
        (None, date(2005, 1, 31), 301, "calendar"),
        (date(2004, 10, 30), date(2005, 1, 15), 297, "release"),
        (date(2004, 10, 31), date(2005, 1, 15), 298, "release"),
        (None, date(2009, 6, 1), 300, "silence"),
        (date(2009, 5, 31), date(2009, 6, 1), 353, "calendar"),
    ],
)
def test_the_origin_is_the_last_month_known_whole(events, reach, as_of, last, why):
    span = span_of(events["date_end"], as_of=as_of, reach=reach)
    assert (span.first, span.last, span.why) == (265, last, why)


def test_misuse_is_told():
    with pytest.raises(UnknownNameError, match="deaths"):
        Asked(targets=("dead",))
    with pytest.raises(UsageError, match="1 to 36"):
        Asked(months=37)
    with pytest.raises(UnknownNameError, match="level"):
        made(world(months=3, seed=1, rates={"East": 3.0}), as_of=date(2000, 4, 2), level="town")


def test_trees_are_refused_where_they_would_learn_nothing(events):
    with pytest.raises(UsageError, match="trees need"):
        made(events, trees=True)


def test_intervals_that_were_too_narrow_are_widened_for_their_size_only():
    """Small forecasts held, large ones were half as wide as they should be."""
    rng, n = np.random.default_rng(3), 400
    large = np.repeat([0, 1], n // 2)
    truth = rng.poisson(np.where(large, 60, 0.05)).astype(float)
    draws = rng.poisson(np.where(large, 60, 0.05)[:, None], (n, 300)).astype(float)
    draws[large == 1] = np.rint(60 + (draws[large == 1] - 60) / 3)
    limits = limits_of(draws)
    moves = moves_of(limits, truth, np.arange(n) % 10)
    moved = moves.moved(limits)
    held = (moved.low <= truth) & (truth <= moved.high)
    before = (limits.low <= truth) & (truth <= limits.high)
    assert before[large == 1].mean() < 0.6 < 0.88 < held[large == 1].mean() < 0.95
    np.testing.assert_array_equal(moved.high[large == 0], limits.high[large == 0])
    few = moves_of(
        Limits(*(v[:40] for v in (limits.low, limits.high, limits.group))), truth[:40], np.arange(40)
    )
    assert np.isnan(few.by).all()
