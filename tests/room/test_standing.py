"""What an assessment says of the ledger is as of its day, and keeps back what is restricted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from toguna.core.language import Language
from toguna.room import standing as room_standing
from toguna.room.briefing import warned
from toguna.room.situation import schema
from toguna.room.standing import entries_by, input_of, standing
from toguna.shifts.windows import windows_ending
from toguna.store.home import Home
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.lessons import lesson_body, situation_of
from toguna.warnings.moves import Hand, carry, learn, raise_one
from toguna.warnings.options import options_of
from toguna.warnings.types import Area, Basis, Warning

AS_OF = date(2015, 11, 24)


def warning(**changes: Any) -> Warning:
    said = {"en": "Surge in Nordia", "fr": "Recrudescence (Nordia)"}
    made = Warning(
        theatre="fictia", kind="surge", level="warning", urgency="Expected", severity="Severe",
        certainty="Likely",
        areas=(Area("Nordia"),), start=date(2015, 6, 1), end=date(2015, 12, 31),
        basis=(Basis("analyst", "desk", "a" * 64, "2015-06-01"),), owner="desk",
        acknowledge_by=date(2015, 6, 4), deadline=date(2015, 6, 15), headline=said, text=said,
    )  # fmt: skip
    return replace(made, **changes)


def hand(month: int, by: str = "Ana Secret") -> Hand:
    return Hand(by, datetime(2026, 1, 1, tzinfo=UTC), datetime(2015, month, 20, 12, tzinfo=UTC))


@pytest.fixture
def book(tmp_path: Path) -> Ledger:
    return Ledger(Home(tmp_path / "home"))


@pytest.fixture(autouse=True)
def one_proposal(monkeypatch: pytest.MonkeyPatch) -> None:
    basis = (Basis("shift", "fronts/x/y/scan", "b" * 64, "2015-11-24", "new-front"),)

    def proposed(view: Any, options: Any) -> list[Warning]:
        fresh = warning(kind="front", basis=basis, options=tuple((options or {}).get("Nordia", ())))
        return [fresh, warning(), warning(kind="spread", areas=())][: 2 if options is None else 3]

    monkeypatch.setattr(room_standing, "proposed", proposed)


def view(home: Home | None) -> Any:
    question = SimpleNamespace(
        home=home, theatre=SimpleNamespace(name="fictia"), as_of=AS_OF,
        windows=windows_ending(AS_OF, recent_days=365, reference_days=730),
    )  # fmt: skip
    return SimpleNamespace(question=question)


def filled(book: Ledger) -> None:
    raise_one(book, warning(), hand(6))
    for step, body in (
        ("issue", {}), ("acknowledge", {}), ("decide", {"act": False, "reason": "no means"}),
        ("close", {"outcome": "came", "text": "two attacks"}),
    ):  # fmt: skip
        record = carry(book, "fictia-0001", step, body, hand(7))
    learn(
        book,
        "fictia",
        lesson_body(situation_of(record.warning), change="Ask for means.", record=record),
        hand(8),
    )
    raise_one(book, warning(sensitivity="restricted", areas=(Area("Sudania"),)), hand(6))
    carry(book, "fictia-0002", "release", {}, hand(6, "Bo"))
    record = carry(book, "fictia-0002", "issue", {}, hand(6))
    learn(book, "fictia", lesson_body(situation_of(record.warning), change="Secret.", record=record), hand(8))
    raise_one(book, warning(areas=(Area("Estuaire"),)), hand(6))


def test_without_a_ledger_there_are_proposals_called_so() -> None:
    told = standing(view(None))
    assert [(w["id"], w["status"]) for w in told["warnings"]] == [
        ("warning/front/nordia", "proposal"), ("warning/surge/nordia", "proposal"),
    ]  # fmt: skip
    section = warned.warnings(told, Language("en"))
    assert "Nobody has issued a warning yet. Stated rules propose 2 to issue and 0 to watch." in json.dumps(
        section
    )
    assert warned.learnt(told, Language("en"))["blocks"] == []


def test_a_proposal_carries_options_or_says_why_it_has_none() -> None:
    item = {"measure": "M1", "area": "Nordia", "name": {"en": "Talks", "fr": "Pourparlers"}, "cost": 2.5}
    plan = options_of([item, item], "points")
    for options, said in (
        (None, ("no plan was made", "no plan was made")),
        ({}, ("begins nothing there", "begins nothing there", "nothing for the whole theatre")),
        (plan, (None, "begins nothing there", "nothing for the whole theatre")),
    ):
        told = standing(view(None), options)["warnings"]
        for row, words in zip(told, said, strict=True):
            note = row["options_note"]
            assert (note is None) == (words is None)
            assert note is None or (words in note["en"] and note["fr"] != note["en"])
    (option,) = told[0]["options"]
    assert (option["cost"], option["unit"], option["evidence"]) == (5.0, "points", [])
    assert option["text"] == {"en": "Nordia – Talks.", "fr": "Nordia – Pourparlers."}
    whole = schema()
    jsonschema.validate(told, whole["properties"]["warnings"] | {"$defs": whole["$defs"]})
    page = json.dumps(warned.warnings({"warnings": told}, Language("en")), ensure_ascii=False)
    assert "1 option from the plan, for 5 points." in page.replace("\u00a0", " ")


def test_a_proposal_about_everything_says_whose_options_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    item = {"measure": "M1", "area": "Sudania", "harm": 7.0, "cost": 2.5}
    plan = options_of([item], "points")
    wide = warning(kind="spread", areas=(), options=plan[""])
    monkeypatch.setattr("toguna.room.standing.proposed", lambda view, options: [wide])
    (row,) = standing(view(None), plan)["warnings"]
    assert "names no area" in row["options_note"]["en"]
    assert row["options_note"]["fr"].endswith("Sudania.")
    page = json.dumps(warned.warnings({"warnings": [row]}, Language("en")), ensure_ascii=False)
    assert "most deaths are forecast, in Sudania" in page


def test_issued_ones_are_told_and_restricted_ones_and_names_are_not(book: Ledger) -> None:
    filled(book)
    told = standing(view(book.home))
    first = told["warnings"][0]
    assert (first["id"], first["status"]) == ("fictia-0001", "closed")
    assert told["warnings_restricted"] == 1
    assert [x["change"] for x in told["lessons"]] == ["Ask for means."]
    text = json.dumps(told)
    assert not any(word in text for word in ("Secret", "Bo", "Sudania", "Estuaire"))
    fits = {w["id"]: w["lessons"] for w in told["warnings"]}
    assert fits["warning/front/nordia"] == ["fictia-lesson-0001"]
    assert fits["fictia-0001"] == []


def test_it_keeps_the_schema(book: Ledger) -> None:
    filled(book)
    whole = schema()
    for name, value in standing(view(book.home)).items():
        jsonschema.validate(value, whole["properties"][name] | {"$defs": whole["$defs"]})


def test_what_happened_later_changes_nothing(book: Ledger) -> None:
    filled(book)
    before = standing(view(book.home)), input_of(view(book.home).question)
    carry(book, "fictia-0001", "close", {"outcome": "not-known"}, hand(12))
    carry(book, "fictia-0003", "issue", {}, hand(12))
    raise_one(book, warning(areas=(Area("Centralia"),)), hand(12))
    learn(book, "fictia", lesson_body(situation_of(warning()), change="Later."), hand(12))
    assert (standing(view(book.home)), input_of(view(book.home).question)) == before
    assert len(entries_by(view(book.home).question)) < len(book.entries())


def test_a_ledger_that_was_never_written_is_no_input(tmp_path: Path) -> None:
    assert input_of(view(Home(tmp_path / "none")).question) == []
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Warnings", "What we learnt", "not to act: no means", "came two attacks", "Ask for means.",
                "1 restricted warning is not shown", "Nobody has issued what stated rules propose: ")),
        ("fr", ("Alertes", "Ce que nous avons appris", "ne pas agir\u202f: no means",
                "est survenu two attacks", "1 alerte à diffusion restreinte",
                "Personne n’a émis ce que proposent")),
    ],
)  # fmt: skip
def test_the_briefing_says_it_in_both_languages(lang: str, words: tuple[str, ...], book: Ledger) -> None:
    filled(book)
    told = standing(view(book.home))
    L = Language(lang)
    said = json.dumps([warned.warnings(told, L), warned.learnt(told, L)], ensure_ascii=False)
    for word in words:
        assert word in said
