"""Digests: the same content always has the same sha256, whatever the machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

__all__ = ["canonical_json", "digest", "digest_rows", "file_sha256"]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")


def canonical_json(value: Any, *, indent: int | None = None) -> str:
    """Write JSON with sorted keys and dates as ISO text; NaN is refused."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, allow_nan=False, default=_plain, indent=indent
    )


def digest(value: Any) -> str:
    """Return the sha256 of the canonical JSON of `value`."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def digest_rows(rows: Iterable[dict[str, Any]]) -> str:
    """Return one sha256 over rows in the order given."""
    total = hashlib.sha256()
    for row in rows:
        total.update(canonical_json(row).encode())
        total.update(b"\n")
    return total.hexdigest()


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file, read in pieces."""
    total = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            total.update(piece)
    return total.hexdigest()
