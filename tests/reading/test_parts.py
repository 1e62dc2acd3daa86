"""The parts of a reader: numbers, days, victims, sentences, places, groups, languages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toguna.reading.days import days
from toguna.reading.lexicon import facts, pattern
from toguna.reading.numerals import quantities, value_of
from toguna.reading.places import places
from toguna.reading.plain import cleaned, folded
from toguna.reading.sentences import sentences
from toguna.reading.tolls import tolls
from toguna.reading.tongue import language_of
from toguna.store.vocabulary import VOCABULARIES

FRIDAY = date(2015, 11, 20)
TUESDAY = date(2015, 11, 24)


@pytest.mark.parametrize(
    ("words", "lang", "value"),
    [
        ("soixante-dix", "fr", 70),
        ("soixante et onze", "fr", 71),
        ("soixante-dix-neuf", "fr", 79),
        ("quatre-vingts", "fr", 80),
        ("quatre-vingt-un", "fr", 81),
        ("quatre-vingt-dix", "fr", 90),
        ("quatre-vingt-dix-neuf", "fr", 99),
        ("septante-deux", "fr", 72),
        ("nonante", "fr", 90),
        ("cent vingt-quatre", "fr", 124),
        ("deux cent quatre-vingt-trois", "fr", 283),
        ("mille deux cents", "fr", 1200),
        ("vingt et un", "fr", 21),
        ("twenty-two", "en", 22),
        ("one hundred and five", "en", 105),
        ("two thousand three hundred", "en", 2300),
        ("1,250", "en", 1250),
        ("12 500", "fr", 12500),
    ],
)
def test_numbers(words, lang, value):
    assert value_of(words, lang) == value
    assert [q.best for q in quantities(f"{words} personnes", lang)] == [value]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("une vingtaine de morts", "fr", (20, 20, 20)),
        ("au moins une douzaine de morts", "fr", (12, 12, 12)),
        ("plus d'une centaine d'hommes", "fr", (100, 100, 100)),
        ("des dizaines de morts", "fr", (20, None, None)),
        ("entre 10 et 15 personnes", "fr", (10, None, 15)),
        ("10 a 15 personnes", "fr", (10, None, 15)),
        ("jusqu'a 30 morts", "fr", (None, 30, 30)),
        ("at least a dozen people", "en", (12, 12, 12)),
        ("dozens of people", "en", (20, None, None)),
        ("several people", "en", (2, None, None)),
        ("scores of people", "en", (40, None, None)),
        ("two dozen people", "en", (24, 24, 24)),
        ("between five and seven people", "en", (5, None, 7)),
        ("as many as 40 people", "en", (None, 40, 40)),
        ("half a dozen people", "en", (6, 6, 6)),
    ],
)
def test_vague_quantities(text, lang, expected):
    (found,) = quantities(text, lang)
    assert (found.low, found.best, found.high) == expected


@pytest.mark.parametrize(
    ("text", "lang", "first", "last"),
    [
        ("on friday", "en", "2015-11-20", "2015-11-20"),
        ("last tuesday", "en", "2015-11-17", "2015-11-17"),
        ("on 20 november", "en", "2015-11-20", "2015-11-20"),
        ("on december 3", "en", "2014-12-03", "2014-12-03"),
        ("march 7-8", "en", "2015-03-07", "2015-03-08"),
        ("yesterday", "en", "2015-11-23", "2015-11-23"),
        ("two weeks ago", "en", "2015-11-07", "2015-11-13"),
        ("last month", "en", "2015-10-01", "2015-10-31"),
        ("in march", "en", "2015-03-01", "2015-03-31"),
        ("over the weekend", "en", "2015-11-21", "2015-11-22"),
        ("overnight thursday to friday", "en", "2015-11-19", "2015-11-20"),
        ("hier soir", "fr", "2015-11-23", "2015-11-23"),
        ("avant-hier", "fr", "2015-11-22", "2015-11-22"),
        ("dans la nuit de jeudi a vendredi", "fr", "2015-11-19", "2015-11-20"),
        ("vendredi dernier", "fr", "2015-11-20", "2015-11-20"),
        ("le 1er mars", "fr", "2015-03-01", "2015-03-01"),
        ("le mois dernier", "fr", "2015-10-01", "2015-10-31"),
        ("il y a trois jours", "fr", "2015-11-21", "2015-11-21"),
        ("le 7 mars dernier", "fr", "2015-03-07", "2015-03-07"),
        ("(12/02/2014)", "fr", "2014-02-12", "2014-02-12"),
        ("2015-08-07", "fr", "2015-08-07", "2015-08-07"),
    ],
)
def test_days(text, lang, first, last):
    (found,) = days(text, lang, published=TUESDAY)
    assert (str(found.first), str(found.last)) == (first, last)


def test_a_period_that_opens_is_no_day():
    (found,) = days("depuis janvier", "fr", published=TUESDAY)
    assert found.since


def test_days_that_hang_wait_for_another():
    (found,) = days("la veille", "fr", published=TUESDAY)
    assert (found.first, found.shift) == (None, -1)


def test_without_a_day_of_publication_weekdays_stay_open():
    assert days("on friday", "en", published=None) == []
    assert [str(w.first) for w in days("on 20 november 2015", "en", published=None)] == ["2015-11-20"]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("gunmen killed two soldiers and a civilian, and wounded five others", "en",
         [("dead", 2, "forces"), ("dead", 1, "civilians"), ("wounded", 5, "civilians")]),
        ("two soldiers and three civilians were killed", "en",
         [("dead", 2, "forces"), ("dead", 3, "civilians")]),
        ("the attack left 22 people dead, including two attackers", "en",
         [("dead", 22, "unstated"), ("dead", 2, "attackers")]),
        ("about 100 gunmen on motorbikes attacked the village, killing 35 people", "en",
         [("dead", 35, "unstated")]),
        ("the death toll rose to 15 from an earlier count of 11", "en",
         [("dead", 15, "unstated"), ("dead", 11, "unstated")]),
        ("le bilan est de sept morts, 17 blesses et un militaire porte disparu", "fr",
         [("dead", 7, "unstated"), ("wounded", 17, "unstated"), ("missing", 1, "forces")]),
        ("la mort de 53 soldats et d'un civil", "fr", [("dead", 53, "forces"), ("dead", 1, "civilians")]),
        ("le maire a ete enleve par des hommes armes", "fr", [("hostages", 1, "civilians")]),
        ("une vingtaine d'assaillants ont ete neutralises", "fr", [("dead", 20, "attackers")]),
        ("l'armee a tue sept terroristes", "fr", [("dead", 7, "attackers")]),
        ("situe a 200 kilometres de la capitale, le camp a 500 places", "fr", []),
    ],
)  # fmt: skip
def test_victims(text, lang, expected):
    assert [(t.fate, t.best, t.side) for t in tolls(text, lang, (0, len(text)))] == expected


def test_sentences_keep_abbreviations_and_offsets():
    text = "The U.N. said so. Lt. Col. Diarra agreed at 6 a.m. (0600 GMT)\n\nA second paragraph; it goes on."
    parts = [text[s.start : s.end] for s in sentences(text)]
    assert parts[0] == "The U.N. said so."
    assert parts[1].startswith("Lt. Col. Diarra agreed at 6 a.m. (0600")
    assert parts[2:] == ["A second paragraph;", "it goes on."]


def test_lines_of_a_fixed_width_are_joined():
    text = "Deux soldats ont été tués dans une embuscade tendue par des\nhommes armés près de la ville\n"
    assert len(sentences(text)) == 1


@given(st.text(max_size=200))
def test_folding_keeps_the_length(text):
    once = cleaned(text)
    assert len(folded(once)) == len(once)
    assert cleaned(once) == once


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_sentences_cover_all_words(text):
    clean = cleaned(text)
    covered = "".join(clean[s.start : s.end] for s in sentences(clean))
    assert "".join(covered.split()) == "".join(clean.split())


def test_languages():
    assert language_of("two soldiers were killed in the attack on the village") == "en"
    assert language_of("deux soldats ont ete tues dans l'attaque du village") == "fr"
    assert language_of("") == "en"


def test_places_have_parts(reader):
    text = "BAMAKO (Reuters) - Gunmen attacked Ogossagou near Bankass; the wounded were evacuated to Mopti."
    found = places(text, folded(text), "en", reader.setting.gazetteer, span=(0, len(text)), taken=[])
    assert {p.name: p.role for p in found} == {
        "BAMAKO": "dateline", "Ogossagou": "scene", "Bankass": "near", "Mopti": "away",
    } or {p.name: p.role for p in found if p.name != "Ogossagou"} == {
        "BAMAKO": "dateline", "Bankass": "near", "Mopti": "away",
    }  # fmt: skip


def test_names_of_groups(reader):
    text = "Al-Mourabitoune et Aqmi (al-Qaïda au Maghreb islamique) ; it is IS, not is."
    found = reader.setting.groups.find(text, 0, len(text))
    assert [g.id for g in found] == ["MOURABITOUN", "AQIM", "ISIL"]


def test_the_dictionaries_use_the_vocabulary_of_the_tables():
    assert {e.get("as", k) for k, e in facts("tactic").items()} <= set(VOCABULARIES["tactics"])
    assert {e["event_type"] for e in facts("tactic").values()} <= set(VOCABULARIES["event_types"])
    targets = {e["target"] for t in ("person", "object") for e in facts(t).values()} - {"", "civilians"}
    assert targets <= set(VOCABULARIES["targets"])
    assert {e["setting"] for e in facts("object").values()} - {""} <= set(VOCABULARIES["settings"])
    assert set(facts("tie")) <= set(VOCABULARIES["relation_kinds"])
    assert set(facts("measure")) <= set(VOCABULARIES["response_kinds"])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_theme_compiles_without_captures_of_its_own(lang):
    for theme in (
        "deed",
        "tactic",
        "object",
        "person",
        "fate",
        "unreal",
        "aggregate",
        "claim",
        "measure",
        "tie",
    ):
        expression, keys = pattern(theme, lang)
        assert expression.groups == len(keys)
