"""A viewpoint has a name, and says in words what it does."""

from __future__ import annotations

import pytest

from toguna.core.errors import UnknownNameError
from toguna.core.language import LANGUAGES, Language
from toguna.events.viewpoint import STANDARD, VIEWPOINTS, Viewpoint, sentence, viewpoint


def test_an_unknown_viewpoint_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'newest'"):
        viewpoint("newst")


@pytest.mark.parametrize("name", VIEWPOINTS)
def test_what_is_written_builds_it_again(name: str) -> None:
    assert Viewpoint(**viewpoint(name).as_dict()) == viewpoint(name)
    assert viewpoint(name).name == name


def test_rules_that_differ_are_said_differently() -> None:
    rules = [
        Viewpoint("x", releases, incidents, spread)
        for releases in ("annual-first", "newest-wins")
        for incidents in ("once", "apart")
        for spread in ("none", "days", "days-and-places")
    ]
    for code in LANGUAGES:
        assert len({sentence(rule, Language(code)) for rule in rules}) == len(rules)
    assert sentence(STANDARD.as_dict(), Language("en")) == sentence(STANDARD, Language("en"))
