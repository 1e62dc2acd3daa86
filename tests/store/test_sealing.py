"""The key that seals reporters: made once, closed to others, refused when damaged."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from toguna.core.errors import StoreError
from toguna.store.home import Home
from toguna.store.sealing import KEY_FILE, sealing_key

posix = pytest.mark.skipif(os.name != "posix", reason="permissions as on POSIX")


def test_it_is_made_once_and_stays(tmp_path: Path) -> None:
    key, findings = Home(tmp_path / "a").sealing_key()
    assert (len(key), findings) == (32, ())
    assert sealing_key(tmp_path / "a")[0] == key != sealing_key(tmp_path / "b")[0]
    assert [p.name for p in (tmp_path / "a").iterdir()] == [KEY_FILE]


@posix
def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    key, _ = sealing_key(tmp_path)
    path = tmp_path / KEY_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    again, findings = sealing_key(tmp_path)
    assert again == key and [f.code for f in findings] == ["seal-key-open"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_many_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: sealing_key(tmp_path)[0], range(64)))
    assert len(keys) == 1


def test_a_damaged_or_foreign_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    path.write_bytes(b"short")
    path.chmod(0o600)
    with pytest.raises(StoreError, match="5 bytes, expected 32"):
        sealing_key(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(StoreError, match="no plain file"):
        sealing_key(tmp_path)


@posix
def test_a_link_to_elsewhere_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(bytes(32))
    (tmp_path / KEY_FILE).symlink_to(elsewhere)
    with pytest.raises(StoreError, match="no plain file"):
        sealing_key(tmp_path)
