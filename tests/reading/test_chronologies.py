"""Lists of incidents: a day at the head of an item or alone on a line dates what follows it."""

from __future__ import annotations

from datetime import date

import pytest

from toguna.reading.days import days
from toguna.reading.documents import titled

TRACKER = (
    "Security Tracker: Update for the Week of June 9-June 15\n\n"
    "June 9: In Gao, a suicide bomber killed three soldiers. The suspicion fell on jihadists. "
    "June 11: Two people were killed by gunmen in Menaka. June 11: Gunmen attacked the village of Boni and "
    "killed four civilians. June 13: A mine killed six traders near Tessalit."
)
CHRONOLOGY = (
    "Incidents sécuritaires au Mali, chronologie du 4 avril 2015 au 1er septembre 2016\n\n"
    "4 avril 2015\n"
    "Des hommes armés attaquent le poste de gendarmerie de Boni. Un gendarme est tué.\n\n"
    "9 octobre 2015\n"
    "Attaque d'individus armés contre le village de Gossi. Trois civils perdent la vie.\n\n"
    "17 mai 2016\n"
    "Deux militaires sont tués par l'explosion d'une mine près de Tessalit.\n"
)


def _found(reader, text, published):
    drafts = reader.read(titled(text, published=published)).incidents
    return {(d.value("place"), d.value("date_start")) for d in drafts}


def test_each_item_of_a_list_within_a_paragraph_has_its_own_day(reader):
    assert {
        ("Gao", "2018-06-09"), ("Menaka", "2018-06-11"), ("Boni", "2018-06-11"), ("Tessalit", "2018-06-13"),
    } <= _found(reader, TRACKER, date(2018, 6, 18))  # fmt: skip


def test_a_day_alone_on_a_line_dates_what_follows(reader):
    expected = {("Boni", "2015-04-04"), ("Gossi", "2015-10-09"), ("Tessalit", "2016-05-17")}
    assert expected <= _found(reader, CHRONOLOGY, None)


def test_the_first_day_of_a_chronology_is_not_that_of_its_publication():
    assert titled(CHRONOLOGY).published is None
    assert titled("4 avril 2015\n\nDes hommes armés ont attaqué Boni mardi.").published == date(2015, 4, 4)


@pytest.mark.parametrize(
    ("told", "expected"),
    [("june 11: two people died", ["2018-06-11"]), ("at june 11:30 they came", []), ("june 112 of them", [])],
)
def test_a_colon_after_a_day_is_no_clock_unless_minutes_follow(told, expected):
    assert [str(w.first) for w in days(told, "en", published=date(2018, 6, 18))] == expected
