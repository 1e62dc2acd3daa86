"""Answers for programs: JSON that is only sent when it is new, in parts, with what was left out.

Enters: an `Ask` and how to make the answer. Leaves: a response with ETag, Link, X-Toguna-Withheld
and X-Toguna-Stale. Called by every route of this package.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import Response
from pydantic import BaseModel

from toguna import __version__
from toguna.room.web.api.aging import stale_header, stale_of
from toguna.room.web.api.held import held_header, held_of
from toguna.room.web.api.query import Paging
from toguna.room.web.ask import Ask
from toguna.room.web.keeping import Data

__all__ = [
    "GEOJSON",
    "JSON",
    "absolute",
    "links",
    "of_day",
    "paged",
    "send",
    "send_json",
    "to_json",
]

JSON, GEOJSON = "application/json", "application/geo+json"
_VARY = "Cookie, Authorization, Accept-Language"


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def to_json(value: Any) -> bytes:
    """Write JSON; a number that JSON does not know is a fault of the program."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, default=_plain, separators=(",", ":")
    ).encode()


def of_day(asked: Ask) -> tuple[str, ...]:
    """Say which build an answer is made from."""
    return (asked.built.folder.name,)


Made = tuple[bytes, Mapping[str, str]]
"""A body, and headers that only its making tells."""


def send(
    asked: Ask,
    make: Callable[[], bytes],
    *,
    media: str = JSON,
    state: Sequence[str],
    headers: Mapping[str, str] | None = None,
    keep: bool = True,
) -> Response:
    """Send what `make` makes, or 304 without making it when the reader holds it.

    Parameters
    ----------
    state : sequence of str
        What the answer is a function of, beside the address, the language, the day and the rights.
    keep : bool
        Whether it is kept in memory; files that are large, or rarely asked for, are not.
    """
    return _sent(asked, lambda: (make(), {}), media=media, state=state, headers=headers, keep=keep)


def _sent(
    asked: Ask,
    make: Callable[[], Made],
    *,
    media: str,
    state: Sequence[str],
    headers: Mapping[str, str] | None,
    keep: bool = True,
) -> Response:
    said = _kept(asked, state, headers)
    if _holds(asked, said["ETag"]):
        return Response(status_code=304, headers=said)
    said["Content-Type"] = (
        f"{media}; charset=utf-8" if media.startswith("text/") and "charset" not in media else media
    )
    if not keep:
        body, more = make()
        told = said | dict(more)
        return Response(status_code=304, headers=told) if _any(asked) else Response(body, headers=told)
    who = asked.principal
    # The tag is a digest of everything else that an answer is a function of.
    key = (said["ETag"], who.role, who.user_id is None, who.theatres, who.scopes)
    data = asked.room.told.find(key)
    if data is None:
        body, more = make()
        data = Data.of(body, said | dict(more))
        asked.room.told.keep(key, data)
    return Response(status_code=304, headers=said) if _any(asked) else data.sent(asked.request)


def _kept(asked: Ask, state: Sequence[str], headers: Mapping[str, str] | None) -> dict[str, str]:
    request = asked.request
    asked_for = (str(request.base_url), request.url.path, request.url.query)
    days, stale = (asked.as_of.isoformat(), asked.today.isoformat()), stale_of(asked)
    stand = [__version__, *state, asked.lang.code, *days, asked.stale, *asked_for]
    tag = f'"{hashlib.sha256(json.dumps(stand).encode()).hexdigest()[:24]}"'
    always = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": _VARY}
    return always | stale_header(stale) | dict(headers or {})


def _any(asked: Ask) -> bool:
    """Whether a reader holds any answer at all; asked when it is known that there is one."""
    return asked.request.headers.get("if-none-match", "").strip() == "*"


def _holds(asked: Ask, tag: str) -> bool:
    """Whether a reader names our tag among those it holds (RFC 9110, 13.1.2: weak comparison)."""
    said = asked.request.headers.get("if-none-match", "")
    return tag in (part.strip().removeprefix("W/") for part in said.split(","))


def send_json(asked: Ask, make: Callable[[], Any], **more: Any) -> Response:
    """Send a value of the day's assessment."""
    if "state" not in more:
        more["state"] = of_day(asked)
    return send(asked, lambda: to_json(make()), **more)


def paged(
    asked: Ask,
    query: Paging,
    rows: Callable[[], tuple[int, Sequence[Any]]],
    *,
    rows_leave: bool = False,
    state: Sequence[str] = (),
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Send a part of a list, with the way to its other parts.

    Parameters
    ----------
    rows : callable
        Returns how many there are in all, and those of the part asked for.
    rows_leave : bool
        Whether the items are rows of sources: then what was withheld is said.
    state : sequence of str
        What the answer is a function of beside the build.
    more : mapping, optional
        What else is said.
    """
    held = held_of(asked) if rows_leave else []

    def make() -> Made:
        total, part = rows()
        told = {
            "theatre": asked.theatre.name,
            "as_of": asked.as_of,
            "digest": asked.built.digest,
            "total": total,
            "limit": query.limit,
            "offset": query.offset,
            "items": part,
            "withheld": held,
            "stale": stale_of(asked),
            **(more or {}),
        }
        return to_json(told), {"Link": _link_header(asked, query, total), "X-Total-Count": str(total)}

    return _sent(asked, make, media=JSON, state=(*of_day(asked), *state), headers=held_header(held))


def absolute(asked: Ask, path: str) -> str:
    """Return the full address of a path of this room."""
    return str(asked.request.base_url).rstrip("/") + path


def links(asked: Ask, query: Paging, total: int) -> dict[str, str]:
    """Return the addresses of a list's parts by relation: self, first, prev, next, last."""
    last = max(0, (total - 1) // query.limit * query.limit)
    at = {"self": query.offset, "first": 0, "last": last}
    if query.offset > 0:
        at["prev"] = max(0, min(query.offset - query.limit, last))
    if query.offset + query.limit < total:
        at["next"] = query.offset + query.limit
    params = [(k, v) for k, v in asked.request.query_params.multi_items() if k not in ("limit", "offset")]
    path = asked.request.url.path
    return {
        rel: absolute(asked, f"{path}?{urlencode([*params, ('limit', query.limit), ('offset', offset)])}")
        for rel, offset in at.items()
    }


def _link_header(asked: Ask, query: Paging, total: int) -> str:
    return ", ".join(f'<{href}>; rel="{rel}"' for rel, href in links(asked, query, total).items())
