"""Check the cells of one table against what `toguna.store.tables` says of it.

Called by `toguna.store.check.pack`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from toguna.core.countries import iso3_codes
from toguna.core.dates import parse_partial
from toguna.core.findings import Finding, Severity
from toguna.store.tables import Table
from toguna.store.vocabulary import vocabulary

__all__ = ["Row", "check_cells"]

_GARBLED = re.compile("Ã[\u0080-\u00bf]|Â[\u0080-\u00bf]|â€|\ufffd")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, ready to be spoken of."""

    table: str
    number: int
    cells: Mapping[str, str | None]

    def finding(
        self,
        code: str,
        field: str | None,
        *,
        found: str,
        expected: str,
        repair: str,
        severity: Severity = "failure",
    ) -> Finding:
        """Make a finding about this row."""
        return Finding(code, severity, self.table, self.number, field, found, expected, repair)


def check_cells(
    frame: pl.DataFrame, table: Table, *, settings: Mapping[str, Any], lacking: frozenset[str]
) -> list[Finding]:
    """Check every row of a table; columns in `lacking` were reported already."""
    found: list[Finding] = []
    seen: dict[tuple[str | None, ...], int] = {}
    words = {column: vocabulary(name, settings) for column, name in table.words.items()}
    for cells in frame.iter_rows(named=True):
        row = Row(f"{table.name}.csv", cells["row"], cells)
        found += _required(row, table, lacking)
        found += _dates(row, table)
        found += _words(row, words)
        found += _numbers(row, table)
        found += _texts(row)
        found += _twice(row, table, seen)
        if table.name == "incidents":
            found += _estimates(row)
    return found


def _required(row: Row, table: Table, lacking: frozenset[str]) -> list[Finding]:
    found = []
    for column in table.required:
        if row.cells[column] is None and column not in lacking:
            source = column.startswith("source_url")
            found.append(
                row.finding(
                    "source-missing" if source else "cell-missing",
                    column,
                    found="nothing",
                    expected="the pages the row rests on" if source else f"a {column}",
                    repair="Name at least one page." if source else "Fill the cell.",
                )
            )
    return found


def _dates(row: Row, table: Table) -> list[Finding]:
    found: list[Finding] = []
    spans: dict[str, tuple[date, date]] = {}
    for column in (*table.days, *table.partial_dates):
        text = row.cells.get(column)
        if text is None:
            continue
        day = parse_partial(text) if column in table.partial_dates or _DAY.match(text) else None
        if day is None:
            form = "YYYY-MM-DD" if column in table.days else "YYYY, YYYY-MM or YYYY-MM-DD"
            found.append(
                row.finding(
                    "date-unreadable", column, found=f"'{text}'", expected=form, repair="Correct the date."
                )
            )
        else:
            spans[column] = (day.first, day.last)
    for start, end in table.spans:
        if start in spans and end in spans and spans[end][1] < spans[start][0]:
            text = f"{row.cells[end]} before {row.cells[start]}"
            found.append(
                row.finding(
                    "dates-out-of-order",
                    end,
                    found=text,
                    expected="an end after the start",
                    repair="Swap them.",
                )
            )
    return found


def _words(row: Row, words: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    found = []
    for column, known in words.items():
        text = row.cells[column]
        if text is not None and text not in known:
            found.append(
                row.finding(
                    "word-unknown",
                    column,
                    found=f"'{text}'",
                    expected="one of " + ", ".join(known),
                    repair="Use one of these, or add the word under [vocabulary] in theatre.toml.",
                )
            )
    country = row.cells.get("country")
    if country is not None and country not in iso3_codes():
        found.append(
            row.finding(
                "country-unknown",
                "country",
                found=f"'{country}'",
                expected="an ISO 3166-1 alpha-3 code, for example SEN",
                repair="Write the three letters of the code.",
            )
        )
    return found


def _numbers(row: Row, table: Table) -> list[Finding]:
    found = []
    for column, (low, high) in table.numbers.items():
        text = row.cells.get(column)
        if text is None:
            continue
        value = _number(text)
        if value is None or not low <= value <= high:
            found.append(
                row.finding(
                    "number-unreadable" if value is None else "number-out-of-range",
                    column,
                    found=f"'{text}'",
                    expected=f"a number from {low:g} to {high:g}",
                    repair="Write digits and a decimal point only.",
                )
            )
    for column in table.counts:
        text = row.cells[column]
        if text is not None and not (text.isascii() and text.isdigit()):
            found.append(
                row.finding(
                    "deaths-not-a-number",
                    column,
                    found=f"'{text}'",
                    expected="a whole number, 0 or more; blank when unknown",
                    repair="Write digits only.",
                )
            )
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def _texts(row: Row) -> list[Finding]:
    return [
        row.finding(
            "text-garbled",
            column,
            found=f"'{text[:60]}'",
            expected="readable letters",
            repair="Restore the text and save the file as UTF-8.",
            severity="note",
        )
        for column, text in row.cells.items()
        if isinstance(text, str) and _GARBLED.search(text)
    ]


def _twice(row: Row, table: Table, seen: dict[tuple[str | None, ...], int]) -> list[Finding]:
    if not table.key or row.cells[table.key[0]] is None:
        return []
    key = tuple(row.cells[column] for column in table.key)
    first = seen.setdefault(key, row.number)
    if first == row.number:
        return []
    return [
        row.finding(
            "row-duplicated",
            table.key[0],
            found=f"{' / '.join(part or '-' for part in key)}, as in row {first}",
            expected="each " + " + ".join(table.key) + " once",
            repair="Remove the row, or give it an id of its own.",
        )
    ]


def _estimates(row: Row) -> list[Finding]:
    texts = [row.cells[c] for c in ("deaths_low", "deaths_best", "deaths_high")]
    values = [int(t) for t in texts if t is not None and t.isascii() and t.isdigit()]
    if values == sorted(values):
        return []
    return [
        row.finding(
            "deaths-out-of-order",
            "deaths_best",
            found="low {}, best {}, high {}".format(*(t or "unknown" for t in texts)),
            expected="low <= best <= high",
            repair="Correct the estimate that crosses.",
        )
    ]
