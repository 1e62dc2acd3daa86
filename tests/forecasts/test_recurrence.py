"""The answer as a whole: names checked, the future unseen, numbers that hang together."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from toguna.core.errors import DataError, UnknownNameError, UsageError
from toguna.core.geography import to_lat_lon
from toguna.forecasts.recurrence import recur as module
from toguna.forecasts.recurrence import rolling
from toguna.forecasts.recurrence.population import population_of
from toguna.forecasts.recurrence.question import Area, Circle, Kind, horizon_days
from toguna.forecasts.recurrence.recur import listed, recur
from toguna.forecasts.recurrence.selfexciting import Effort
from toguna.forecasts.recurrence.sentences import sentences
from toguna.room.view import Question, collect, windows_of
from toguna.store.theatre import load_theatre
from toguna.testing.attacks import TOWNS, Process, simulate_attacks

DAYS = 1000
AS_OF = date.fromordinal(DAYS)
SAMPLE = simulate_attacks(np.random.default_rng(0), truth=Process(mu=0.06), days=DAYS + 200)
HOTEL = Kind(setting=frozenset({"hotel", "market"}))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(rolling, "MOST_ORIGINS", 2)
    monkeypatch.setattr(module, "ANSWERED", Effort(draws=40, paths=20))


def ask(sample=SAMPLE, *, kind=HOTEL, place=None, horizons=(3, 12), seed=0, as_of=AS_OF):
    place = place or Area("admin1", "area-0")
    return recur(
        sample, kind=kind, place=place, as_of=as_of, horizons=horizons, rng=np.random.default_rng(seed)
    )


def test_answer_hangs_together():
    short, long = ask()
    assert (short.horizon_months, long.horizon_months) == (3, 12)
    assert 0 < short.low <= short.probability <= short.high < 1
    assert short.probability <= long.probability
    assert short.expected <= long.expected
    past = SAMPLE.day <= DAYS
    assert long.events == past.sum()
    here = SAMPLE.coded["admin1"].codes == 0
    alike = np.isin(SAMPLE.coded["setting"].codes, [1, 2])
    assert (long.here, long.alike, long.alike_here) == (
        (past & here).sum(), (past & alike).sum(), (past & here & alike).sum(),
    )  # fmt: skip
    scores = {m: v["ignorance"] for m, v in long.record["models"].items()}
    assert long.model == min(scores, key=scores.get)
    assert long.record["models"][long.model]["probability"] == pytest.approx(long.probability, abs=1e-4)


def test_what_comes_later_changes_nothing():
    later = np.flatnonzero(SAMPLE.day > DAYS)
    assert len(later) > 10
    known = SAMPLE.take(np.flatnonzero(SAMPLE.day <= DAYS))
    assert ask(known) == ask()


def test_what_is_said_of_a_horizon_hangs_on_no_other():
    """Asked alone, with a shorter or with a longer one: the same model and the same numbers."""
    three, twelve = ask(horizons=(3,))[0], ask(horizons=(12,))[0]
    assert ask(horizons=(3, 12)) == (three, twelve)
    assert ask(horizons=(1, 3, 12, 24))[1:3] == (three, twelve)
    long = ask(horizons=(12, 24, 36))
    assert ask(horizons=(24,))[0] == long[1]
    assert long[0].probability <= long[1].probability <= long[2].probability


def test_circle_and_area_ask_the_same():
    lat, lon = to_lat_lon(*TOWNS[0], origin=SAMPLE.origin)
    area, circle = ask(horizons=(12,))[0], ask(place=Circle(lat, lon, 60.0), horizons=(12,))[0]
    assert circle.here == pytest.approx(area.here, rel=0.25)
    assert circle.probability == pytest.approx(area.probability, abs=0.15)


def test_cells_and_families_can_be_asked():
    cell = SAMPLE.coded["cell"].names[int(SAMPLE.coded["cell"].codes[0])]
    found = ask(kind=Kind(family="all"), place=Area("cell", cell), horizons=(6,))[0]
    assert (
        found.here == (SAMPLE.coded["cell"].codes[SAMPLE.day <= DAYS] == SAMPLE.coded["cell"].codes[0]).sum()
    )
    assert found.alike == found.events


def test_a_kind_never_seen_is_rare_and_not_impossible():
    found = ask(kind=Kind(setting=frozenset({"airport"})), horizons=(12,))[0]
    assert found.alike == 0
    assert 0 < found.probability < 0.5


def test_names_and_sizes_are_checked():
    with pytest.raises(UnknownNameError, match="area-0"):
        ask(place=Area("admin1", "area-9"))
    with pytest.raises(UnknownNameError, match="family"):
        ask(kind=Kind(family="nobody"))
    with pytest.raises(UsageError, match="finer than a town"):
        Circle(0.0, 0.0, 1.0)
    for months in ((), (0,), (37,)):
        with pytest.raises(UsageError, match="1 to 36"):
            horizon_days(months)
    with pytest.raises(DataError, match="expected at least 10"):
        ask(as_of=date.fromordinal(20))


def test_list_for_an_assessment_and_words():
    found = ask()
    (first, _) = listed(found)
    assert set(first) == {"place", "kind", "horizon_months", "probability", "low", "high", "expected"}
    said = sentences(found[1], {"en": "attacks", "fr": "attaques"})
    assert "within 12 months" in said["en"][0] and "hotel, market" in said["en"][0]
    assert "d’ici 12 mois" in said["fr"][0]
    assert len(said["en"]) == len(said["fr"]) == 4
    assert not any(word in " ".join(said["en"]) for word in ("because", "caused", "due to"))
    assert "bits of ignorance" in said["en"][2]


def test_short_record_says_so():
    few = SAMPLE.take(np.arange(15))
    found = ask(few, kind=Kind(), as_of=date.fromordinal(int(few.day[-1])), place=Circle(15.0, 0.0, 500.0))
    assert found[0].record["origins"] == 0
    assert "rough guess" in sentences(found[0], {"en": "attacks", "fr": "attaques"})["en"][2]


def test_reports_of_low_confidence_are_not_counted():
    """As in every test: they are shown, and nothing rests on them."""
    theatre = load_theatre("mali")
    known = collect(Question(theatre=theatre, windows=windows_of(theatre, date(2015, 11, 24))))
    doubted = pl.col("row") % 2 == 0
    graded = known.events.with_columns(
        reliability=pl.lit("E"), confidence=pl.when(doubted).then(pl.lit("low")).otherwise(pl.lit("high"))
    )
    asked = [
        population_of(events, theatre=theatre, registry=known.registry, as_of=date(2015, 11, 24))
        for events in (known.events, graded, known.events.filter(~doubted))
    ]
    sizes = [len(one.sample) for one in asked]
    assert sizes[0] > sizes[1] == sizes[2] > 10
