"""Propose a mapping for a table, and say what it is unsure of and why.

Enters: a path. Leaves: `Suggestion`. Called by ``toguna mapping``. Nothing is decided: the proposal is a file
that a person reads before the table is taken in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from toguna.core.findings import Finding, stops
from toguna.core.language import LANGUAGES, Language
from toguna.sources.table.events import TableCells
from toguna.sources.table.grid import open_grid
from toguna.sources.table.guess import (
    Order,
    decimal_comma,
    known,
    looks_like_dates,
    odd_counts,
    order_of,
    span,
)
from toguna.sources.table.header import BEYOND, Laid, lay
from toguna.sources.table.mapping import COLUMNS, DATE_PARTS, ROW_NUMBERS, Mapping
from toguna.sources.table.says import key, listed
from toguna.sources.table.synonyms import by_header, by_tag, date_part, loose
from toguna.store.vocabulary import VOCABULARIES

__all__ = ["Doubt", "Suggestion", "settings_of", "suggest"]

_COUNTS = (
    "best",
    "low",
    "high",
    "wounded",
    "hostages",
    "deaths_civilians",
    "deaths_security",
    "deaths_attackers",
)
_WORDS = {"event_type": "event_types", "tactic": "tactics", "target": "targets", "setting": "settings"}
_MOST_WORDS = 40
_LIST_MARKS = (";", "|", "/")
_MOST_SHEETS = 20
_JOINED = "date"  # a column made of three; no column of the file has to do with it


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that the proposal is unsure of."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed mapping.

    Parameters
    ----------
    text : str
        The mapping as TOML, doubts as comments; "" when the file cannot be read.
    columns : dict of str to str
        Event column (and "id") to column of the file.
    unsure : tuple of Doubt
        What a person must look at.
    findings : tuple of Finding
        What was remarkable about the file.
    """

    text: str
    columns: dict[str, str] = field(default_factory=dict)
    unsure: tuple[Doubt, ...] = ()
    findings: tuple[Finding, ...] = ()


def suggest(path: Path, *, sheet: str = "") -> Suggestion:
    """Propose a mapping from headers, HXL tags and values."""
    grid = open_grid(path, sheet=sheet)
    if stops(grid.findings):
        return Suggestion("", findings=grid.findings)
    if not sheet and len(grid.sheets) > 1:
        return _best_sheet(path, grid.sheets)
    laid = lay(grid, path.name)
    findings = (*grid.findings, *laid.findings)
    if laid.frame.is_empty():
        return Suggestion("", findings=findings)
    frame, parts = _with_whole_days(
        laid.frame.select(n for n in laid.frame.columns if not n.startswith(BEYOND))
    )
    columns, doubts = _columns(frame, laid)
    settings, more = settings_of(frame, columns)
    if sheet:
        settings["sheet"] = sheet
    doubts += more
    text = _toml(path.name, frame, columns=columns, settings=settings, doubts=doubts, parts=parts)
    return Suggestion(text, columns, tuple(doubts), findings)


def _best_sheet(path: Path, sheets: tuple[str, ...]) -> Suggestion:
    """Propose the sheet in which most columns are understood; the first of equals."""
    tried = [(name, suggest(path, sheet=name)) for name in sheets[:_MOST_SHEETS]]
    name, best = max(tried, key=lambda pair: len(pair[1].columns))
    doubt = Doubt("sheet", f"of {len(sheets)} sheets '{name}' was taken: most columns are understood in it")
    unsure = f"#   sheet: {_line(doubt.reason)}\n"
    start = "#\n# Unsure:\n"
    text = best.text.replace(start, start + unsure, 1)
    if best.text and text == best.text:
        first, _, rest = best.text.partition("\n")
        text = f"{first}\n{start}{unsure}{rest}"
    return Suggestion(text, best.columns, (doubt, *best.unsure), best.findings)


def _with_whole_days(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Put columns of year, month and day together into one; return it with the names of the three."""
    found = {part: name for name in reversed(frame.columns) if (part := date_part(name))}
    parts = [found[part] for part in DATE_PARTS if part in found]
    dated = any(by_header(n) == "date_start" or n == _JOINED for n in frame.columns if n not in parts)
    if len(parts) < len(DATE_PARTS) or dated:
        return frame, []
    day = TableCells(frame, Mapping({"date_start": parts})).days_text("date_start")
    return frame.drop(parts).with_columns(day.alias(_JOINED)), parts


def _columns(frame: pl.DataFrame, laid: Laid) -> tuple[dict[str, str], list[Doubt]]:
    """Name columns by their tags, then by usual names, then by names inside names, then by values."""
    tags = {name: tag for tag, name in laid.tags.items()}
    doubts: list[Doubt] = []
    found: dict[str, str] = {}
    free = list(frame.columns)
    for how in (lambda name: by_tag(tags.get(name) or name), by_header, loose):
        for name in list(free):
            meant = how(name)
            if meant is None or frame[name].null_count() == frame.height:
                continue
            if meant in found:
                doubts += (
                    []
                    if how is loose
                    else [Doubt(meant, f"'{name}' could be meant as well as '{found[meant]}'")]
                )
                continue
            found[meant] = name
            free.remove(name)
            if how is loose:
                doubts.append(Doubt(meant, f"'{name}' was taken because of a part of its name"))
    if "date_start" not in found:
        doubts += _date_by_values(frame, free, found)
    ordered = {name: found[name] for name in ("id", *COLUMNS) if name in found}
    return ordered, [*doubts, *_not_found(ordered)]


def _date_by_values(frame: pl.DataFrame, free: list[str], found: dict[str, str]) -> list[Doubt]:
    for name in free:
        if looks_like_dates(frame[name]):
            found["date_start"] = name
            return [Doubt("date_start", f"'{name}' was taken because its values are dates")]
    return []


def _not_found(columns: dict[str, str]) -> list[Doubt]:
    needed = {
        "date_start": "no column of dates was found: a table without it cannot be used",
        "lat": "no column of latitudes was found: events without a point cannot carry a shift",
        "lon": "no column of longitudes was found: events without a point cannot carry a shift",
        "best": "no column of deaths was found",
    }
    return [Doubt(name, reason) for name, reason in needed.items() if name not in columns]


def settings_of(frame: pl.DataFrame, columns: dict[str, str]) -> tuple[dict[str, object], list[Doubt]]:
    """Tell from the values how ids, dates and numbers are written, and what is unsure."""
    settings: dict[str, object] = {"id": ROW_NUMBERS}
    doubts = [_id(frame, columns, settings)]
    orders = [order_of(frame[columns[n]]) for n in ("date_start", "date_end", "published_at") if n in columns]
    doubts += [Doubt("dates", order.doubt) for order in orders if order.doubt][:1]
    if stated := _orders(orders):
        settings["dates"] = stated[0] if len(stated) == 1 else stated
    degrees = [frame[columns[n]] for n in ("lat", "lon") if n in columns]
    decimal = "," if any(decimal_comma(cells) for cells in degrees) else "."
    if decimal == ",":
        settings["decimal"] = ","
    doubts += _points(frame, columns, decimal) + _numbers(frame, columns, decimal)
    if "perpetrators" in columns:
        texts = known(frame[columns["perpetrators"]])
        marks = [mark for mark in _LIST_MARKS if any(mark in text for text in texts)]
        if marks and marks[0] != ";":
            settings["list_separator"] = marks[0]
            doubts.append(
                Doubt("perpetrators", f"several names in one cell seem to be divided by '{marks[0]}'")
            )
    return settings, [doubt for doubt in doubts if doubt]


def _orders(orders: list[Order]) -> list[str]:
    said = list(dict.fromkeys(order for found in orders for order in found.orders))
    if {"day-first", "month-first"} <= set(said):
        return [order for order in said if order == "excel"]
    return said


def _id(frame: pl.DataFrame, columns: dict[str, str], settings: dict[str, object]) -> Doubt | None:
    name = columns.get("id")
    if name is None:
        return Doubt("id", "no column of ids was found: rows are named by their numbers, which may change")
    cells = frame[name].drop_nulls()
    settings["id"] = name
    if cells.n_unique() < len(cells):
        return Doubt("id", f"'{name}' holds {len(cells) - cells.n_unique()} values again: is it the id?")
    if len(cells) < frame.height:
        return Doubt("id", f"'{name}' is blank in {frame.height - len(cells)} rows")
    return None


def _points(frame: pl.DataFrame, columns: dict[str, str], decimal: str) -> list[Doubt]:
    doubts: list[Doubt] = []
    spans = {n: span(frame[columns[n]], decimal) for n in ("lat", "lon") if n in columns}
    for name, largest in spans.items():
        if largest is None:
            doubts.append(
                Doubt(name, f"'{columns[name]}' holds few numbers: degrees and minutes are not read")
            )
    lat, lon = spans.get("lat"), spans.get("lon")
    if lat is not None and lat > 90 and lon is not None and lon <= 90:
        doubts.append(Doubt("lat", "latitudes go beyond 90 and longitudes do not: they seem to be swapped"))
    elif lat is not None and lat > 90:
        doubts.append(Doubt("lat", "latitudes go beyond 90: they may be projected coordinates"))
    return doubts


def _numbers(frame: pl.DataFrame, columns: dict[str, str], decimal: str) -> list[Doubt]:
    doubts: list[Doubt] = []
    for name in _COUNTS:
        if name not in columns:
            continue
        ranges, words, others = odd_counts(frame[columns[name]], decimal)
        if ranges:
            reason = f"ranges are no best figure: {listed(ranges)}; they are read as low and high"
            doubts.append(Doubt(name, reason))
        if words:
            doubts.append(Doubt(name, f"words are not numbers: {listed(words)}; such figures stay unknown"))
        if others:
            doubts.append(Doubt(name, f"{others} values are not whole numbers"))
    return doubts


def _toml(
    file: str,
    frame: pl.DataFrame,
    *,
    columns: dict[str, str],
    settings: dict[str, object],
    doubts: list[Doubt],
    parts: list[str],
) -> str:
    lines = [f"# How {_line(file)} is read: proposed by `toguna mapping`. Look at every line."]
    if doubts:
        lines += ["#", "# Unsure:", *(f"#   {_line(d.column)}: {_line(d.reason)}" for d in doubts)]
    lines += ["", "[table]", *(f"{key} = {_value(value)}" for key, value in settings.items())]
    if any(doubt.column == "dates" for doubt in doubts):
        lines.append('# dates = "day-first"  # or "month-first": ask whoever made the table')
    lines += [
        'name = ""  # short name of the table; becomes part of the ids',
        'licence = ""  # on what terms, for example "CC BY 4.0"',
        'citation = ""  # how to cite it',
        "# published_at = 2016-01-31  # the day on which the table was published",
        "",
        "[columns]",
        *(
            f"{name} = {_value(parts if parts and column == _JOINED else column)}"
            for name, column in columns.items()
            if name != "id"
        ),
    ]
    left = [name for name in frame.columns if name not in columns.values()]
    lines += [f"# not used: {', '.join(_value(name) for name in left)}"] if left else []
    for name, words in _WORDS.items():
        if name in columns:
            lines += _values(name, known(frame[columns[name]]), VOCABULARIES[words])
    return "\n".join(lines) + "\n"


def _values(name: str, texts: list[str], words: tuple[str, ...]) -> list[str]:
    """Translate words that the catalogues know; leave the others to a person, as comments."""
    if len(texts) > _MOST_WORDS or not texts or set(texts) <= set(words):
        return []
    said = {key(Language(lang).word(word)): word for lang in LANGUAGES for word in words}
    said |= {key(word): word for word in words}
    lines = [f"{_value(t)} = {_value(said[key(t)])}" for t in texts if key(t) in said and t not in words]
    open_lines = [f'# {_value(t)} = ""' for t in texts if key(t) not in said]
    return ["", f"[values.{name}]  # words: {' '.join(words)}", *lines, *open_lines]


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
