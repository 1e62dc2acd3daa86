"""The folder of a replay: one file per look, written whole or not at all, so that a replay can be resumed.

    out/replay.json              what was asked, and which file answers each look
    out/looks/DATE.KEY.json      one look; KEY is the start of the digest of everything it depends on

Enters: results. Leaves: files, and what they hold. Called by `toguna.replay.run`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toguna.core.digest import canonical_json
from toguna.core.errors import StoreError, UsageError
from toguna.replay.task import Done, look_of
from toguna.sources.shelf import write_atomically

__all__ = ["INDEX", "Results"]

INDEX, LOOKS = "replay.json", "looks"
_SHORT = 16


@dataclass(frozen=True)
class Results:
    """The folder of a replay."""

    out: Path

    def open(self, asked: Mapping[str, Any]) -> None:
        """Take the folder for a replay, before anything is computed.

        Raises
        ------
        UsageError
            It holds something that no replay wrote.
        StoreError
            It cannot be written.
        """
        if self.out.exists() and not self.out.is_dir():
            raise UsageError(f"{self.out} is a file; say a folder with --out.")
        if self.out.is_dir() and any(self.out.iterdir()) and not (self.out / INDEX).is_file():
            raise UsageError(
                f"{self.out} holds other files and no {INDEX}; say an empty or new folder with --out."
            )
        try:
            (self.out / LOOKS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.out} cannot be written: {error.strerror}.") from None
        self.write(INDEX, {"asked": asked, "complete": False})

    def finished(self) -> dict[str, frozenset[str]]:
        """Return the keys of whole results by look; a file that is not whole is passed over."""
        keys: dict[str, set[str]] = {}
        for path in sorted((self.out / LOOKS).glob("*.json")):
            look = _read(path)
            if look is not None and path == self.path(look["as_of"], look["key"]):
                keys.setdefault(look["as_of"], set()).add(look["key"])
        return {name: frozenset(found) for name, found in keys.items()}

    def path(self, name: str, key: str) -> Path:
        """Return where the result of a look lies."""
        return self.out / LOOKS / f"{name}.{key[:_SHORT]}.json"

    def keep(self, done: Done) -> None:
        """Write the result of a look, if it was computed."""
        if done.text is not None:
            write_atomically(self.path(done.name, done.key), done.text.encode())

    def read(self, name: str, key: str) -> dict[str, Any]:
        """Read one look back."""
        look = _read(self.path(name, key))
        if look is None:
            raise StoreError(f"{self.path(name, key)} was changed while the replay ran; run it again.")
        return look

    def write(self, file: str, value: Any) -> Path:
        """Write plain values as a JSON file of the folder."""
        path = self.out / file
        write_atomically(path, (canonical_json(value, indent=1) + "\n").encode())
        return path


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return look_of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
