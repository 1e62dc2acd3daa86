"""Verdicts where evidence lies beside the statement: another population, another area, another cause."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from toguna.core.types import Interval
from toguna.room.claims import measures
from toguna.room.claims.measures import Known, fronts, largest, reach, share, tempo
from toguna.room.claims.statements import Statement
from toguna.shifts.battery import run
from toguna.shifts.detect import Detection
from toguna.shifts.population import Population
from toguna.shifts.sample import Coded, Sample
from toguna.shifts.windows import windows_ending

WINDOWS = windows_ending(date(2015, 12, 31))
FIRST, RECENT = WINDOWS.reference.start.toordinal(), WINDOWS.recent.start.toordinal()


def _statement(measure, **settings):
    return Statement("s", {"en": "", "fr": ""}, "me", date(2015, 1, 1), measure, settings)


def _sample(tactic=None):
    day = np.array([FIRST + 30 * k for k in range(20)] + [RECENT + 15 * k for k in range(20)])
    n = len(day)
    codes = np.zeros(n, dtype=np.int64) if tactic is None else tactic
    area = np.zeros(n, dtype=np.int64)
    area[-1] = 1
    coded = {name: Coded(("x", "y"), codes) for name in ("tactic", "target", "setting")}
    coded |= {"admin1": Coded(("old", "new"), area), "admin2": Coded((), np.full(n, -1))}
    coded["cell"] = coded["admin1"]
    ids = np.array([f"e{k}" for k in range(n)])
    return Sample(ids, day, np.zeros((n, 2)), (0.0, 0.0), coded, {})


def _known(*shifts, tactic=None, uneven=False, areas=()):
    s = _sample(tactic)
    battery = run(s, WINDOWS, replicates=99, rng=np.random.default_rng(1))
    population = Population("all", {"en": "x", "fr": "y"}, "world", s, battery, None, 0, 0)
    return Known(None, None, Detection(shifts, {}, list(areas), (population,)), population, uneven=uneven)


def _shift(name, *, alarm=True, p=0.001, ids=(), **numbers):
    effect = Interval(0.5, "times the earlier rate", 0.3, 0.8)
    return SimpleNamespace(
        id=name,
        dimension=name.split("/")[0],
        source="world",
        alarm=alarm,
        p=p,
        event_ids=ids,
        numbers=numbers,
        effect=effect,
    )


def _reach(subject):
    return _shift(f"reach/world/{subject}/g", ids=("e1",), outside=1, recent=3, names={"en": "G", "fr": "G"})


def test_reach_of_another_population_is_no_evidence():
    assert reach(_statement("reach"), _known(_reach("other"))).verdict == "not-testable"
    assert reach(_statement("reach"), _known(_reach("all"))).verdict == "supported"


@pytest.mark.parametrize(
    ("direction", "uneven", "verdict"),
    [
        ("surge", False, "supported"),
        ("lull", False, "contradicted"),
        ("surge", True, "mixed"),
        ("lull", True, "mixed"),
    ],
)
def test_a_source_of_uneven_coverage_proves_neither_surge_nor_lull(direction, uneven, verdict):
    known = _known(_shift("tempo/world/all/all", direction=direction), uneven=uneven)
    assert tempo(_statement("tempo"), known).verdict == verdict


@pytest.mark.parametrize(
    ("front", "verdict"), [(("e39",), "supported"), (tuple(f"e{k}" for k in range(20, 40)), "mixed")]
)
def test_an_old_area_that_flares_up_is_no_new_front(front, verdict):
    areas = [
        {"level": "admin1", "name": "old", "status": "active", "recent": 19},
        {"level": "admin1", "name": "new", "status": "new", "recent": 1},
    ]
    known = _known(_shift("fronts/world/all/scan", ids=front), areas=areas)
    assert fronts(_statement("fronts"), known).verdict == verdict


def test_a_share_of_a_handful_of_coded_events_is_not_tested():
    codes = np.full(40, -1, dtype=np.int64)
    codes[[0, 1, 2, 3, 4, 20, 21]] = [0, 0, 0, 0, 0, 1, 1]
    statement = _statement("share", column="tactic", categories=["y"], expect="rise")
    assert share(statement, _known(tactic=codes)).verdict == "not-testable"


def test_nothing_coded_recently_has_no_largest():
    codes = np.full(40, -1, dtype=np.int64)
    codes[:20] = 0
    statement = _statement("largest", column="target", groups={"a": ["x"], "b": ["y"]}, group="a")
    assert largest(statement, _known(tactic=codes)).verdict == "not-testable"


def test_windows_are_resampled_independently():
    """The draws of a pool of blocks must not be those of the other window's blocks over again."""
    c = _known().comparison
    known, hit = np.ones(40, dtype=bool), np.arange(40) % 20 < 3
    first, again = (measures._boot_shares(c, known, hit, ~c.recent, k) for k in (0, 1))
    assert abs(np.corrcoef(first, again)[0, 1]) < 0.1
