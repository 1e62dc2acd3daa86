"""Attacks alike: traits, likeness, the record on held-out attacks, and simulated groups with known habits."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest

from toguna.actors.registry import Registry
from toguna.core.errors import UnknownNameError
from toguna.core.language import Language
from toguna.forecasts.similar import words
from toguna.forecasts.similar.answer import Seen, similar
from toguna.forecasts.similar.compare import FEATURES, Comparer, shared_word
from toguna.forecasts.similar.model import fit
from toguna.forecasts.similar.record import Record, record
from toguna.forecasts.similar.traits import GROUPS, Traits, traits_of
from toguna.room.view import Question, collect, windows_of
from toguna.store.theatre import load_theatre
from toguna.store.vocabulary import VOCABULARIES

AS_OF = date(2015, 11, 24)
RADISSON, SEVARE, TERRASSE = (f"chronology:MLI-{d}-1" for d in ("20151120", "20150807", "20150307"))


@cache
def mali(as_of: date = AS_OF) -> Traits:
    theatre = load_theatre("mali")
    found = collect(Question(theatre=theatre, windows=windows_of(theatre, as_of), sources=("chronology",)))
    return traits_of(found.events.filter(pl.col("within").is_null()), found.registry, as_of=as_of)


def world(rng: np.random.Generator, *, habits: float, n: int = 240) -> Traits:
    """Three groups in one region, each with habits (tactic, target, setting) of strength 0 to 1."""
    group = rng.integers(0, 3, n)
    day = np.sort(rng.integers(0, 1500, n)) + date(2012, 1, 1).toordinal()
    marks = {}
    for mark, at in (("tactic", 0), ("target", 1), ("setting", 2)):
        vocabulary = VOCABULARIES[f"{mark}s"][:9]
        own = (group * 3 + at) % 9
        loose = rng.integers(0, 9, n)
        chosen = np.where(rng.random(n) < habits, own, loose)
        marks[mark] = tuple(vocabulary[k] for k in chosen)
    return Traits(
        ids=np.array([f"w:{i}" for i in range(n)]),
        day=day,
        lat=rng.uniform(10, 20, n),
        lon=rng.uniform(-5, 5, n),
        deaths=rng.geometric(0.3, n).astype(float),
        marks=marks,
        families=tuple(frozenset([f"G{g}"]) for g in group),
        claimants=tuple(frozenset() for _ in range(n)),
    )


def test_words_of_the_groups_are_words_of_the_vocabulary() -> None:
    for mark, sets in GROUPS.items():
        named = [word for words_ in sets.values() for word in words_]
        assert len(named) == len(set(named))
        assert set(named) <= set(VOCABULARIES[f"{mark}s"])


def test_the_narrowest_shared_word() -> None:
    assert shared_word("setting", "hotel", "hotel") == "hotel"
    assert shared_word("setting", "hotel", "restaurant") == "hospitality"
    assert shared_word("setting", "hotel", "road") is None
    assert shared_word("setting", "other", "other") == "other"
    assert shared_word("setting", None, "hotel") is None


def test_to_share_a_rare_setting_tells_more() -> None:
    t = mali()
    at = {str(i): k for k, i in enumerate(t.ids)}
    features = Comparer(t).features(at[RADISSON])
    column = FEATURES.index("setting")
    assert features[at[SEVARE], column] > features[at[TERRASSE], column] > 0
    roads = [k for k in range(at[RADISSON]) if t.marks["setting"][k] == "road"]
    assert all(features[k, column] == 0 for k in roads)
    unknown = [k for k in range(at[RADISSON]) if np.isnan(t.deaths[k])]
    assert unknown and np.isnan(features[unknown, FEATURES.index("scale")]).all()


def test_only_earlier_days_are_compared() -> None:
    t = mali()
    comparer = Comparer(t)
    for i in range(len(t)):
        assert len(comparer.features(i)) == int((t.day < t.day[i]).sum())


def test_radisson_terrasse_and_sevare_stand_in_one_series() -> None:
    seen = Seen.of(mali())
    answer = similar(seen, RADISSON, most=3)
    assert answer.earlier[0].event_id == SEVARE
    assert TERRASSE in {e.event_id for e in answer.earlier}
    assert {RADISSON, SEVARE, TERRASSE} <= set(answer.series)
    assert list(answer.series) == sorted(answer.series)
    told = {r.trait: r.value for r in answer.earlier[0].reasons}
    assert told["setting"] == "hotel" and told["tactic"] == "siege_hostage"
    assert told["time"] == (date(2015, 11, 20) - date(2015, 8, 7)).days
    assert answer.earlier[0].stated == "same"


def test_names_and_claims_do_not_count() -> None:
    t = mali()
    bare = Traits(
        t.ids, t.day, t.lat, t.lon, t.deaths, t.marks, t.families, tuple(frozenset() for _ in t.claimants)
    )
    one, other = (similar(Seen.of(x), RADISSON, most=10) for x in (t, bare))
    assert [e.probability for e in one.earlier] == [e.probability for e in other.earlier]


def test_nothing_later_changes_an_answer() -> None:
    early = date(2015, 9, 1)
    cut = mali()
    known = cut.day <= early.toordinal()
    assert len(mali(early)) == int(known.sum())
    one = similar(Seen.of(mali(early)), SEVARE, most=5).as_dict()
    theatre = load_theatre("mali")
    found = collect(Question(theatre=theatre, windows=windows_of(theatre, AS_OF), sources=("chronology",)))
    registry = Registry.build(theatre, as_of=early)
    again = traits_of(found.events.filter(pl.col("within").is_null()), registry, as_of=early)
    assert similar(Seen.of(again), SEVARE, most=5).as_dict() == one


def test_with_too_few_attacks_no_probability_is_stated() -> None:
    t = mali(date(2012, 3, 1))
    seen = Seen.of(t)
    answer = similar(seen, str(t.ids[-1]), most=3)
    assert seen.model is None and answer.earlier
    assert all(e.probability is None for e in answer.earlier)
    assert answer.series == (str(t.ids[-1]),)
    doubtful = [e for e in answer.earlier if e.stated == "unknown"]
    assert {words.judgement(Language("en"), e) for e in doubtful} <= {"cannot be said"}
    with pytest.raises(UnknownNameError, match="MLI-20120117-9"):
        similar(seen, "chronology:MLI-20120117-9", most=3)


def test_no_attack_at_all() -> None:
    empty = mali(date(2011, 1, 1))
    assert len(empty) == 0
    assert Seen.of(empty).model is None
    assert record(empty, first=date(2012, 1, 1), rng=np.random.default_rng(0)) == Record(0, 0)


def ask(seed: int, *, habits: float, n: int) -> Record:
    t = world(np.random.default_rng(seed), habits=habits, n=n)
    return record(t, first=date(2015, 1, 1), rng=np.random.default_rng(0))


def test_habits_are_recovered() -> None:
    """Where groups have habits and no home, likeness finds them and place and time do not."""
    found = ask(1, habits=0.8, n=120)
    assert found.gain[3].low is not None and found.gain[3].low > 0.2
    assert found.precision["likeness"][3].value > 0.7
    assert found.brier["likeness"] < 0.8 * found.brier["chance"]


def test_where_groups_have_no_habits_likeness_claims_nothing() -> None:
    """The gain is around 0: its interval may miss that now and then; probabilities stay near the base."""
    missed, highest = 0, 0.0
    for seed in range(6):
        found = ask(100 + seed, habits=0.0, n=80)
        gain = found.gain[5]
        assert gain.low is not None and gain.high is not None
        missed += not gain.low <= 0 <= gain.high
        highest = max([highest, *(row["stated"] for row in found.reliability if row["pairs"] > 100)])
    assert missed <= 3
    assert highest < 0.5


def test_probabilities_hold_on_attacks_to_come() -> None:
    rows: dict[float, list[tuple[int, float, float]]] = {}
    for seed in range(3):
        for row in ask(seed, habits=0.6, n=120).reliability:
            rows.setdefault(row["low"], []).append((row["pairs"], row["stated"], row["same"]))
    large = [bins for bins in rows.values() if sum(b[0] for b in bins) >= 500]
    assert len(large) >= 3
    for bins in large:
        pairs = sum(b[0] for b in bins)
        stated, same = (sum(b[0] * b[k] for b in bins) / pairs for k in (1, 2))
        assert abs(stated - same) < 0.1


def test_weights_are_never_negative_and_the_temper_lies_between_0_and_1() -> None:
    t = mali()
    model = fit(Comparer(t), range(len(t)))
    assert model is not None
    assert (model.weight >= 0).all()
    assert 0 <= model.temper[1] <= 1
    p = model.probability(Comparer(t).features(len(t) - 1))
    assert ((p > 0) & (p < 1)).all()


def test_every_reason_has_words_in_both_languages() -> None:
    seen = Seen.of(mali())
    for code in ("en", "fr"):
        lang = Language(code)
        for earlier in similar(seen, RADISSON, most=40).earlier:
            text = words.reasons(lang, earlier, lambda actor: actor)
            assert "{" not in text and "_" not in text.replace("_SUD", "").replace("ANSAR_DINE", "")
