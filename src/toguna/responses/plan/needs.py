"""How great the need of each area is: a stated index of published figures.

Enters: the tables `drivers` and `regions` of a theatre, areas, a date. Leaves: `Need`. Called by
`toguna.responses.plan.assemble`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
import polars as pl

from toguna.core.dates import parse_partial
from toguna.core.text import fold
from toguna.responses.plan.problem import Floats

__all__ = ["Need", "figures_of", "need_of"]

UNKNOWN = 0.25
"""Score that an area is drawn towards, and has where no figure is known: a judgement."""
PEOPLE = 500_000.0
"""People of an area whose number is not known."""


class HasTables(Protocol):
    """What is needed of a theatre: its tables by name."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """Tables by name."""


@dataclass(frozen=True)
class Need:
    """Need by area.

    Parameters
    ----------
    score : (A,) float
        0 (least) to 1 (greatest of these areas on every figure).
    figures : (A,) int
        How many figures it rests on.
    people : (A,) float
        Inhabitants.
    known : (A,) bool
        Whether the number of inhabitants is stated.
    """

    score: Floats
    figures: np.ndarray
    people: Floats
    known: np.ndarray


@lru_cache(maxsize=1)
def _indicators() -> tuple[dict[str, Any], ...]:
    text = files("toguna.responses.plan").joinpath("needs.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["indicators"])


def need_of(theatre: HasTables, areas: Sequence[str], as_of: date) -> Need:
    """Work out the index.

    Parameters
    ----------
    theatre : Theatre
    areas : sequence of str
        Names of areas, as in the tables.
    as_of : date
        Figures of periods that ended by then are used. The table does not say when a figure was published;
        a year without a day counts from its end on.

    Notes
    -----
    Each figure is divided by its largest value among the areas. The score is the mean of the figures an area
    has and one more of `UNKNOWN`: an area without figures is neither needy nor safe.
    """
    people, known = _people(theatre, areas)
    rows = _rows(theatre, as_of)
    total, count = np.full(len(areas), UNKNOWN), np.zeros(len(areas), dtype=np.int64)
    for indicator in _indicators():
        values = np.array([_latest(rows, fold(area), indicator["names"]) for area in areas])
        if "per" in indicator:
            values = np.where(known, values * indicator["per"] / people, np.nan)
        if np.isfinite(values).sum() < 2 or np.nanmax(values) <= 0:
            continue  # one figure alone says nothing of where need is greater
        total += np.nan_to_num(values / np.nanmax(values))
        count += np.isfinite(values)
    return Need(total / (count + 1), count, people, known)


def figures_of(theatre: HasTables, as_of: date) -> list[dict[str, Any]]:
    """Return the figures that could be used at a date, as plain values, whichever the index uses."""
    return [
        {"area": area, "indicator": indicator, "until": until.isoformat(), "value": value}
        for area, indicator, until, value in _rows(theatre, as_of)
    ]


def _people(theatre: HasTables, areas: Sequence[str]) -> tuple[Floats, np.ndarray]:
    frame = theatre.tables.get("regions")
    stated: dict[str, float] = {}
    for row in frame.iter_rows(named=True) if frame is not None else ():
        column = next((c for c in row if c.startswith("population") and row[c]), None)
        if column and (name := fold(str(row["name"]))) not in stated:
            stated[name] = _number(row[column])
    values = np.array([stated.get(fold(area), np.nan) for area in areas], dtype=float)
    known = np.isfinite(values) & (values > 0)
    return np.where(known, values, PEOPLE), known


def _number(text: Any) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return float("nan")


def _rows(theatre: HasTables, as_of: date) -> list[tuple[str, str, date, float]]:
    frame = theatre.tables.get("drivers")
    found = []
    for row in frame.iter_rows(named=True) if frame is not None else ():
        until, value = _until(row), _number(row.get("value"))
        if until is not None and until <= as_of and np.isfinite(value):
            found.append((fold(str(row.get("region") or "")), str(row.get("indicator") or ""), until, value))
    return found


def _until(row: Mapping[str, Any]) -> date | None:
    """Return the last day of the period of a figure: the period where it is a date, else the year."""
    period = str(row.get("period") or "")
    said = parse_partial(period) if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", period) else None
    said = said or parse_partial(str(row.get("year") or ""))
    return said.last if said else None


def _latest(rows: list[tuple[str, str, date, float]], area: str, names: Sequence[str]) -> float:
    own = [
        (until, value) for region, indicator, until, value in rows if region == area and indicator in names
    ]
    return max(own)[1] if own else float("nan")
