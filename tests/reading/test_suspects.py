"""Who did it, chosen among all whom a text names: the rules decide until labels say otherwise."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from toguna.reading.confidence import prior
from toguna.reading.documents import titled
from toguna.reading.lexicon import facts
from toguna.reading.rules import RulesReader
from toguna.reading.suspects import KIND
from toguna.reading.titles import titles
from toguna.reading.training import Choice, fitted

CAMEROON = {
    "en": "Two gendarmes were killed on Monday at Zhoa, in the North-West region of Cameroon, when their "
    "post was attacked, the army said. Separatists have fought the government there since 2017.",
    "fr": "Deux gendarmes ont été tués lundi à Zhoa, dans la région du Nord-Ouest au Cameroun, quand leur "
    "poste a été attaqué, selon l'armée. Des séparatistes y combattent le gouvernement depuis 2017.",
}
TWO = (
    "Boko Haram fighters attacked the village of Baanu in Nigeria on Friday and killed 68 people.\n\n"
    "On Sunday eleven people were killed at Karnuwa when gunmen attacked the village."
)


def _read(reader, text, **author):
    kinds = dict(prior().weights)
    kinds |= {KIND: author} if author else {}
    own = RulesReader(reader.setting, replace(prior(), weights=kinds))
    return [d for d, _ in own.features(titled(text, published=date(2018, 8, 28)))]


def _first(reader, text, **author):
    return _read(reader, text, **author)[0]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_separatists_in_cameroon_are_a_candidate_and_labels_can_name_them(lang, reader):
    before = _first(reader, CAMEROON[lang])
    assert before.suspects[0].actors == (before.value("perpetrator") or "")
    assert {"AMBAZONIA", "FDS_CMR"} <= {s.actors for s in before.suspects}
    after = _first(reader, CAMEROON[lang], **{"is-AMBAZONIA": 9.0})
    own = after.fields["perpetrator"]
    assert (own.value, own.rule) == ("AMBAZONIA", "chosen")
    words = titled(CAMEROON[lang]).text
    assert (
        all(words[a:b].lower().startswith(("separatist", "séparatist")) for a, b in own.spans) and own.spans
    )


def test_separatists_elsewhere_are_nobody_in_particular(reader):
    text = CAMEROON["en"].replace("Zhoa, in the North-West region of Cameroon", "Ménaka in Mali")
    assert "AMBAZONIA" not in {s.actors for s in _first(reader, text).suspects}


def test_without_labels_and_with_weights_of_before_the_rules_decide(reader):
    told = [d.value("perpetrator") for d in _read(reader, TWO)]
    older = replace(prior(), weights={k: w for k, w in prior().weights.items() if k != KIND})
    own = RulesReader(reader.setting, older).features(titled(TWO, published=date(2018, 8, 28)))
    assert told == [d.value("perpetrator") for d, _ in own]
    assert told[0] == "BOKO_HARAM"


def test_one_group_of_a_text_can_be_the_author_of_its_other_incident(reader):
    second = next(d for d in _read(reader, TWO) if d.value("place") == "Karnuwa")
    signs = next(s.signs for s in second.suspects if s.actors == "BOKO_HARAM")
    assert {"before", "head", "only", "others-1", "is-BOKO_HARAM-NGA"} <= signs
    after = next(d for d in _read(reader, TWO, only=9.0) if d.value("place") == "Karnuwa")
    assert after.value("perpetrator") == "BOKO_HARAM"


def test_an_army_that_is_not_named_rests_on_the_sentence_of_the_deed(reader):
    text = "A village was bombed from the air on Monday at Ber in Mali and six people were killed."
    own = _first(reader, text, **{"kind-state_force": 9.0}).fields["perpetrator"]
    assert (own.value, own.rule, own.spans) == ("FAMA", "chosen", ((0, len(text)),))


def test_nobody_can_be_the_answer(reader):
    after = _first(reader, TWO, nobody=9.0)
    assert "perpetrator" not in after.fields
    assert after.suspects[0].actors == "BOKO_HARAM"


def test_herders_and_farmers_are_a_candidate_together(reader):
    text = "Clashes between herders and farmers killed six people on Monday at Goré in Chad, officials said."
    assert "HERDERS;FARMERS" in {s.actors for s in _first(reader, text).suspects}


def test_labels_outweigh_the_rules():
    rule, other = frozenset({"rule", "rule-named"}), frozenset({"is-B", "own-acts"})
    made = [Choice(KIND, (rule, other), (False, True))] * 60
    weights = fitted((), prior(), made_from="a test", choices=made)
    assert weights.score(KIND, other) > weights.score(KIND, rule)
    assert prior().score(KIND, rule) > prior().score(KIND, other)


def test_whoever_can_be_chosen_has_a_name_to_read(reader):
    beyond = {r["id"] for r in _shipped_groups()} | {
        actor
        for entry in facts("plainly").values()
        for key, actor in entry.items()
        if key not in ("en", "fr")
    }
    for actor in beyond - set(reader.setting.registry.actors):
        assert titles()[actor]["en"] and titles()[actor]["fr"], actor


def _shipped_groups():
    text = files("toguna.reading").joinpath("data/groups.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_who_is_hardly_likelier_than_nobody_is_not_blamed(lang, reader):
    nobody = "rule-none-among-1"
    assert _first(reader, CAMEROON[lang]).suspects[0].actors == ""
    near = _first(reader, CAMEROON[lang], **{"is-AMBAZONIA": 1.0, nobody: 0.6})
    assert "perpetrator" not in near.fields
    sure = _first(reader, CAMEROON[lang], **{"is-AMBAZONIA": 1.2, nobody: 0.6})
    assert sure.value("perpetrator") == "AMBAZONIA"
