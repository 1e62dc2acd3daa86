"""The reference page of the programming interface, from its own description (OpenAPI)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_HEAD = """# Programming interface

{description}

The room serves the full description at `/api/v1/openapi.json`. How to use it: [Ask the room from a
program](../howto/api.md).

| right | who has it |
|---|---|
| `open` | everybody |
| `read-public` | everybody who logged in; guests too where the room has a public view |
| `read` | analysts, deciders, administrators |
| `export` | the same; a token needs it among its scopes |

| status | meaning |
|---|---|
"""
_GROUPS = {
    "start": "Where to begin",
    "assessment": "The assessment",
    "events": "Events",
    "files": "Files",
    "features": "Features",
    "warnings": "Warnings",
}
_EVERYWHERE = ("as_of", "lang", "limit", "offset")


def page() -> str:
    """Return the page."""
    told = _described()
    parts = [_HEAD.format(description=told["info"]["description"])]
    problems = told["components"]["responses"]
    parts += [
        f"| {name.removeprefix('Problem')} | {said['description']} |\n" for name, said in problems.items()
    ]
    for tag, title in _GROUPS.items():
        parts.append(f"\n## {title}\n\n| address | right | gives |\n|---|---|---|\n")
        found = [(path, get) for path, get in _operations(told) if get["tags"] == [tag]]
        parts += [f"| `{path}` | `{get['x-toguna-right']}` | {_gives(get)} |\n" for path, get in found]
        parts += _parameters(found)
    return "".join(parts)


def _described() -> dict[str, Any]:
    from fastapi import FastAPI

    from toguna.room.web.api import ROUTERS
    from toguna.room.web.api.document import described

    app = FastAPI(openapi_url=None)
    for router in ROUTERS:
        app.include_router(router)
    return described(app.routes)


def _operations(told: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in told["paths"].items():
        yield path, operations["get"]


def _gives(get: Mapping[str, Any]) -> str:
    media = next(iter(get["responses"]["200"]["content"])).partition(";")[0]
    kind = "" if media in ("application/json", "*/*") else f" (`{media}`)"
    return get["summary"] + kind


def _parameters(found: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Tell the parameters of a group, but for those of every address."""
    told: dict[str, str] = {}
    for _, get in found:
        for one in get.get("parameters", []):
            if one["in"] == "query" and one["name"] not in _EVERYWHERE:
                told.setdefault(one["name"], one.get("description") or one["schema"].get("description", ""))
    if told:
        yield "\n| parameter | meaning |\n|---|---|\n"
        yield from (f"| `{name}` | {said} |\n" for name, said in told.items())
