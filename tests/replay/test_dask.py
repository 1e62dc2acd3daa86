"""On a Dask cluster of two workers, one of which is killed, the bytes are those of one process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def test_a_cluster_writes_the_same_bytes_and_survives_a_kill(tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'toguna[cluster]'")
    script = Path(__file__).with_name("on_a_cluster.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    computed, tries, trimmed = done.stdout.split()
    assert int(computed) == 5
    assert int(tries) >= 2, "nobody was killed"
    assert trimmed == "None", "workers give every large array back to the system, and are slow"
    for path in (tmp_path / "serial").rglob("*.json"):
        assert (tmp_path / "dask" / path.relative_to(tmp_path / "serial")).read_bytes() == path.read_bytes()


def test_without_dask_the_way_out_is_named(monkeypatch):
    from toguna.core.errors import UsageError
    from toguna.replay.runners import on_dask

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="toguna\\[cluster\\]"):
        list(on_dask(str, [1], workers=1))
