"""How many were killed, chosen among all counts of a text: the rules decide until labels say otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from toguna.reading.casualties import kind_of
from toguna.reading.confidence import prior
from toguna.reading.documents import titled
from toguna.reading.gold import dead_fit
from toguna.reading.network import Network, Outlook
from toguna.reading.rules import RulesReader

TEXT = {
    "en": "Mali: nine killed in attack\n\nGunmen attacked the village of Boni on Monday and killed six "
    "soldiers and two villagers; four attackers died, the army said.\n\n"
    "In June, 40 people were killed in the region.",
    "fr": "Mali : neuf tués dans une attaque\n\nDes hommes armés ont attaqué lundi le village de Boni et tué "
    "six soldats et deux villageois ; quatre assaillants sont morts, selon l'armée.\n\n"
    "En juin, 40 personnes ont été tuées dans la région.",
}


def _draft(reader, text, fate="dead", **signs):
    kinds = dict(prior().weights) | ({kind_of(fate): signs} if signs else {})
    own = RulesReader(reader.setting, replace(prior(), weights=kinds))
    return own.features(titled(text, published=date(2015, 8, 5)))[0][0]


def _signs(d, n):
    return next(o.signs for o in d.counted["dead"] if o.best == n)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_count_is_a_candidate_and_the_sum_of_the_rules_comes_first(lang, reader):
    d = _draft(reader, TEXT[lang])
    first = d.counted["dead"][0]
    assert first.best + d.value("killed_attackers") == d.value("killed_best")
    assert {6, 2, 8, 9, 40, None} <= {o.best for o in d.counted["dead"]}
    assert "head" in _signs(d, 9) and "sum" in _signs(d, 8) and "own" in _signs(d, 6)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_figure_that_is_chosen_is_for_victims_and_attackers_are_added(lang, reader):
    d = _draft(reader, TEXT[lang], **{"later": 9.0})
    assert (d.value("killed_best"), d.value("killed_attackers")) == (44, 4)
    assert d.fields["killed_best"].rule == "chosen"
    assert "40" in {titled(TEXT[lang]).text[a:b][:2] for a, b in d.fields["killed_best"].spans}
    assert "killed_civilians" not in d.fields


def test_nobody_can_be_the_answer_and_leaves_the_attackers(reader):
    d = _draft(reader, TEXT["en"], nobody=9.0)
    assert (d.value("killed_best"), d.value("killed_attackers")) == (4, 4)
    none = _draft(reader, TEXT["en"].replace("; four attackers died", ""), nobody=9.0)
    assert none.value("killed_best") is None


def test_without_labels_and_with_weights_of_before_the_rules_decide(reader):
    older = replace(prior(), weights={k: w for k, w in prior().weights.items() if not k.endswith("-count")})
    own = RulesReader(reader.setting, older).features(titled(TEXT["fr"], published=date(2015, 8, 5)))[0][0]
    d = _draft(reader, TEXT["fr"])
    assert {n: f.value for n, f in own.fields.items()} == {n: f.value for n, f in d.fields.items()}


WOUNDED = {
    "en": "Gunmen attacked the village of Boni on Monday; six villagers were wounded and two abducted. "
    "The hospital later counted nine wounded.",
    "fr": "Des hommes armés ont attaqué lundi le village de Boni ; six villageois ont été blessés et deux "
    "enlevés. L'hôpital a compté plus tard neuf blessés.",
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_wounded_are_chosen_too(lang, reader):
    d = _draft(reader, WOUNDED[lang], "wounded", less=9.0)
    assert {6, 9} <= {o.best for o in d.counted["wounded"]}
    assert (d.value("wounded"), d.fields["wounded"].rule) == (6, "chosen")
    assert "wounded" not in _draft(reader, WOUNDED[lang], "wounded", nobody=9.0).fields


RANGE = {
    "en": "Gunmen killed 12 soldiers in a raid on Ber on Monday. JNIM said it killed 30 soldiers.",
    "fr": "Des hommes armés ont tué 12 soldats lundi à Ber. Le maire, lui, a parlé de 15 soldats tués.",
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_signs_say_that_the_rules_give_a_range_of_several_voices(lang, reader):
    first, *others = _draft(reader, RANGE[lang]).counted["dead"]
    assert first.low < first.high
    assert "rule-range" in first.signs and first.signs & {"rule-voices", "rule-party"}
    assert all("rule-range-in" in o.signs for o in others if o.best == 12)


FITS = [
    (6, 6, 6, 6, True),
    (6, 8, 6, 8, True),
    (6, 8, 6, 6, False),
    (6, None, 6, None, True),
    (6, 9, 6, None, True),
    (None, None, None, None, True),
    (None, None, 0, 0, True),
    (0, 0, None, None, True),
    (None, None, 3, 3, False),
    (3, 3, None, None, False),
]


@pytest.mark.parametrize(("low", "high", "first", "last", "right"), FITS)
def test_a_figure_is_a_labels_where_both_ends_are(low, high, first, last, right):
    assert dead_fit(low, high, {"killed_low": first, "killed_high": last}) is right


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_count_says_how_likely_the_network_ties_it_to_the_scene(lang, reader):
    at = titled(TEXT[lang]).text.index("40")
    told = Outlook(links={("dead", at): dict.fromkeys(reader.marked(titled(TEXT[lang])).names, -9.0)})

    class Says(Network):
        def read(self, tokens):
            return told

    own = RulesReader(reader.setting, prior(), network=Says({}, {}))
    d = own.features(titled(TEXT[lang], published=date(2015, 8, 5)))[0][0]
    assert {"tie-0", "tie-top"} <= _signs(d, 40)
    assert not any("tie" in s for s in _signs(d, 9))
    assert "nobody-tie-0" in _signs(d, None)
