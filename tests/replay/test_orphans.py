"""Workers end with their parent, whether it is interrupted or killed, and say nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals to a group of processes need POSIX")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.is_file() or stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"


def until(condition, seconds: float = 30.0) -> bool:
    """Wait; the bound is generous, it passes as soon as the condition holds."""
    for _ in range(round(seconds / 0.05)):
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("how", ["interrupted", "killed"])
def test_workers_end_with_their_parent(tmp_path, how):
    (tmp_path / "log").mkdir()
    script = Path(__file__).with_name("in_processes.py")
    parent = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert until(lambda: len(list((tmp_path / "log").iterdir())) == 2)
        workers = [int(path.name.rsplit(".", 1)[1]) for path in (tmp_path / "log").iterdir()]
        if how == "interrupted":
            os.killpg(parent.pid, signal.SIGINT)
        else:
            parent.kill()
        parent.wait(30)
        assert until(lambda: not any(map(alive, workers)))
        said = parent.stderr.read()
        assert said.count("Traceback") == (1 if how == "interrupted" else 0), said
    finally:
        parent.stderr.close()
        if parent.poll() is None:
            os.killpg(parent.pid, signal.SIGKILL)
            parent.wait(30)
