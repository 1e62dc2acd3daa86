"""The shape of an answer: what a model may say, and whether it kept to it.

Enters: the body of an answer. Leaves: plain values of exactly this shape, or a `DataError` that repeats none
of the model's words. Called by `toguna.reading.model.ask` and `toguna.reading.model.prompt`.

The schema uses the part of JSON Schema that servers hold models to: objects without other members, lists,
texts, whole numbers, truth values and enumerations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from toguna.core.errors import DataError
from toguna.reading.lexicon import facts
from toguna.store.vocabulary import VOCABULARIES

__all__ = ["COUNTS", "answer_schema", "read_answer"]

COUNTS = (
    "killed", "killed_victims", "killed_civilians", "killed_forces", "killed_attackers", "wounded",
    "hostages",
)  # fmt: skip
MOST_DRAFTS, MOST_WORDS = 60, 2000  # per list; letters of one text

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_TRUTH: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer"}


def _object(**members: Schema) -> Schema:
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _one_of(words: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(words)}


def answer_schema() -> Schema:
    """Return the schema that servers are sent and answers are held to."""
    said = _list(_object(value=_TEXT, quote=_TEXT))
    chosen = {
        name: _list(_object(value=_one_of(VOCABULARIES[words]), quote=_TEXT))
        for name, words in (("tactic", "tactics"), ("target_class", "targets"), ("setting", "settings"))
    }
    count = _list(_object(value=_COUNT, quote=_TEXT, superseded=_TRUTH))
    claim = _object(kind=_one_of(("claimed", "denied", "none")), names=_list(_TEXT), quote=_TEXT)
    return _object(
        incidents=_list(
            _object(
                words=_TEXT, main=_TRUTH, date=said, place=said, **chosen, perpetrator=said,
                claims=_list(claim), **dict.fromkeys(COUNTS, count),
            )
        ),
        relations=_list(
            _object(kind=_one_of(tuple(facts("tie"))), a=_TEXT, b=_TEXT, quote=_TEXT)
        ),
        responses=_list(
            _object(kind=_one_of(tuple(facts("measure"))), asked=_TRUTH, quote=_TEXT, days=count)
        ),
    )  # fmt: skip


def read_answer(content: str) -> dict[str, Any]:
    """Read the JSON that a model wrote.

    Raises
    ------
    DataError
        It is no JSON, or of another shape; says where, in the names of the schema alone.
    """
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise DataError("the model's answer is no JSON") from None
    wrong = next(_wrong(told, answer_schema(), "answer"), None)
    if wrong:
        raise DataError(f"the model's answer does not keep to the schema: {wrong}")
    found: dict[str, Any] = told
    return found


_KINDS = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict}


def _wrong(value: Any, schema: Schema, at: str) -> Iterator[str]:
    """Yield what is wrong and where; names that are not of the schema are not repeated."""
    if type(value) is not _KINDS[schema["type"]]:
        yield f"{at} is no {schema['type']}"
    elif isinstance(value, dict):
        members = schema["properties"]
        if set(value) != set(members):
            missing = sorted(set(members) - set(value))
            yield f"{at} lacks {', '.join(missing)}" if missing else f"{at} has other members"
        else:
            for name, part in value.items():
                yield from _wrong(part, members[name], f"{at}.{name}")
    elif isinstance(value, list):
        if len(value) > MOST_DRAFTS:
            yield f"{at} has {len(value)} entries, the most is {MOST_DRAFTS}"
        for n, part in enumerate(value[:MOST_DRAFTS]):
            yield from _wrong(part, schema["items"], f"{at}.{n}")
    elif isinstance(value, str) and (
        len(value) > MOST_WORDS or (value not in schema["enum"] if "enum" in schema else False)
    ):
        yield f"{at} is too long" if len(value) > MOST_WORDS else f"{at} is no word of the vocabulary"
