"""What a plan would do, as options of warnings.

Enters: items of a plan, as plain dicts. Leaves: options by area. Called by `toguna.room.situation` and
``toguna warn --plan FILE``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from toguna.core.errors import DataError
from toguna.core.language import LANGUAGES
from toguna.warnings.types import Option

__all__ = ["options_of", "read_options"]

Item = Mapping[str, Any]
WHOLE, MOST_AREAS = "", 3
"""Key of the whole theatre; areas whose options a warning about all of it is given."""


def options_of(items: Iterable[Item], unit: str = "") -> dict[str, tuple[Option, ...]]:
    """Sort the items of a plan by area; "" are those for a warning that names none.

    A measure that is begun in several quarters is one option, with the cost of all of them. A warning about
    the whole theatre has the options that are for all of it and, after them, those of the `MOST_AREAS` areas
    where most deaths are forecast among those in which the plan begins something: each names its area.

    Parameters
    ----------
    items : iterable of mapping
        Each with ``measure``, perhaps ``area``, ``name``, ``reason``, ``cost``, ``unit``, ``evidence``,
        ``harm`` (deaths forecast in the area; without it no area is put before another).
    unit : str
        Unit of costs where an item names none.
    """
    found: dict[str, dict[str, Option]] = {}
    harm: dict[str, float] = {}
    for item in items:
        if item.get("area") and item.get("harm") is not None:
            harm[str(item["area"])] = float(item["harm"])
        option = Option.of({**item, "text": _text(item), "unit": item.get("unit") or unit})
        here = found.setdefault(str(item.get("area") or ""), {})
        before = here.get(option.measure)
        here[option.measure] = _both(before, option) if before else option
    told = {area: tuple(options.values()) for area, options in found.items()}
    worst = sorted(harm, key=lambda area: (-harm[area], area))[:MOST_AREAS]
    wide = (*told.get(WHOLE, ()), *(option for area in worst for option in told[area]))
    return told | {WHOLE: wide} if wide else told


def _both(first: Option, more: Option) -> Option:
    """Put two parts of one option together; a cost that is not known leaves the sum unknown."""
    known = first.cost is not None and more.cost is not None
    cost = round((first.cost or 0.0) + (more.cost or 0.0), 6) if known else None
    evidence = tuple(dict.fromkeys((*first.evidence, *more.evidence)))
    return replace(first, cost=cost, evidence=evidence)


def _text(item: Item) -> dict[str, str]:
    """Say where, what and why, by language, as far as the item says it."""
    words = [_said(item.get(name)) for name in ("name", "text", "reason")]
    area, measure = str(item.get("area") or ""), str(item["measure"])
    told = {code: " ".join(_ended(w[code]) for w in words if w[code]) or measure for code in LANGUAGES}
    return {code: f"{area} – {text}" if area else text for code, text in told.items()}


def _said(value: Any) -> dict[str, str]:
    plain = value if isinstance(value, Mapping) else dict.fromkeys(LANGUAGES, value)
    return {code: str(plain.get(code) or "") for code in LANGUAGES}


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def read_options(path: Path) -> dict[str, tuple[Option, ...]]:
    """Read the items of a plan from JSON: of the first of ``plans`` (an assessment), or of ``items``.

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
