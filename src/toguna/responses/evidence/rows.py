"""One row of a table of evidence, read cell by cell; what is wrong is a finding.

Enters: a row of text cells. Leaves: texts, numbers, words. Called by `toguna.responses.evidence.reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeVar

from toguna.core.findings import Finding

__all__ = ["Row", "WrongRowError", "read_each"]

T = TypeVar("T")
Three = tuple[float | None, float | None, float | None]


class WrongRowError(Exception):
    """Carries what is wrong in a row to the reader of the table; it never goes further."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.sentence())
        self.finding = finding


@dataclass(frozen=True)
class Row:
    """One row.

    Parameters
    ----------
    table : str
        Name of the file.
    cells : mapping
        Text by column, None for blank, and `row`, the number of the line of data.
    """

    table: str
    cells: Mapping[str, Any]

    def text(self, field: str) -> str:
        """Return a cell; "" when blank."""
        return str(self.cells.get(field) or "")

    def wrong(self, code: str, field: str, *, found: str, expected: str) -> WrongRowError:
        """Say what is wrong; the caller raises it."""
        repair = "Correct the row; until then it is left out."
        return WrongRowError(
            Finding(code, "failure", self.table, self.cells["row"], field, found, expected, repair)
        )

    def filled(self, *fields: str) -> None:
        """Refuse blank cells."""
        for field in fields:
            if not self.text(field):
                raise self.wrong("evidence-cell-blank", field, found="a blank cell", expected="a value")

    def sourced(self, *fields: str) -> None:
        """Refuse a row that does not say where it is from."""
        for field in fields:
            if not self.text(field):
                expected = "where the figure is from, so that others can read it"
                raise self.wrong("evidence-without-source", field, found="a blank cell", expected=expected)

    def word(self, field: str, known: Iterable[str]) -> str:
        """Return one of the known words."""
        text, known = self.text(field), tuple(known)
        if text not in known:
            expected = "one of " + ", ".join(repr(k) for k in known)
            raise self.wrong("evidence-word", field, found=repr(text), expected=expected)
        return text

    def number(self, field: str, *, least: float = float("-inf")) -> float | None:
        """Return a number, `least` or more; None when blank."""
        text = self.text(field)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not isfinite(value) or value < least:
            expected = "a number with a point" + (f", {least:g} or more" if isfinite(least) else "")
            raise self.wrong("evidence-number", field, found=repr(text), expected=expected)
        return value

    def ordered(self, *fields: str) -> Three:
        """Return three costs; they must not run backwards."""
        low, best, high = (self.number(field, least=0) for field in fields)
        known = [v for v in (low, best, high) if v is not None]
        if known != sorted(known):
            found = ", ".join("blank" if v is None else f"{v:g}" for v in (low, best, high))
            raise self.wrong("cost-out-of-order", fields[0], found=found, expected="low <= best <= high")
        return low, best, high


def read_each(
    rows: Iterable[Mapping[str, Any]], table: str, read: Callable[[Row], T], wrong: list[Finding]
) -> Iterator[T]:
    """Read rows one by one; put what is wrong into `wrong` and go on."""
    for cells in rows:
        try:
            yield read(Row(table, cells))
        except WrongRowError as error:
            wrong.append(error.finding)
