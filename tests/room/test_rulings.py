"""Statements about links: sourced, appended, never overwritten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from toguna.core.errors import UsageError
from toguna.events.links import Ruling
from toguna.room.rulings import rulings, state
from toguna.store.register import Register

SAID = Ruling(
    "ucdp:2",
    "chronology:1",
    "same",
    by="analyst",
    reason="Same market, same day.",
    source_url="https://example.org/1",
    recorded_at="2026-01-01T00:00:00+00:00",
)


def test_statements_are_appended_and_come_back_in_order(tmp_path: Path) -> None:
    register = Register(tmp_path / "register.sqlite")
    assert rulings(register, "t") == ()
    assert not register.path.exists()
    state(register, "t", SAID)
    state(register, "t", replace(SAID, verdict="different"))
    state(register, "t", replace(SAID, speaks="ucdp:2"))
    state(register, "elsewhere", SAID)
    told = rulings(register, "t")
    assert [r.verdict for r in told] == ["same", "different", "same"]
    assert {(r.event_a, r.event_b) for r in told} == {("chronology:1", "ucdp:2")}
    assert told[2].speaks == "ucdp:2"
    register.close()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source_url": " "}, "--source-url"),
        ({"reason": ""}, "--reason"),
        ({"by": ""}, "--by"),
        ({"event_b": "ucdp:2"}, "named twice"),
        ({"speaks": "ucdp:9"}, "one of the two"),
    ],
)
def test_a_statement_without_ground_is_refused(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    register = Register(tmp_path / "register.sqlite")
    with pytest.raises(UsageError, match=said):
        state(register, "t", replace(SAID, **changes))
    assert rulings(register, "t") == ()
