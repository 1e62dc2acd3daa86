"""Coverage that follows harm, that foresees it, and that has nothing to do with it."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from worlds import AREAS, END, LAST, START, attacks, measure, on

from toguna.responses.coverage import PERIOD, coverage


def compared(responses, struck, where, seed=0):
    return coverage(responses, struck, areas=AREAS, where=where, end=END, rng=np.random.default_rng(seed))


def world(rng, lag):
    """Harm moves from area to area; each period one measure covers the area struck `lag` periods later."""
    n = (LAST - START + 1) // PERIOD
    at = rng.integers(0, len(AREAS), size=n)
    days, places, made, where = [START], [AREAS[0]], [], {}
    for k in range(n):
        first = LAST - PERIOD * (n - k) + 1
        days += list(first + rng.integers(0, PERIOD, 5))
        places += [AREAS[at[k]]] * 5
        aim = AREAS[at[(k + lag) % n]] if lag is not None else AREAS[rng.integers(len(AREAS))]
        made.append(measure(f"R{k}", on(first + 5)))
        where[f"R{k}"] = aim
    return made, attacks(days, areas=places), where


def test_foresight_is_seen():
    found = compared(*world(np.random.default_rng(1), 1))
    assert found.following.share > 0.9 and found.following.p < 0.01
    assert found.following.correlation > 0.9
    assert found.preceding.share < 0.5


def test_following_is_seen():
    found = compared(*world(np.random.default_rng(1), -1))
    assert found.preceding.share > 0.9 and found.preceding.p < 0.01
    assert found.following.share < 0.5


def test_no_tie_is_found_where_there_is_none():
    rng = np.random.default_rng(2)
    p = [compared(*world(rng, None), seed=k).following.p for k in range(20)]
    assert np.mean(np.array(p) <= 0.1) <= 0.3


def test_measures_without_an_area_or_too_few_periods_are_not_compared():
    made = [measure("R", END - timedelta(days=10))]
    assert compared(made, attacks([LAST - 400]), {"R": ""}).following is None
    assert compared(made, attacks([LAST - 100]), {"R": "A"}).following is None
    assert compared(made, attacks([]), {"R": "A"}).following is None
