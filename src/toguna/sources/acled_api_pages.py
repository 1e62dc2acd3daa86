"""Pages of ACLED's API: read one, and tell which days an account may see.

Enters: bodies of answers. Leaves: `Page`. Called by `toguna.sources.acled_api`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from toguna.sources.acled_login import words_of
from toguna.sources.answers import cell, count, read_json, storable
from toguna.sources.fetch_errors import RefusedError, UnusableAnswerError

__all__ = ["EVENT", "WITHDRAWN", "Page", "read_page"]

EVENT = ("event_id_cnty", "event_date", "iso", "fatalities", "timestamp")
WITHDRAWN = ("event_id_cnty", "deleted_timestamp")
_ENVELOPE = ("count", "data", "next_cursor")
_GOOD = (None, "", "0", "200")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came.

    Parameters
    ----------
    rows : tuple of mapping
        Cells as text.
    total : int or None
        Rows of the whole, as announced.
    cursor : str
        Where the next page begins; "" on the last one.
    seen_until : date or None
        The last day whose events this account may see; None without such a limit.
    messages : str
        What the server says beside the rows.
    body : bytes
        As it came.
    """

    rows: tuple[Mapping[str, str | None], ...]
    total: int | None
    cursor: str
    seen_until: date | None
    messages: str
    body: bytes

    @property
    def ids(self) -> list[str]:
        """Ids of the rows, in their order."""
        return [str(row["event_id_cnty"]) for row in self.rows]


def read_page(
    body: bytes, *, needed: tuple[str, ...] = EVENT, hide: Callable[[str], str] = lambda text: text
) -> Page:
    """Read the body of an answer.

    Parameters
    ----------
    body : bytes
        The answer.
    needed : tuple of str
        Columns without which a row is none.
    hide : callable
        Takes secrets out of what is shown.

    Raises
    ------
    NotWholeError
        A web page or a cut-off text.
    RefusedError
        An error told with status 200.
    UnusableAnswerError
        JSON of another shape.
    """
    told = read_json(body)
    if not isinstance(told, dict):
        raise _other_shape("JSON that is no object", needed)
    if told.get("success") in (False, "false", "0") or _status(told) not in _GOOD or told.get("error"):
        raise RefusedError(
            f"the server answered with an error of its own: {hide(words_of(told)) or 'no words'}",
            expected="rows of events",
            repair="Look at https://acleddata.com whether the account has access and the terms are accepted",
        )
    lacking = [name for name in _ENVELOPE if name not in told]
    if lacking or not isinstance(told["data"], list):
        raise _other_shape(f"no {', '.join(lacking) or 'list of data'}", needed)
    if not storable(told, body):
        raise _other_shape("half a character (a lone surrogate)", needed)
    rows = tuple(_row(row, needed) for row in told["data"])
    if count(told["count"]) != len(rows):
        raise _other_shape(f"count {str(told['count'])[:40]!r} beside {len(rows)} rows", needed)
    total = told.get("total_count")
    if total is not None and count(total) is None:
        raise _other_shape(f"total_count {str(total)[:40]!r}", needed)
    return Page(
        rows,
        total=None if total is None else count(total),
        cursor=_cursor(told["next_cursor"]),
        seen_until=_limit(told.get("data_query_restrictions")),
        messages=hide(words_of({"messages": told.get("messages")})),
        body=body,
    )


def _status(told: Mapping[str, Any]) -> str | None:
    return None if told.get("status") is None else str(told["status"])


def _cursor(value: Any) -> str:
    return "" if value in (None, "", "0", False) or isinstance(value, list | dict) else str(value)


def _limit(told: Any) -> date | None:
    """Read the day up to which an account sees events: data_query_restrictions.date_recency.date."""
    recency = told.get("date_recency") if isinstance(told, dict) else None
    text = recency.get("date") if isinstance(recency, dict) else None
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None


def _row(row: Any, needed: tuple[str, ...]) -> dict[str, str | None]:
    if not isinstance(row, dict):
        raise _other_shape(f"a row that is no object: {type(row).__name__}", needed)
    lacking = [name for name in needed if name not in row]
    if lacking or not str(row["event_id_cnty"] or "").strip():
        raise _other_shape(f"a row without {', '.join(lacking) or 'an id'}", needed)
    return {name: cell(value) for name, value in row.items()}


def _other_shape(found: str, needed: tuple[str, ...]) -> UnusableAnswerError:
    return UnusableAnswerError(
        f"the answer has {found}",
        expected=f"an object with {', '.join(_ENVELOPE)}, rows with {', '.join(needed)}",
        repair="Check the address; if it is right the API has changed: report it to Toguna, and export a CSV",
    )
