"""Read the JSON of an answer, figures as the text that the server wrote ("8.21972" is not rounded).

Enters: the body of an answer. Leaves: plain values. Called by the files that read the pages of one API.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from toguna.sources.patient import NotWholeError

__all__ = ["cell", "count", "frame_of", "read_json", "storable"]


def read_json(body: bytes) -> Any:
    """Read a body.

    Raises
    ------
    NotWholeError
        A web page, or text that is cut off.
    """
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str)
    except UnicodeDecodeError:
        raise NotWholeError("bytes that are no UTF-8 text") from None
    except (ValueError, RecursionError):
        start = body[:200].lstrip().lower()
        page = "a web page instead of JSON" if start.startswith(b"<") else "JSON that is cut off or broken"
        raise NotWholeError(page) from None


def storable(told: Any, body: bytes) -> bool:
    """Whether the text can be written to a file: no half characters (lone surrogates)."""
    if b"\\ud" not in body.lower():
        return True
    try:
        json.dumps(told, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def count(value: Any) -> int | None:
    """Read a whole number, zero or more; None for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else None


def cell(value: Any) -> str | None:
    """Say a value as the text of a cell."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def frame_of(rows: Iterable[Mapping[str, str | None]]) -> pl.DataFrame:
    """Put rows into a frame of text, columns in the order in which they first come."""
    rows = list(rows)
    names = dict.fromkeys(name for row in rows for name in row)
    cells = {name: [row.get(name) for row in rows] for name in names}
    return pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String))
