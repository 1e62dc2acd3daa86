"""The child's side of `toguna.reading.apart`: take limits, read bytes, parse, answer.

Enters: a kind, limits and bytes. Leaves: one JSON object: ``texts``, or ``refused`` with ``values``. Whatever
else goes wrong ends the process, and the parent calls the document damaged.

While it parses, Python opens no file but its own, no connection and no other program: what a document refers
to is not reached, whatever a library would do with it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from toguna.reading.prose import Text

__all__ = ["RefusedError", "serve"]

MEMORY_SPENT = 71
_OWN = {Path(p).resolve() for p in (sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path) if p}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_REFUSED = (
    *("open", "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen"),
    *("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.startfile"),
    *("os.remove", "os.rename", "os.mkdir"),
)
_LOOK = 0.05  # seconds between two looks at the memory taken


class RefusedError(Exception):
    """A document that is not read: a code of `toguna.reading.refusals` and its values."""

    def __init__(self, code: str, **values: int | str) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def serve(parsers: Mapping[str, str]) -> None:
    """Answer the one question that the command line and standard input put.

    Parameters
    ----------
    parsers : mapping of str to str
        Kind -> module with ``parse(data) -> list of Text``.
    """
    kind, cpu, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    parse = import_module(parsers[kind]).parse
    data = sys.stdin.buffer.read()
    _confine(cpu, memory)
    sys.addaudithook(_refuse)
    answer: dict[str, Any]
    try:
        answer = {"texts": [_row(text) for text in parse(data)]}
    except RefusedError as refused:
        answer = {"refused": refused.code, "values": refused.values}
    except MemoryError:
        os._exit(MEMORY_SPENT)
    sys.stdout.buffer.write(json.dumps(answer).encode())
    sys.stdout.flush()
    os._exit(0)  # the watch and the ruins of a deep document need no farewell


def _row(text: Text) -> dict[str, Any]:
    return {
        "text": text.text,
        "published": text.published.isoformat() if text.published else "",
        "title": text.title,
        "address": text.address,
        "notes": [[note.code, note.found] for note in text.notes],
    }


def _confine(cpu: int, memory: int) -> None:
    """Take the limits that this system has."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock alone
        return
    addresses = memory
    if os.uname().sysname != "Linux":  # macOS hands out more addresses than memory, and heeds no such limit
        threading.Thread(target=_watch, args=(memory,), daemon=True).start()
        addresses = resource.RLIM_INFINITY
    for what, most in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_AS, addresses),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        if most != resource.RLIM_INFINITY and (hard == resource.RLIM_INFINITY or most < hard):
            resource.setrlimit(what, (most, most + (what == resource.RLIMIT_CPU)))  # a signal, then the end


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    """Refuse what no parser needs; codecs and modules that are loaded late lie in folders of Python."""
    if event not in _REFUSED:
        return
    if event != "open" or not isinstance(args[0], str) or args[2] & _WRITES:
        raise PermissionError(event)
    if not any(Path(args[0]).resolve().is_relative_to(folder) for folder in _OWN):
        raise PermissionError(event)


def _watch(memory: int) -> None:
    """End the process when it has grown by more memory than it may; it may begin with its parent's peak."""
    import resource

    unit = 1 if os.uname().sysname == "Darwin" else 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + memory // unit
    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < most:
        time.sleep(_LOOK)
    os._exit(MEMORY_SPENT)
