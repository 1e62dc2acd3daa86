"""The way through the pages of one country: every page is judged before the next is asked for.

Enters: a question, and its pages one by one. Leaves: where the next page begins, or an error. Called by
`toguna.sources.acled_api`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from toguna.core.countries import by_number
from toguna.core.errors import UnknownNameError, UsageError
from toguna.sources.acled_api_pages import Page
from toguna.sources.fetch_errors import IncompleteError, RefusedError, UnusableAnswerError
from toguna.sources.fetch_session import ChangedError

__all__ = ["ACCESS", "AFRESH", "FIRST_DAY", "Query", "Walk", "params_of"]

FIRST_DAY = date(1997, 1, 1)
AFRESH = "Run the command again: it begins afresh; if it fails again export a CSV from your account"
ACCESS = (
    "Log in at https://acleddata.com: accept the terms, fill the profile, see whether the account has access"
)


@dataclass(frozen=True, slots=True)
class Query:
    """What to fetch.

    Parameters
    ----------
    countries : tuple of str
        ISO 3166-1 alpha-3.
    first, last : date
        Days of events, both included.

    Raises
    ------
    UnknownNameError
        No such country, or one without a number by which ACLED could be asked.
    UsageError
        No country, or no day in the period.
    """

    countries: tuple[str, ...]
    first: date
    last: date

    def __post_init__(self) -> None:
        numbers = self.numbers()
        for country in self.countries:
            if country not in numbers:
                raise UnknownNameError("country", country, numbers)
        if not self.countries or len(set(self.countries)) < len(self.countries):
            raise UsageError("name each country once: --country MLI --country NER.")
        if not FIRST_DAY <= self.first <= self.last:
            raise UsageError(
                f"no period from {self.first} to {self.last}; ACLED begins on {FIRST_DAY}, and --from must "
                "not be after --to."
            )

    @staticmethod
    def numbers() -> dict[str, str]:
        """Map codes of countries to the numbers that ACLED is asked with."""
        return {code: str(number) for number, code in by_number().items()}

    @property
    def name(self) -> str:
        """Name of files made for this question."""
        told = "-".join(sorted(self.countries)) if len(self.countries) <= 6 else self._digest()
        return f"ACLED_{told}_{self.first}_{self.last}_api"

    def _digest(self) -> str:
        joined = ",".join(sorted(self.countries)).encode()
        return f"{len(self.countries)}-countries-{sha256(joined).hexdigest()[:8]}"


def params_of(query: Query, number: str, cursor: str) -> dict[str, str]:
    """Ask for a page of the events of one country."""
    return {
        "iso": number,
        "event_date": f"{query.first}|{query.last}",
        "event_date_where": "BETWEEN",
        "cursor": cursor,
    }


class Walk:
    """The way through the pages of one country; every page is judged before the next is asked for."""

    def __init__(self, query: Query, country: str, number: str, *, size: int) -> None:
        self.query, self.country, self.number, self.size = query, country, number, size
        self.pages = self.received = self.total = 0
        self.cursor: str | None = "0"
        self._cursors = {"0"}
        self.first: Page

    def take(self, page: Page) -> None:
        """Judge a page and go on to the next.

        Raises
        ------
        IncompleteError
            It is not a part of the whole.
        ChangedError
            The announced whole is another than before.
        RefusedError
            The account may not see all of it.
        """
        if page.seen_until and page.seen_until < self.query.last:
            raise RefusedError(
                f"this account sees events up to {page.seen_until} only",
                expected=f"events up to {self.query.last}: later ones would be left out without a word",
                repair=f"Ask for less (--to {page.seen_until}), or ask ACLED for wider access",
            )
        if self.pages == 0:
            self._begin(page)
        if page.total not in (None, self.total):
            raise ChangedError(f"{self.total} rows of {self.country}, then {page.total}")
        self.pages, self.received = self.pages + 1, self.received + len(page.rows)
        self._judge(page)
        self.cursor = page.cursor or None
        self._cursors.add(page.cursor)

    def _begin(self, page: Page) -> None:
        if page.total is None:
            raise UnusableAnswerError(
                "the answer announces no total_count",
                expected="the number of all rows, asked for by with_total",
                repair="The API has changed: report it to Toguna, and export a CSV from your account",
            )
        if page.total == 0 or not page.rows:
            raise IncompleteError(
                f"the server announces no events of {self.country}, {self.query.first} to {self.query.last}",
                expected="at least one",
                repair=f"Check country and days, and what the account may see. {ACCESS}",
            )
        self.first, self.total = page, page.total

    def _judge(self, page: Page) -> None:
        for wrong, found, expected in self._checks(page):
            if wrong:
                raise IncompleteError(
                    f"page {self.pages} of {self.country} {found}", expected=expected, repair=AFRESH
                )

    def _checks(self, page: Page) -> Iterator[tuple[bool, str, str]]:
        """Say what may be wrong with a page: whether it is, what was found, what was expected."""
        rows, announced = len(page.rows), f"{self.total} announced"
        first, last = self.query.first.isoformat(), self.query.last.isoformat()
        yield rows > self.size, f"holds {rows} rows", f"at most {self.size}: page size not honoured"
        yield (
            self.received > self.total,
            f"makes it {self.received} rows",
            f"{announced}: there are more, or the server has no end",
        )
        yield (
            any(str(row["iso"]) != self.number for row in page.rows),
            "holds rows of another country",
            f"iso {self.number} only: the filter is not honoured",
        )
        yield (
            not all(first <= str(row["event_date"])[:10] <= last for row in page.rows),
            "holds rows of other days",
            f"{first} to {last} only: the filter is not honoured",
        )
        yield bool(page.cursor) and not rows, "is empty and names a next page", "rows, or no next page"
        yield (
            page.cursor in self._cursors,
            f"names the page {page.cursor} that was read already",
            "a page that is new",
        )
        yield (
            not page.cursor and self.received < self.total,
            f"is the last, after {self.received} rows",
            f"{announced}: rows are cut off",
        )
