"""A warning that an analyst writes, as TOML.

Enters: a file. Leaves: a `Warning`, checked. Called by ``toguna ledger add``. What is left out gets the
value of the desk in the rules; what is misspelt is named. Example: docs/howto/warnings.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from toguna.core.digest import digest
from toguna.core.errors import DataError, TogunaError, UnknownNameError, UsageError
from toguna.warnings.rules import read_rules
from toguna.warnings.types import Area, Basis, Option, Warning

__all__ = ["read_warning"]

_KEYS = frozenset(
    [
        "theatre", "kind", "level", "urgency", "severity", "certainty", "areas", "actors", "start", "end",
        "basis", "owner", "acknowledge_by", "deadline", "addressees", "escalate_to", "sensitivity",
        "options", "headline", "text",
    ]
)  # fmt: skip
_NEEDED = ("theatre", "level", "start", "end", "acknowledge_by", "deadline", "headline", "text")
_BIG = 1_000_000


def read_warning(path: Path) -> Warning:
    """Read a warning.

    Raises
    ------
    DataError
        The file is not TOML, or lacks something, or says something that is not known.
    """
    try:
        if path.stat().st_size > _BIG:
            raise DataError(f"{path} is larger than a warning can be.")
        plain = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise DataError(f"there is no file {path}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"{path} is not valid TOML in UTF-8: {error}.") from None
    try:
        return _warning(plain)
    except TogunaError as error:
        raise DataError(f"{path}: {error}") from None
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise DataError(f"{path} cannot be read as a warning: {error}.") from None


def _warning(plain: Mapping[str, Any]) -> Warning:
    for key in plain:
        if key not in _KEYS:
            raise UnknownNameError("key", key, _KEYS)
    missing = [key for key in _NEEDED if key not in plain]
    if missing:
        raise UsageError(f"{', '.join(missing)} missing; a warning needs them.")
    desk = read_rules().desk
    return Warning(
        theatre=str(plain["theatre"]),
        kind=str(plain.get("kind", "other")),
        level=str(plain["level"]),
        urgency=str(plain.get("urgency", "Unknown")),
        severity=str(plain.get("severity", "Unknown")),
        certainty=str(plain.get("certainty", "Unknown")),
        areas=tuple(map(_area, plain.get("areas", ()))),
        actors=_names(plain, "actors", ()),
        **{name: _day(plain, name) for name in ("start", "end", "acknowledge_by", "deadline")},
        basis=tuple(_basis(plain, str(one)) for one in plain.get("basis", ())) or (_basis(plain, "analyst"),),
        owner=str(plain.get("owner", desk.owner)),
        addressees=_names(plain, "addressees", desk.addressees),
        escalate_to=str(plain.get("escalate_to", desk.escalate_to)),
        sensitivity=str(plain.get("sensitivity", desk.sensitivity)),
        options=tuple(Option.of(one) for one in plain.get("options", ())),
        headline=dict(plain["headline"]),
        text=dict(plain["text"]),
    )


def _area(one: Any) -> Area:
    return Area.of(one) if isinstance(one, Mapping) else Area(str(one))


def _names(plain: Mapping[str, Any], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    found = plain.get(key, default)
    if not isinstance(found, list | tuple) or not all(isinstance(name, str) for name in found):
        raise UsageError(f"{key}: found {found!r}; expected a list of texts.")
    return tuple(found)


def _day(plain: Mapping[str, Any], key: str) -> Any:
    found = plain[key]
    day = found if isinstance(found, date) else date.fromisoformat(str(found))
    return date(day.year, day.month, day.day)


def _basis(plain: Mapping[str, Any], id: str) -> Basis:
    said = {key: str(plain[key]) for key in ("headline", "text")}
    return Basis("analyst", id, digest({"id": id, **said}), _day(plain, "start").isoformat())
