"""What is remarkable about a whole table: said once when it is read.

Enters: rows, mapping and what came of them. Leaves: findings. Called by `toguna.sources.table.source`.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.names import EVENT_SCHEMA
from toguna.sources.protocol import Parsed
from toguna.sources.table.dates import figures
from toguna.sources.table.events import TableCells, country_codes
from toguna.sources.table.mapping import LISTS, ROW_NUMBERS, Mapping
from toguna.sources.table.numbers import RANGE
from toguna.sources.table.rows import HEADER, LONG, TEXT, TOTALS, strange_rows
from toguna.sources.table.says import MISSING, finding, key, listed

__all__ = ["survey"]

_DATES = ("date_start", "date_end", "published_at")
_TWO_DIGITS = r"^\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}$"
_MOST_ROWS = 50


def survey(frame: pl.DataFrame, mapping: Mapping, parsed: Parsed, table: str) -> list[Finding]:
    """Say what is remarkable; a "stop" when dates in figures have no stated order."""
    cells = TableCells(frame, mapping)
    undated = parsed.events["date_start"].is_null()
    found = _strange(strange_rows(frame, mapping, undated), table)
    found += _dates(cells, mapping, table)
    found += _missing(cells, mapping, table)
    found += _ranges(parsed, table)
    found += _words(cells, mapping, parsed, table)
    if mapping.id == ROW_NUMBERS:
        said = ("no column of ids: rows are named by their numbers", "a column of ids that never change",
                "A row put in between renames all that follow; give rows an id of their own.")  # fmt: skip
        found.append(finding("ids-by-row", "note", table=table, said=said))
    return found


def _strange(rows: pl.DataFrame, table: str) -> list[Finding]:
    repair = "It is counted as read and quarantined; remove it."
    found: list[Finding] = []
    for row, kind, text in rows.head(_MOST_ROWS).iter_rows():
        if kind == TOTALS:
            said = (f"a row of totals: '{text}'", "one row for every event", repair)
            found.append(finding("totals-row", "failure", table=table, row=row, said=said))
        elif kind == TEXT:
            said = (f"a line of text: '{text}'", "one row for every event", repair)
            found.append(finding("text-row", "failure", table=table, row=row, said=said))
        elif kind == HEADER:
            said = (f"the header again: '{text}'", "one header", repair)
            found.append(finding("header-repeated", "failure", table=table, row=row, said=said))
        elif kind == LONG:
            said = (f"cells right of the last named column, in '{text}'", "as many cells as in the header",
                    "Put text that contains the separator between double quotes.")  # fmt: skip
            found.append(finding("row-length", "failure", table=table, row=row, said=said))
    return found


def _dates(cells: TableCells, mapping: Mapping, table: str) -> list[Finding]:
    found: list[Finding] = []
    for name in _DATES:
        texts = cells.days_text(name).drop_nulls()
        ordered = {"day-first", "month-first"} & set(mapping.dates)
        plain = [] if ordered else [t for t in texts.unique().sort().to_list() if figures(t)]
        if plain:
            expected, repair = (
                'dates = "day-first" or "month-first"',
                "State it under [table] of the mapping.",
            )
            said = (f"dates like {listed(plain[:3])} and no stated order", expected, repair)
            found.append(finding("date-order-unstated", "stop", table=table, said=said, field=name))
        short = texts.filter(texts.str.contains(_TWO_DIGITS))
        if len(short) and ordered:
            said = (f"{len(short)} years of two digits, for example '{short[0]}'", "four digits",
                    "00 to 68 were read as 2000 to 2068, 69 to 99 as 1969 to 1999.")  # fmt: skip
            found.append(finding("years-of-two-digits", "note", table=table, said=said, field=name))
    return found


def _missing(cells: TableCells, mapping: Mapping, table: str) -> list[Finding]:
    found: list[Finding] = []
    words = sorted(MISSING | {word.lower() for word in mapping.missing})
    for name in mapping.columns:
        if EVENT_SCHEMA[name] == pl.String or name in LISTS:
            continue
        texts = cells.raw(name)
        gone = texts.filter(texts.str.to_lowercase().is_in(words).fill_null(value=False))
        if len(gone):
            repair = "They were read as missing, never as zero."
            like = listed(gone.unique().sort().to_list()[:4])
            said = (f"{len(gone)} cells like {like}", "a blank cell where nothing is known", repair)
            field = mapping.columns[name][0]
            found.append(finding("missing-in-words", "note", table=table, said=said, field=field))
    return found


def _ranges(parsed: Parsed, table: str) -> list[Finding]:
    cells = parsed.unreadable.filter(~pl.col("field").is_in([*_DATES, "latitude", "longitude"]))
    ranges = [text for text in cells["text"].unique().sort().to_list() if RANGE.fullmatch(text)]
    if not ranges:
        return []
    said = (f"numbers given as ranges: {listed(ranges)}", "one number in a cell",
            "Put the lower into a column `low` and the upper into `high`; nothing is guessed.")  # fmt: skip
    return [finding("count-as-range", "note", table=table, said=said)]


def _words(cells: TableCells, mapping: Mapping, parsed: Parsed, table: str) -> list[Finding]:
    found: list[Finding] = []
    for name, words in mapping.values.items():
        known = {key(word) for word in (*words, *words.values())}
        said_words = parsed.events[name] if name not in LISTS else parsed.events[name].explode()
        if EVENT_SCHEMA[name] == pl.String and mapping.columns.get(name):
            said_words = cells.text(name)
        texts = [] if said_words.dtype != pl.String else said_words.drop_nulls().unique().sort().to_list()
        if unknown := [text for text in texts if key(text) not in known]:
            said = (f"words that [values.{name}] does not have: {listed(unknown)}", "a word for each",
                    "They are kept as written; add them to the mapping.")  # fmt: skip
            found.append(finding("value-unmapped", "note", table=table, said=said, field=name))
    countries = cells.text("country")
    strange = countries.filter(country_codes(countries).is_null()).drop_nulls().unique().sort().to_list()
    if strange:
        said = (f"countries that are not known: {listed(strange)}", "ISO 3166-1 alpha-3 or a name in English",
                "They count as missing; give their codes under [values.country].")  # fmt: skip
        found.append(finding("country-not-recognised", "note", table=table, said=said, field="country"))
    return found
