"""Pages that are kept once they were set, and packed: the same for everybody with the same rights.

Enters: handlers of pages. Leaves: handlers that answer from memory. Used as a mark on pages of the
assessment.

What a kept page is made from is its key. The handler gets an `Ask` without a face: rights, language, day
and address of the request, and nothing else; no name, no cookie, no header but the host. So nothing of one
person can stand in what another is shown, whatever the handler does. The name in the corner is put in
afterwards, for each reader (`base.html.j2` leaves a mark there). A page that asks a faceless request for a
form's secret is a fault of the program and is refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from toguna.room.web.ask import Ask
from toguna.room.web.keeping import Page

__all__ = ["keep", "kept"]

_CARRIED = ("type", "method", "scheme", "server", "root_path", "path", "raw_path", "query_string")
_AROUND = ("app", "router", "endpoint", "path_params")
P = ParamSpec("P")
Handler: TypeAlias = Callable[Concatenate[Ask, P], Response]


def _nothing(_: Ask) -> Hashable:
    return None


def kept(
    state: Callable[[Ask], Hashable] = _nothing,
) -> Callable[[Handler[P]], Callable[Concatenate[Ask, P], Awaitable[Response]]]:
    """Mark a page as one that is kept.

    One that is there already, and that nothing has to be read for, is sent without waiting for a thread.

    Parameters
    ----------
    state : callable
        What the page is a function of beside the build of the day, rights, language and address: the state
        of what people wrote, where the page shows it.
    """

    def mark(handler: Handler[P]) -> Callable[Concatenate[Ask, P], Awaitable[Response]]:
        @wraps(handler)
        async def answered(asked: Ask, *args: P.args, **named: P.kwargs) -> Response:
            def made() -> Response:
                return keep(asked, lambda plain: handler(plain, *args, **named), state=state(asked))

            found = asked.room.kept.find((_key(asked), None)) if state is _nothing else None
            return _shown(asked, found) if found else await run_in_threadpool(made)

        return answered  # type: ignore[return-value]  # FastAPI calls it by the name "asked"

    return mark


def keep(asked: Ask, make: Callable[[Ask], Response], *, state: Hashable = None) -> Response:
    """Answer with a page that is kept, or make it; see `kept`."""
    key = (_key(asked), state)
    page = asked.room.kept.find(key)
    if page is None:
        page = Page.of(_made(asked, make))
        asked.room.kept.keep(key, page)
    return _shown(asked, page)


def _shown(asked: Ask, page: Page) -> Response:
    return page.shown_to(_person(asked).encode(), asked.request)


def _person(asked: Ask) -> str:
    """Return what the corner of a page says of the reader."""
    return asked.room.shelf.get_template("person.html.j2").render(asked=asked, L=asked.lang)


def _key(asked: Ask) -> Hashable:
    who, request = asked.principal, asked.request
    rights = (who.role, who.user_id is None, who.theatres, who.scopes)
    day = (asked.built.folder.name, asked.as_of, asked.today, asked.stepped, asked.stale)
    address = (request.url.scheme, request.url.netloc, request.scope["path"], request.scope["query_string"])
    return (asked.theatre.name, day, rights, asked.lang.code, address)


def _made(asked: Ask, make: Callable[[Ask], Response]) -> Response:
    """Let a handler answer somebody without a face."""
    scope: dict[str, Any] = {name: asked.request.scope.get(name) for name in (*_CARRIED, *_AROUND)}
    plain = Request(scope | {"headers": [(b"host", asked.request.url.netloc.encode())], "state": {}})
    nobody = replace(
        asked.principal,
        name="",
        user_id=None if asked.principal.user_id is None else 0,
        lang=None,
        via="nothing",
    )
    faceless = replace(asked, request=plain, principal=nobody, faceless=True)
    faceless.__dict__["built"] = asked.built  # the one that the key names: a newer one may stand ready by now
    answered = make(faceless)
    if answered.status_code != 200:
        raise RuntimeError(f"{plain.url.path} is kept and answered {answered.status_code}")
    if getattr(plain.state, "new_visitor", None) is not None:
        raise RuntimeError(f"{plain.url.path} holds a form that changes something and must not be kept")
    return answered
