"""Pages of the UCDP API: read one, judge it.

Enters: bodies of answers. Leaves: `Page`. Called by `toguna.sources.ucdp_api`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toguna.sources.answers import cell, count, read_json, storable
from toguna.sources.fetch_errors import IncompleteError, UnusableAnswerError

__all__ = ["Page", "Whole", "judge", "read_page"]

_ENVELOPE = ("TotalCount", "TotalPages", "Result")
_ROW = ("id", "best", "low", "high")
_AFRESH = "Run the command again: it begins afresh"


@dataclass(frozen=True, slots=True)
class Whole:
    """What the server announces: rows and pages of the whole."""

    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came."""

    whole: Whole
    rows: tuple[Mapping[str, str | None], ...]
    has_next: bool
    body: bytes

    @property
    def ids(self) -> list[str]:
        """Ids of the rows, in their order."""
        return [str(row["id"]) for row in self.rows]


def read_page(body: bytes) -> Page:
    """Read the body of an answer.

    Raises
    ------
    NotWholeError
        A web page or a cut-off text.
    UnusableAnswerError
        JSON of another shape.
    """
    told = read_json(body)
    if not isinstance(told, dict) or not isinstance(told.get("Result"), list):
        start = body.decode("utf-8-sig")[:80].strip()
        raise _other_shape(f"JSON without {', '.join(_ENVELOPE)}: {start!r}")
    if not storable(told, body):
        raise _other_shape("half a character (a lone surrogate)")
    rows = tuple(_row(row) for row in told["Result"])
    whole = Whole(_count(told, "TotalCount"), _count(told, "TotalPages"))
    return Page(whole, rows, bool(told.get("NextPageUrl")), body)


def _count(told: Mapping[str, Any], name: str) -> int:
    number = count(told.get(name))
    if number is None:
        raise _other_shape(f"{name} {str(told.get(name))[:40]!r}")
    return number


def _row(row: Any) -> dict[str, str | None]:
    if not isinstance(row, dict):
        raise _other_shape(f"a row that is no object: {str(row)[:60]!r}")
    lacking = [name for name in _ROW if name not in row]
    if lacking or not str(row["id"] or "").strip():
        raise _other_shape(f"a row without {', '.join(lacking) or 'an id'}")
    return {name: cell(value) for name, value in row.items()}


def _other_shape(found: str) -> UnusableAnswerError:
    return UnusableAnswerError(
        f"the answer has {found}",
        expected=f"an object with {', '.join(_ENVELOPE)}, rows with {', '.join(_ROW)}",
        repair="Check address and version; if they are right the API has changed: report it to Toguna",
    )


def judge(page: Page, number: int, *, size: int) -> None:
    """Compare one page with what was announced.

    Raises
    ------
    IncompleteError
        The page size was not honoured, or rows are lacking or too many.
    """
    total, pages = page.whole.total, page.whole.pages
    if total == 0:
        raise IncompleteError(
            "the server announces no rows",
            expected="at least one event",
            repair="Check the version: see https://ucdp.uu.se/apidocs/ for those that exist",
        )
    due = -(-total // size)
    if pages != due:
        raise IncompleteError(
            f"{total} rows are announced on {pages} pages",
            expected=f"{due} pages of {size} rows: page size not honoured, or a total is wrong",
            repair="Ask for at most 1000 rows a page (--page-size 1000)",
        )
    rows = size if number < due - 1 else total - size * (due - 1)
    if len(page.rows) != rows:
        raise IncompleteError(
            f"page {number + 1} of {due} holds {len(page.rows)} rows",
            expected=f"{rows} (of {total} announced): rows are cut off, or the announced total is wrong",
            repair=f"{_AFRESH}; if it fails again take a smaller --page-size, or the published file",
        )
    if page.has_next != (number < due - 1):
        more = "names a next page" if page.has_next else "names no next page"
        raise IncompleteError(
            f"page {number + 1} of {due} {more}",
            expected="a next page on every page but the last: the announced total is wrong",
            repair=f"{_AFRESH}; if it fails again take the published file",
        )
