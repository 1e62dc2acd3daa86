"""Spellings of one name are one; names that differ are not."""

from __future__ import annotations

import pytest

from toguna.core.text import fold
from toguna.reading.places import dateline
from toguna.reading.sounds import sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tinzaouatène", "Tin Zawaten"),
        ("Aguelhoc", "Aguelhok"),
        ("Amalawlaw", "Amalaoulaou"),
        ("Wouro-Mody", "Ouro Modi"),
        ("Toguéré-Koumbé", "Toguéré-Coumbé"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert sound(fold(one)) == sound(fold(other))


@pytest.mark.parametrize(("one", "other"), [("Kita", "Kati"), ("Bankass", "Bandiagara"), ("Dori", "Doro")])
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert sound(fold(one)) != sound(fold(other))


def test_a_city_in_brackets_before_a_dash_is_a_dateline() -> None:
    told = "(Bamako) – Armed men killed six villagers at Songho."
    assert dateline(told, 0, len(told)) is not None
    assert dateline(told[1:].replace(") –", ","), 0, len(told)) is None
