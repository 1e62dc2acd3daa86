"""What is mended is certain, is said, and invents nothing."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toguna.core.mojibake import mended
from toguna.events.admit import admit
from toguna.events.checks.context import Context
from toguna.events.worded import worded
from toguna.sources.protocol import UNREADABLE_SCHEMA

from .rows import events


@pytest.mark.parametrize(
    ("text", "code", "figures"),
    [
        ("1 200", "deaths-with-separators", (None, 1200, None)),
        ("1\u202f200", "deaths-with-separators", (None, 1200, None)),
        ("1,200", "deaths-with-separators", (None, 1200, None)),
        ("10-15", "deaths-as-range", (10, None, 15)),
        ("10 – 15", "deaths-as-range", (10, None, 15)),
        ("entre 10 et 15 morts", "deaths-as-range", (10, None, 15)),
        ("de 10 à 15", "deaths-as-range", (10, None, 15)),
        ("about 20", "deaths-about", (None, 20, None)),
        ("~20", "deaths-about", (None, 20, None)),
        ("environ 1 200", "deaths-about", (None, 1200, None)),
        ("plus de 30", "deaths-as-bound", (31, None, None)),
        ("at least 30", "deaths-as-bound", (30, None, None)),
        ("30+", "deaths-as-bound", (30, None, None)),
        ("up to 30", "deaths-as-bound", (None, None, 30)),
        ("moins de 30", "deaths-as-bound", (None, None, 29)),
        ("dozens", "deaths-in-words", (None, None, None)),
        ("une dizaine", "deaths-in-words", (None, None, None)),
        ("several hundred", "deaths-in-words", (None, None, None)),
    ],
)
def test_counts_written_as_text(text: str, code: str, figures: tuple) -> None:
    cells = pl.DataFrame({"row": [2], "field": ["deaths"], "text": [text]}, schema=UNREADABLE_SCHEMA)
    blank = {"best": None, "low": None, "high": None, "deaths_civilians": None}
    admission = admit(events({}, blank), Context("t", cells, {"best": "deaths"}))
    assert [(f.code, f.severity, f.row) for f in admission.findings] == [(code, "note", 2)]
    assert repr(text)[1:-1] in admission.findings[0].found or text in admission.findings[0].found
    assert admission.accepted.select("low", "best", "high").row(1) == figures
    assert admission.accepted.select("low", "best", "high").row(0) == (2, 3, 5)


@pytest.mark.parametrize(
    "text", ["", "abc", "2.5", "nan", "15-10", "12 and 15", "-3", "10-12-2015", "1,2", "3 ?", "12e", "10/15"]
)
def test_text_that_says_nothing_for_certain_is_left_to_the_checks(text: str) -> None:
    assert worded(text) is None


def test_stated_bounds_are_kept_and_contradictions_are_found() -> None:
    cells = pl.DataFrame(
        {"row": [1, 2], "field": ["best", "best"], "text": ["10-15", "10-15"]}, schema=UNREADABLE_SCHEMA
    )
    rows = [{"best": None, "low": 12, "high": 14}, {"best": None, "low": 20, "high": None}]
    admission = admit(events(*rows), Context("t", cells))
    assert admission.accepted.select("low", "best", "high").rows() == [(12, None, 14)]
    assert admission.quarantined.select("low", "best", "high").rows() == [(20, None, 15)]


def test_the_other_decimal_sign_separates_thousands() -> None:
    assert worded("1.200", decimal=",").best == 1200
    assert worded("1,200", decimal=",") is None
    assert worded("1.200") is None


def test_a_word_in_low_or_in_a_part_stays_unknown() -> None:
    cells = pl.DataFrame(
        {"row": [1, 1], "field": ["low", "deaths_civilians"], "text": ["10-15", "dozens"]},
        schema=UNREADABLE_SCHEMA,
    )
    admission = admit(events({"low": None, "deaths_civilians": None}), Context("t", cells))
    assert admission.accepted.select("low", "best", "high", "deaths_civilians").row(0) == (None, 3, 5, None)
    assert [f.code for f in admission.findings] == ["deaths-in-words"] * 2


def test_ranges_are_widened_to_hold_the_best_estimate_and_said() -> None:
    admission = admit(events({"low": 4}, {"high": 2}, {"low": 9, "high": 1}, {}))
    assert admission.accepted.select("low", "best", "high").rows() == [(3, 3, 5), (2, 3, 3), (2, 3, 5)]
    assert admission.quarantined.select("low", "best", "high").rows() == [(9, 3, 1)]
    assert (admission.widened.low, admission.widened.high) == (1, 1)
    found = {f.row: f.found for f in admission.findings}
    assert "low 4, best 3, high 5" in found[1]
    assert "low 2, best 3, high 2" in found[2]


def test_letters_are_restored_where_the_way_back_is_certain() -> None:
    admission = admit(events({"place": "SÃ©varÃ©", "admin1": "SÃ©gou", "note": "â€œl'Ã‰tatâ€\u009d"}, {}))
    row = admission.accepted.row(0, named=True)
    assert (row["place"], row["admin1"], row["note"]) == ("Sévaré", "Ségou", "“l'État”")
    assert {f.code for f in admission.findings} == {"text-repaired"}
    assert "'SÃ©varÃ©', read as 'Sévaré'" in admission.findings[-1].found


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F), max_size=12))
def test_damage_is_undone_and_sound_text_is_not_touched(text: str) -> None:
    """Whatever text of Latin letters is damaged comes back; what comes back, damaged again, is the same."""
    data = text.encode()
    if b"\x81" in data or any(0x80 <= ord(letter) < 0xA0 for letter in text):
        return
    damaged = "".join(bytes([b]).decode("cp1252", errors="ignore") or chr(b) for b in data)
    restored = mended(damaged)
    if not text.isascii() and mended(text) is None:
        assert restored == text
    if text.isascii():
        assert restored is None


@pytest.mark.parametrize(
    "text", ["Sévaré", "São Paulo", "SÃO", "Ñandú", "Â", "Ã", "l’été – « ça »", "École", "Ãéà", "lost \ufffd"]
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert mended(text) is None
