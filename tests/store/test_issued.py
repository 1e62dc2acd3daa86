"""Issued forecasts stay as they were: addressed by what they hold, whole or not there."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from toguna.core.errors import StoreError
from toguna.store.issued import IssuedForecasts

DRAWS = pl.DataFrame({"unit": ["a", "b"], "draws": [[0, 1], [2, 3]]})
FACTS = {"theatre": "small", "as_of": "2005-01-15", "seed": 0}


def test_kept_once_under_its_digest_and_read_back(tmp_path: Path) -> None:
    store = IssuedForecasts(tmp_path / "forecasts")
    assert store.all("small") == ([], [])
    name = store.put(DRAWS, FACTS)
    assert store.put(DRAWS, FACTS) == name and len(list(store.root.iterdir())) == 2
    draws, facts = store.read(name)
    assert draws.equals(DRAWS) and facts.items() >= FACTS.items()
    assert store.put(DRAWS, FACTS | {"seed": 1}) != name
    assert [one.digest for one in store.all("small")[0]].count(name) == 1
    assert store.all("other") == ([], [])


@pytest.mark.parametrize("ending", ["json", "parquet"])
def test_what_was_changed_later_is_not_used(tmp_path: Path, ending: str) -> None:
    store = IssuedForecasts(tmp_path)
    name = store.put(DRAWS, FACTS)
    path = tmp_path / f"{name}.{ending}"
    path.write_bytes(path.read_bytes().replace(b"small", b"large") + b" ")
    with pytest.raises(StoreError, match="chang"):
        store.read(name)
    assert store.put(DRAWS, FACTS) == name
    assert store.read(name)[0].equals(DRAWS)


def test_a_cut_write_leaves_nothing_that_counts(tmp_path: Path, full_disk) -> None:
    store = IssuedForecasts(tmp_path)
    with full_disk():
        store.put(DRAWS, FACTS)
    assert store.all("small") == ([], [])
    assert store.read(store.put(DRAWS, FACTS))[0].equals(DRAWS)
