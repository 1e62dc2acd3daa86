"""How a route of the programming interface is declared: its right, what it answers, what may go wrong.

Enters: a path and what stands behind it. Leaves: a route of FastAPI whose description holds all of that.
Called by the other files of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fastapi import APIRouter, Response
from pydantic import BaseModel

from toguna.accounts.rights import Right
from toguna.room.web.api.answers import JSON
from toguna.room.web.api.query import Once
from toguna.room.web.ask import needs

__all__ = ["Schema", "assessment", "binary", "list_of", "offers", "page_of"]

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Schema = Mapping[str, Any]
_HERE = "#/components/schemas/"


def assessment(key: str = "") -> Schema:
    """Point to the schema of an assessment, or of one of its parts."""
    return {"$ref": f"{_HERE}Assessment.{key}" if key else f"{_HERE}Assessment"}


def list_of(key: str) -> Schema:
    """Point to the schema of one entry of a part that is a list."""
    return {"$ref": f"{_HERE}Assessment.{key}.item"}


def page_of(item: Schema) -> Schema:
    """Return the schema of a part of a list."""
    items = {"type": "object", "properties": {"items": {"type": "array", "items": item}}}
    return {"allOf": [{"$ref": f"{_HERE}Paged"}, items]}


def binary() -> Schema:
    """Return the schema of a file."""
    return {"type": "string", "format": "binary"}


def offers(
    router: APIRouter, path: str, right: Right, *, shows: Schema | type[BaseModel], media: str = JSON
) -> Callable[[Endpoint], Endpoint]:
    """Declare a route that answers GET.

    Parameters
    ----------
    shows : schema or model
        What the body of an answer 200 is; its first line of documentation becomes the summary.
    """

    def declare(endpoint: Endpoint) -> Endpoint:
        marked = needs(right)(endpoint)
        said = (endpoint.__doc__ or "").strip().partition("\n")[0].rstrip(".")
        schema = shows if isinstance(shows, Mapping) else {"$ref": f"{_HERE}{shows.__name__}"}
        router.add_api_route(
            path,
            marked,
            methods=["GET"],
            summary=said,
            description=" ",
            response_class=Response,
            response_model=None,
            dependencies=[Once],
            responses={200: {"description": said, "content": {media: {"schema": dict(schema)}}}},
            openapi_extra={"x-toguna-right": str(right)},
        )
        return marked

    return declare
