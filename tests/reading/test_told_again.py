"""Drafts of a text that tell again of an incident which another draft tells of."""

from __future__ import annotations

from datetime import date

import pytest

from toguna.reading.confidence import prior
from toguna.reading.documents import titled
from toguna.reading.once import again, onces
from toguna.reading.rules import RulesReader

FRIDAY = date(2015, 11, 20)
AGAIN = {
    "en": "Gunmen attacked a camp at Gao on Tuesday and killed six soldiers.\n\n"
    "Residents fled, and the market was shut.\n\n"
    "Friday saw four people killed at Gao.",
    "fr": "Des hommes armés ont attaqué mardi un camp à Gao et tué six soldats.\n\n"
    "Des habitants ont fui, et le marché était fermé.\n\n"
    "Vendredi, quatre personnes ont été tuées à Gao.",
}
OTHER = {
    "en": "Gunmen attacked a camp at Gao on Tuesday and killed six soldiers.\n\n"
    "Residents fled, and the market was shut.\n\n"
    "On Thursday another attack at Gao, with a car bomb, killed four policemen.",
    "fr": "Des hommes armés ont attaqué mardi un camp à Gao et tué six soldats.\n\n"
    "Des habitants ont fui, et le marché était fermé.\n\n"
    "Jeudi, une autre attaque à Gao, à la voiture piégée, a tué quatre policiers.",
}
FAR = {
    "en": "Gunmen attacked a camp at Gao on Tuesday and killed six soldiers.\n\n"
    "On Thursday gunmen killed four policemen at Kayes.",
    "fr": "Des hommes armés ont attaqué mardi un camp à Gao et tué six soldats.\n\n"
    "Jeudi, des hommes armés ont tué quatre policiers à Kayes.",
}


@pytest.fixture(scope="module")
def by_prior(reader):
    return RulesReader(reader.setting, prior())


def asked(reader, text):
    """Return the number of drafts of a text and the chance of every two that the second tells the first."""
    drafts, told = reader.onces(titled(text, published=FRIDAY))
    return len(drafts), {pair: reader.weights.chance("once", signs) for pair, signs in told.items()}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_was_told_on_the_day_of_the_page_is_rather_the_same_than_another_deed(lang, by_prior):
    number, same = asked(by_prior, AGAIN[lang])
    count, other = asked(by_prior, OTHER[lang])
    assert number == count == 2
    assert same[0, 1] > max(other.values())
    assert same[0, 1] > same[1, 0]
    assert max(other.values()) < 0.2


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_two_towns_are_not_asked(lang, by_prior):
    assert asked(by_prior, FAR[lang]) == (2, {})


@pytest.mark.parametrize("text", [*AGAIN.values(), *OTHER.values(), *FAR.values()])
def test_one_that_is_left_out_leaves_one_that_stays(text, by_prior):
    known, context = by_prior._marked(titled(text, published=FRIDAY), "auto", None)
    found, read = by_prior._all(known, context)
    told = [(e, d) for e, (d, _) in zip(found, read, strict=True)]
    left = again(told, FRIDAY, by_prior.weights)
    pairs = onces(told, FRIDAY)
    assert all(any((a, b) in pairs for a in range(len(told)) if a not in left) for b in left)


def test_weights_that_know_no_such_kind_find_none(by_prior):
    old = prior()
    bare = type(old)({k: v for k, v in old.weights.items() if k != "once"}, old.least, old.spread)
    known, context = by_prior._marked(titled(AGAIN["en"], published=FRIDAY), "auto", None)
    found, read = by_prior._all(known, context)
    assert again([(e, d) for e, (d, _) in zip(found, read, strict=True)], FRIDAY, bare) == frozenset()
