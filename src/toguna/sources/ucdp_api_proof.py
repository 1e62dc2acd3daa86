"""The proof that a fetch is complete, and the table made of its pages.

Enters: finished pages. Leaves: `Proof` and a frame of text columns. Called by `toguna.sources.ucdp_api`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from toguna.core.types import Deaths
from toguna.sources.answers import frame_of
from toguna.sources.fetch_errors import IncompleteError
from toguna.sources.ucdp_api_pages import Page, Whole

__all__ = ["Collected", "Proof", "sum_of"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was announced and what came; made only when both are the same.

    Parameters
    ----------
    url, version : str
        What was asked for; never with the token.
    page_size_asked, page_size_honoured : int
        Rows a page as asked, and as every page but the last had.
    announced_total, announced_pages : int
        By the server, alike on every page.
    pages, rows, distinct_ids : int
        What came.
    deaths : Deaths
        Sums over the rows that give best, low and high; `unknown` counts the others.
    first_id, last_id : str
        Of the first and the last row, in the order of the server.
    requests, retries, sessions, restarts : int
        How it went: over all sessions, since the last fresh beginning.
    started_at, ended_at : str
        First request and last page (UTC, ISO).
    sha256 : str
        Digest of the file that was made.
    """

    url: str
    version: str
    page_size_asked: int
    page_size_honoured: int
    announced_total: int
    announced_pages: int
    pages: int
    rows: int
    distinct_ids: int
    deaths: Deaths
    first_id: str
    last_id: str
    requests: int
    retries: int
    sessions: int
    restarts: int
    started_at: str
    ended_at: str
    sha256: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


class Collected:
    """Pages as they come in, compared with one another."""

    def __init__(self) -> None:
        self.whole = Whole(0, 0)
        self.pages = self.fullest = 0
        self.first_id = self.last_id = ""
        self._seen: dict[str, int] = {}
        self._frames: list[pl.DataFrame] = []

    def add(self, page: Page, number: int) -> None:
        """Take a page.

        Raises
        ------
        IncompleteError
            It repeats a row.
        """
        ids = page.ids
        if len(set(ids)) != len(ids):
            raise _repeated(next(i for i in ids if ids.count(i) > 1), number, number)
        for event in ids:
            other = self._seen.setdefault(event, number)
            if other != number:
                raise _repeated(event, other, number)
        self.whole = page.whole
        self.pages, self.fullest = self.pages + 1, max(self.fullest, len(ids))
        self.first_id, self.last_id = self.first_id or ids[0], ids[-1]
        self._frames.append(frame_of(page.rows))

    def frame(self) -> pl.DataFrame:
        """Return all rows by id, columns as the server names them, cells as text.

        The order by id makes the same rows the same bytes, in whatever order they were served.
        """
        whole = pl.concat(self._frames, how="diagonal")
        return whole.sort(pl.col("id").cast(pl.Int64, strict=False), "id", nulls_last=True)

    def check(self, frame: pl.DataFrame) -> None:
        """Compare the sums: announced = received = distinct.

        Raises
        ------
        IncompleteError
            They differ.
        """
        whole, ids = self.whole, frame["id"].n_unique()
        if (frame.height, ids, self.pages) != (whole.total, whole.total, whole.pages):
            raise IncompleteError(
                f"{frame.height} rows with {ids} different ids came on {self.pages} pages",
                expected=f"{whole.total} rows, as many ids, {whole.pages} pages as announced",
                repair="Run the command again; if it fails again take the published file",
            )


def sum_of(frame: pl.DataFrame) -> Deaths:
    """Sum the three estimates over the rows that give them all."""
    names = ("best", "low", "high")
    numbers = frame.select(pl.col(name).cast(pl.Float64, strict=False) for name in names)
    good = numbers.filter(pl.all_horizontal(pl.all().is_finite().fill_null(value=False)))
    sums = good.sum().row(0)
    best, low, high = (int(value or 0) for value in sums)
    return Deaths(best, low, high, frame.height - good.height)


def _repeated(event: str, one: int, other: int) -> IncompleteError:
    where = f"twice on page {one + 1}" if one == other else f"on page {one + 1} and on page {other + 1}"
    return IncompleteError(
        f"event {event} comes {where}",
        expected="every event once: pages overlap, or one was served in place of another",
        repair="Run the command again: it begins afresh; if it fails again take the published file",
    )
