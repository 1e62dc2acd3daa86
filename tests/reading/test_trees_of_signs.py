"""Trees of signs: what they can say that a sum cannot, how they are kept, and what decisions add to them."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from toguna.core.errors import DataError
from toguna.reading import training
from toguna.reading.confidence import Weights, prior, read_weights, shipped
from toguna.reading.training import Example, fitted, weights_text
from toguna.reading.trees import LEAF, Trees

NONE = Weights({}, 0.3, 0.25)
SIGNS = ("near", "late", "told")


def _examples(n=1200, seed=1):
    """Right where a draft is either near or late, and not both; a third sign says nothing."""
    dice = random.Random(seed)
    for _ in range(n):
        signs = frozenset(s for s in SIGNS if dice.random() < 0.5)
        yield Example("incident", signs, ("near" in signs) != ("late" in signs))


@pytest.fixture
def taught(monkeypatch):
    monkeypatch.setattr(training, "ENOUGH", 1000)
    return fitted(_examples(), NONE, made_from="a test")


def test_they_know_what_a_sum_of_signs_cannot(taught):
    summed = fitted(list(_examples())[:900], NONE, made_from="a test")
    assert not summed.trees
    for signs, right in (({"near"}, True), ({"late", "told"}, True), ({"near", "late"}, False), ((), False)):
        assert (taught.chance("incident", signs) > 0.9) == right
        assert (taught.chance("incident", signs) < 0.1) != right
        assert 0.3 < summed.chance("incident", signs) < 0.7


def test_the_same_examples_grow_the_same_trees(taught, monkeypatch):
    monkeypatch.setattr(training, "ENOUGH", 1000)
    assert fitted(_examples(), NONE, made_from="a test").trees == taught.trees


def test_they_are_kept_in_the_file_of_weights(taught, tmp_path):
    path = tmp_path / "weights.toml"
    path.write_text(weights_text(taught), encoding="utf-8")
    again = read_weights(path)
    assert again.trees == taught.trees
    assert again.chance("incident", ["near"]) == taught.chance("incident", ["near"])


@pytest.mark.parametrize(
    ("told", "becomes"),
    [
        ("roots = [0", "roots = [99999"),
        ("signs = [", "sign = ["),
        ("asks = [", "asks = [7, "),
        ("yes = [", "yes = [0, "),
        ("no = [", "no = ['x', "),
    ],
)
def test_trees_that_lead_nowhere_are_refused(told, becomes, taught, tmp_path):
    path = tmp_path / "weights.toml"
    path.write_text(weights_text(taught).replace(told, becomes, 1), encoding="utf-8")
    with pytest.raises(DataError, match="holds no weights of a reader"):
        read_weights(path)


def test_no_walk_through_trees_can_go_in_a_ring():
    with pytest.raises(ValueError, match="lead onward"):
        Trees(["near"], [0], [0, 0, LEAF], [1, 0, 2], [2, 2, 2], [0.0, 0.0, 1.0])


def test_few_decisions_are_added_to_what_trees_say(taught):
    wrong = [Example("incident", frozenset({"near", "foreign"}), right=False)] * 20
    after = fitted(wrong, taught, made_from="a test")
    assert after.trees == taught.trees
    assert after.chance("incident", ["near", "foreign"]) < taught.chance("incident", ["near", "foreign"])
    assert after.weights["incident"]["foreign"] < 0


def test_weights_without_trees_read_as_they_did():
    old = prior()
    assert not old.trees
    assert old.score("incident", ["toll"]) == pytest.approx(
        old.weights["incident"]["bias"] + old.weights["incident"]["toll"]
    )


def test_those_that_are_shipped_judge_incidents_by_themselves():
    own = shipped()
    assert set(own.trees) == {"incident"}
    assert set(own.weights["incident"]) & set(own.trees["incident"].signs) == set()
    assert own.weights["incident"]["sport"] == prior().weights["incident"]["sport"]
    bare = replace(own, trees={})
    assert own.chance("incident", ["net-8", "struck-6", "day"]) > bare.chance("incident", ["net-0"])
