"""What recent months still lack is estimated from past delays, and where it cannot be, nothing is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toguna.events.completeness import completeness_by_source
from toguna.events.gather import gather
from toguna.events.ingest import ingest
from toguna.events.nowcast import STEP_DAYS, Completeness, Reports, completeness, unknown
from toguna.store.home import Home
from toguna.store.scaffold import new_theatre
from toguna.store.theatre import load_theatre

AS_OF = date(2020, 6, 30).toordinal()


def reports(
    seed: int, *, delay: float = 45.0, per_step: int = 40, steps: int = 40
) -> tuple[Reports, np.ndarray]:
    """Simulate what is known on the day, and how many events the newest steps really have."""
    rng = np.random.default_rng(seed)
    age = rng.integers(0, steps * STEP_DAYS, per_step * steps)
    day = AS_OF - age
    known = day + np.floor(rng.exponential(delay, len(day)) if delay else np.zeros(len(day))).astype(np.int64)
    seen = known <= AS_OF
    return Reports(day[seen], known[seen], np.ones(seen.sum())), np.bincount(age // STEP_DAYS)[:3]


def estimate(told: Reports, seed: int = 0) -> Completeness:
    return completeness(told, as_of=AS_OF, rng=np.random.default_rng(seed))


def test_share_and_interval_recover_the_truth() -> None:
    """Exponential delays of 45 days: the mean share over days of age 0-29 is known in closed form."""
    shares, inside = [], np.zeros(3)
    for seed in range(40):
        told, truth = reports(seed)
        found = estimate(told)
        shares.append(found.share[:3])
        counts = np.bincount((AS_OF - told.day) // STEP_DAYS)[:3]
        _, low, high = found.predict(counts, rng=np.random.default_rng(seed))
        inside += (low <= truth) & (truth <= high)
    age = np.arange(3 * STEP_DAYS).reshape(3, STEP_DAYS)
    true = (1 - np.exp(-(age + 1) / 45.0)).mean(axis=1)
    error = np.std(shares, axis=0) / np.sqrt(len(shares))
    assert (np.abs(np.mean(shares, axis=0) - true) < 4 * error).all()
    assert (inside >= 0.75 * 40).all()


def test_watching_that_began_late_gives_the_same_share() -> None:
    told, _ = reports(1, per_step=400)
    since = AS_OF - 20 * STEP_DAYS
    watched = Reports(told.day, np.maximum(told.known, since), told.deaths, since=since)
    assert estimate(watched).steps == 20
    assert np.allclose(estimate(watched).share[:6], estimate(told).share[:6], atol=0.03)


def test_nothing_is_missing_where_reports_come_at_once() -> None:
    found = estimate(reports(2, delay=0.0)[0])
    assert found.known and not found.matters
    assert (found.share == 1).all() and (found.low == 1).all()


def test_deaths_have_a_share_of_their_own() -> None:
    told, _ = reports(3, per_step=200)
    prompt = told.known - told.day < 10
    heavy = Reports(told.day, told.known, np.where(prompt, 50.0, 1.0))
    found = estimate(heavy)
    assert found.deaths[0] > found.share[0] + 0.2
    assert np.allclose(estimate(told).deaths, estimate(told).share)


def test_what_a_final_release_has_settled_is_whole() -> None:
    told, _ = reports(4)
    found = estimate(Reports(told.day, told.known, told.deaths, settled=AS_OF - 2 * STEP_DAYS))
    assert (found.share[:2] < 1).all() and (found.share[2:] == 1).all() and (found.draws[:, 2:] == 1).all()


def test_too_little_says_unknown_and_why() -> None:
    told, _ = reports(5)
    few = Reports(told.day[:20], told.known[:20], told.deaths[:20])
    assert estimate(few).reason in ("too-few", "too-short", "too-rare")
    since = AS_OF - 5 * STEP_DAYS
    assert (
        estimate(Reports(told.day, np.maximum(told.known, since), told.deaths, since=since)).reason
        == "too-short"
    )
    yearly = -(-told.known // 365) * 365
    assert estimate(Reports(told.day, yearly, told.deaths)).reason == "too-rare"
    assert unknown("too-few").as_dict() == {"known": False, "reason": "too-few"}
    assert not unknown("too-few").matters


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_what_was_published_later_changes_nothing(seed: int, per_step: int) -> None:
    told, _ = reports(seed, per_step=per_step)
    more = Reports(
        np.append(told.day, [AS_OF - 3, AS_OF + 9]),
        np.append(told.known, [AS_OF + 1, AS_OF + 20]),
        np.append(told.deaths, [500.0, 500.0]),
    )
    one, other = estimate(told), estimate(more)
    assert one.as_dict() == other.as_dict()
    assert (np.diff(one.share) >= -1e-12).all() and ((one.share > 0) & (one.share <= 1)).all()


def test_mean_share_over_days() -> None:
    found = Completeness(share=np.array([0.5, 1.0]), draws=np.array([[0.5, 1.0]]))
    spans = found.over(np.array([0.0, 0.0, 15.0, 90.0]), np.array([30.0, 60.0, 45.0, 120.0]))
    assert np.allclose(spans, [0.5, 0.75, 0.75, 1.0])


HEADER = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,iso,country,admin1,"
    "location,latitude,longitude,geo_precision,fatalities,timestamp"
)


@pytest.fixture
def archive(tmp_path: Path) -> tuple[Home, Path]:
    """Sixteen monthly exports of a source that reports with delays of 45 days on average."""
    rng = np.random.default_rng(7)
    first, home = date(2018, 1, 1), Home(tmp_path / "home")
    day = [first + timedelta(days=int(n)) for n in rng.integers(0, 900, 900)]
    known = [d + timedelta(days=int(n)) for d, n in zip(day, rng.exponential(45, 900), strict=True)]
    for k in range(16):
        until = date(2019, 3, 1) + timedelta(days=30 * k)
        rows = [
            f"M{i},{d},1,Battles,Armed clash,A,B,466,Mali,Gao,Gao,16.3,0.0,1,2,"
            f"{int(datetime(until.year, until.month, until.day, tzinfo=UTC).timestamp())}"
            for i, (d, w) in enumerate(zip(day, known, strict=True))
            if w <= until and d <= until
        ]
        path = tmp_path / f"export{k}.csv"
        path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        ingest("acled", path, home)
    new_theatre(tmp_path / "pack", "small")
    settings_ = tmp_path / "pack" / "theatre.toml"
    head, rest = settings_.read_text(encoding="utf-8").split("countries = [", 1)
    settings_.write_text(head + 'countries = ["MLI"' + rest[rest.index("]") :], encoding="utf-8")
    return home, tmp_path / "pack"


def test_from_monthly_exports_to_the_share_known(archive: tuple[Home, Path]) -> None:
    home, pack = archive
    theatre = load_theatre(pack)
    found = {}
    for as_of in (date(2020, 5, 24), date(2019, 7, 1)):
        gathered = gather(theatre, as_of=as_of, sources=["acled"], home=home)
        assert gathered.events["event_id"].n_unique() == gathered.events.height
        found[as_of] = completeness_by_source(gathered, theatre, as_of=as_of, home=home)["acled"]
    late, early = found.values()
    assert early.reason == "too-short"
    assert late.known and late.steps == 15
    assert 0.15 < late.share[0] < 0.45 and late.low[0] < 0.28 < late.high[0]
    assert pl.Series(late.share).is_sorted()
