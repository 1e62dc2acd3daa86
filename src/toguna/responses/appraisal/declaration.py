"""The declaration: what would count as a change, written down before looking.

Enters: a TOML file. Leaves: a `Declaration`, or a `DataError` that names file, key, what was found and
what is expected. Called by the verb `appraise`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toguna.core.dates import month_id, parse_partial
from toguna.core.digest import digest
from toguna.core.errors import DataError

__all__ = ["METHODS", "Declaration", "month_name", "read_declaration"]

METHODS = ("interrupted-series", "staggered-difference", "synthetic-control")
OUTCOMES = ("events", "deaths", "deaths_sb", "deaths_ns", "deaths_os")
LEVELS = ("admin1", "admin2", "grid")
_NEEDED = ("measure", "outcome", "from", "until", "method", "smallest_change", "treated")
_MORE = ("comparison", "neighbours", "level", "csv", "missing", "note")
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is appraised, and by what.

    Parameters
    ----------
    measure : str
        What was done, in words.
    outcome : str
        Column of the panel: "events", "deaths" or deaths by kind of violence; of a CSV what `value` counts.
    treated : dict
        Area -> month number (1 = January 1980) from which the measure holds there.
    comparison, neighbours : tuple of str
        Areas without the measure; areas beside the treated ones, looked at for spill-over only.
    first, last : int
        Months looked at, both included.
    method : str
        One of `METHODS`.
    smallest_change : float
        Share, in (0, 1): a smaller change would not matter. 0.3 = 30 % less, or as much more on the scale of
        ratios (1 / 0.7).
    level : str
        Level of areas when events of a theatre are counted.
    csv : str
        File with unit, month, value, beside the declaration; "" = events of a theatre.
    zeros : bool
        Whether a pair of unit and month without a row in the CSV counts 0; else it is refused.
    digest : str
        sha256 of all that is declared (not of comments and blanks).
    """

    measure: str
    outcome: str
    treated: dict[str, int]
    comparison: tuple[str, ...]
    neighbours: tuple[str, ...]
    first: int
    last: int
    method: str
    smallest_change: float
    level: str
    csv: str
    zeros: bool
    digest: str

    @property
    def areas(self) -> tuple[str, ...]:
        """All areas named."""
        return (*self.treated, *self.comparison, *self.neighbours)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "measure": self.measure,
            "outcome": self.outcome,
            "treated": {area: month_name(month) for area, month in self.treated.items()},
            "comparison": list(self.comparison),
            "neighbours": list(self.neighbours),
            "from": month_name(self.first),
            "until": month_name(self.last),
            "method": self.method,
            "smallest_change": self.smallest_change,
            "level": self.level,
            "csv": self.csv,
            "digest": self.digest,
        }


def month_name(month: int) -> str:
    """Write a month number as YYYY-MM."""
    return f"{1980 + (month - 1) // 12:04d}-{(month - 1) % 12 + 1:02d}"


def read_declaration(path: Path) -> Declaration:
    """Read a declaration.

    Raises
    ------
    DataError
        The file cannot be read, lacks a key, has one that is not known, or contradicts itself.
    """
    try:
        content = path.read_bytes()
        if len(content) > LARGEST:
            raise DataError(f"{path}: {len(content):,} bytes; a declaration has a few lines.")
        told = tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"{path} cannot be read as TOML in UTF-8: {error}.") from None
    if lacking := [key for key in _NEEDED if key not in told]:
        raise DataError(f"{path}: add {', '.join(lacking)}; docs/howto/appraise.md shows a whole file.")
    if strange := sorted(set(told) - {*_NEEDED, *_MORE}):
        raise DataError(
            f"{path}: {', '.join(strange)} is not known; expected {', '.join((*_NEEDED, *_MORE))}."
        )
    return _consistent(path, _declared(path, told))


def _declared(path: Path, told: Mapping[str, Any]) -> Declaration:
    treated = told["treated"]
    if not isinstance(treated, dict) or not treated:
        raise DataError(
            f'{path}: treated must be a table: area = first month, for example North = "2015-03".'
        )
    csv = str(told.get("csv", ""))
    outcomes = () if csv else OUTCOMES
    return Declaration(
        measure=str(told["measure"]),
        outcome=_one_of(path, "outcome", told["outcome"], outcomes),
        treated={str(area): _month(path, f"treated.{area}", month) for area, month in treated.items()},
        comparison=_names(path, told, "comparison"),
        neighbours=_names(path, told, "neighbours"),
        first=_month(path, "from", told["from"]),
        last=_month(path, "until", told["until"]),
        method=_one_of(path, "method", told["method"], METHODS),
        smallest_change=_share(path, told["smallest_change"]),
        level=_one_of(path, "level", told.get("level", "admin1"), LEVELS),
        csv=csv,
        zeros=_one_of(path, "missing", told.get("missing", "refused"), ("refused", "zero")) == "zero",
        digest=digest({k: v if not isinstance(v, float) else repr(v) for k, v in told.items()}),
    )


def _one_of(path: Path, key: str, found: object, known: tuple[str, ...]) -> str:
    if not isinstance(found, str) or (known and found not in known):
        raise DataError(f"{path}: {key} is {found!r}; expected {', '.join(known) or 'a word'}.")
    return found


def _month(path: Path, key: str, found: object) -> int:
    read = parse_partial(str(found))
    if read is None or (read.first.month, read.first.year) != (read.last.month, read.last.year):
        raise DataError(f'{path}: {key} is {found!r}; expected a month, for example "2015-03".')
    return month_id(read.first)


def _names(path: Path, told: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = told.get(key, [])
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise DataError(f"{path}: {key} is {found!r}; expected a list of names of areas.")
    return tuple(found)


def _share(path: Path, found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found < 1:
        raise DataError(f"{path}: smallest_change is {found!r}; expected a share between 0 and 1, as 0.3.")
    return float(found)


def _consistent(path: Path, d: Declaration) -> Declaration:
    if twice := sorted({name for name in d.areas if d.areas.count(name) > 1}):
        raise DataError(
            f"{path}: {', '.join(twice)} stands there twice; an area is treated, compared with, or beside."
        )
    outside = [area for area, month in d.treated.items() if not d.first < month <= d.last]
    if outside:
        raise DataError(
            f"{path}: {', '.join(outside)}: the measure begins outside the months looked at "
            f"({month_name(d.first)} to {month_name(d.last)}, at least one before)."
        )
    if d.method == "synthetic-control" and len(d.treated) != 1:
        raise DataError(
            f"{path}: synthetic-control takes one treated area, found {len(d.treated)}; "
            "use staggered-difference."
        )
    if d.method == "interrupted-series" and len(set(d.treated.values())) != 1:
        raise DataError(
            f"{path}: interrupted-series takes one first month for all; use staggered-difference."
        )
    if d.method != "interrupted-series" and not d.comparison:
        raise DataError(f"{path}: {d.method} needs comparison areas.")
    return d
