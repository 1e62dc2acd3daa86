"""Results of replays, kept by their content, so that a briefing can tell what replay taught.

Enters: the facts of a replay and what it was made from. Leaves: the same, read again. Called by
`toguna.room.taught`.

Each result is ``replays/DIGEST.json`` of the home. A file whose content does not have its name was cut off or
changed: it is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toguna.core.digest import canonical_json, digest
from toguna.core.errors import StoreError
from toguna.store.durable import write_durably

__all__ = ["KeptReplays"]


class KeptReplays:
    """The folder of kept replays.

    Parameters
    ----------
    root : Path
        Made when the first result is kept.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, told: dict[str, Any]) -> str:
        """Keep a result and return its digest; one that is there whole is left as it is.

        Raises
        ------
        StoreError
            The folder cannot be written.
        """
        name = digest(told)
        content = (canonical_json(told, indent=1) + "\n").encode()
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            if self.read(name) is None:
                write_durably(self.root / f"{name}.json", lambda path: path.write_bytes(content))
        except OSError as error:
            raise StoreError(
                f"the replay cannot be kept in {self.root}: {error.strerror or error}. Make room or correct "
                "the rights of the folder, and run the same line again: finished looks are not computed "
                "again."
            ) from None
        return name

    def read(self, name: str) -> dict[str, Any] | None:
        """Return a result, None when it is not there whole."""
        try:
            told = json.loads((self.root / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return told if isinstance(told, dict) and digest(told) == name else None

    def all(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield digest and content of every whole result, by digest."""
        for path in sorted(self.root.glob("*.json")):
            told = self.read(path.stem)
            if told is not None:
                yield path.stem, told
