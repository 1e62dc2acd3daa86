"""Areas of communes and villages: the table and its sources, and that no area is guessed."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from importlib.resources import files

import pytest

from toguna.core import countries
from toguna.core.text import fold
from toguna.reading.gazetteer import Gazetteer
from toguna.reading.places import places
from toguna.reading.plain import folded
from toguna.store.theatre import load_theatre


def table(name: str) -> list[dict[str, str]]:
    text = files("toguna.reading").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


AREAS, SOURCES = table("areas"), table("area_sources")


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer.build(load_theatre("mali"))


def test_rows_are_whole_and_sorted_so_that_branches_merge() -> None:
    assert list(AREAS[0]) == ["country", "admin1", "admin2", "name", "other_names", "source"]
    keys = [tuple(row.values()) for row in AREAS]
    assert keys == sorted(keys)
    for row in AREAS:
        assert None not in row.values(), row
        assert row["country"] in countries.iso3_codes(), row
        assert row["admin1"], row
        assert row["name"] or row["admin2"], row
        assert not any(said != said.strip() or "=" in said for said in row.values()), row


def test_no_place_is_told_twice() -> None:
    places = Counter((r["country"], r["admin1"], r["admin2"], fold(r["name"])) for r in AREAS)
    assert not [place for place, n in places.items() if n > 1]
    for row in AREAS:
        said = [fold(n) for n in (row["name"], *row["other_names"].split("|")) if n]
        assert len(said) == len(set(said)), row


def test_every_source_is_told_and_used() -> None:
    assert {row["source"] for row in AREAS} == {row["key"] for row in SOURCES}
    assert [row["key"] for row in SOURCES] == sorted({row["key"] for row in SOURCES})
    assert all(value for row in SOURCES for value in row.values())


def test_areas_of_mali_are_those_of_the_theatre() -> None:
    regions = load_theatre("mali").tables["regions"]
    known = {(r["parent"], r["name"]) for r in regions.iter_rows(named=True) if r["level"] == "cercle"}
    ours = {(r["admin1"], r["admin2"]) for r in AREAS if r["country"] == "MLI"}
    assert ours == known - {("Bamako", "Bamako")}


# Provinces, departments (in Niger with two towns), local government areas, communes, as the states count them
@pytest.mark.parametrize(
    ("country", "firsts", "seconds"),
    [("BFA", 13, 45), ("NER", 8, 65), ("NGA", 20, 419), ("TCD", 23, 65), ("BEN", 4, 27)],
)
def test_as_many_areas_as_the_lists_say(country: str, firsts: int, seconds: int) -> None:
    told = {(r["admin1"], r["admin2"]) for r in AREAS if r["country"] == country and r["admin2"]}
    assert len({r["admin1"] for r in AREAS if r["country"] == country}) == firsts
    assert len(told) == seconds


def test_a_second_level_area_lies_in_one_first_level_area() -> None:
    within = {(r["country"], r["admin2"], r["admin1"]) for r in AREAS if r["admin2"]}
    several = {k for k, n in Counter((c, second) for c, second, _ in within).items() if n > 1}
    assert several == {("NGA", "Bassa"), ("NGA", "Nasarawa"), ("NGA", "Obi")}


def test_of_several_areas_none_is_chosen() -> None:
    first, *others = gazetteer().of(["MLI"]).find("Benkadi")
    assert (first.admin1, first.admin2, first.lat) == ("", "", None)
    assert {s.admin2 for s in others} == {"Banamba", "Dioila", "Kangaba", "Sikasso"}


def test_a_known_point_gets_the_area_that_its_region_allows() -> None:
    assert [s.admin2 for s in gazetteer().find("Dogofry")] == ["Niono", "Nara"]  # the pack's lies in Ségou
    assert [s.admin2 for s in gazetteer().find("Boussouma") if s.lat is not None] == [""]  # which of two?
    assert [(s.admin2, s.lat is not None) for s in gazetteer().find("Djibo")] == [("Soum", True)]


def test_an_area_stands_where_its_seat_does() -> None:
    (point, area) = gazetteer().find("Sabuwa")
    assert (point.level, area.level) == ("point", "admin2")
    assert (area.lat, area.lon) == (point.lat, point.lon)


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("Des hommes armés ont attaqué la commune de Tô, mardi.", "fr", ["Tô"]),
        ("To the north, Samba and Sony fled on Tuesday.", "en", []),
        ("Gunmen attacked Tondikandia on Tuesday.", "en", ["Tondikandia"]),
    ],
)
def test_plain_words_that_are_communes_need_a_word_of_place(text: str, lang: str, found: list[str]) -> None:
    named = places(text, folded(text), lang, gazetteer(), span=(0, len(text)), taken=[])
    assert [p.name for p in named if p.spots] == found
