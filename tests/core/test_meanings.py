"""Every finding is told in every language, with the same code-like words."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from toguna.core.language import LANGUAGES
from toguna.core.meanings import meaning

CODES = sorted(tomllib.loads(files("toguna").joinpath("core", "findings.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_is_told(lang: str) -> None:
    told = {code: meaning(code, lang) for code in CODES}
    assert all(entry and entry.means and entry.repair for entry in told.values())


def test_commands_and_columns_are_the_same_in_french() -> None:
    """What is to be typed is not translated, but for the places that the reader fills."""
    for code in CODES:
        english, french = meaning(code, "en"), meaning(code, "fr")
        assert english and french
        typed = [set(re.findall(r"`(toguna [a-z -]+)", m.repair)) for m in (english, french)]
        assert typed[0] == typed[1], code


def test_a_code_of_a_plug_in_has_no_meaning_here() -> None:
    assert meaning("not-a-code", "en") is None
