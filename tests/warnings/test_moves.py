"""Moves as pages and the command line make them: fields are named, and of two at once the second is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from ledgers import hand, led_to, ledger, warning

from toguna.core.errors import ConflictError, FieldError, TogunaError, UnknownNameError
from toguna.warnings import steps
from toguna.warnings.moves import move, raise_one, records_of
from toguna.warnings.states import STEPS, Record, allowed
from toguna.warnings.steps import (
    Acknowledge,
    Act,
    Close,
    Decide,
    Escalate,
    Extend,
    Issue,
    Note,
    Release,
    Step,
    Withdraw,
)
from toguna.warnings.verify import verify


def test_every_step_of_the_ledger_has_its_form() -> None:
    forms = {getattr(steps, name).kind for name in steps.__all__} - {""}
    assert forms == set(STEPS) - {"supersede"}
    assert set(allowed("issued")) <= forms


def test_the_whole_way_by_moves(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    record = raise_one(book, warning(sensitivity="restricted"), hand("Ana"))
    way: list[tuple[Step, str]] = [
        (Release(), "Bo"), (Issue(), "Ana"), (Acknowledge(), "desk"),
        (Decide(True, "guards", ("M01",)), "desk"),
        (Extend(date(2016, 1, 1), "rain"), "desk"), (Act("patrols", "gendarmerie"), "desk"),
        (Note("seen"), "Bo"),
        (Close("CAME", "two attacks", ("ged:1",)), "Ana"),
    ]  # fmt: skip
    for day, (step, by) in enumerate(way, start=1):
        record = move(book, record.id, step, hand(by, day), seen=record.version)
    assert (record.state, record.warning.deadline) == ("closed", date(2016, 1, 1))
    assert record.decision is not None
    assert record.decision.options == ("M01",)
    assert record.outcome is not None
    assert (record.outcome.outcome, record.outcome.event_ids) == ("came", ("ged:1",))
    assert record == records_of(book)[record.id]
    assert verify(book).findings == ()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Decide(None, "why"), "act"),  # type: ignore[arg-type]
        (lambda: Decide(False, "  "), "reason"),
        (lambda: Decide(True, "x" * 5000), "reason"),
        (lambda: Act(""), "text"),
        (lambda: Act("patrols", who=7), "who"),  # type: ignore[arg-type]
        (lambda: Close("perhaps"), "outcome"),
        (lambda: Withdraw(""), "reason"),
        (lambda: Extend("soon", "why"), "deadline"),  # type: ignore[arg-type]
        (lambda: Extend(date(2016, 1, 1), ""), "reason"),
        (lambda: Note(" "), "text"),
    ],
)
def test_a_field_that_does_not_do_is_named(make: Callable[[], Step], field: str) -> None:
    with pytest.raises(TogunaError) as told:
        make()
    assert told.value.field == field  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("step", "by", "day", "field"),
    [
        (Acknowledge(), "Bo", 2, "id"),
        (Issue(), "Bo", 2, "id"),
        (Release(), "ANALYST", 2, "by"),
        (Release(), "", 2, "by"),
        (Note("x"), "Bo", 40_000, "at"),
        (Escalate(), "Bo", 1, "id"),
    ],
)
def test_a_step_that_is_refused_names_its_field_in_both_languages(
    step: Step, by: str, day: int, field: str, tmp_path: Path
) -> None:
    book = ledger(tmp_path)
    record = raise_one(book, warning(sensitivity="restricted"), hand())
    with pytest.raises(FieldError) as told:
        move(book, record.id, step, hand(by, day))
    assert told.value.field == field
    assert told.value.said["en"] != told.value.said["fr"]
    assert len(book.entries()) == 1
    with pytest.raises(UnknownNameError) as unknown:
        move(book, "fictia-9999", step, hand("Bo"))
    assert unknown.value.field == "warning"


def test_an_overdue_answer_is_escalated_and_that_is_kept(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    record = led_to(book, "issue")
    with pytest.raises(FieldError, match="overdue"):
        move(book, record.id, Escalate(), hand(day=2))
    record = move(book, record.id, Escalate(text="by telephone"), hand(day=5))
    assert record.state == "issued"
    assert dict(record.history[-1].body) == {
        "to": "head of office", "text": "by telephone", "owed": "acknowledge", "days_over": 2,
    }  # fmt: skip


def test_of_two_who_read_the_same_the_second_is_told(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    read = led_to(book, "issue", "acknowledge").version
    start = Barrier(2)

    def decide(act: bool) -> Record | ConflictError:
        start.wait(10)
        by = "yes" if act else "no"
        try:
            return move(book, "fictia-0001", Decide(act, by), hand(by, 3), seen=read)
        except ConflictError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(decide, (True, False)))
    (won,) = [one for one in both if isinstance(one, Record)]
    (told,) = [one for one in both if isinstance(one, ConflictError)]
    assert won.decision is not None
    assert f"decide ({won.decision.by}, " in str(told)
    assert told.now == won.version == records_of(book)["fictia-0001"].version
    assert told.said["fr"] != told.said["en"]
    assert [e.kind for e in book.entries()].count("decide") == 1

    second = move(book, "fictia-0001", Decide(not won.decision.act, "read again"), hand(day=4), seen=told.now)
    assert [e.kind for e in second.history].count("decide") == 2
    assert verify(book).findings == ()


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    led_to(book, "issue")

    def note(k: int) -> Record:
        return move(book, "fictia-0001", Note(f"note {k}"), hand(f"person {k}", 2))

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(note, range(12)))
    texts = [e.body["text"] for e in book.entries() if e.kind == "note"]
    assert sorted(texts) == sorted(f"note {k}" for k in range(12))
    assert sorted(len(r.history) for r in made) == list(range(3, 15))
    assert verify(book).findings == ()


PROCESS = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from ledgers import hand, ledger
from toguna.core.errors import ConflictError
from toguna.warnings.moves import move
from toguna.warnings.steps import Issue
print("ready", flush=True)
sys.stdin.readline()
try:
    move(ledger(Path({folder!r})), "fictia-0001", Issue(), hand(sys.argv[1], 1), seen={seen!r})
except ConflictError:
    sys.exit(7)
"""


def test_of_two_processes_one_issues(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    seen = led_to(book).version
    code = PROCESS.format(here=str(Path(__file__).parent), folder=str(tmp_path), seen=seen)
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code, "other"], **pipes) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "ready\n"
        other.stdin.write("go\n")
        other.stdin.flush()
        try:
            move(book, "fictia-0001", Issue(), hand("here", 1), seen=seen)
            refused = 0
        except ConflictError:
            refused = 7
        assert sorted((refused, other.wait(60))) == [0, 7]
    assert [e.kind for e in book.entries()] == ["raise", "issue"]
    assert verify(book).holds
