"""Say the rows of a table in the columns of an event, by its mapping.

Enters: rows of text cells and a mapping. Leaves: `Parsed`, one event for every row. Called by
`toguna.sources.table.source` and `.survey`.

Cells that cannot be read are named by the *event* column, because the checks know those; their names in the
file stand in `Parsed.columns`.
"""

from __future__ import annotations

import polars as pl

from toguna.core.countries import by_name, iso3_codes
from toguna.core.geography import gid
from toguna.core.names import EVENT_SCHEMA, VIOLENCE
from toguna.core.text import fold, slug
from toguna.sources.protocol import UNREADABLE_SCHEMA, Parsed
from toguna.sources.table.dates import days
from toguna.sources.table.mapping import DATE_PARTS, LISTS, ROW_NUMBERS, Mapping
from toguna.sources.table.numbers import counts, degrees
from toguna.sources.table.rows import strange_rows
from toguna.sources.table.says import MISSING, MISSING_TEXT, key
from toguna.store.theatre import Theatre

__all__ = ["TableCells", "country_codes", "say"]

_WEEK, _MONTH = 3, 4  # UCDP codes of the precision of dates
# The names under which the checks know cells that are no numbers or codes.
_CHECKED_AS = {"lat": "latitude", "lon": "longitude", "violence": "type_of_violence"}
_VIOLENCE = {**{name: name for name in VIOLENCE}, "1": "sb", "2": "ns", "3": "os"}
_COUNTS = tuple(n for n, t in EVENT_SCHEMA.items() if t == pl.Int64 and n not in ("row", "gid"))
_CODES = ("date_prec", "where_prec")
_TEXTS = tuple(
    n
    for n, t in EVENT_SCHEMA.items()
    if t == pl.String and n not in ("event_id", "source", "violence", "country", "within", "note", "reporter")
)


class TableCells:
    """Read event columns of one frame by its mapping; a column that is not mapped reads as missing."""

    def __init__(self, frame: pl.DataFrame, mapping: Mapping) -> None:
        self._frame, self._mapping = frame, mapping
        self._missing = MISSING | {word.lower() for word in mapping.missing}
        self._unreadable: list[pl.DataFrame] = []

    def raw(self, name: str, position: int = 0) -> pl.Series:
        """Return the cells of an event column as they stand."""
        columns = self._mapping.columns.get(name, [])
        return self._frame[columns[position]] if columns else self._nothing()

    def text(self, name: str, position: int = 0) -> pl.Series:
        """Read text, in the words of the mapping where it has some."""
        if not self._mapping.columns.get(name) and name in self._mapping.constants:
            return self._nothing().fill_null(self._mapping.constants[name])
        cells = self.raw(name, position)
        return self._worded(name, _without(cells, MISSING_TEXT))

    def several(self, name: str) -> pl.Series:
        """Read lists from one column or more."""
        parts = []
        for position in range(len(self._mapping.columns.get(name, []))):
            cells = _without(self.raw(name, position), MISSING_TEXT)
            mark = self._mapping.list_separator or "\x00"
            split = cells.str.split(mark).fill_null(pl.Series([[]], dtype=pl.List(pl.String)))
            parts.append(split)
        if not parts:
            text = self.text(name)
            parts = [text.str.split("\x00").fill_null(pl.Series([[]], dtype=pl.List(pl.String)))]
        joined = pl.select(pl.concat_list(parts)).to_series()
        bare = joined.list.eval(pl.element().str.strip_chars().filter(pl.element().str.strip_chars() != ""))
        words = self._words(name, bare.explode().drop_nulls())
        return bare.list.eval(pl.element().replace(words)) if words else bare

    def days_text(self, name: str) -> pl.Series:
        """Return the cells of a column of days; year, month and day of three columns are put together."""
        columns = self._mapping.columns.get(name, [])
        if len(columns) < len(DATE_PARTS):
            return self.raw(name)
        year, month, day = (self._frame[column] for column in columns)
        worded = month.str.contains(r"\p{L}").fill_null(value=False)
        frame = pl.DataFrame({"y": year, "m": month, "d": day, "w": worded})
        text = (
            pl.when("w")
            .then(pl.format("{} {} {}", "d", "m", "y"))
            .otherwise(pl.format("{}-{}-{}", "y", "m", "d"))
        )
        nothing = pl.all_horizontal(pl.col("y", "m", "d").is_null())
        told = pl.concat_str([pl.col("y", "m", "d").fill_null("?")], separator="-")
        return frame.select(pl.when(nothing).then(None).otherwise(pl.coalesce(text, told))).to_series()

    def days(self, name: str) -> pl.DataFrame:
        """Read days; `first` and `last` that each cell can mean."""
        cells = self._worded(name, _without(self.days_text(name), self._missing))
        found = days(cells, self._mapping.dates)
        self._keep(name, cells, found["first"])
        return found

    def count(self, name: str) -> pl.Series:
        """Read whole numbers."""
        cells = self._known(name)
        value = counts(cells, self._mapping.decimal)
        self._keep(name, cells, value)
        return value

    def degrees(self, name: str) -> pl.Series:
        """Read coordinates."""
        cells = self._known(name)
        value = degrees(cells, self._mapping.decimal)
        self._keep(name, cells, value)
        return value

    def violence(self) -> pl.Series:
        """Read the kind of organised violence."""
        cells = self.text("violence")
        value = cells.str.to_lowercase().replace_strict(_VIOLENCE, default=None, return_dtype=pl.String)
        self._keep("violence", cells, value)
        return value

    def unreadable(self, strange: pl.DataFrame) -> pl.DataFrame:
        """Return the cells that could not be read; a row that is no event is told once, at its first day."""
        row = strange.select("row", field=pl.lit("date_start"), text=pl.col("text").fill_null("no text"))
        cells = pl.concat([pl.DataFrame(schema=UNREADABLE_SCHEMA), *self._unreadable])
        others = cells.filter(~pl.col("row").is_in(strange["row"].implode()))
        return pl.concat([others, row]).sort("row", "field")

    def _nothing(self) -> pl.Series:
        return pl.Series([None], dtype=pl.String).new_from_index(0, self._frame.height)

    def _known(self, name: str) -> pl.Series:
        return self._worded(name, _without(self.raw(name), self._missing))

    def _worded(self, name: str, cells: pl.Series) -> pl.Series:
        words = self._words(name, cells)
        said = cells.replace(words) if words else cells
        return said.set(said == "", None)

    def _words(self, name: str, cells: pl.Series) -> dict[str, str]:
        told = {key(word): meant for word, meant in self._mapping.values.get(name, {}).items()}
        if not told:
            return {}
        return {text: told[key(text)] for text in cells.drop_nulls().unique() if key(text) in told}

    def _keep(self, name: str, cells: pl.Series, value: pl.Series) -> None:
        bad = (cells.is_not_null() & value.is_null()).arg_true()
        if len(bad):
            kept = {"row": bad.cast(pl.Int64) + 1, "field": _CHECKED_AS.get(name, name), "text": cells[bad]}
            self._unreadable.append(pl.DataFrame(kept, schema=UNREADABLE_SCHEMA))


def say(
    frame: pl.DataFrame, mapping: Mapping, theatre: Theatre | None = None, *, source: str = "table"
) -> Parsed:
    """Say every row as an event; ids begin with the source, then the name of the table if it has one."""
    cells = TableCells(frame, mapping)
    when = _when(cells, mapping)
    prefix = f"{source}:{slug(mapping.name)}:" if slug(mapping.name) else f"{source}:"
    numbers = pl.int_range(1, frame.height + 1, dtype=pl.Int64, eager=True)
    own = numbers.cast(pl.String) if mapping.id == ROW_NUMBERS else _without(frame[mapping.id], MISSING_TEXT)
    parts = {
        "event_id": prefix + own,
        "source": pl.Series([source]).new_from_index(0, frame.height),
        "row": numbers,
        **when,
        "violence": cells.violence(),
        **{name: cells.text(name) for name in _TEXTS},
        **{name: cells.several(name) for name in LISTS},
        **{name: cells.count(name) for name in _COUNTS},
        "where_prec": _small(cells.count("where_prec")),
        "credibility": _small(cells.count("credibility")),
        "reporter": pl.Series([None], dtype=pl.String).new_from_index(0, frame.height),
        "note": _note(cells, mapping),
        "country": country_codes(cells.text("country")),
        "within": prefix + cells.text("within"),
        **_where(cells),
    }
    events = pl.DataFrame(parts).select(EVENT_SCHEMA.names()).cast(EVENT_SCHEMA)
    if theatre is not None:
        events = events.with_columns(_canonical(events[level], theatre) for level in ("admin1", "admin2"))
    strange = strange_rows(frame, mapping, events["date_start"].is_null())
    return Parsed(events, cells.unreadable(strange), _columns(mapping), mapping.decimal)


def country_codes(cells: pl.Series) -> pl.Series:
    """Turn names and codes of countries into ISO 3166-1 alpha-3; others are missing."""
    known = {}
    for text in cells.drop_nulls().unique():
        code = text.upper() if text.upper() in iso3_codes() else by_name().get(fold(text))
        if code:
            known[text] = code
    return cells.replace_strict(known, default=None, return_dtype=pl.String)


def _when(cells: TableCells, mapping: Mapping) -> dict[str, pl.Series]:
    start, end, published = (cells.days(name) for name in ("date_start", "date_end", "published_at"))
    frame = pl.DataFrame(
        {
            "first": start["first"],
            "last": end["last"],
            "means": start["last"],
            "published": published["last"],
            "given": _small(cells.count("date_prec")),
        }
    )
    stated = pl.lit(mapping.published_at, pl.Date())
    told = frame.with_columns(
        date_start="first",
        date_end=pl.coalesce("last", "means"),
        date_prec=pl.coalesce("given", pl.when(pl.col("means") > pl.col("first")).then(_MONTH)).cast(pl.Int8),
    ).with_columns(published_at=pl.coalesce("published", stated, _known_on()))
    return {name: told[name] for name in ("date_start", "date_end", "date_prec", "published_at")}


def _known_on() -> pl.Expr:
    """Return the last day that a date can mean: of a vague one the end of its week or month."""
    last = pl.max_horizontal("date_start", "date_end")
    vague = pl.col("date_prec")
    return (
        pl.when(vague == _WEEK)
        .then(pl.max_horizontal(last, pl.col("date_start").dt.offset_by("6d")))
        .when(vague >= _MONTH)
        .then(last.dt.month_end())
        .otherwise(last)
    )


def _where(cells: TableCells) -> dict[str, pl.Series]:
    lat, lon = cells.degrees("lat"), cells.degrees("lon")
    good = (lat.is_between(-90, 90) & lon.is_between(-180, 180)).fill_null(value=False)
    own = pl.Series(gid(lat.fill_null(0.0).to_numpy(), lon.fill_null(0.0).to_numpy()), dtype=pl.Int64)
    return {"lat": lat, "lon": lon, "gid": own.set(~good, None)}


def _note(cells: TableCells, mapping: Mapping) -> pl.Series:
    parts = [cells.text("note", position) for position in range(len(mapping.columns.get("note", [])))]
    if not parts:
        return cells.text("note")
    joined = pl.select(pl.concat_str(parts, separator="; ", ignore_nulls=True)).to_series()
    return joined.set(joined == "", None)


def _small(values: pl.Series) -> pl.Series:
    # A code beyond Int8 would overflow; -1 is as unknown to the checks as the code was.
    return values.set((values < -1) | (values > 127), -1).cast(pl.Int8)


def _without(cells: pl.Series, missing: frozenset[str]) -> pl.Series:
    return cells.set(cells.str.to_lowercase().is_in(sorted(missing)).fill_null(value=False), None)


def _canonical(told: pl.Series, theatre: Theatre) -> pl.Series:
    names = theatre.names("adm1" if told.name == "admin1" else "adm2")
    spellings = {text: name for text in told.drop_nulls().unique() if (name := names.find(text))}
    return told.replace(spellings).alias(told.name)


def _columns(mapping: Mapping) -> dict[str, str]:
    named = {name: columns[0] for name, columns in mapping.columns.items() if name not in _CODES}
    checked = {_CHECKED_AS[name]: column for name, column in named.items() if name in _CHECKED_AS}
    own = {} if mapping.id == ROW_NUMBERS else {"event_id": mapping.id}
    return {**own, **named, **checked}
