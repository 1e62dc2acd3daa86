"""Pages that show sections of the briefing as they are: what was found, page by page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.kept import kept

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
# page -> (right, sections of the briefing in their order)
PAGES: dict[str, tuple[Right, tuple[str, ...]]] = {
    "shifts": (Right.READ_PUBLIC, ("shifts", "how", "tested", "claims")),
    "doing": (Right.READ, ("responses",)),
    "data": (Right.READ, ("data", "limits", "findings", "incidents", "sources")),
}


def show(asked: Ask, name: str) -> Response:
    """Set the sections of a page."""
    lang = asked.lang.code
    found = [asked.built.section(section, lang) for section in PAGES[name][1]]
    sections = [section for section in found if section]
    return answer.fresh(
        asked, answer.page(asked, "sections.html.j2", sections=sections, told=asked.built.pages[lang])
    )


def _page(name: str, right: Right) -> Callable[[Asked], Awaitable[Response]]:
    @needs(right)
    @kept()
    def handler(asked: Asked) -> Response:
        return show(asked, name)

    handler.__name__ = name
    return handler


for _name, (_right, _) in PAGES.items():
    router.add_api_route(f"/t/{{theatre}}/{_name}", _page(_name, _right), methods=["GET"], name=_name)
