"""Days that words mean, counted from the day of publication."""

from __future__ import annotations

from datetime import date

import pytest

from toguna.reading.days import days


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
