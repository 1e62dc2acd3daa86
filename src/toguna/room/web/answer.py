"""Turn what a page has to say into an answer: HTML from a template, with a digest for the next visit.

Enters: an `Ask` and values. Leaves: a response. Called by every page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from toguna.accounts.rights import Right
from toguna.core.language import direction, own
from toguna.room.web.alternates import alternates
from toguna.room.web.ask import LANG_COOKIE, Ask
from toguna.room.web.navigation import navigation
from toguna.room.web.security.forgery import Csrf, CsrfField
from toguna.room.web.told import moment

__all__ = ["DRAWING", "fresh", "page", "scripts_built", "shelf", "static_version"]

DRAWING = {
    "Cache-Control": "private, max-age=31536000, immutable",  # the address holds a digest
    # The compiler of charts writes style attributes: they are allowed inside a drawing only.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}


@cache
def shelf() -> Environment:
    """Return the templates of the room, compiled once in a process; those of the briefing are among them."""
    loaders = [PackageLoader("toguna.room.web"), PackageLoader("toguna.room.briefing")]
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def static_version() -> str:
    """Return a digest of the styles and scripts: their address changes when they do."""
    hashed = hashlib.sha256()
    for folder in ("static",):
        for path in sorted(files("toguna.room.web").joinpath(folder).iterdir(), key=lambda p: p.name):
            if path.is_file():
                hashed.update(path.read_bytes())
    hashed.update(files("toguna.room.briefing").joinpath("templates", "briefing.css").read_bytes())
    return hashed.hexdigest()[:12]


def scripts_built() -> bool:
    """Whether the scripts were bundled into this installation; pages work without them."""
    static = files("toguna.room.web").joinpath("static")
    return all(static.joinpath(name).is_file() for name in ("room.js", "map.js", "map.css", "map-worker.js"))


def page(asked: Ask, template: str, *, status: int = 200, **values: Any) -> Response:
    """Set a page."""
    html = asked.room.shelf.get_template(template).render(asked=asked, **_around(asked), **values)
    response = HTMLResponse(html, status_code=status, headers={"Vary": "Cookie, Accept-Language"})
    if asked.request.query_params.get("lang") == asked.lang.code:  # a choice stays
        response.set_cookie(LANG_COOKIE, asked.lang.code, max_age=400 * 86400, httponly=True, samesite="lax")
    return response


def fresh(asked: Ask, response: Response) -> Response:
    """Answer 304 when the reader holds the same bytes already."""
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Accept-Language"}
    if asked.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def _of_alarm(asked: Ask, id: str) -> Markup:
    """Return the links under a card: to its incidents, and to itself; none for what is no alarm."""
    query = asked.built.alarms.get(id)
    if query is None:
        return Markup("")
    link = Markup(' · <a class="why" href="{}">{}</a>')
    found = (
        link.format(asked.link("incidents", **query), asked.lang("Its incidents")) if query else Markup("")
    )
    return found + link.format(f"#{id}", asked.lang("Link to this"))


def _around(asked: Ask) -> Mapping[str, Any]:
    """Return what every page has: language, words, navigation, and how blocks draw pictures."""

    def drawing(picture: Mapping[str, Any]) -> Markup:
        source = asked.link(
            f"drawings/{picture['name']}.svg", lang=asked.lang.code, v=asked.built.digest[:12]
        )
        return Markup('<img src="{}" alt="{}" loading="lazy" decoding="async">').format(
            source, picture["alt"]
        )

    def ask(told: Mapping[str, Any]) -> Markup:
        if not asked.may(Right.READ):
            return Markup("")
        where = asked.link(f"why/{told['id']}")
        why = Markup('<a class="why" href="{}">{}</a>').format(where, asked.lang("Why?"))
        return why + _of_alarm(asked, told["id"]) if told.get("kind") == "card" else why

    L = asked.lang
    return {
        "L": L,
        "lang": L.code,
        "direction": direction(L.code),
        "nav": navigation(asked) if asked.theatre_name else [],
        "alternates": alternates(asked),
        "drawing": drawing,
        "ask": ask,
        "csrf": Csrf(asked.request),
        "csrf_field": CsrfField(asked.request),
        "moment": lambda at: moment(at, L),
        "own": lambda text: own(text, L),
        "version": asked.request.app.state.version,
        "scripts": asked.request.app.state.scripts,
        "other": "fr" if L.code == "en" else "en",
        "w": {
            "behind": L("The numbers behind the picture"),
            "open": L("Show"),
            "colon": L(":"),
            "semi": L(";"),
        },
    }
