"""What a plan would do, as options of warnings.

Enters: items of a plan, as plain dicts. Leaves: options by area. Called by ``toguna warn --plan FILE``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from toguna.core.errors import DataError
from toguna.warnings.types import Option

__all__ = ["options_of", "read_options"]

Item = Mapping[str, Any]


def options_of(items: Iterable[Item], unit: str = "") -> dict[str, tuple[Option, ...]]:
    """Sort the items of a plan by area; "" are those for the whole theatre.

    Parameters
    ----------
    items : iterable of mapping
        Each with ``measure``, perhaps ``area``, ``reason``, ``cost``, ``unit``, ``evidence``.
    unit : str
        Unit of costs where an item names none.
    """
    found: dict[str, dict[str, Option]] = {}
    for item in items:
        measure = str(item["measure"])
        text = str(item.get("text") or item.get("reason") or measure)
        evidence = [str(e) for e in item.get("evidence") or ()]
        plain = {"measure": measure, "text": text, "cost": item.get("cost"), "evidence": evidence}
        option = Option.of({**plain, "unit": item.get("unit") or unit})
        # A measure of several quarters is one option.
        found.setdefault(str(item.get("area") or ""), {}).setdefault(measure, option)
    return {area: tuple(options.values()) for area, options in found.items()}


def read_options(path: Path) -> dict[str, tuple[Option, ...]]:
    """Read the items of a plan from JSON: of the first of ``plans``, or of ``items``.

    Raises
    ------
    DataError
        The file is not such a plan.
    """
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        plan = plain["plans"][0] if plain.get("plans") else plain
        return options_of(plan["items"], str(plan.get("unit") or ""))
    except FileNotFoundError:
        raise DataError(f"there is no plan {path}.") from None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise DataError(
            f"{path} is no plan ({error}); expected JSON with items, each with measure and area."
        ) from None
