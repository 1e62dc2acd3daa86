"""Alternatives sorted by their first letter find what they find in a row."""

from __future__ import annotations

import re

import pytest

from toguna.reading.initials import branches, by_initial, initials
from toguna.reading.lexicon import facts, pattern

TEXT = (
    "our brother and a brother died, the car bomb and aircraft struck; ten years after, the minister of "
    "defence said - denied responsibility - that shelling, storming and storms were over"
)
TOLD = [
    ("kin", r"(?<!our\s)(?:brother|sister)s?"),
    ("deed", r"(?:car|air)?bomb|storm(?:ed|ing)|[cd]ar[\s-]+bomb"),
    ("past", r"\w+[\s-]+years[\s-]+after"),
    ("office", r"(?:\w+[\s-]+)?minister"),
    ("claim", r"(?:has|have)?[\s-]*denied"),
    ("loud", r"(?:she|storm)+l?l?ing|storms"),
]


def test_alternatives_in_a_row_and_by_letter_find_the_same():
    body, keys = by_initial(TOLD)
    row = re.compile(rf"(?<!\w)(?:{'|'.join(f'({said})' for _, said in TOLD)})(?!\w)")
    sorted_ = re.compile(rf"(?<!\w)(?:{body})(?!\w)")
    in_row = [(TOLD[(m.lastindex or 0) - 1][0], m.span()) for m in row.finditer(TEXT)]
    assert [(keys[(m.lastindex or 0) - 1], m.span()) for m in sorted_.finditer(TEXT)] == in_row
    assert {key for key, _ in in_row} == {key for key, _ in TOLD}


def test_what_begins_with_no_letter_is_refused():
    for said in (r"\d+ dead", r"a{2}b", "", r".x"):
        with pytest.raises(ValueError, match="begin"):
            list(initials(said))


def test_groups_and_sets_are_not_parted():
    assert list(branches(r"a(?:b|c)|[|]d|\|e")) == [r"a(?:b|c)", "[|]d", r"\|e"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_key_of_a_theme_can_be_found(lang):
    for theme in ("deed", "person", "about", "tactic"):
        told = {key for key, entry in facts(theme).items() if entry.get(lang) or entry.get("both")}
        assert set(pattern(theme, lang)[1]) == told
