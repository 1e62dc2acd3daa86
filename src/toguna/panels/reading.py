"""Read a table of counts by unit and month that somebody made elsewhere.

Enters: a CSV or Parquet file. Leaves: a frame with `unit`, `month` (number) and `count`. Called by
`toguna.replay.foretelling`.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from toguna.core.errors import DataError, UsageError

__all__ = ["MONTH_NAMES", "UNIT_NAMES", "read_counts"]

UNIT_NAMES = ("unit", "country", "iso3", "isoab", "admin1", "gid", "priogrid_gid", "country_id")
MONTH_NAMES = ("month", "month_id", "month_end", "month_start", "date")


def read_counts(path: Path, *, column: str | None = None) -> pl.DataFrame:
    """Read counts.

    Parameters
    ----------
    path : Path
        CSV (UTF-8) or Parquet. One column names the unit (`UNIT_NAMES`), one the month (`MONTH_NAMES`): a
        month number (1 = January 1980), a date in the month, or text that begins YYYY-MM.
    column : str, optional
        The column of counts; needed when there are several columns of numbers.

    Returns
    -------
    frame
        `unit` (text), `month` (int), `count` (float), sorted by month and unit, one row for each pair.

    Raises
    ------
    UsageError
        The file is not there, or has no such columns.
    DataError
        A unit, month or count is missing or cannot be read; a count is below 0; a pair stands twice.
    """
    table = _read(path)
    unit, month = (_one_of(table, names, path) for names in (UNIT_NAMES, MONTH_NAMES))
    count = column or _only_number(table, {unit, month}, path)
    if count not in table.columns:
        raise UsageError(f"{path.name} has no column {count!r}; it has {', '.join(table.columns)}.")
    if not table[count].dtype.is_numeric():
        raise UsageError(f"column {count!r} of {path.name} holds {table[count].dtype}, not numbers.")
    found = table.select(
        unit=pl.col(unit).cast(pl.String),
        month=_month_number(table[month]),
        count=pl.col(count).cast(pl.Float64),
    )
    _refuse(found, path)
    return found.sort("month", "unit")


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise UsageError(f"there is no file {path}.")
    try:
        return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{path} cannot be read as CSV or Parquet: {str(error).splitlines()[0]}") from None


def _one_of(table: pl.DataFrame, names: tuple[str, ...], path: Path) -> str:
    found = next((name for name in names if name in table.columns), None)
    if found is None:
        raise UsageError(
            f"{path.name} has none of the columns {', '.join(names)}; it has {', '.join(table.columns)}."
        )
    return found


def _only_number(table: pl.DataFrame, taken: set[str], path: Path) -> str:
    found = [c for c in table.columns if c not in taken and table[c].dtype.is_numeric()]
    if len(found) != 1:
        said = ", ".join(found) or "none"
        raise UsageError(f"{path.name}: say which column counts with --column; columns of numbers: {said}.")
    return found[0]


def _month_number(months: pl.Series) -> pl.Series:
    if months.dtype.is_integer():
        return months.cast(pl.Int64)
    text = months.cast(pl.String) if months.dtype.is_temporal() else months.cast(pl.String).str.strip_chars()
    year, month = (text.str.extract(r"^(\d{4})-(\d{2})", k).cast(pl.Int64) for k in (1, 2))
    known = month.is_between(1, 12)
    number = (year - 1980) * 12 + month
    return number.set(~known.fill_null(False), None)


def _refuse(found: pl.DataFrame, path: Path) -> None:
    """Refuse a table with holes: an unknown count is not 0."""
    bad = found.with_row_index("row", offset=1).filter(
        pl.any_horizontal(pl.col("unit", "month", "count").is_null())
        | pl.col("count").is_nan()
        | pl.col("count").is_infinite()
        | (pl.col("count") < 0)
    )
    if bad.height:
        first = bad.row(0, named=True)
        raise DataError(
            f"{path.name}: {bad.height} of {found.height} rows lack a unit, a month or a count of 0 or more; "
            f"the first is row {first['row']}: unit {first['unit']!r}, month {first['month']}, count "
            f"{first['count']}. Complete the rows or leave their units out."
        )
    twice = found.filter(found.select("unit", "month").is_duplicated())
    if twice.height:
        first = twice.row(0, named=True)
        raise DataError(
            f"{path.name}: {first['unit']!r} stands twice in month {first['month']}; add them up."
        )
