"""A child of `toguna.reading.apart` whose parser does what one that was taken over could do.

Run as ``python -m hostile_child KIND SECONDS BYTES``; the deed is what stands on standard input.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from toguna.reading.formats.child import _watch, serve
from toguna.reading.prose import Text


def parse(data: bytes) -> list[Text]:
    deed, _, what = data.decode().partition(" ")
    return [Text(str(DEEDS[deed](what)))]


def _spin(what: str) -> str:
    while True:
        pass


def _eat(what: str) -> str:
    held = []
    while True:
        held.append(b"x" * (1 << 20))


def _outgrow(what: str) -> str:
    threading.Thread(target=_watch, args=(1 << 20,), daemon=True).start()
    return _eat(what)


def _lie(what: str) -> str:
    os.write(1, what.encode())
    os._exit(0)


def _reach(what: str) -> str:
    with socket.create_connection(("127.0.0.1", int(what)), timeout=2):
        return "reached"


DEEDS = {
    "spin": _spin,
    "sleep": lambda what: time.sleep(60),
    "eat": _eat,
    "outgrow": _outgrow,
    "flood": lambda what: "x" * int(what),
    "crash": lambda what: os.kill(os.getpid(), signal.SIGSEGV),
    "lie": _lie,
    "read": lambda what: Path(what).read_text(),
    "write": lambda what: Path(what).write_text("x"),
    "run": lambda what: subprocess.run(["true"], check=False),
    "reach": _reach,
    "tell": lambda what: " ".join(os.environ),
}


if __name__ == "__main__":
    serve(dict.fromkeys(("pdf", "mail"), "hostile_child"))
    sys.exit(1)
