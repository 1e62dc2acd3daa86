"""Further incidents of a text: places struck that were read as of another incident."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from toguna.reading.confidence import prior, shipped
from toguna.reading.documents import Text, titled
from toguna.reading.further import furthers, parted
from toguna.reading.rules import RulesReader
from toguna.reading.scenes import key_of

FRIDAY = date(2015, 11, 20)
TWO = {
    "en": "Gunmen attacked an army camp at Gao on Thursday and killed six soldiers.\n\n"
    "The fighting at Gao lasted two hours, residents said.\n\n"
    "Kayes lies far off in the west, and there a car bomb wounded three policemen.",
    "fr": "Des hommes armés ont attaqué jeudi un camp de l'armée à Gao et tué six soldats.\n\n"
    "Les combats à Gao ont duré deux heures, disent des habitants.\n\n"
    "Kayes se trouve loin à l'ouest, et une voiture piégée y a blessé trois policiers.",
}
ROW = {
    "en": "Five places were attacked on Thursday: Gao, Kayes, Sikasso, Kidal and Ansongo.\n\n"
    "Gunmen killed six soldiers at Gao, the army said.",
    "fr": "Cinq localités ont été attaquées jeudi : Gao, Kayes, Sikasso, Kidal et Ansongo.\n\n"
    "Des hommes armés ont tué six soldats à Gao, selon l'armée.",
}
ROAD = {
    "en": "Gunmen attacked a convoy on Thursday between Gao and Kayes and killed six soldiers.\n\n"
    "The attack near Gao was claimed by nobody.",
    "fr": "Jeudi, des hommes armés ont attaqué un convoi entre Gao et Kayes et tué six soldats.\n\n"
    "L'attaque près de Gao n'a pas été revendiquée.",
}


@pytest.fixture(scope="module")
def by_prior(reader):
    return RulesReader(reader.setting, prior())


def chances(reader, text):
    """Return the chance of every name that can be the scene of a further incident."""
    _, names = reader.furthers(titled(text, published=FRIDAY))
    return {f.place.name: reader.weights.chance("further", f.signs) for f in names}


def told(reader, text):
    """Return the drafts of a text, sure or not, by place."""
    found = reader.features(titled(text, published=FRIDAY))
    return {d.value("place"): d for d, _ in found}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_another_town_is_an_incident_of_its_own_with_its_own_toll(lang, by_prior):
    drafts = told(by_prior, TWO[lang])
    assert set(drafts) == {"Gao", "Kayes"}
    assert drafts["Gao"].value("killed_best") == 6
    assert drafts["Gao"].value("wounded") is None
    assert drafts["Kayes"].value("wounded") == 3
    assert drafts["Kayes"].value("killed_best") is None
    assert {d.value("date_start") for d in drafts.values()} == {"2015-11-19"}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_members_of_a_list_of_towns_far_apart_are_several(lang, by_prior):
    drafts = told(by_prior, ROW[lang])
    assert {"Gao", "Kayes", "Sikasso"} <= set(drafts)
    assert [p for p, d in drafts.items() if d.value("killed_best")] == ["Gao"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_far_end_of_a_road_is_none(lang, by_prior):
    assert max(chances(by_prior, ROAD[lang]).values(), default=0) < 0.1
    assert set(told(by_prior, ROAD[lang])) == {"Gao"}


@pytest.mark.parametrize("text", [*TWO.values(), *ROW.values()])
def test_a_higher_bar_finds_no_more(text, by_prior):
    marks = by_prior.marked(titled(text, published=FRIDAY)).marks
    drafts = by_prior.scenes(titled(text, published=FRIDAY))
    found = [e for e, _ in drafts]
    counts = [len(parted(found, marks, prior(), bar)) for bar in (0.0, 0.2, 0.4, 0.6, 1.0)]
    assert all(a >= b for a, b in pairwise(counts))
    assert counts[-1] == len(found)
    assert counts[0] <= len(found) + len(furthers(found, marks, prior()))


def test_weights_that_know_no_such_kind_find_none(reader):
    old = shipped()
    bare = {k: v for k, v in old.weights.items() if k != "further"}
    weights = type(old)(bare, old.least, old.spread)
    text = titled(ROW["en"], published=FRIDAY)
    found = [e for e, _ in reader.scenes(text)]
    marks = reader.marked(text).marks
    assert parted(found, marks, weights, 0.0) == found


NEARBY = {
    "en": "Gunmen attacked the camps at Niono and Molodo on Thursday and killed six soldiers at Niono.",
    "fr": "Jeudi, des hommes armés ont attaqué les camps de Niono et de Molodo et tué six soldats à Niono.",
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_town_near_the_scene_is_asked_as_well(lang, by_prior):
    assert 0 < chances(by_prior, NEARBY[lang])["Molodo"] < 1


CALM = {
    "en": "Gunmen attacked an army camp at Gao on Thursday and killed six soldiers.\n\n"
    "In Kayes the market stayed shut all day.",
    "fr": "Des hommes armés ont attaqué jeudi un camp de l'armée à Gao et tué six soldats.\n\n"
    "À Kayes, le marché est resté fermé toute la journée.",
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_name_told_without_violence_is_asked_only_where_the_news_is_likely_of_it(lang, by_prior):
    text = titled(CALM[lang], published=FRIDAY)
    marks = by_prior.marked(text, lang=lang).marks
    found = [e for e, _ in by_prior.scenes(text)]
    key = next(key_of(p) for m in marks for p in m.places if p.name == "Kayes")
    for sign, names in (("struck-1", []), ("struck-2", ["Kayes"]), ("struck-6", ["Kayes"])):
        asked = furthers(found, marks, prior(), {key: frozenset({sign})})
        assert [f.place.name for f in asked] == names
        assert all("f-calm" in f.signs for f in asked)
    loud = furthers(found, by_prior.marked(titled(TWO[lang], published=FRIDAY), lang=lang).marks, prior())
    assert all("f-calm" not in f.signs for f in loud)


def test_two_spellings_of_a_name_in_one_sentence_are_one(reader):
    text = Text(
        "Vendredi, à Belo, l'armée a tué dix séparatistes. Un habitant de Njinikom le confirme : "
        "« Le chef qui commandait à Belo, Fundong et Ndjinikom a été tué »."
    )
    drafts = reader.read(text, lang="fr", published=date(2021, 5, 9)).incidents
    assert [d.value("place") for d in drafts] == ["Belo"]
