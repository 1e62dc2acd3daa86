"""The mapping that lies beside a table: which column says what, and how dates and numbers are written.

Enters: TOML. Leaves: `Mapping`, or findings that say what is wrong with it. Called by
`toguna.sources.table.source`, `.header` and `.events`.
"""

from __future__ import annotations

import codecs
import json
import tomllib
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from toguna.core.findings import Finding
from toguna.core.names import EVENT_SCHEMA
from toguna.sources.table.dates import ORDERS
from toguna.sources.table.says import finding

__all__ = ["COLUMNS", "DATE_PARTS", "LISTS", "ROW_NUMBERS", "Mapping", "beside", "read_mapping"]

ROW_NUMBERS = "row numbers"
LISTS = ("perpetrators", "source_urls")
DATE_PARTS = ("year", "month", "day")
_DAYS = ("date_start", "date_end", "published_at")
# `reporter` is a pseudonym that only the source "reports" makes: a table would bring a name.
COLUMNS = tuple(n for n in EVENT_SCHEMA.names() if n not in ("event_id", "source", "row", "gid", "reporter"))
_SECTIONS = ("table", "columns", "values", "constants")
_KEYS = (
    "id",
    "name",
    "version",
    "licence",
    "citation",
    "published_at",
    "sheet",
    "encoding",
    "separator",
    "decimal",
    "dates",
    "header_row",
    "list_separator",
    "missing",
)
_HOW_TO = "Run `toguna mapping FILE --write`, look at what it is unsure of, and ingest again."


@dataclass(frozen=True, slots=True)
class Mapping:
    """What the columns of a table mean.

    Parameters
    ----------
    columns : dict of str to list of str
        Event column to columns of the file (header or HXL tag); a day may have those of year, month, day.
    id : str
        Column of the id; "row numbers" when rows have none.
    name, version, licence, citation, published_at
        Of the table itself.
    sheet, encoding, separator, header_row
        How the file is opened, where it must be told; `header_row` counts lines that are not blank from 1.
    decimal : {".", ","}
        Decimal sign.
    dates : list of {"day-first", "month-first", "iso", "excel", "excel-1904"}
        How dates in figures are to be read.
    list_separator : str
        Between several perpetrators or pages in one cell.
    missing : list of str
        Further words that mean "not known" in numbers and dates.
    values : dict
        By event column: word of the file to word of the vocabulary.
    constants : dict
        By event column: the word that holds for every row.
    """

    columns: dict[str, list[str]]
    id: str = ROW_NUMBERS
    name: str = ""
    version: str = ""
    licence: str = ""
    citation: str = ""
    published_at: date | None = None
    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    decimal: str = "."
    dates: list[str] = field(default_factory=list)
    header_row: int = 0
    list_separator: str = ";"
    missing: list[str] = field(default_factory=list)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    def used(self) -> list[str]:
        """List the columns of the file that are used."""
        own = [] if self.id == ROW_NUMBERS else [self.id]
        return list(dict.fromkeys([*own, *(name for names in self.columns.values() for name in names)]))

    def to_json(self) -> str:
        """Write it for the archive."""
        told = asdict(self) | {"published_at": self.published_at.isoformat() if self.published_at else None}
        return json.dumps(told, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """Undo `to_json`; what a newer version added is left out."""
        told = json.loads(text)
        told["published_at"] = date.fromisoformat(told["published_at"]) if told["published_at"] else None
        known = {f.name for f in fields(cls)}
        return cls(**{key: value for key, value in told.items() if key in known})


def beside(path: Path) -> Path | None:
    """Find the mapping of a file: FILE.mapping.toml, or mapping.toml in its folder."""
    for place in (path.with_name(path.name + ".mapping.toml"), path.with_name("mapping.toml")):
        if place.is_file():
            return place
    return None


def read_mapping(path: Path, *, besides: tuple[str, ...] = ()) -> tuple[Mapping | None, list[Finding]]:
    """Read the mapping of a file; without one, or with a wrong one, say so in a finding that stops.

    `besides` are sections that another source reads for itself.
    """
    place = beside(path)
    if place is None:
        expected = f"{path.name}.mapping.toml or mapping.toml in the same folder"
        said = ("no mapping beside the table", expected, _HOW_TO)
        return None, [finding("mapping-absent", "stop", table=path.name, said=said)]
    try:
        told = tomllib.loads(place.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, RecursionError) as error:
        return None, [_wrong(place.name, f"{error}", "TOML in UTF-8")]
    told = {name: part for name, part in told.items() if name not in besides}
    wrong = [*_sections(told), *_settings(told.get("table", {})), *_columns(told), *_words(told)]
    if wrong:
        return None, [_wrong(place.name, found, expected) for found, expected in wrong]
    return _mapping(told), []


def _mapping(told: dict[str, Any]) -> Mapping:
    table = dict(told["table"]) if "table" in told else {}
    published, dates = table.pop("published_at", "") or None, table.pop("dates", [])
    return Mapping(
        columns={name: _list(names) for name, names in told["columns"].items() if _list(names)},
        published_at=date.fromisoformat(published) if isinstance(published, str) else published,
        dates=_list(dates),
        values={
            name: {str(k): str(v) for k, v in part.items()} for name, part in told.get("values", {}).items()
        },
        constants=_as_text(told.get("constants", {})),
        missing=[str(word) for word in table.pop("missing", [])],
        **table,
    )


def _as_text(part: dict[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in part.items()}


def _list(value: Any) -> list[str]:
    return [v for v in (value if isinstance(value, list) else [value]) if v]


Wrong = list[tuple[str, str]]


def _sections(told: dict[str, Any]) -> Wrong:
    wrong = [(f"a section [{n}]", _near(n, _SECTIONS)) for n in told if n not in _SECTIONS]
    wrong += [
        (f"'{n}' that is no section", f"[{n}]") for n in told if n in _SECTIONS and type(told[n]) is not dict
    ]
    return wrong


def _settings(table: Any) -> Wrong:
    if not isinstance(table, dict):
        return []
    wrong = [(f"'{key}' under [table]", _near(key, _KEYS)) for key in table if key not in _KEYS]
    for key in set(_KEYS) - {"published_at", "dates", "header_row", "missing"}:
        if not isinstance(table.get(key, ""), str):
            wrong.append((f"{key} = {table[key]!r}", "text between quotes"))
    if table.get("decimal", ".") not in (".", ","):
        wrong.append((f"decimal = {table['decimal']!r}", '"." or ","'))
    if "id" in table and not table["id"]:
        wrong.append(("an empty id", f'the name of a column, or "{ROW_NUMBERS}"'))
    header = table.get("header_row", 0)
    if type(header) is not int or header < 0:
        wrong.append((f"header_row = {header!r}", "a line number, 1 or more"))
    if not isinstance(table.get("missing", []), list):
        wrong.append(("missing that is no list", "a list of words"))
    if len(str(table.get("separator", ","))) != 1:
        wrong.append((f"separator = {table['separator']!r}", "one sign"))
    return wrong + _dates(table) + _encoding(table)


def _dates(table: dict[str, Any]) -> Wrong:
    said = table.get("dates", [])
    orders = said if isinstance(said, list) else [said]
    wrong = [(f"dates = {order!r}", _near(str(order), ORDERS)) for order in orders if order not in ORDERS]
    if {"day-first", "month-first"} <= {str(order) for order in orders}:
        wrong.append(("dates both day-first and month-first", "one of the two"))
    published = table.get("published_at", "")
    try:
        good = type(published) is date or not published or bool(date.fromisoformat(published))
    except (ValueError, TypeError):
        good = False
    return wrong if good else [*wrong, (f"published_at = {published!r}", "a day as YYYY-MM-DD")]


# Codecs that Python counts among those of text, and in which nobody saves a file.
_NO_FILES = ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "unicode_escape",
             "raw_unicode_escape", "mbcs", "oem")  # fmt: skip


def _encoding(table: dict[str, Any]) -> Wrong:
    name = table.get("encoding", "")
    try:
        found = codecs.lookup(str(name)) if name else None
        text = found is None or (found._is_text_encoding and found.name not in _NO_FILES)
    except (LookupError, ValueError):
        text = False
    return [] if text else [(f"encoding = {name!r}", "for example utf-8, latin-1, cp1252, utf-16")]


def _columns(told: dict[str, Any]) -> Wrong:
    columns = told.get("columns")
    if not isinstance(columns, dict):
        return [("no section [columns]", "event column = column of the file")] if columns is None else []
    wrong = [(f"'{name}' under [columns]", _near(name, COLUMNS)) for name in columns if name not in COLUMNS]
    for name, value in columns.items():
        several = isinstance(value, list) and name in (*LISTS, "note")
        if isinstance(value, list) and name in _DAYS:
            if len(value) != len(DATE_PARTS) or not all(isinstance(v, str) and v for v in value):
                wrong.append((f"{name} = {value!r}", "one column, or those of year, month and day"))
        elif not (isinstance(value, str) or (several and all(isinstance(v, str) for v in value))):
            wrong.append((f"{name} = {value!r}", "the name of a column between quotes"))
    if not columns.get("date_start"):
        wrong.append(("no date_start under [columns]", "the column of the first day"))
    return wrong


def _words(told: dict[str, Any]) -> Wrong:
    wrong: Wrong = []
    for section in ("values", "constants"):
        part = told.get(section, {})
        for name, value in part.items() if isinstance(part, dict) else ():
            if name not in COLUMNS:
                wrong.append((f"'{name}' under [{section}]", _near(name, COLUMNS)))
            elif section == "values" and not isinstance(value, dict):
                wrong.append((f"values.{name} = {value!r}", f'[values.{name}] with "word" = "word"'))
            elif section == "constants" and (
                not isinstance(value, str) or EVENT_SCHEMA[name] != EVENT_SCHEMA["place"]
            ):
                wrong.append((f"constants.{name} = {value!r}", "a word, for a column of text"))
    return wrong


def _near(word: str, known: tuple[str, ...]) -> str:
    hits = get_close_matches(word, known, n=2, cutoff=0.5)
    return f"did you mean {' or '.join(hits)}" if hits else f"one of {', '.join(known)}"


def _wrong(table: str, found: str, expected: str) -> Finding:
    said = (found, expected, "Correct the mapping; see how to use any table.")
    return finding("mapping-wrong", "stop", table=table, said=said)
