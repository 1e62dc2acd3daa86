"""Field reports told again, copied, corroborated, ungraded, refused: each is said, none is lost."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import polars as pl
import pytest

from toguna.core.findings import Finding
from toguna.events.admit import Admission, admit
from toguna.events.checks.context import Context
from toguna.sources.protocol import UNREADABLE_SCHEMA

from .rows import events

TEXT = "Quatre hommes armés ont attaqué le poste."
REPORT: dict[str, Any] = {
    "source": "reports", "event_id": "reports:1", "reporter": "R-1", "reliability": "B", "credibility": 2,
    "confidence": "high", "sensitivity": "low", "note": TEXT, "perpetrators": [],
    "published_at": date(2014, 3, 2), "date_end": date(2014, 3, 1),
}  # fmt: skip


def told(*changes: dict[str, Any], unreadable: list[tuple[int, str, str]] = ()) -> Admission:  # type: ignore[assignment]
    frame = events(*({**REPORT, **change} for change in changes))
    cells = pl.DataFrame(list(unreadable), schema=UNREADABLE_SCHEMA, orient="row")
    admission = admit(frame, Context("reports.csv", cells))
    assert admission.accepted.height + admission.quarantined.height == len(changes)
    return admission


def kept(admission: Admission) -> list[int]:
    return admission.accepted["row"].to_list()


def counts(admission: Admission) -> dict[str, int]:
    return dict(Counter(f.code for f in admission.findings))


def ids(*numbers: int) -> list[dict[str, Any]]:
    return [{"event_id": f"reports:{n}"} for n in numbers]


def test_a_quadruple_submission_counts_once() -> None:
    """Four with numbers of their own, one with another place: two incidents."""
    four = ids(1, 2, 3, 4)
    admission = told(*four, {"event_id": "reports:5", "place": "Elsewhere", "lat": 15.25, "gid": None})
    assert kept(admission) == [1, 5]
    assert counts(admission) == {"report-repeated": 3}
    assert admission.quarantined["row"].to_list() == [2, 3, 4]


def test_the_copy_that_was_known_first_counts() -> None:
    late, early = ids(1, 2)
    admission = told(late | {"published_at": date(2014, 3, 9)}, early)
    assert kept(admission) == [2]


def test_the_same_submission_sent_four_times_counts_once() -> None:
    admission = told(*ids(1, 1, 1, 1))
    assert kept(admission) == [1]
    assert counts(admission) == {"report-sent-again": 3}


def test_of_an_edited_submission_the_newest_telling_counts() -> None:
    versions = [
        {"best": 3},
        {"best": 4, "published_at": date(2014, 3, 5)},
        {"best": 5, "published_at": date(2014, 3, 4)},
    ]
    admission = told(*versions)
    assert admission.accepted["best"].to_list() == [4]
    assert counts(admission) == {"report-superseded": 2}
    assert all("one of 3 tellings, row 2 is the newest" in f.found for f in admission.findings)
    # As of an earlier day the later telling is not there, and the one of that day counts.
    assert told(versions[0], versions[2]).accepted["best"].to_list() == [5]
    assert told(versions[0]).accepted["best"].to_list() == [3]


def test_a_telling_that_came_twice_is_kept_from_its_first_day() -> None:
    old = {"best": 3}
    new = {"best": 4, "published_at": date(2014, 3, 5)}
    admission = told(old, new, new | {"published_at": date(2014, 3, 7)})
    assert kept(admission) == [2]
    assert counts(admission) == {"report-superseded": 1, "report-sent-again": 1}


def test_a_copy_of_an_edited_report_is_a_copy_of_what_it_says_now() -> None:
    first, other = ids(1, 2)
    admission = told(first | {"best": 4}, first | {"published_at": date(2014, 3, 5)}, other | {"best": 4})
    assert kept(admission) == [2, 3]
    admission = told(first, other | {"best": 4}, other | {"published_at": date(2014, 3, 5)})
    assert kept(admission) == [1]


def test_different_reporters_corroborate_and_both_count() -> None:
    one, other = ids(1, 2)
    admission = told(one, other | {"reporter": "R-2"})
    assert kept(admission) == [1, 2]
    assert counts(admission) == {"report-corroborated": 1}


@pytest.mark.parametrize(("note", "copies"), [(TEXT, 1), ("RAS", 0), (None, 0)])
def test_of_nobody_in_particular_only_a_long_text_tells_a_copy(note: str | None, copies: int) -> None:
    admission = told(*(one | {"reporter": None, "note": note} for one in ids(1, 2)))
    assert counts(admission).get("report-repeated", 0) == copies
    assert admission.accepted.height == 2 - copies


@pytest.mark.parametrize("change", [{"best": 4}, {"note": "Another."}, {"date_start": date(2014, 2, 27)}])
def test_another_content_is_another_report(change: dict[str, Any]) -> None:
    one, other = ids(1, 2)
    assert kept(told(one, other | change)) == [1, 2]


def test_events_of_other_sources_are_not_looked_at() -> None:
    public = {"source": "test", "reporter": None, "sensitivity": None}
    admission = told(*(one | public for one in ids(1, 2)))
    assert kept(admission) == [1, 2] and counts(admission) == {}


def test_nobody_reports_the_day_after_tomorrow() -> None:
    first, second, third = ids(1, 2, 3)
    days = [date(2014, 3, d) for d in (2, 3, 4)]
    sent = [
        one | {"date_start": day, "date_end": day}
        for one, day in zip((first, second, third), days, strict=True)
    ]
    admission = told(*sent)
    # One day ahead of UTC is the day of somebody in the east; two are wrong.
    assert kept(admission) == [1, 2]
    assert counts(admission) == {"date-after-report": 1}


def test_unknown_grades_and_classes_are_notes() -> None:
    unreadable = [(1, "credibility", "9"), (1, "reliability", "Z"), (1, "sensitivity", "nothing")]
    admission = told({}, unreadable=unreadable)
    assert kept(admission) == [1]
    assert counts(admission) == {"grade-unknown": 2, "sensitivity-unknown": 1}


@pytest.mark.parametrize(
    ("field", "text", "code", "left"),
    [
        ("consent", "no", "report-without-consent", []),
        ("review", "not approved", "report-not-approved", []),
        ("review", "on hold", "report-on-hold", [1]),
        ("sent", "nothing", "report-undated", [1]),
    ],
)
def test_what_was_refused_is_kept_apart(field: str, text: str, code: str, left: list[int]) -> None:
    admission = told({}, unreadable=[(1, field, text)])
    assert kept(admission) == left
    assert [f.code for f in admission.findings] == [code]


def test_findings_name_the_row_and_say_what_to_do() -> None:
    found: Finding = told(*ids(1, 2)).findings[0]
    assert (found.table, found.row, found.severity) == ("reports.csv", 2, "failure")
    assert found.found == "reports:1 again in reports:2" and found.repair
