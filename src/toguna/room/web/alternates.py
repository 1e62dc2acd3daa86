"""Where the data behind a page are: links in its head, for programs that start from the page.

Enters: an `Ask`. Leaves: addresses of the programming interface. Called by `answer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from toguna.accounts.rights import Right
from toguna.room.web.ask import Ask

__all__ = ["Alternate", "alternates"]

JSON, ATOM = "application/json", "application/atom+xml"
# page -> (where its data are, right)
_BESIDE: dict[str, tuple[str, Right]] = {
    "now": ("headline", Right.READ_PUBLIC),
    "map": ("collections/events/items", Right.EXPORT),
    "incidents": ("incidents", Right.EXPORT),
    "actors": ("actors", Right.READ_PUBLIC),
    "shifts": ("shifts", Right.READ_PUBLIC),
    "ahead": ("forecasts", Right.READ_PUBLIC),
    "doing": ("responses", Right.READ),
    "plans": ("plans", Right.READ),
    "warnings": ("warnings", Right.READ),
    "lessons": ("lessons", Right.READ),
    "replay": ("replay", Right.READ),
    "data": ("data", Right.READ),
    "why": ("why", Right.EXPORT),
}
_ONE = ("incidents", "actors", "warnings", "why")
_KEPT = (
    "q",
    "place",
    "actor",
    "from",
    "to",
    "violence",
    "tactic",
    "target",
    "source",
    "admin1",
    "year",
    "box",
    "sort",
)


@dataclass(frozen=True)
class Alternate:
    """One link of the head."""

    href: str
    type: str


def alternates(asked: Ask) -> list[Alternate]:
    """List the data behind the page asked for, as far as the reader may have them."""
    page, _, rest = "/".join(asked.request.url.path.split("/")[3:]).partition("/")
    beside = _BESIDE.get(page)
    if asked.theatre_name is None or beside is None:
        return []
    where, right = beside
    found = []
    if asked.may(right) and (not rest or page in _ONE):
        path = f"/api/v1/t/{asked.theatre_name}/{where}" + (f"/{quote(rest)}" if rest else "")
        found.append(Alternate(_with_question(asked, path, whole=page == "incidents" and not rest), JSON))
    if page in ("now", "warnings") and not rest:
        found.append(Alternate(f"/t/{asked.theatre_name}/warnings.atom", ATOM))
    return found


def _with_question(asked: Ask, path: str, *, whole: bool) -> str:
    params = [(k, v) for k, v in asked.request.query_params.multi_items() if whole and k in _KEPT]
    if asked.stepped:
        params.append(("as_of", asked.as_of.isoformat()))
    return f"{path}?{urlencode(params)}" if params else path
