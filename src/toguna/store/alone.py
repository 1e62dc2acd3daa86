"""Work alone in a folder: one process at a time, however the others end.

Enters: a folder. Called by `toguna.store.archive`. The lock is on the folder itself (on Windows on a file in
it), and the system lets go of it when its process ends, also when it is killed.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from toguna.core.errors import StoreError

__all__ = ["alone"]

WAIT_SECONDS = 600.0  # writing the largest release takes a tenth of it
_NOT_HERE = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Hold a folder for this process.

    Yields
    ------
    bool
        Whether it is certain: False where the file system knows no locks.

    Raises
    ------
    StoreError
        Another process kept it for more than ten minutes.
    OSError
        The folder cannot be written.
    """
    windows = os.name == "nt"
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT) if windows else os.open(folder, os.O_RDONLY)
    try:
        yield _wait(handle, folder)
    finally:
        os.close(handle)


def _wait(handle: int, folder: Path) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            _lock(handle)
            return True
        except OSError as error:
            if error.errno in _NOT_HERE:
                return False
            if time.monotonic() > deadline:
                raise StoreError(
                    f"another process has been writing to {folder} for {WAIT_SECONDS:.0f} s; end it, or wait."
                ) from None
        time.sleep(0.02)


def _lock(handle: int) -> None:
    if os.name == "nt":
        windows = import_module("msvcrt")
        windows.locking(handle, windows.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
