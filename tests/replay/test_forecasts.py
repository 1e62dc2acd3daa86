"""Replayed forecasts: no future, the same bytes everywhere, scores that are those of the draws."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from tables import FIRST, counts, write

from toguna.core.errors import DataError
from toguna.core.language import LANGUAGES, Language
from toguna.forecasts.forecast import Forecast
from toguna.panels.panel import Panel
from toguna.replay.forecast_words import forecast_sentences, paying
from toguna.replay.forecasters import Pool, Resampling, forecasters
from toguna.replay.foretelling import Foretelling
from toguna.replay.foretold import counts_of, draws_of, foretell, packed, unpacked
from toguna.replay.looks import month_ends
from toguna.replay.run import replay
from toguna.replay.runners import runner
from toguna.replay.skill import Asked, skill
from toguna.scores.crps import crps

DATES = month_ends("2010-01", "2012-12")
LONG = month_ends("2010-01", "2013-12")


def chain(path, **more):
    return Foretelling(path, who=(Pool("count", size=50), *forecasters("pool", column="count")[1:]), **more)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("done")
    made = counts()
    found = replay(chain(write(folder / "t.csv", made)), DATES, out=folder / "out", asked={"seed": 3})
    return made, found


@pytest.mark.parametrize("values", [[], [0.0], [0.0] * 7, [0, 0, 3, 3, 3, 1.5], [1e6, 1e6, 123456789.0]])
def test_runs_are_read_back(values):
    assert unpacked(packed(values)).tolist() == list(values)


def test_what_was_foretold_is_read_back():
    panel = Panel("country", ("A", "B", "C"), np.arange(100, 140), ("count",), counts(3, 40).T[:, :, None])
    made = Pool("count", size=30)(panel, (1, 2, 3), 5)
    said = json.loads(
        json.dumps(foretell(panel, [Pool("count", size=30)], column="count", seed=5, steps=(1, 2, 3)))
    )
    assert np.array_equal(draws_of(said, "pool"), np.sort(made.draws, axis=-1))
    known = counts_of(said)
    assert np.array_equal(np.stack([known[u] for u in panel.units]), panel.counts("count"))


def test_shifting_the_future_moves_nothing(tmp_path, done):
    """Every look is the same to the byte when later rows are multiplied, or bring a new unit."""
    made, found = done
    cut = 12 * 6  # months known by December 2010
    other = made.copy()
    other[:, cut:] = other[:, cut:] * 7 + 3
    path = write(tmp_path / "t.csv", other)
    late = pl.DataFrame(
        {"unit": ["NEW"] * 3, "month": [FIRST + cut + k for k in range(3)], "deaths": [900] * 3}
    )
    pl.concat([pl.read_csv(path), late]).write_csv(path)
    again = replay(chain(path), DATES, out=tmp_path / "out", asked={"seed": 3})
    before = [look["as_of"] <= "2010-12-31" for look in found.looks]
    assert sum(before) == 12
    same = [a == b for a, b in zip(found.looks, again.looks, strict=True)]
    assert same == before  # and the later ones do differ


def test_processes_write_the_same_bytes(tmp_path, done):
    made, found = done
    path = write(tmp_path / "t.csv", made)
    run = runner("processes", workers=2)
    again = replay(chain(path), DATES, out=tmp_path / "out", asked={"seed": 3}, run=run)
    assert again.looks == found.looks


def test_scores_are_those_of_the_draws_against_what_is_known_at_the_end(done):
    made, found = done
    told = skill(found.looks, Asked(at_least=1, cost_loss=0.2))
    sums, n = np.zeros(12), np.zeros(12)
    start = 60  # January 2010
    for k, look in enumerate(found.looks):
        draws = draws_of(look["found"]["forecasts"], "pool")
        for h in range(12):
            at = start + k + 1 + h
            if at < start + len(DATES):
                sums[h] += crps(draws[h], made[:, at]).sum()
                n[h] += len(made)
    ours = told["methods"][0]
    assert [row["cases"] for row in ours["by_step"]] == n[n > 0].tolist()
    assert [row["crps"] for row in ours["by_step"]] == pytest.approx(
        (sums / np.maximum(n, 1))[n > 0], abs=1e-4
    )
    assert [m["name"] for m in told["methods"]] == ["pool", "last_12", "last_240"]
    assert told["methods"][1]["ratio"]["value"] == 1.0
    assert told["frame"]["cases"] == n.sum()
    own = told["value"]["1"]["own"]["decisions"]["pool"]
    assert own["hits"] + own["missed"] == told["value"]["1"]["events"]
    assert sum(told["calibration"]["pit"]["pool"]) == n.sum()
    assert [sum(r["n"]) for r in told["records"]] == [n.sum(), told["frame"]["with_any"]]


class _Knowing:
    """Says what will be, or the draws that truly made it: forecasters of known quality."""

    def __init__(self, truth, name="knowing"):
        self.truth, self.name, self.parameters = truth, name, {}

    def __call__(self, panel, steps, seed):
        origin = int(panel.months[-1])
        at = [min(origin - FIRST + s, self.truth.shape[1] - 1) for s in steps]
        draws = np.stack([self.truth[:, k] for k in at])
        return Forecast("count", self.name, origin, steps, panel.units, draws, seed)


def _looks(made, who, dates):
    months = [FIRST + 60 + k for k in range(len(dates))]
    names, span = tuple(f"U{u}" for u in range(len(made))), np.arange(FIRST, FIRST + made.shape[1])
    panel = Panel("country", names, span, ("count",), made.T[:, :, None])
    return [
        {"found": {"forecasts": foretell(panel.until(m), who, column="count", seed=k, steps=(1, 2, 3))}}
        for k, m in enumerate(months)
    ]


def test_a_perfect_forecast_has_value_one_and_error_zero():
    made = counts()
    told = skill(_looks(made, [_Knowing(made[:, :, None]), Resampling(12, "count")], DATES))
    ours = told["methods"][0]
    assert (ours["crps"], ours["ratio"]["value"]) == (0.0, 0.0)
    values = [row["value"]["knowing"] for row in told["value"]["1"]["curve"]]
    assert values == [1.0] * len(values)


def test_a_calibrated_world_is_recovered():
    """Outcomes drawn from the very distribution that is forecast: calibrated, and never worth less than 0."""
    rng = np.random.default_rng(8)
    level = np.exp(rng.normal(0, 1.5, (40, 1)) + rng.normal(0, 1.0, (40, 108)))
    made = rng.poisson(level).astype(float)
    draws = rng.poisson(level[..., None], (40, 108, 200)).astype(float)
    told = skill(_looks(made, [_Knowing(draws, "true"), Resampling(12, "count")], LONG), Asked(seed=1))
    ours = told["methods"][0]
    assert ours["coverage90"] == pytest.approx(0.9, abs=0.015)
    pit = np.array(told["calibration"]["pit"]["true"])
    assert (
        (pit - pit.mean()) ** 2 / pit.mean()
    ).sum() < 40  # chi-squared, 9 degrees, three copies of each month
    assert ours["ratio"]["high"] < 1
    for row in told["value"]["1"]["curve"]:
        assert row["value"]["true"] >= -0.01
        assert row["value"]["true"] >= row["value"]["last_12"] - 0.01
    for group in told["calibration"]["reliability"]:
        assert group["happened"] == pytest.approx(group["said"], abs=0.12)


def test_intervals_cover_the_ratio_of_a_world_without_memory():
    """Of 60 replays of 48 months the 90 % interval holds the true ratio in at least 45."""
    from toguna.replay.resampled import Blocks, interval_of

    held = 0
    for k in range(60):
        rng = np.random.default_rng(k)
        month = np.repeat(np.arange(48), 30)
        ours, theirs = rng.gamma(2, 0.9, len(month)), rng.gamma(2, 1.0, len(month))
        found = interval_of(ours, theirs, Blocks.of(month, k))
        held += found["low"] <= 0.9 <= found["high"]
    assert 45 <= held <= 59


def test_too_few_months_get_no_interval(done):
    _, found = done
    told = skill(found.looks[:14])
    assert told["methods"][0]["ratio"]["low"] is None
    assert told["value"]["1"]["curve"][0]["interval"] is None


def test_nothing_due_is_nothing_scored(done):
    _, found = done
    assert skill(found.looks[:1]) is None
    assert skill([{"found": {"forecasts": None}}]) is None


def test_a_table_that_is_too_short_is_refused(tmp_path):
    path = write(tmp_path / "t.csv", counts(months=8))
    with pytest.raises(DataError, match="knows 8 months"):
        chain(path).begin(month_ends("2005-08", "2005-08")[0], 0)


@pytest.mark.parametrize("code", LANGUAGES)
def test_losses_are_said_as_losses(done, code):
    """Whatever the numbers: better, worse, not shown; worth it somewhere, at one price, or nowhere."""
    _, found = done
    told = skill(found.looks, Asked(at_least=1, cost_loss=0.2))
    L = Language(code)
    said = forecast_sentences(told, L)
    assert len(said) >= 6 and not any("method:" in text or "{" in text for text in said)
    ours = told["methods"][0]
    verdicts = set()
    for low, high in ((0.7, 0.9), (1.1, 1.3), (0.9, 1.2), (None, None)):
        ratio = {"value": 1.0, "low": low, "high": high}
        changed = told | {"methods": [ours | {"ratio": ratio, "log_ratio": ratio}, *told["methods"][1:]]}
        verdicts.add(forecast_sentences(changed, L)[1].split(". ")[-1])
    assert len(verdicts) == 4
    value = told["value"]["1"]
    paid = set()
    for good in ((0.1, 0.3), (0.1, 0.1), ()):
        curve = []
        for row in value["curve"]:
            pays = bool(good) and good[0] <= row["ratio"] <= good[1]
            curve.append(row | {"value": dict.fromkeys(row["value"], 0.5 if pays else -0.1)})
        changed = told | {"value": {"1": value | {"curve": curve}}}
        assert paying(changed, "pool") == (good or None)
        paid.add(forecast_sentences(changed, L)[-4])
    assert len(paid) == 3
