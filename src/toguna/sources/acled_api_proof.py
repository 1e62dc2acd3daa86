"""The proof that a fetch from ACLED is complete, and the table made of its pages.

Enters: finished pages and counts asked for again. Leaves: `Proof` and a frame of text columns. Called by
`toguna.sources.acled_api`.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from toguna.core.types import Deaths
from toguna.sources.acled_api_pages import Page
from toguna.sources.answers import frame_of
from toguna.sources.fetch_errors import IncompleteError

__all__ = ["Collected", "Proof", "Window", "windows"]

_AFRESH = "Run the command again: it begins afresh; if it fails again export a CSV from your account"
_MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Window:
    """A month or a year of the period asked for, both days included."""

    name: str
    first: date
    last: date


def windows(first: date, last: date) -> list[Window]:
    """Divide a period into calendar months, or into years when it has more than 24 months.

    Examples
    --------
    >>> [w.name for w in windows(date(2015, 1, 31), date(2015, 2, 1))]
    ['2015-01', '2015-02']
    """
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return list(_split(first, last, by_month=months <= _MOST_MONTHS))


def _split(first: date, last: date, *, by_month: bool) -> Iterator[Window]:
    start = first
    while start <= last:
        month = start.month if by_month else 12
        end = min(last, date(start.year, month, calendar.monthrange(start.year, month)[1]))
        yield Window(start.strftime("%Y-%m" if by_month else "%Y"), start, end)
        if end == date.max:
            return
        start = end + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was announced, what came, and what was counted again; made only when all agree.

    Parameters
    ----------
    url : str
        What was asked; never with a token.
    countries : list of str
        ISO 3166-1 alpha-3.
    first_day, last_day : str
        Period of event dates asked for (ISO).
    page_size_asked, page_size_honoured : int
        Rows a page as asked, and of the fullest page.
    announced_total, rows, distinct_ids, pages : int
        What was announced and what came, over all countries.
    recounted : dict
        By country and month or year: rows that came, which the server counted alike when asked again, and
        the deaths in them.
    deaths : Deaths
        Sum over the rows that give a number; `unknown` counts the others.
    held_before, withdrawn, vanished : int
        Events of the release held before within this question; of these no longer served, on ACLED's list of
        withdrawn events and not on it.
    withdrawn_list : str
        "not needed", "read", or "refused".
    messages : list of str
        What the server said beside the rows.
    requests, retries, sessions, restarts : int
        How it went: over all sessions, since the last fresh beginning.
    started_at, ended_at : str
        First request and last page (UTC, ISO).
    sha256 : str
        Digest of the file that was made.
    """

    url: str
    countries: list[str]
    first_day: str
    last_day: str
    page_size_asked: int
    page_size_honoured: int
    announced_total: int
    rows: int
    distinct_ids: int
    pages: int
    recounted: dict[str, dict[str, dict[str, int]]]
    deaths: Deaths
    requests: int
    retries: int
    sessions: int
    restarts: int
    started_at: str
    ended_at: str
    sha256: str = ""
    held_before: int = 0
    withdrawn: int = 0
    vanished: int = 0
    withdrawn_list: str = "not needed"
    messages: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


class Collected:
    """Pages as they come in, compared with one another."""

    def __init__(self) -> None:
        self.pages = self.fullest = self.announced = 0
        self.messages: list[str] = []
        self._seen: dict[str, str] = {}
        self._rows: list[Mapping[str, str | None]] = []

    @property
    def ids(self) -> set[str]:
        """Ids of all rows so far."""
        return set(self._seen)

    def add(self, page: Page, where: str) -> None:
        """Take a page; `where` names it.

        Raises
        ------
        IncompleteError
            It repeats a row.
        """
        for event in page.ids:
            if event in self._seen:
                raise _repeated(event, self._seen[event], where)
            self._seen[event] = where
        self.pages, self.fullest = self.pages + 1, max(self.fullest, len(page.rows))
        self._rows += page.rows
        if page.messages and page.messages not in self.messages:
            self.messages.append(page.messages)

    def frame(self) -> pl.DataFrame:
        """Return all rows by id, columns as the server names them, cells as text.

        The order by id makes the same rows the same bytes, in whatever order they were served.
        """
        return frame_of(self._rows).sort("event_id_cnty")

    def counted(self, number: str, window: Window) -> dict[str, int]:
        """Count the rows of a country (by its number) within a window, and the deaths in them."""
        rows = [
            row
            for row in self._rows
            if str(row["iso"]) == number
            and window.first.isoformat() <= str(row["event_date"])[:10] <= window.last.isoformat()
        ]
        return {"rows": len(rows), "deaths": sum(_deaths(row) or 0 for row in rows)}

    def deaths(self) -> Deaths:
        """Sum the deaths; ACLED gives one figure, so that low, best and high are the same."""
        known = [n for row in self._rows if (n := _deaths(row)) is not None]
        return Deaths(sum(known), sum(known), sum(known), len(self._rows) - len(known))

    def check(self, frame: pl.DataFrame) -> None:
        """Compare the sums: announced = received = distinct.

        Raises
        ------
        IncompleteError
            They differ.
        """
        ids = frame["event_id_cnty"].n_unique()
        if (frame.height, ids) != (self.announced, self.announced):
            raise IncompleteError(
                f"{frame.height} rows with {ids} different ids came",
                expected=f"{self.announced} of both, as announced",
                repair=_AFRESH,
            )


def _deaths(row: Mapping[str, str | None]) -> int | None:
    text = str(row["fatalities"] or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _repeated(event: str, one: str, other: str) -> IncompleteError:
    where = f"twice on {one}" if one == other else f"on {one} and on {other}"
    return IncompleteError(
        f"event {event} comes {where}",
        expected="every event once: pages overlap, or one was served in place of another",
        repair=_AFRESH,
    )
