"""What is wrong with the parameters of an address, in the reader's language.

Enters: errors of the validation. Leaves: parameter, what was found, what was expected. Called by
`toguna.room.web.faults`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toguna.core.language import Language

__all__ = ["explained"]

_LONGEST = 80


def explained(errors: Sequence[Any], L: Language) -> list[dict[str, str]]:
    """Say each error: `parameter`, `found`, `expected`."""
    return [
        {
            "parameter": str(error["loc"][-1])[:_LONGEST] if error.get("loc") else "",
            "found": _found(error.get("input")),
            "expected": _expected(error, L),
        }
        for error in errors
    ]


def _found(value: Any) -> str:
    return "" if value is None or isinstance(value, dict) else str(value)[:_LONGEST]


def _expected(error: Mapping[str, Any], L: Language) -> str:
    kind, limits = str(error.get("type", "")), error.get("ctx") or {}
    plain = {
        "int_parsing": L("a whole number"),
        "int_parsing_size": L("a whole number"),
        "int_from_float": L("a whole number"),
        "bool_parsing": L("true or false"),
        "extra_forbidden": L("no such parameter"),
        "repeated": L("the parameter once"),
        "missing": L("a value"),
    }
    if kind in plain:
        return plain[kind]
    return _bound(kind, limits, L) or _read(str(error["loc"][-1]), L)


def _bound(kind: str, limits: Mapping[str, Any], L: Language) -> str:
    """Say the limit that was passed; "" when it was none."""
    if kind == "greater_than_equal":
        return L("{n} or more", n=limits["ge"])
    if kind == "less_than_equal":
        return L("{n} or less", n=limits["le"])
    if kind == "string_too_long":
        return L("at most {n} characters", n=limits["max_length"])
    if kind == "too_long":
        return L("at most {n} values", n=limits["max_length"])
    if kind == "literal_error":
        return L("one of {values}", values=str(limits["expected"]).replace(" or ", ", ").replace("'", ""))
    return ""


def _read(name: str, L: Language) -> str:
    """Say what a parameter of a form of its own looks like."""
    if name in ("box", "bbox"):
        return L("west,south,east,north in degrees, south below north")
    if name == "datetime":
        return L("a day, a moment, or two of them with a slash between, the earlier first")
    return L("a day as YYYY-MM-DD")
