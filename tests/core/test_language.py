from __future__ import annotations

from datetime import date

import pytest

from toguna.core.errors import UnknownNameError
from toguna.core.language import WORD, Language, Word, _catalogue, direction, in_every_language, own

EN, FR = Language("en"), Language("fr")


def test_dates_are_written_out_and_the_first_is_1er():
    assert FR.date(date(2015, 11, 24)) == "24 novembre 2015"
    assert FR.date(date(2015, 11, 1)) == "1er novembre 2015"
    assert FR.short_date(date(2015, 8, 1)) == "1er août 2015"
    assert EN.date(date(2015, 11, 1)) == "1 November 2015"


def test_numbers_have_the_signs_of_the_language():
    assert FR.number(1234.56) == "1\u202f234,6"
    assert EN.number(1234.56) == "1,234.6"
    assert EN.number(-2.0) == "\u22122"
    assert FR.percent(0.234, 1) == "23,4\u202f%"
    assert EN.percent(0.234) == "23%"


@pytest.mark.parametrize(
    ("p", "said"), [(None, "not tested"), (1e-5, "< 0.0001"), (0.0004, "0.0004"), (0.2, "0.200")]
)
def test_p_values_are_never_a_bare_zero(p, said):
    assert EN.p_value(p) == said


def test_zero_is_singular_in_french_and_plural_in_english():
    assert FR.plural("{n} event", "{n} events", 0) == "0 événement"
    assert EN.plural("{n} event", "{n} events", 0) == "0 events"
    assert FR.plural("{n} event", "{n} events", 2) == "2 événements"


def test_terms_have_names_in_both_languages():
    assert EN.word("ied_mine") == "IED or mine"
    assert FR.word("siege_hostage") == "siège avec otages"
    assert EN.word("car_bomb") == "car bomb"
    assert EN.word(None) == "not stated"
    assert FR("{kind} and {last}", kind=Word("south"), last="x") == "sud and x"


def test_lists_are_joined_as_people_do():
    assert EN.join(["a", "b", "c"]) == "a, b and c"
    assert FR.join(["a", "b"]) == "a et b"
    assert EN.join([]) == ""


def test_words_from_data_get_french_spaces():
    assert FR.typeset("l'an 1 : « oui » !") == "l’an 1\u202f: «\u202foui\u202f»\u202f!"
    assert FR.typeset("p 0,5; q 3 %") == "p 0,5\u202f; q 3\u202f%"
    assert FR.typeset("https://a.org") == "https://a.org"
    assert EN.typeset("it's : so") == "it's : so"


def test_standing_phrases_in_data_are_said_in_the_language_and_words_of_others_stay():
    from toguna.sources.reports.source import SOURCE

    assert own(SOURCE.about.citation, FR) == "Signalements de terrain, recueillis par formulaire"
    assert own(SOURCE.about.licence, FR).startswith("de l’organisation qui recueille")
    assert own("Sundberg, R. and E. Melander (2013)", FR) == "Sundberg, R. and E. Melander (2013)"
    assert own(SOURCE.about.citation, EN) == SOURCE.about.citation


def test_countries_are_named_in_the_language():
    assert FR.country("DZA") == "Algérie"
    assert EN.country("XXX", "Elsewhere") == "Elsewhere"


def test_unknown_language_is_an_error_with_the_known_ones():
    with pytest.raises(UnknownNameError, match="en, fr"):
        Language("de")


def test_every_language_says_it():
    assert set(in_every_language("none")) == {"en", "fr"}


def test_words_of_one_language_are_words_of_the_other() -> None:
    """An entry that lost its `msgctxt` reads as a sentence, and its key is shown in its place."""
    keys = [
        {id for context, id in _catalogue(code) if id.count(":") == 1 and " " not in id and id != ":"}
        for code in ("en", "fr")
    ]
    words = [{id for context, id in _catalogue(code) if context == WORD} for code in ("en", "fr")]
    assert keys[0] <= words[0] and keys[1] <= words[1]
    assert {id for id in words[1] if ":" in id} == {id for id in words[0] if ":" in id}


def test_every_language_says_from_which_side_it_is_written():
    assert [direction(code) for code in ("en", "fr", "ar", "he")] == ["ltr", "ltr", "rtl", "rtl"]
