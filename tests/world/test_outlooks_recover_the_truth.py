"""In worlds with known rates the intervals of outlooks hold, and means are right."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1] / "forecasts"))
from small_theatre import theatre, world

from toguna.forecasts.outlook.outlook import Asked, outlook

RATES, TOLL = {"East": 3.0, "North": 1.0, "South": 0.3}, 3.0
WORLDS, KNOWN = 8, 96


def test_steady_worlds_are_covered_and_not_biased() -> None:
    """8 worlds of 8 years: past forecasts hold what happened as often as they claim.

    Intervals of counts are judged by randomised PIT. Forecasts of one world share most of what they know: the
    standard error is that of some 8 x 8 separate years, about 0.03.
    """
    asked = Asked(level="admin1", targets=("deaths",), months=3, size=200)
    held: dict[str, list[float]] = {"country": [], "admin1": []}
    stated, means, ratios = [], [], []
    for seed in range(WORLDS):
        events = world(months=KNOWN, seed=100 + seed, rates=RATES, toll=TOLL)
        found = outlook(events, theatre(), as_of=date(2007, 12, 31), seed=seed, asked=asked)
        for level, shares in held.items():
            told = found.of(level, "deaths").record.as_dict()
            shares.append(told["coverage_pit@0.9"])
            ratios.append(told["crps"] / told["crps_last_year"])
        stated.append(told["coverage@0.9"])
        means.append(found.of("country", "deaths").forecast.draws.mean())
    assert abs(np.mean(means) / (TOLL * sum(RATES.values())) - 1) < 0.06
    for level, shares in held.items():
        assert 0.84 < np.mean(shares) < 0.95, (level, shares)
    assert 0.87 < np.mean(stated) < 0.99
    # Last-year resampling knows twelve months of a steady rate; the pool knows years and must do better.
    assert np.mean(ratios) < 0.99
