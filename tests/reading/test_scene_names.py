"""Which names can be a scene, and what signs they get."""

from __future__ import annotations

from datetime import date

import pytest

from bench.plain_words import plain_words
from toguna.reading.documents import Text

DAY = date(2022, 5, 20)


def _scenes(reader, text: str, lang: str) -> list[dict[str, frozenset[str]]]:
    found = reader.scenes(Text(text), lang=lang, published=DAY)
    return [{s.place.name: s.signs for s in scenes} for _, scenes in found]


def _names(reader, text: str, lang: str) -> set[str]:
    return {name for told in _scenes(reader, text, lang) for name in told}


@pytest.mark.parametrize(
    ("lang", "text", "name", "never"),
    [
        ("en", "Gunmen killed four people on Tuesday in Korodara. Where Sirakélé lies nobody said.",
         "Sirakélé", "Where Sirakélé"),
        ("fr", "Des hommes armés ont tué quatre personnes mardi à Korodara. Ainsi Sirakélé a été vidé.",
         "Sirakélé", "Ainsi Sirakélé"),
        ("en", "On Tuesday gunmen surrounded Tondibaro Village and killed four people.", "Tondibaro",
         "Tondibaro Village"),
        ("en", "Four people were killed on Tuesday. Tondibaro in Jibia LGA was attacked by gunmen.",
         "Tondibaro", "Four"),
        ("fr", "Quatre civils ont été tués mardi. N'Gagam et Korodara ont été attaqués par des hommes armés.",
         "N'Gagam", "Quatre"),
        ("fr", "Quatre civils ont été tués mardi. Les tireurs venaient de N'gagam, un village voisin.",
         "N'gagam", "Quatre"),
        ("fr", "Attaque de Tondibaro : quatre civils ont été tués mardi par des hommes armés.", "Tondibaro",
         "Attaque de Tondibaro"),
        ("fr", "Quatre civils ont été tués mardi près du CEG de Bondangou par des hommes armés.", "Bondangou",
         "CEG de Bondangou"),
        ("fr", "Quatre civils ont été tués mardi. C'est Tondibaro, un village voisin, qui a été attaqué.",
         "Tondibaro", "C'est Tondibaro"),
        ("en", "Gunmen killed four traders on Tuesday at the entrance to Nkwenba Market.", "Nkwenba",
         "Nkwenba Market"),
        ("fr", "Mardi, Tondibaro, village de la commune de Diallassagou, a été attaqué : quatre morts.",
         "Tondibaro", "Mardi"),
    ],
)  # fmt: skip
def test_a_name_is_told_from_the_plain_words_beside_it(reader, lang, text, name, never):
    found = _names(reader, text, lang)
    assert name in found
    assert never not in found


@pytest.mark.parametrize(
    "text",
    [
        "L'attaque a fait quatre morts mardi à Korodara. N'ayant rien vu, il se tait.",
        "Quatre morts mardi à Korodara. D'après un élu, tout est calme. M. Bâ l'a dit.",
    ],
)
def test_an_article_or_pronoun_before_a_plain_word_makes_no_name(reader, text):
    found = _names(reader, text, "fr")
    assert not {n for n in found if n[1:2] in "'’"}


def test_an_agency_is_no_place(reader):
    text = "Quatre soldats ont été tués mardi près de Korodara, a déclaré un élu à Anadolu."
    assert "Anadolu" not in _names(reader, text, "fr")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Gunmen attacked a bus on Tuesday on the road from Korodara to Tondibaro; four died."),
        ("fr", "Un car a été attaqué mardi entre Korodara et Tondibaro : quatre civils ont été tués."),
    ],
)  # fmt: skip
def test_of_two_ends_of_a_road_the_first_stands_for_it(reader, lang, text):
    (told,) = _scenes(reader, text, lang)
    assert "nth-0" in told["Korodara"]
    assert "nth-1" in told["Tondibaro"]
    assert "role-scene" not in told["Tondibaro"]


def test_signs_say_where_a_name_stands_in_a_list_and_how_far_from_the_first(reader):
    text = "Des hommes armés ont attaqué mardi Tombouctou, Sikasso et Korodara, tuant quatre soldats."
    known = reader.marked(Text(text), lang="fr", published=DAY)
    told = {n.place.name: n.signs for n in known.names.values()}
    assert "f-list-first" in told["Tombouctou"]
    assert {"f-list-then", "f-list-then-far"} <= told["Sikasso"]
    assert {"f-list-then", "f-list-then-unplaced", "f-list-last"} <= told["Korodara"]


def test_one_loose_mention_takes_nothing_from_a_name_that_is_cued_elsewhere(reader):
    text = (
        "Gunmen killed four people on Tuesday in the village of Korodara. "
        "People of the whole area mourn Korodara, and nobody spoke of Maredi."
    )
    (told,) = _scenes(reader, text, "en")
    assert {"best-scene", "at-first-scene"} <= told["Korodara"]
    assert "loose" not in told["Korodara"]
    assert {"best-name", "loose"} <= told["Maredi"]


def test_a_place_some_way_from_the_capital_is_no_quarter_of_it(reader):
    far = "Des hommes armés ont tué quatre civils mardi à Korodara, soit à cent kilomètres de Bamako."
    (told,) = _scenes(reader, far, "fr")
    assert "of-quarter" not in told["Bamako"]
    (told,) = _scenes(reader, "Quatre civils ont été tués mardi à Korodara, un quartier de Bamako.", "fr")
    assert "of-quarter" in told["Bamako"]


def test_plain_words_are_those_that_texts_have_in_small_letters():
    texts = [
        "Nobody came. The dead lay there, and nobody spoke of Share.",
        "There nobody knew, in Share, the dead.",
        "share",
    ]
    found = plain_words(texts)
    assert {"dead", "nobody"} <= set(found)
    assert "share" not in found
    assert "came" not in found
