"""Read claims.toml: statements by analysts in a form that can be tested.

Enters: a theatre's folder. Leaves: `Statement` values. Called by `toguna.room.claims.evaluate`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from toguna.core.dates import Window
from toguna.core.errors import DataError
from toguna.core.findings import Finding

__all__ = ["MEASURES", "Statement", "check_statements", "read_statements"]

MEASURES = (
    "displacement", "fronts", "tempo", "share", "largest", "reach", "overtakes", "recurrence", "alike",
    "none-yet",
)  # fmt: skip

_NEEDS: dict[str, tuple[str, ...]] = {
    "displacement": ("direction",),
    "share": ("column", "categories", "expect"),
    "largest": ("column", "groups", "group"),
    "overtakes": ("kinds", "over", "reference"),
    "recurrence": ("question",),
    "alike": ("later", "earlier"),
    "none-yet": ("reason",),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and how it is tested.

    Parameters
    ----------
    id : str
        Stable name.
    text : dict
        The statement by language.
    said_by : str
        Who said it, where.
    said_on : date
        When; it is not evaluated as of earlier dates.
    measure : str
        One of `MEASURES`.
    settings : dict
        What the measure needs.
    """

    id: str
    text: Mapping[str, str]
    said_by: str
    said_on: date
    measure: str
    settings: Mapping[str, Any]

    def reference(self) -> Window | None:
        """Return the statement's own reference window, if it has one."""
        span = self.settings.get("reference")
        return Window(span["start"], span["end"]) if span else None


def read_statements(folder: Path) -> list[Statement]:
    """Read the statements of a theatre; none when it has no claims.toml.

    Raises
    ------
    DataError
        When the file is not TOML, or an entry lacks something: the message names entry and key.
    """
    path = folder / "claims.toml"
    if not path.is_file():
        return []
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("claims", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"{path} cannot be read as TOML: {error}.") from None
    return [_statement(path, k, entry) for k, entry in enumerate(entries, start=1)]


def check_statements(folder: Path) -> list[Finding]:
    """Say what is wrong with a theatre's claims.toml, as a finding."""
    try:
        read_statements(folder)
    except DataError as error:
        expected = "statements as docs/methods/claims.md describes them"
        repair = "Mend the entry; without it no assessment of this theatre can be made."
        return [Finding("claims-unreadable", "stop", "claims.toml", None, None, str(error), expected, repair)]
    return []


def _statement(path: Path, k: int, entry: Mapping[str, Any]) -> Statement:
    name = f"{path.name} entry {k} ({entry.get('id', 'no id')})"
    measure = str(entry.get("measure", ""))
    if measure not in MEASURES:
        raise DataError(f"{name}: measure {measure!r} is not one of {', '.join(MEASURES)}.")
    needed = ("id", "statement", "said_by", "said_on", *_NEEDS.get(measure, ()))
    missing = [key for key in needed if key not in entry]
    if missing:
        raise DataError(f"{name}: add {', '.join(missing)}.")
    if not isinstance(entry["said_on"], date):
        raise DataError(f"{name}: said_on must be a date without quotes, found {entry['said_on']!r}.")
    settings = {
        key: value for key, value in entry.items() if key not in ("id", "statement", "said_by", "measure")
    }
    return Statement(
        str(entry["id"]), dict(entry["statement"]), str(entry["said_by"]), entry["said_on"], measure, settings
    )
