"""Start and end a room by its own command, and ask the kernel what it takes.

Called by the other files of this package.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.room.home import AS_OF, THEATRE

__all__ = ["Server", "serving"]

_READY = 180.0  # seconds


@dataclass
class Server:
    """A room that answers."""

    process: subprocess.Popen[bytes]
    port: int

    def memory_mb(self, what: str = "VmRSS") -> float:
        """Return resident memory now (VmRSS) or the most there was (VmHWM), in MB."""
        told = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(rf"{what}:\s+(\d+) kB", told)
        return round(int(found.group(1)) / 1000, 1) if found else float("nan")

    def cpu_seconds(self) -> float:
        """Return processor time used so far."""
        told = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
        return (int(told[11]) + int(told[12])) / 100

    def kill(self) -> None:
        """End it at once."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(home: Path, *more: str) -> Iterator[Server]:
    """Open a room on a home; it is closed at the end."""
    words = [sys.executable, "-m", "toguna.cli", "serve", "--home", str(home), "--theatre", THEATRE]
    with (
        tempfile.NamedTemporaryFile(mode="r", encoding="utf-8") as said,
        subprocess.Popen([*words, "--as-of", AS_OF, "--port", "0", *more], stderr=said.fileno()) as process,
    ):
        try:
            yield Server(process, _port(process, Path(said.name)))
        finally:
            if process.poll() is None:
                process.terminate()


def _port(process: subprocess.Popen[bytes], said: Path) -> int:
    """Find the port in what the room says, and wait until it answers."""
    ends = time.monotonic() + _READY
    while time.monotonic() < ends and process.poll() is None:
        found = re.search(r"http://[^:/]+:(\d+)/ ", said.read_text(encoding="utf-8"))
        if found is not None and _answers(int(found.group(1))):
            return int(found.group(1))
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"the room did not open: {said.read_text(encoding='utf-8')}")


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz") as answered:
            return bool(answered.status == 200)
    except (URLError, ConnectionError):
        return False
