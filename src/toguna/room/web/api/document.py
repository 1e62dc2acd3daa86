"""The description of the interface: OpenAPI 3.1, from the routes, the models and the schema of an assessment.

Enters: the routes of an application. Leaves: plain values. Called by ``/api/v1/openapi.json`` and the
reference page of the documentation.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from toguna import __version__
from toguna.core.names import EXPORT_COLUMNS
from toguna.room.situation import schema
from toguna.room.web.api import models

__all__ = ["described"]

_TYPES = {pl.Int64: "integer", pl.Int8: "integer", pl.Float64: "number"}
_PROBLEMS = {
    "400": "A parameter of a collection cannot be read.",
    "401": "Log in, or show a token.",
    "403": "The right to do this is missing.",
    "404": "There is no such thing, or it is not the reader's to see.",
    "422": "A parameter cannot be read, is not known, or comes twice.",
    "429": "Too many requests; Retry-After says when to return.",
    "451": "The terms of a source forbid passing this row on.",
    "503": "No assessment of the day stands ready, or can be built; Retry-After says when to return.",
}
_HEAD = (
    "What the pages of a room show, as data. Every address below `/api/v1/t/{theatre}` takes `as_of` (step "
    "the room back to a day) and `lang`. Lists come in parts (`limit`, `offset`, header `Link`); answers "
    "bear an `ETag` and are not sent again while they stay the same; faults are problems of RFC 9457. "
    "`x-toguna-right` is the right that an address needs. Rows that may not be passed on are in no answer; "
    "`withheld` and `X-Toguna-Withheld` say so. An assessment that is older than it should be, because newer "
    "data wait or could not be assessed, is said in `stale` and `X-Toguna-Stale`."
)
_HEADERS = {
    "X-Toguna-Stale": "`made=MOMENT;since=MOMENT;failed=BOOL;lags=BOOL`; only when a newer one is due.",
    "X-Toguna-Withheld": "`SOURCE;rows=N;coarsened=N;reason=WORD, ...`; only where rows are left out.",
}


def described(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """Describe the routes that belong to the interface."""
    told = get_openapi(title="Toguna", version=__version__, description=_HEAD, routes=routes)
    told["components"] = copy.deepcopy(_components())
    for operations in told["paths"].values():
        for operation in operations.values():
            _say_faults(operation)
    return told


def _say_faults(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    operation.pop("description", None)
    answers["200"]["headers"] = {
        name: {"description": said, "schema": {"type": "string"}} for name, said in _HEADERS.items()
    }
    answers["304"] = {"description": "The reader holds it already."}
    for status in _PROBLEMS:
        answers[status] = {"$ref": f"#/components/responses/Problem{status}"}
    open_to_all = operation["x-toguna-right"] in ("open", "read-public")
    operation["security"] = [*([{}] if open_to_all else []), {"token": []}, {"session": []}]


@lru_cache(maxsize=1)
def _components() -> dict[str, Any]:
    _, made = models_json_schema(models.EVERY, ref_template="#/components/schemas/{model}")
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "schemas": {**made["$defs"], "Event": _event(), **_assessment()},
        "responses": {
            f"Problem{status}": {"description": said, "content": problem}
            for status, said in _PROBLEMS.items()
        },
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "A token of an account.",
            },
            "session": {"type": "apiKey", "in": "cookie", "name": "toguna-session"},
        },
    }


def _event() -> dict[str, Any]:
    """Describe a row of events from the columns."""
    return {
        "type": "object",
        "description": "One event as one source tells it. A missing count is unknown, never zero.",
        "properties": {c.name: _column(c.dtype) | {"description": c.meaning} for c in EXPORT_COLUMNS},
        "required": [c.name for c in EXPORT_COLUMNS],
    }


def _column(dtype: Any) -> dict[str, Any]:
    if isinstance(dtype, pl.List):
        return {"type": ["array", "null"], "items": {"type": "string"}}
    if isinstance(dtype, pl.Date):
        return {"type": ["string", "null"], "format": "date"}
    return {"type": [_TYPES.get(type(dtype), "string"), "null"]}


def _assessment() -> dict[str, Any]:
    """Take the schema of an assessment apart: one component for each of its parts and definitions."""
    told = _pointed(schema())
    parts = {f"Assessment.{name}": part for name, part in told["properties"].items()}
    items = {
        f"{name}.item": part["items"] for name, part in parts.items() if isinstance(part.get("items"), dict)
    }
    defs = {f"Assessment.def.{name}": part for name, part in told["$defs"].items()}
    whole = {key: value for key, value in told.items() if key not in ("$defs", "$schema", "$id")}
    whole["properties"] = {n: {"$ref": f"#/components/schemas/Assessment.{n}"} for n in told["properties"]}
    return {"Assessment": whole, **parts, **items, **defs}


def _pointed(value: Any) -> Any:
    """Point references at where the definitions stand here."""
    if isinstance(value, Mapping):
        return {
            k: v.replace("#/$defs/", "#/components/schemas/Assessment.def.") if k == "$ref" else _pointed(v)
            for k, v in value.items()
        }
    return [_pointed(v) for v in value] if isinstance(value, list) else value
