"""What a text is about beside violence: topics of sentences, signs of whole texts, sureness of scenes."""

from __future__ import annotations

from datetime import date

import pytest

from toguna.reading.about import signs_of_topics, topics
from toguna.reading.confidence import prior
from toguna.reading.documents import titled
from toguna.reading.marks import mark
from toguna.reading.rules import RulesReader

DAY = date(2016, 3, 10)
FREED = {
    "en": "Aid worker is free again. The nurse, kidnapped near Gao in 2014, was released on Tuesday. "
    "Her family spoke of relief. A ransom was paid, said a mediator who took part in the talks.",
    "fr": "L'infirmière est enfin libre. Enlevée près de Gao en 2014, elle a été libérée mardi. "
    "Sa famille dit son soulagement. Une rançon a été payée, selon un médiateur présent aux pourparlers.",
}
ATTACKED = {
    "en": "Gunmen attacked an army post near Gao on Tuesday and killed four soldiers, the army said. "
    "They came on motorcycles before dawn and burned two vehicles.",
    "fr": "Des hommes armés ont attaqué mardi un poste de l'armée près de Gao et tué quatre soldats. "
    "Venus à moto avant l'aube, ils ont brûlé deux véhicules.",
}


def _marks(reader, text, lang):
    return mark(titled(text, published=DAY), lang, reader.setting, published=DAY)


@pytest.mark.parametrize(
    ("lang", "said", "topic"),
    [
        ("en", "The two hostages were set free on Monday.", "release"),
        ("fr", "Les deux otages ont été relâchés lundi.", "release"),
        ("en", "Both sides signed a ceasefire.", "talks"),
        ("fr", "Les deux camps ont signé un cessez-le-feu.", "talks"),
        ("en", "A ceremony honoured the seven soldiers.", "tribute"),
        ("fr", "Une cérémonie a rendu hommage aux sept soldats.", "tribute"),
        ("en", "Two suspects were arrested.", "arrest"),
        ("fr", "Deux suspects ont été interpellés.", "arrest"),
        ("en", "The two lorries collided near the bridge.", "accident"),
        ("fr", "Les deux camions se sont percutés : accident près du pont.", "accident"),
    ],
)
def test_a_sentence_has_topics(reader, lang, said, topic):
    (marks,) = _marks(reader, said, lang)[:1]
    assert topic in topics(marks)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_text_about_a_release_has_its_signs_and_one_about_an_attack_has_not(reader, lang):
    signs = signs_of_topics(_marks(reader, FREED[lang], lang))
    assert {"title-release", "some-release"} <= signs
    assert not any("release" in s for s in signs_of_topics(_marks(reader, ATTACKED[lang], lang)))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_by_the_prior_a_release_is_left_alone_and_an_attack_is_not(reader, lang):
    stated = RulesReader(reader.setting, prior())
    assert not stated.read(titled(FREED[lang], published=DAY), lang=lang).incidents
    assert len(stated.read(titled(ATTACKED[lang], published=DAY), lang=lang).incidents) == 1


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_how_likely_the_scene_is_stands_among_the_signs(reader, lang):
    ((_, features),) = reader.features(titled(ATTACKED[lang], published=DAY), lang=lang)
    assert sum(f.startswith("scene-sure-") for f in features) == 1
