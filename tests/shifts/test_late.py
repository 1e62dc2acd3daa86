"""A source that reports late shows no lull where there is none."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from toguna.core.dates import Window
from toguna.events.nowcast import Completeness, Reports, completeness
from toguna.shifts import late, tempo
from toguna.shifts.comparison import compare
from toguna.shifts.sample import Coded, Sample
from toguna.shifts.sentences import sentence
from toguna.shifts.windows import Windows

AS_OF = date(2015, 11, 24)
END = AS_OF.toordinal()
WINDOWS = Windows(Window.ending(AS_OF, 365), Window.ending(AS_OF - timedelta(days=365), 730))


def world(seed: int) -> tuple[np.ndarray, Completeness]:
    """Days known by the date where nothing changes and reports come 45 days late on average."""
    rng = np.random.default_rng(seed)
    day = END - rng.integers(0, 1095, rng.poisson(440))
    known = day + np.floor(rng.exponential(45, len(day))).astype(np.int64)
    seen = known <= END
    return day[seen], completeness(Reports(day[seen], known[seen], np.ones(seen.sum())), as_of=END, rng=rng)


def test_late_reports_are_no_lull() -> None:
    raised = {"as it is": 0, "with allowance": 0}
    for seed in range(20):
        day, known = world(seed)
        rng = np.random.default_rng(seed)
        order = tempo.orders(WINDOWS, replicates=199, rng=rng)
        raised["as it is"] += tempo.p_value(day, WINDOWS, order) <= 0.05
        raised["with allowance"] += late.p_value(day, WINDOWS, order, known=known, rng=rng) <= 0.05
    assert raised["as it is"] >= 8
    assert raised["with allowance"] <= 4


def test_where_all_is_known_both_say_the_same() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(9, 36).astype(float)
    counts[30:] = rng.poisson(25, 6)
    whole = np.ones(36)
    one, other = tempo.glr(counts, 24, 2), late.glr(counts, whole, 24, 2)
    assert one[1] == other[1]
    assert np.isclose(one[0], other[0])


def test_exposure_of_steps_follows_their_age() -> None:
    known = Completeness(share=np.array([0.4, 0.8]), draws=np.array([[0.4, 0.8]]))
    share = late.exposure(WINDOWS, known)
    assert len(share) == 36 and (share[:-3] == 1).all()
    assert 0.4 < share[-1] < 0.41 and 0.79 < share[-2] < 0.82


@pytest.mark.parametrize("lag", [0, 45, 400])
def test_some_of_every_step_is_known_and_p_is_a_chance(lag: int) -> None:
    """However late reports are: no step counts for nothing, and no p is zero or above one."""
    rng = np.random.default_rng(lag)
    day = END - rng.integers(0, 1095, 300)
    known = day + np.floor(rng.exponential(lag, 300)).astype(np.int64) if lag else day
    seen = known <= END
    share = completeness(Reports(day[seen], known[seen], np.ones(seen.sum())), as_of=END, rng=rng)
    assert share.known and share.matters == bool(lag)
    exposed = late.exposure(WINDOWS, share)
    assert (exposed > 0).all() and (exposed <= 1).all()
    order = tempo.orders(WINDOWS, replicates=49, rng=rng)
    for some in (day[seen], day[:0]):
        assert 1 / 50 <= late.p_value(some, WINDOWS, order, known=share, rng=rng) <= 1


def test_the_interval_of_the_effect_holds_one_where_only_reports_are_late() -> None:
    """Fixed windows, nothing changes: the share that is known must stand for the steps, in limits too."""
    inside, plain, worlds = 0, 0, 40
    for seed in range(worlds):
        day, known = world(seed)
        counts, before = tempo.counts_by_step(day, WINDOWS)
        exposed = late.exposure(WINDOWS, known)
        for share in (exposed, np.ones(len(counts))):
            events = counts[-2:].sum(), counts[:before].sum()
            effect = tempo._effect(events, (share[-2:].sum(), share[:before].sum()), over=1.0, monthly=1.0)
            held = effect.low <= 1 <= effect.high
            inside, plain = (inside + held, plain) if share is exposed else (inside, plain + held)
    assert inside >= 33  # nine in ten, or more, for worlds of this size
    assert plain <= 10


def test_effect_and_sentence_allow_for_what_is_missing() -> None:
    known = Completeness(
        share=np.array([0.25, 0.5]), low=np.array([0.2, 0.4]), high=np.array([0.3, 0.6]),
        draws=np.array([[0.25, 0.5]]),
    )  # fmt: skip
    per_step = np.array([20] * 34 + [10, 5])
    edges = END + 1 - 365 / 12 * np.arange(36, -1, -1)
    day = np.concatenate([np.full(n, int(e) + 9) for n, e in zip(per_step, edges[:-1], strict=True)])
    place = np.zeros((len(day), 2))
    nothing = Coded((), np.full(len(day), -1))
    coded = dict.fromkeys(("admin1", "admin2", "cell", "tactic", "target", "setting"), nothing)
    sample = Sample(np.arange(len(day)).astype(str), day, place, (0.0, 0.0), coded, {})
    c = compare(sample, WINDOWS, replicates=9, rng=np.random.default_rng(0))
    all_of = np.ones(len(day), dtype=bool)
    plain, allowed = tempo.measure(c, "all", all_of), tempo.measure(c, "all", all_of, known)
    assert plain.numbers["direction"] == "lull" and plain.effect.value < 0.5
    assert allowed.effect.value == pytest.approx(1.0, abs=0.1)
    assert allowed.numbers["known_newest"] == [0.25, 0.2, 0.3]
    said = sentence("tempo/all", allowed, {"en": "attacks", "fr": "attaques"}, alarm=True)
    assert "25% are reported by now" in said["en"] and "25\u202f% sont rapportés" in said["fr"]
    assert "reported by now" not in sentence("tempo/all", plain, {"en": "a", "fr": "a"}, alarm=True)["en"]
