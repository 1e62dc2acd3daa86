"""The report recovers what is known about a simulated office, and says what chance would give."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from ledgers import DAY, WHOLE, hand, led_to, ledger, warning

from toguna.warnings.due import due
from toguna.warnings.lessons import Situation, fitting, lesson_body, lessons_of, situation_of
from toguna.warnings.moves import carry, learn, raise_one, records_of
from toguna.warnings.report.answers import Period, answers, issued_within
from toguna.warnings.report.harm import Given, Harm, aftermath, given_of
from toguna.warnings.report.survival import times
from toguna.warnings.types import Area

YEAR = Period(date(2015, 1, 1), date(2016, 12, 31))


def test_times_are_those_of_a_worked_example() -> None:
    """Six warnings: answered on days 1, 3, 6; watched unanswered until 2, 4, 7. S: 5/6, 5/8, 5/16."""
    found = times([1, 2, 3, 4, 6, 7], [True, False, True, False, True, False])
    assert found.quantiles[0.25][0] == 3.0
    assert found.quantiles[0.5][0] == 6.0
    assert found.quantiles[0.75][0] is None
    assert (found.n, found.answered) == (6, 3)


def test_without_open_ones_it_is_the_plain_median() -> None:
    assert times([5, 1, 3, 9, 7], [True] * 5).quantiles[0.5][0] == 5.0


@pytest.mark.parametrize("days", [[], [3.0]])
def test_nothing_answered_says_nothing(days: list[float]) -> None:
    assert times(days, [False] * len(days)).quantiles[0.5] == (None, None, None)


def test_the_truth_is_recovered_although_many_are_still_open() -> None:
    """Answers take 10 days at the median, watching ends after 0 to 30 days: the interval holds."""
    rng, truth, held, found = np.random.default_rng(4), 10.0, 0, []
    naive = []
    for _ in range(400):
        answer, watch = rng.exponential(truth / np.log(2), 60), rng.uniform(0, 30, 60)
        one = times(np.minimum(answer, watch).tolist(), (answer <= watch).tolist())
        value, low, high = one.quantiles[0.5]
        held += low is not None and low <= truth and (high is None or truth <= high)
        found.append(value if value is not None else np.inf)
        naive.append(float(np.median(answer[answer <= watch])))
    assert abs(float(np.median(found)) - truth) < 0.5
    assert float(np.median(naive)) < 0.7 * truth
    # 90% stated; 400 worlds give it to within 2.5 points (95%).
    assert 0.875 <= held / 400 <= 0.95


def test_answers_count_the_unanswered(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    led_to(book, *WHOLE)
    led_to(book, "issue", "acknowledge", made=warning(areas=(Area("Sudania"),)))
    led_to(book, "issue", made=warning(areas=(Area("Estuaire"),), theatre="other"))
    led_to(book, made=warning(areas=()))
    told = answers(issued_within(book.entries(), YEAR), YEAR)
    every = told["all"]
    assert every["issued"] == 3
    assert every["acknowledged"] | {"low": 0, "high": 0} == {
        "n": 2,
        "of": 3,
        "share": 0.6667,
        "low": 0,
        "high": 0,
    }
    assert every["decided"]["n"] == every["acted"]["n"] == every["decided_in_time"]["n"] == 1
    assert every["acknowledgement_days"]["quantiles"]["0.5"]["days"] == 1.0
    assert every["decision_days"] | {"quantiles": 0} == {
        "n": 3,
        "answered": 1,
        "unanswered": 2,
        "quantiles": 0,
    }
    assert every["decision_days"]["quantiles"]["0.5"]["days"] is None
    assert set(told["by_theatre"]) == {"fictia", "other"}
    assert set(told["by_quarter"]) == {"fictia 2015-Q4", "other 2015-Q4"}
    assert every["outcomes"] == {"came": 1, "open": 2}


def test_a_report_of_a_day_does_not_know_the_next(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    led_to(book, *WHOLE)
    early = Period(date(2015, 1, 1), date(2015, 11, 26))
    told = answers(issued_within(book.entries(), early), early)["all"]
    assert (told["acknowledged"]["n"], told["decided"]["n"]) == (1, 0)


HARM = [Harm(DAY + timedelta(days=d), area, n) for d, area, n in (
    (-5, "Nordia", 9.0), (4, "Nordia", 1.0), (20, "Nordia", 2.0), (25, "Sudania", None),
    (400, "Estuaire", 7.0),
)]  # fmt: skip
AREAS = ("Nordia", "Sudania", "Estuaire", "Centralia")
ON = DAY + timedelta(days=365)


def given(*areas: str, **changes: object) -> Given:
    told = {"deadline": DAY + timedelta(days=14), "decided": DAY + timedelta(days=22)} | changes
    return Given("w", areas, DAY, DAY + timedelta(days=30), **told)  # type: ignore[arg-type]


def test_hits_stand_beside_chance() -> None:
    told = aftermath(
        [given("Nordia"), given("Centralia"), given("Nordia", "Sudania"), given()], HARM, AREAS, ON
    )
    assert [r["verdict"] for r in told["warnings"]] == ["hit", "false", "hit", "hit"]
    # Two of four areas are struck within 30 days: one area hits by chance in 1/2, two in 1 - C(2,2)/C(4,2).
    assert [r["by_chance"] for r in told["warnings"]] == [0.5, 0.5, round(5 / 6, 4), None]
    assert told["named"] == {"decided": 3, "hits": 2, "false": 1, "hits_by_chance": 1.83, "undecided": 0}
    assert told["unnamed"] == 1
    first = told["warnings"][0]
    assert (first["lead_days"], first["used_days"], first["left_days"]) == (4, 22, -18)


def test_what_no_warning_named_is_missed() -> None:
    told = aftermath([given("Nordia")], HARM, AREAS, ON)["events"]
    assert (told["events"], told["covered"], told["missed"]) == (3, 2, 1)
    assert told["share_of_area_days"] == round(30 / (365 * 4), 4)


def test_a_period_that_is_not_over_is_undecided() -> None:
    on = DAY + timedelta(days=10)
    told = aftermath([given("Centralia"), given("Nordia")], HARM, AREAS, on)
    assert [r["verdict"] for r in told["warnings"]] == ["undecided", "hit"]
    assert told["named"]["undecided"] == 1


def test_harm_during_delay_counts_each_event_once() -> None:
    told = aftermath([given("Nordia"), given("Nordia", "Sudania", decided=None)], HARM, AREAS, ON)["delay"]
    assert told == {"late_or_undecided": 2, "days": 8 + 351, "events": 2, "deaths": 2.0, "deaths_unknown": 1}


def test_no_warnings_no_events() -> None:
    told = aftermath([], [], [], ON)
    assert told["named"]["decided"] == 0
    assert told["events"]["share"] is None


def test_random_warnings_hit_as_often_as_chance_says() -> None:
    """In a world without foresight the sum of `by_chance` is the number of hits."""
    rng = np.random.default_rng(8)
    names = [f"a{k}" for k in range(9)]
    weight = rng.dirichlet(np.ones(9))
    world = [
        Harm(DAY + timedelta(days=int(d)), str(rng.choice(names, p=weight)), 1.0)
        for d in rng.integers(0, 1500, 150)
    ]
    drawn = [
        Given(str(k), tuple(rng.choice(names, 2, replace=False)), day, day + timedelta(days=45))
        for k in range(600)
        for day in [DAY + timedelta(days=int(rng.integers(0, 1400)))]
    ]
    named = aftermath(drawn, world, names, DAY + timedelta(days=1500))["named"]
    assert abs(named["hits"] - named["hits_by_chance"]) < 3 * np.sqrt(600 * 0.25)


def test_due_names_whom_to_tell(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    led_to(book)
    led_to(book, "issue", made=warning(areas=(Area("A"),)))
    led_to(book, "issue", "acknowledge", made=warning(areas=(Area("B"),)))
    led_to(book, *WHOLE, made=warning(areas=(Area("C"),)))
    raise_one(book, warning(areas=(Area("D"),), sensitivity="restricted"), hand())
    on = DAY + timedelta(days=20)
    found = [(d.id, d.what, d.days_over, d.tell) for d in due(records_of(book).values(), on)]
    assert found == [
        ("fictia-0001", "issue", 17, "head of office"),
        ("fictia-0002", "acknowledge", 17, "head of office"),
        ("fictia-0005", "release", 17, "head of office"),
        ("fictia-0003", "decide", 6, "head of office"),
    ]
    early = due(records_of(book).values(), DAY, ahead=3)
    assert [(d.id, d.days_over, d.tell, d.escalated) for d in early][:2] == [
        ("fictia-0001", -3, "early warning desk", False),
        ("fictia-0002", -3, "prevention desk", False),
    ]
    carry(book, "fictia-0003", "extend", {"deadline": "2016-03-01", "reason": "x"}, hand(day=30))
    assert "fictia-0003" not in [d.id for d in due(records_of(book).values(), on)]


def test_given_ends_when_it_is_withdrawn(tmp_path: Path) -> None:
    record = led_to(ledger(tmp_path), "issue", "withdraw")
    found = given_of(record)
    assert (found.day, found.end) == (DAY + timedelta(days=1), DAY + timedelta(days=2))


def test_a_lesson_is_shown_when_it_fits(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    record = led_to(book, *WHOLE, made=warning(actors=("GROUP",)))
    body = lesson_body(
        situation_of(record.warning), change="Ask hotels first.", appraisal="unknown", record=record
    )
    learn(book, "fictia", body, hand(day=60))
    other = lesson_body(Situation("fictia", "method", ("Sudania",)), change="Look at roads.")
    learn(book, "fictia", other, hand(day=61))
    lessons = lessons_of(book.entries())
    assert [x.id for x in lessons] == ["fictia-lesson-0001", "fictia-lesson-0002"]
    assert (lessons[0].decision, lessons[0].action, lessons[0].outcome) == (
        "act: guards are needed", "patrols", "came: two attacks",
    )  # fmt: skip
    (fit,) = fitting(lessons, Situation("fictia", "surge", ("nordia",), ("GROUP", "B")))
    assert (fit.lesson.id, round(fit.score, 3), fit.shared) == (
        "fictia-lesson-0001", round((3 + 3 + 2 * 0.5 + 1) / 9, 3), ("kind", "areas", "actors", "theatre"),
    )  # fmt: skip
    assert fitting(lessons, Situation("fictia", "reach", (), ("Z",))) == []
    assert fitting(lessons, Situation("elsewhere", "forecast")) == []
    assert [f.lesson.id for f in fitting(lessons, Situation("elsewhere", "method", ("Sudania",)))] == [
        "fictia-lesson-0002"
    ]
