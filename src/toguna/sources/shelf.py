"""Finished pages of a fetch, kept on disk until the whole is there.

Enters: bodies of answers. Leaves: the same, read again. Called by the clients of this package and
`toguna.events.fetch`.

Every finished page is one file: a line with the sha256 of what follows, then the body as it came. A damaged
file counts as absent.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Generic, TypeVar

from toguna.sources.fetch_errors import BusyError

__all__ = ["Shelf", "write_atomically"]

P = TypeVar("P")


class Shelf(Generic[P]):
    """The folder of finished pages of one question to one address.

    Parameters
    ----------
    folder : Path
        Made when it is first used.
    read : callable
        Reads a body, as it did when the body came.
    """

    def __init__(self, folder: Path, read: Callable[[bytes], P]) -> None:
        self.folder, self._read = folder, read

    def put(self, key: str, body: bytes) -> None:
        """Keep a finished page, whole or not at all."""
        digest = hashlib.sha256(body).hexdigest().encode()
        write_atomically(self._file(key), digest + b"\n" + body)

    def get(self, key: str) -> P | None:
        """Return a kept page; None when it is absent or damaged."""
        try:
            digest, _, body = self._file(key).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        return self._read(body)

    def kept(self) -> int:
        """Count the files of pages."""
        return sum(1 for _ in self.folder.glob("page-*.json"))

    def clear(self) -> None:
        """Drop every page and the notes; the lock stays."""
        for path in [*self.folder.glob("page-*.json"), self.folder / "notes.json"]:
            path.unlink(missing_ok=True)

    def note(self, notes: Mapping[str, Any]) -> None:
        """Keep what later sessions must know."""
        write_atomically(self.folder / "notes.json", json.dumps(notes, sort_keys=True, indent=1).encode())

    def notes(self) -> dict[str, Any]:
        """Return what earlier sessions noted."""
        try:
            told = json.loads((self.folder / "notes.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the shelf for this process; the system lets go when the process ends, however it ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a+b") as handle:
            try:
                _lock(handle)
            except OSError:
                raise BusyError(
                    f"another fetch of the same version works in {self.folder}; wait until it has ended."
                ) from None
            yield

    def _file(self, key: str) -> Path:
        return self.folder / f"page-{key}.json"


def _lock(handle: IO[bytes]) -> None:
    if os.name == "nt":
        windows = import_module("msvcrt")
        windows.locking(handle.fileno(), windows.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as handle:
        fresh = Path(handle.name)
        try:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
    try:
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
