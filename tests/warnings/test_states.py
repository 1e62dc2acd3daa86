"""Every step that is allowed leads where it says; every other is refused and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from ledgers import WHOLE, hand, led_to, ledger, warning

from toguna.core.errors import UnknownNameError, UsageError
from toguna.warnings.ledger.chain import Entry
from toguna.warnings.moves import carry, correct, raise_all, raise_one, records_of
from toguna.warnings.states import STEPS, Record, apply, fold, same_person
from toguna.warnings.words import OPEN

NEXT = {
    "issue": {"draft": "issued"},
    "acknowledge": {"issued": "acknowledged"},
    "decide": dict.fromkeys(("acknowledged", "decided", "acting"), "decided"),
    "act": dict.fromkeys(("decided", "acting"), "acting"),
    "close": dict.fromkeys(("issued", "acknowledged", "decided", "acting", "closed"), "closed"),
    "withdraw": dict.fromkeys(OPEN, "withdrawn"),
    "supersede": dict.fromkeys(OPEN, "superseded"),
}
"""What the page says about the states, written down a second time."""

PEOPLE = ("Ana", "Bo", "ANA", "  bo ")


def body(kind: str, *, act: bool) -> dict[str, object]:
    made: dict[str, dict[str, object]] = {
        "decide": {"act": act, "reason": "why"},
        "act": {"text": "patrols"},
        "close": {"outcome": "came"},
        "extend": {"deadline": "2016-01-01", "reason": "why"},
        "update": {"warning": warning(sensitivity="restricted").as_dict()},
    }
    return made.get(kind, {})


class OneWarning(RuleBasedStateMachine):
    """A restricted warning in the hands of two people who spell their names as they like."""

    @initialize(by=st.sampled_from(PEOPLE))
    def begin(self, by: str) -> None:
        self.records: dict[str, Record] = {}
        self.seq, self.state = 1, "draft"
        self.author, self.releaser, self.act = {by.strip().casefold()}, None, False
        raised = {"warning": warning(sensitivity="restricted").as_dict()}
        apply(self.records, Entry(1, "fictia", "w", "raise", by, "2015", "2015", raised))

    def expected(self, kind: str, by: str, *, act: bool) -> str | None:
        """Return the state that the page promises; None = refused."""
        name = by.strip().casefold()
        if kind in NEXT and self.state not in NEXT[kind]:
            return None
        if kind not in NEXT and kind != "note" and self.state not in OPEN:
            return None
        refused = {
            "issue": self.releaser is None or self.releaser == name,
            "release": name in self.author,
            "act": not self.act,
        }
        if refused.get(kind, False):
            return None
        return NEXT[kind][self.state] if kind in NEXT else self.state

    @rule(kind=st.sampled_from(sorted(STEPS)), by=st.sampled_from(PEOPLE), act=st.booleans())
    def step(self, kind: str, by: str, act: bool) -> None:
        expected, before = self.expected(kind, by, act=act), dict(self.records)
        self.seq += 1
        entry = Entry(self.seq, "fictia", "w", kind, by, "2015", "2015", body(kind, act=act))
        if expected is None:
            with pytest.raises(UsageError):
                apply(self.records, entry)
            assert self.records == before
            return
        apply(self.records, entry)
        self.state = expected
        if kind == "decide":
            self.act = act
        if kind == "release":
            self.releaser = by.strip().casefold()
        if kind == "update":
            self.author = (self.author if self.releaser is None else set()) | {by.strip().casefold()}
            self.releaser = None

    @invariant()
    def is_where_it_should_be(self) -> None:
        record = self.records["w"]
        assert record.state == self.state
        assert record.is_open == (self.state in OPEN)
        assert record.released == (self.releaser is not None)
        assert fold(record.history)["w"] == record


OneWarning.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestOneWarning = OneWarning.TestCase


def test_the_way_from_draft_to_closed(tmp_path: Path) -> None:
    record = led_to(ledger(tmp_path), *WHOLE)
    assert record.state == "closed"
    assert list(record.times) == ["closed", "acting", "decided", "acknowledged", "issued", "draft"]
    assert record.decision is not None
    assert record.decision.act
    assert record.actions[0].text == "patrols"
    assert record.outcome is not None
    assert record.outcome.outcome == "came"


def test_a_refusal_says_what_is_allowed(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    led_to(book)
    with pytest.raises(
        UsageError, match=r"is draft; 'acknowledge' needs it to be issued\. Allowed now: .*issue"
    ):
        carry(book, "fictia-0001", "acknowledge", {}, hand())
    assert len(book.entries()) == 1


def test_time_does_not_run_back(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    led_to(book, "issue")
    with pytest.raises(UsageError, match="lies before 'issue'"):
        carry(book, "fictia-0001", "acknowledge", {}, hand(day=0))
    with pytest.raises(UsageError, match="future"):
        carry(book, "fictia-0001", "acknowledge", {}, hand(day=40_000))


@pytest.mark.parametrize("name", ["", "   ", "a\u0000b", "x" * 300])
def test_somebody_has_to_do_it(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Who does this"):
        raise_one(ledger(tmp_path), warning(), hand(name))


def test_a_second_person_releases_what_is_restricted(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    record = raise_one(book, warning(sensitivity="restricted"), hand("Ana"))
    with pytest.raises(UsageError, match="second person must release it first"):
        carry(book, record.id, "issue", {}, hand("Bo"))
    with pytest.raises(UsageError, match="a second person must release it: another name"):
        carry(book, record.id, "release", {}, hand("  áNA "))
    carry(book, record.id, "release", {}, hand("Bo"))
    with pytest.raises(UsageError, match="another person must issue it"):
        carry(book, record.id, "issue", {}, hand("bo"))
    assert carry(book, record.id, "issue", {}, hand("Ana")).state == "issued"


def test_a_release_is_of_what_was_read(tmp_path: Path) -> None:
    """New words need a new release: the first one was for other words."""
    book = ledger(tmp_path)
    secret = warning(sensitivity="restricted")
    raise_one(book, secret, hand("Ana"))
    carry(book, "fictia-0001", "release", {}, hand("Bo"))
    other = warning(sensitivity="restricted", text={"en": "Other words.", "fr": "D’autres mots."})
    carry(book, "fictia-0001", "update", {"warning": other.as_dict()}, hand("Bo"))
    assert not records_of(book)["fictia-0001"].released
    with pytest.raises(UsageError, match="second person"):
        carry(book, "fictia-0001", "release", {}, hand("Bo"))


@pytest.mark.parametrize(("one", "other"), [("Ana", "ANA "), ("Élise  Ba", "elise ba"), ("王", "王 ")])
def test_the_same_person_in_other_letters(one: str, other: str) -> None:
    assert same_person(one, other)
    assert not same_person(one, "somebody else")


def test_no_decision_without_its_reason(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    led_to(book, "issue", "acknowledge")
    with pytest.raises(UsageError, match="reason"):
        carry(book, "fictia-0001", "decide", {"act": False, "reason": "  "}, hand(day=3))
    carry(book, "fictia-0001", "decide", {"act": False, "reason": "no means"}, hand(day=3))
    with pytest.raises(UsageError, match="decided not to act"):
        carry(book, "fictia-0001", "act", {"text": "patrols"}, hand(day=4))


def test_a_correction_takes_the_place_when_it_is_issued(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    led_to(book, "issue")
    fresh = correct(book, "fictia-0001", warning(level="alarm"), hand(day=2))
    assert records_of(book)["fictia-0001"].state == "issued"
    carry(book, fresh.id, "issue", {}, hand(day=3))
    assert records_of(book)["fictia-0001"].state == "superseded"
    assert [e.kind for e in book.entries()][-2:] == ["issue", "supersede"]
    with pytest.raises(UsageError, match="only an open warning"):
        correct(book, "fictia-0001", warning(), hand(day=4))


def test_what_is_open_is_updated_and_never_doubled(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    first = warning()
    assert [t.what for t in raise_all(book, [first], hand())] == ["raised"]
    assert [t.what for t in raise_all(book, [first], hand())] == ["unchanged"]
    later = warning(
        basis=(*first.basis[:0], first.basis[0].of({**first.as_dict()["basis"][0], "digest": "e" * 64}))
    )
    assert [(t.what, t.id) for t in raise_all(book, [later], hand(day=30))] == [("updated", "fictia-0001")]
    elsewhere = warning(areas=())
    assert [t.what for t in raise_all(book, [elsewhere, later], hand(day=31))] == ["raised", "unchanged"]
    carry(book, "fictia-0001", "withdraw", {"reason": "x"}, hand(day=32))
    assert [t.what for t in raise_all(book, [later], hand(day=33))] == ["raised"]


def test_an_unknown_warning_is_named(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    led_to(book)
    with pytest.raises(UnknownNameError, match="did you mean 'fictia-0001'"):
        carry(book, "fictia-001", "issue", {}, hand())
