"""Write a file whole or not at all, and so that it survives a power cut.

Called by `toguna.store.archive` and `toguna.store.issued`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

__all__ = ["FRESH", "write_durably"]

FRESH = ".new-"
"""How the name of a file begins that is not finished."""


def write_durably(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside the file, make it durable, then rename: a cut leaves the old state or the new one."""
    with NamedTemporaryFile(dir=path.parent, prefix=FRESH, delete=False) as handle:
        fresh = Path(handle.name)
    try:
        write(fresh)
        _sync(fresh, os.O_RDWR)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    if os.name == "posix":
        _sync(path.parent, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
