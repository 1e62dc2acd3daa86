"""Days that words mean, counted from the day of publication."""

from __future__ import annotations

from datetime import date

import pytest

from toguna.reading.days import days
from toguna.reading.documents import Text


@pytest.mark.parametrize(
    ("told", "lang", "published", "first", "last"),
    [
        ("la nuit de samedi a dimanche 19 juin 2022", "fr", "2022-06-20", "2022-06-18", "2022-06-18"),
        ("a night that went over to sunday 12 june", "en", "2022-06-14", "2022-06-11", "2022-06-11"),
        ("they marched from gao to kidal on 12 june", "en", "2022-06-14", "2022-06-12", "2022-06-12"),
        ("an attack of last week", "en", "2020-10-12", "2020-10-05", "2020-10-11"),
        ("la semaine derniere", "fr", "2020-10-16", "2020-10-05", "2020-10-11"),
        ("last week", "en", "2020-10-18", "2020-10-05", "2020-10-13"),
        ("tue ce jour a gao", "fr", "2020-11-04", "2020-11-04", "2020-11-04"),
    ],
)
def test_words_mean_days(told: str, lang: str, published: str, first: str, last: str) -> None:
    (when,) = days(told, lang, published=date.fromisoformat(published))
    assert (str(when.first), str(when.last)) == (first, last)


def test_up_to_this_day_dates_nothing() -> None:
    assert days("nul ne sait a ce jour qui l'a tue", "fr", published=date(2020, 11, 4)) == []


@pytest.mark.parametrize(
    ("told", "lang"), [("some hours earlier, in gao", "en"), ("peu d'heures auparavant, a gao", "fr")]
)
def test_some_hours_before_hang_on_the_day_told_before(told: str, lang: str) -> None:
    (when,) = days(told, lang, published=date(2020, 11, 4))
    assert (when.first, when.shift) == (None, 0)


@pytest.mark.parametrize(
    ("told", "lang", "years", "first"),
    [
        ("killed on 14 october", "en", (2022, 2012), "2022-10-14"),
        ("on saturday 14 october", "en", (2022, 2012), "2023-10-14"),
        ("tues samedi 14 octobre", "fr", (2025, 2017, 2004), "2017-10-14"),
        ("le 2 decembre", "fr", (2016,), "2016-12-02"),
        ("in march", "en", (2021,), "2021-03-01"),
        ("le 29 fevrier", "fr", (2020,), "2020-02-29"),
    ],
)
def test_without_a_day_of_publication_the_years_told_date(told, lang, years, first) -> None:
    (when,) = days(told, lang, published=None, years=years)
    assert str(when.first) == first


def test_no_year_is_guessed() -> None:
    assert days("le samedi 14 octobre", "fr", published=None) == []
    assert days("le mardi 14 octobre", "fr", published=None, years=(2023, 2004)) == [], "no such Tuesday"
    assert days("on friday", "en", published=None, years=(2023,)) == []
    (when,) = days("on 14 october", "en", published=date(2015, 11, 4), years=(2023,))
    assert str(when.first) == "2015-10-14", "where the day of publication is known it decides"


def test_days_of_a_page_without_its_day_take_the_year_it_tells(reader):
    text = Text(
        "Le 21 novembre 2016, des bandits armés ont attaqué Gao et tué deux gardes. "
        "Le 2 décembre, à Ménaka, des hommes armés ont tué trois commerçants.\n"
    )
    drafts = reader.read(text, lang="fr").incidents
    assert [str(d.value("date_start")) for d in drafts] == ["2016-11-21", "2016-12-02"]
    assert all(d.main for d in drafts), "each is news of a page that is dated by nothing"
