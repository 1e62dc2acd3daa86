"""Tactic and target chosen among all classes: the rules decide until labels say otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from toguna.reading.classes import chosen_class
from toguna.reading.confidence import prior
from toguna.reading.deeds import Told
from toguna.reading.documents import titled
from toguna.reading.rules import RulesReader
from toguna.reading.training import fitted
from toguna.reading.verdicts import Verdict, fitted_classes

RAID = Told("raid", ((3, 7),), "struck")


def test_without_labels_the_rules_decide():
    signs = frozenset({"all", "r-raid", "t-blast"})
    assert chosen_class("tactic", signs, RAID, prior()) == RAID
    assert chosen_class("tactic", frozenset({"all", "r-none"}), None, prior()) is None


def test_labels_outweigh_the_rules_and_the_words_stay():
    signs = frozenset({"r-raid", "t-blast"})
    weights = fitted((), prior(), made_from="a test", verdicts=[Verdict("tactic_of", signs, "ied_mine")] * 60)
    assert chosen_class("tactic", signs, RAID, weights) == Told("ied_mine", ((3, 7),), "chosen")
    assert chosen_class("tactic", frozenset({"r-raid"}), RAID, prior()) == RAID


def test_a_siege_told_in_so_many_words_is_no_massacre_however_many_died():
    siege = Told("siege_hostage", ((3, 7),), "word")
    signs = frozenset({"r-siege_hostage", "dead-many"})
    weights = fitted((), prior(), made_from="a test", verdicts=[Verdict("tactic_of", signs, "massacre")] * 60)
    assert chosen_class("tactic", signs, siege, weights).value == "massacre"
    assert chosen_class("tactic", signs | {"r-siege_hostage-word"}, siege, weights) == siege


@pytest.mark.parametrize(("least", "sign"), [(8, "t-blast"), (20, "w-bomb")])
def test_what_few_examples_have_gets_no_weight(least, sign):
    other = [Verdict("tactic_of", frozenset({"all"}), "raid")] * 30
    for n, weighed in ((least - 1, False), (least, True)):
        made = [Verdict("tactic_of", frozenset({"all", sign}), "ied_mine")] * n
        assert (f"ied_mine--{sign}" in fitted_classes([*made, *other], {}, 0.3)) is weighed


def test_a_gradient_that_vanishes_is_the_highest_posterior():
    """With one sign and two classes the weights w, -w of the mode solve w = spread^2 n (y - p)."""
    made = [Verdict("k", frozenset({"s"}), "a")] * 30 + [Verdict("k", frozenset({"s"}), "b")] * 10
    w = fitted_classes(made, {}, 0.3)
    p = 1 / (1 + 2.718281828 ** (w["b--s"] - w["a--s"]))
    assert w["a--s"] == pytest.approx(0.09 * (30 - 40 * p), abs=0.01)
    assert w["a--s"] == pytest.approx(-w["b--s"], abs=0.01)


def test_a_draft_holds_its_signs_and_weights_change_its_class(reader):
    text = titled(
        "BAMAKO, Mali - Armed men attacked the village of Ber on Monday, killing four villagers.",
        published=date(2015, 8, 5),
    )
    told = reader.features(text)[0][0]
    assert told.value("tactic") == "raid"
    assert {"r-raid", "s-village", "p-civilians", "w-village"} <= told.signs["tactic"]
    assert not any(sign.startswith("w-") for sign in told.signs["target_class"])
    own = {"shooting--s-village": 3.0, "raid--r-raid": 1.5}
    weights = replace(reader.weights, weights={**reader.weights.weights, "tactic_of": own})
    again = RulesReader(reader.setting, weights).features(text)[0][0]
    assert (again.value("tactic"), again.fields["tactic"].rule) == ("shooting", "chosen")


class Turned(set):
    """A set that is walked through backwards: processes walk through sets in orders of their own."""

    def __iter__(self):
        return iter(sorted(super().__iter__(), reverse=True))


def test_the_order_of_signs_changes_no_score_by_a_bit():
    """0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1: a tie between classes would fall by chance."""
    signs = {f"s{n}": (n + 1) / 10 for n in range(9)}
    own = {f"{told}--{sign}": value for told in ("raid", "ambush") for sign, value in signs.items()}
    weights = replace(prior(), weights={"k": {**signs, **own}})
    for one, other in ((list(signs), list(reversed(signs))), (set(signs), Turned(signs))):
        assert weights.score("k", one) == weights.score("k", other)
        assert weights.by_class["k"].scores(one) == weights.by_class["k"].scores(other)
