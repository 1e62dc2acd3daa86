"""Tables of draws and of counts, as people keep them, read into one shape.

Enters: paths of CSV or Parquet files. Leaves: tables of `toguna.forecasts.outlook.issue.COLUMNS`, and of
counts. Called by the verb `score`.

Draws: `unit` and `month`, and either a column `draws` of lists, or one row for each draw with its `value`
(also `draw` with its number). Counts: `unit`, `month`, `count`. `level`, `target` and `step` may stand
beside them. A month is a number (1 = January 1980) or "2015-11". The names of the VIEWS challenge
(month_id, country_id, priogrid_gid, outcome) are understood.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from toguna.core.errors import DataError
from toguna.forecasts.outlook.issue import COLUMNS

__all__ = ["read_actuals", "read_draws", "with_last_year"]

ALIKE = {
    "unit": ("unit", "country_id", "priogrid_gid", "priogrid_id", "pg_id", "gid", "isoab", "country"),
    "month": ("month", "month_id"),
    "count": ("count", "value", "outcome", "actual", "deaths", "observed"),
    "value": ("value", "outcome", "count", "prediction"),
    "draw": ("draw", "sample"),
}
"""What a column is called, by what it means; the first name that is there counts."""


def read_draws(path: Path) -> pl.DataFrame:
    """Read a table of draws.

    Raises
    ------
    DataError
        It cannot be read, or a column is missing or holds no numbers; the message has its columns.
    """
    table = _read(path)
    keys = _keys(table, path)
    if "draws" in table.columns and isinstance(table.schema["draws"], pl.List):
        found = keys.with_columns(draws=table["draws"].cast(pl.List(pl.Float64), strict=False))
        for name in ("low", "high", "last_year"):
            if name in table.columns:
                found = found.with_columns(table[name])
    else:
        value = table[_name(table, "value", path)].cast(pl.Float64, strict=False)
        by = ["level", "target", "unit", "month", "step"]
        found = keys.with_columns(draws=value).group_by(by, maintain_order=True).agg("draws")
    if found["draws"].list.len().fill_null(0).min() == 0:
        raise DataError(f"{path}: a unit and month has no draws; leave it out or give its draws.")
    if found["draws"].list.eval(pl.element().is_null() | pl.element().is_nan()).list.any().any():
        raise DataError(f"{path}: a draw is missing or is no number; every draw must be a count.")
    return found


def read_actuals(path: Path) -> pl.DataFrame:
    """Read a table of counts; a count that is missing is left out.

    Raises
    ------
    DataError
        As for `read_draws`; or a unit and month stands there twice.
    """
    table = _read(path)
    count = table[_name(table, "count", path)].cast(pl.Float64, strict=False)
    found = _keys(table, path).drop("step").with_columns(count=count).drop_nulls("count")
    twice = found.filter(found.select("level", "target", "unit", "month").is_duplicated())
    if twice.height:
        first = twice.row(0, named=True)
        raise DataError(
            f"{path}: {twice.height} rows tell of a unit and month that another row tells too, the first of "
            f"{first['unit']} in month {first['month']}; expected one count for each."
        )
    return found


def with_last_year(draws: pl.DataFrame, actuals: pl.DataFrame) -> pl.DataFrame:
    """Add the counts of the twelve months up to the origin, where counts reach back and steps are given."""
    if "last_year" in draws.columns or draws["step"].null_count():
        return draws
    keys = ["level", "target", "unit"]
    wanted = draws.select(*keys, origin=pl.col("month") - pl.col("step")).unique(maintain_order=True)
    back = wanted.join(pl.DataFrame({"back": list(range(12))}), how="cross")
    back = back.with_columns(month=pl.col("origin") - pl.col("back"))
    told = back.join(actuals, on=[*keys, "month"], how="inner", maintain_order="left")
    year = told.group_by(*keys, "origin", maintain_order=True).agg(last_year=pl.col("count"))
    found = draws.with_columns(origin=pl.col("month") - pl.col("step"))
    return found.join(year, on=[*keys, "origin"], how="left", maintain_order="left").drop("origin")


def _read(path: Path) -> pl.DataFrame:
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema_length=None)
    except (OSError, pl.exceptions.PolarsError) as error:
        said = getattr(error, "strerror", None) or str(error).strip().partition("\n")[0]
        raise DataError(f"{path} cannot be read as CSV or Parquet: {said}.") from None


def _keys(table: pl.DataFrame, path: Path) -> pl.DataFrame:
    def whole(name: str, default: str) -> pl.Series:
        if name in table.columns:
            return table[name].cast(pl.String).alias(name)
        return pl.Series(name, [default] * table.height, dtype=pl.String)

    month = _months(table[_name(table, "month", path)], path)
    step = table["step"] if "step" in table.columns else pl.Series([None] * table.height)
    return pl.DataFrame(
        {
            "level": whole("level", "unit"),
            "target": whole("target", "count"),
            "unit": table[_name(table, "unit", path)].cast(pl.String),
            "month": month,
            "step": step.cast(COLUMNS["step"], strict=False),
        }
    )


def _months(told: pl.Series, path: Path) -> pl.Series:
    if told.dtype.is_integer():
        return told.cast(pl.Int64)
    parts = told.cast(pl.String).str.extract_groups(r"^(?<year>\d{4})-(?<month>\d{2})")
    year, month = (parts.struct.field(f).cast(pl.Int64) for f in ("year", "month"))
    numbers = (year - 1980) * 12 + month
    if numbers.null_count():
        raise DataError(
            f'{path}: a month is neither a number nor written as "2015-11"; the first is '
            f"{told.filter(numbers.is_null())[0]!r}."
        )
    return numbers


def _name(table: pl.DataFrame, meaning: str, path: Path) -> str:
    for name in ALIKE[meaning]:
        if name in table.columns:
            return name
    raise DataError(
        f"{path} has no column for {meaning} ({' or '.join(ALIKE[meaning])}); it has "
        f"{', '.join(table.columns)}."
    )
