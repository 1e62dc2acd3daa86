"""Tables of counts that somebody made elsewhere."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from toguna.core.errors import DataError, UsageError
from toguna.panels.reading import read_counts


def table(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [
        "unit,month,deaths\nB,2,1\nA,2,3\nA,1,0\n",
        "country,month,deaths\nB,1980-02,1\nA,1980-02,3\nA,1980-01,0\n",
        "country_id,date,deaths\nB,1980-02-29,1\nA,1980-02-01,3\nA,1980-01-15,0\n",
    ],
)
def test_names_and_months_are_read_as_they_come(tmp_path, text):
    found = read_counts(table(tmp_path / "t.csv", text))
    assert found.rows() == [("A", 1, 0.0), ("A", 2, 3.0), ("B", 2, 1.0)]


def test_parquet_with_days(tmp_path):
    path = tmp_path / "t.parquet"
    days = [datetime(1989, 1, 31), datetime(1989, 2, 28)]
    pl.DataFrame({"month_end": days, "country": ["A", "A"], "best": [4, 0], "low": [1, 0]}).write_parquet(
        path
    )
    with pytest.raises(UsageError, match="--column"):
        read_counts(path)
    assert read_counts(path, column="best").rows() == [("A", 109, 4.0), ("A", 110, 0.0)]


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("", DataError, "cannot be read"),
        ("place,month,deaths\nA,1,1\n", UsageError, "none of the columns unit"),
        ("unit,when,deaths\nA,1,1\n", UsageError, "none of the columns month"),
        ("unit,month,deaths\nA,1,\nA,2,3\n", DataError, "row 1"),
        ("unit,month,deaths\nA,1980-13,1\n", DataError, "row 1"),
        ("unit,month,deaths\nA,soon,1\n", DataError, "row 1"),
        ("unit,month,deaths\nA,1,-1\n", DataError, "0 or more"),
        ("unit,month,deaths\nA,1,1\nA,1,2\n", DataError, "twice"),
        ("unit,month,deaths\nA,1,many\n", UsageError, "numbers"),
    ],
)
def test_what_cannot_be_counted_is_refused(tmp_path, text, error, said):
    with pytest.raises(error, match=said):
        read_counts(table(tmp_path / "t.csv", text))


def test_latin_1_is_refused_with_words(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_counts(table(tmp_path / "t.csv", "unit,month,deaths\nSégou,1,1\n", "latin-1"))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="no file"):
        read_counts(tmp_path / "none.csv")
