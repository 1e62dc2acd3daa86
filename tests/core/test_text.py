"""Folding of names."""

from __future__ import annotations

import pytest

from toguna.core import text
from toguna.core.text import fold


@pytest.mark.parametrize("name", ["Ançar Dine", "ANSAR-DINE ", "", "Œuvre d'Adrar", "غاو", "\ud800 Boni"])
def test_long_texts_are_folded_as_names_are(name):
    long = f"{name} " * (text.LONG + 1)
    assert fold(long) == " ".join([fold(name)] * (text.LONG + 1)).strip()


def test_a_long_text_is_not_kept():
    text._kept.cache_clear()
    fold("Gao" * text.LONG)
    assert text._kept.cache_info().currsize == 0
    fold("Gao")
    assert text._kept.cache_info().currsize == 1
