"""How likely the news of a text is of each of its names, and the day of an incident among all days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from toguna.reading.confidence import Weights, prior, shipped
from toguna.reading.dated import KIND as WHEN
from toguna.reading.dated import MOST, dated
from toguna.reading.documents import titled
from toguna.reading.network import Outlook
from toguna.reading.rules import RulesReader
from toguna.reading.scenes import key_of
from toguna.reading.struck import KIND, STEPS, Told, struck, with_ties
from toguna.reading.training import Choice, Example, fitted

FRIDAY = date(2015, 11, 20)
SPOKEN = {
    "en": "BAMAKO - Gunmen on motorbikes attacked the village of Boni on Thursday and killed six people, a "
    "security source said from Gao.\n\n"
    "The attackers came at dawn and fled towards Hombori, a resident of Boni said.",
    "fr": "BAMAKO - Des hommes armés à moto ont attaqué jeudi le village de Boni et tué six personnes, a dit "
    "une source sécuritaire jointe à Gao.\n\n"
    "Les assaillants sont venus à l'aube et ont fui vers Hombori, selon un habitant de Boni.",
}
TWO_DAYS = {
    "en": "Gunmen attacked a checkpoint at Boni on Thursday and killed six soldiers, the army said.\n\n"
    "On Tuesday a mine had exploded under a truck near Tessalit and killed three traders.",
    "fr": "Des hommes armés ont attaqué jeudi un poste à Boni et tué six soldats, a dit l'armée.\n\n"
    "Mardi, une mine avait explosé au passage d'un camion près de Tessalit et tué trois commerçants.",
}


def _chances(reader, text):
    names = reader.marked(titled(text, published=FRIDAY)).names.values()
    return {n.place.name: reader.weights.chance(KIND, n.signs) for n in names}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_village_attacked_is_likelier_than_where_they_fled(lang, reader):
    chance = _chances(reader, SPOKEN[lang])
    assert chance["Boni"] == max(chance.values()) > 0.5
    assert chance["Hombori"] < chance["Boni"] / 2


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_village_attacked_is_likelier_than_who_speaks(lang, reader):
    chance = _chances(reader, SPOKEN[lang])
    assert chance["Gao"] < chance["Boni"] / 5


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_town_of_who_speaks_is_hardly_likely(lang, reader):
    assert _chances(reader, SPOKEN[lang])["Gao"] < 0.1


def test_steps_rise_with_the_chance_and_one_name_is_at_the_top():
    weights = Weights({KIND: {"bias": -3.0, **{f"s{n}": float(n) for n in range(7)}}}, 0.3, 0.25)
    names = {f"n{n}": Told(f"n{n}", None, frozenset({f"s{n}"})) for n in range(7)}
    found = struck(names, weights)
    steps = [int(next(s for s in found[f"n{n}"] if s != "struck-top")[7:]) for n in range(7)]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0, len(STEPS))
    assert [name for name, signs in found.items() if "struck-top" in signs] == ["n6"]


def test_weights_that_know_no_such_kind_say_nothing(reader):
    assert KIND not in prior().weights
    assert struck({"boni": Told("boni", None, frozenset())}, prior()) == {}
    old = replace(shipped(), weights={k: w for k, w in shipped().weights.items() if k not in (KIND, WHEN)})
    drafts = RulesReader(reader.setting, old).read(titled(SPOKEN["en"], published=FRIDAY)).incidents
    assert "Boni" in {d.value("place") for d in drafts}


def test_a_simulated_rule_is_recovered_from_examples():
    rng = np.random.default_rng(20151120)
    true = {"bias": -2.0, "own": 2.0, "seat": -1.5, "noise": 0.0}
    made = []
    for _ in range(4000):
        signs = {s for s in ("own", "seat", "noise") if rng.random() < 0.5}
        odds = true["bias"] + sum(true[s] for s in signs)
        made.append(Example(KIND, frozenset(signs), bool(rng.random() < 1 / (1 + np.exp(-odds))), weight=20))
    found = fitted(made, prior(), made_from="a simulation").weights[KIND]
    assert {name: pytest.approx(value, abs=0.3) for name, value in true.items()} == {
        name: found[name] for name in true
    }


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_of_two_incidents_has_its_own_day(lang, reader):
    drafts = {d.value("place"): d for d in reader.read(titled(TWO_DAYS[lang], published=FRIDAY)).incidents}
    assert drafts["Boni"].value("date_start") == "2015-11-19"
    assert drafts["Tessalit"].value("date_start") == "2015-11-17"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_days_are_offered_that_of_the_rules_first(lang, reader):
    for episode, options in reader.days(titled(TWO_DAYS[lang], published=FRIDAY)):
        assert options[0].days == episode.days
        assert "rule" in options[0].signs
        assert sum("rule" in o.signs for o in options) == 1
        assert len({o.days[:2] for o in options}) == len(options)


def test_without_weights_of_days_nothing_changes(reader):
    text = titled(TWO_DAYS["en"], published=FRIDAY)
    marks = reader.marked(text).marks
    found = [e for e, _ in reader.days(text)]
    bare = {k: w for k, w in shipped().weights.items() if k != WHEN}
    assert dated(found, marks, FRIDAY, replace(shipped(), weights=bare)) == found


def test_another_day_is_chosen_when_its_signs_outweigh_the_rules(reader):
    text = titled(TWO_DAYS["en"], published=FRIDAY)
    marks = reader.marked(text).marks
    found = [e for e, _ in reader.days(text)]
    latest = replace(shipped(), weights={WHEN: {"latest": 5.0, "rule": 1.0}})
    moved = dated(found, marks, FRIDAY, latest)
    assert {e.days[0] for e in moved} == {date(2015, 11, 19)}
    assert [e.place for e in moved] == [e.place for e in found]


def test_a_simulated_choice_of_days_is_recovered():
    rng = np.random.default_rng(7)
    true = {"rule": 1.0, "said": -1.5, "of-name": 1.0}
    made = []
    for _ in range(3000):
        options = tuple(frozenset(s for s in true if rng.random() < 0.5) for _ in range(3))
        score = np.array([sum(true[s] for s in o) for o in options])
        right = rng.choice(3, p=np.exp(score) / np.exp(score).sum())
        made.append(Choice(WHEN, options, tuple(i == right for i in range(3)), weight=10))
    found = fitted((), replace(prior(), weights={}), made_from="a simulation", choices=made).weights[WHEN]
    assert {name: pytest.approx(value, abs=0.25) for name, value in true.items()} == found


def test_a_market_called_by_a_weekday_is_no_day(reader):
    text = "Two bombers struck Monday Market in Gao on Thursday and killed nine people."
    [draft] = reader.read(titled(text, published=FRIDAY)).incidents
    assert draft.value("date_start") == "2015-11-19"


def test_a_list_of_very_many_incidents_keeps_the_days_of_its_items(reader, monkeypatch):
    text = titled(TWO_DAYS["en"], published=FRIDAY)
    marks = reader.marked(text).marks
    many = [e for e, _ in reader.days(text)] * MOST
    monkeypatch.setattr("toguna.reading.dated.day_options", lambda *_: pytest.fail("asked for every day"))
    assert dated(many, marks, FRIDAY, shipped()) == many


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_scenes_say_how_likely_the_days_and_dead_of_an_incident_are_of_them(lang, reader):
    text = titled(TWO_DAYS[lang], published=FRIDAY)
    e, options = reader.scenes(text)[0]
    own = [replace(s, signs=frozenset(x for x in s.signs if "tie-" not in x)) for s in options]
    m = e.mentions[0].marks
    boni, other = (
        next(key_of(s.place) for s in own if s.place.name.startswith(x)) for x in ("Boni", "Tessalit")
    )
    links = {
        ("dead", m.tolls[0].start): {boni: 3.0, other: -3.0},
        ("day", m.whens[0].start): {boni: -1.0, other: 1.0},
    }
    told = {key_of(s.place): s.signs for s in with_ties(e, own, Outlook(links=links))}
    assert {"dead-tie-8", "dead-tie-top", "day-tie-3"} <= told[boni]
    assert {"dead-tie-1", "day-tie-6", "day-tie-top"} <= told[other]


def test_a_day_that_the_network_cannot_see_is_not_outbid_by_what_it_says(reader):
    """ "Le lendemain" is no day with words of its own: what is said of others is not held against it."""
    text = titled(
        "Une position militaire a été attaquée lundi à Sokoura, cercle de Bankass : neuf soldats ont été "
        "tués. Le lendemain, des renforts sont partis en ratissage. Leur convoi est tombé dans une embuscade "
        "à hauteur de Paroukou : douze forains y sont morts.",
        published=FRIDAY,
    )
    known = reader.marked(text)
    found = [e for e, _ in reader.days(text)]
    after = next(e for e in found if e.place.name == "Paroukou")
    bid = replace(reader.weights, weights={WHEN: {"net-8": 9.0, "tie-7": 9.0, "tie-8": 9.0}})
    assert dated([after], known.marks, FRIDAY, bid, known.outlook)[0].days == after.days
    other = replace(reader.weights, weights={WHEN: {"beside-rule": 9.0}})
    assert dated([after], known.marks, FRIDAY, other, known.outlook)[0].days != after.days
