"""Forecasts that were issued, kept as they were, so that they can be judged later.

Enters: draws and what they were made from. Leaves: the same, read again. Called by `toguna.room`.

Each forecast is two files under ``forecasts/`` of the home: DIGEST.parquet with the draws, and DIGEST.json.
The digest is that of the JSON, which holds the sha256 of the Parquet file: neither can be changed without
being noticed. The JSON is written last: what was cut off does not count and is written again.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from toguna.core.digest import canonical_json, digest, file_sha256
from toguna.core.errors import StoreError
from toguna.store.alone import alone
from toguna.store.durable import write_durably

__all__ = ["Issued", "IssuedForecasts"]

_CONTENT = "content_sha256"


@dataclass(frozen=True, slots=True)
class Issued:
    """A forecast that was issued: its digest, and what it was made from."""

    digest: str
    facts: dict[str, Any]


class IssuedForecasts:
    """The folder of issued forecasts.

    Parameters
    ----------
    root : Path
        Made when the first forecast is kept.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, draws: pl.DataFrame, facts: dict[str, Any]) -> str:
        """Keep a forecast and return its digest; one that is there already is left as it is."""
        buffer = io.BytesIO()
        draws.write_parquet(buffer, compression="zstd")
        content = buffer.getvalue()
        told = facts | {_CONTENT: sha256(content).hexdigest()}
        name = digest(told)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with alone(self.root):
                if not self._whole(name):
                    text = canonical_json(told, indent=1) + "\n"
                    write_durably(self.root / f"{name}.parquet", lambda path: path.write_bytes(content))
                    write_durably(self.root / f"{name}.json", lambda path: path.write_bytes(text.encode()))
        except OSError as error:
            raise StoreError(
                f"the forecast cannot be kept in {self.root}: {error.strerror or error}. Make room or "
                "correct the rights of the folder, and forecast again: the same flags make the same draws."
            ) from None
        return name

    def _whole(self, name: str) -> bool:
        try:
            self.read(name)
        except StoreError:
            return False
        return True

    def all(self, theatre: str) -> tuple[list[Issued], list[str]]:
        """Return the forecasts of a theatre, by day and digest, and what is damaged."""
        found, damaged = [], []
        for path in sorted(self.root.glob("*.json")):
            try:
                facts = self._facts(path.stem)
            except StoreError as error:
                damaged.append(str(error))
                continue
            if facts.get("theatre") == theatre:
                found.append(Issued(path.stem, facts))
        return sorted(found, key=lambda one: (str(one.facts["as_of"]), one.digest)), damaged

    def _facts(self, name: str) -> dict[str, Any]:
        path = self.root / f"{name}.json"
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"the forecast {path} cannot be read ({error}).") from None
        if not isinstance(told, dict) or digest(told) != name:
            raise StoreError(f"the forecast {path} was changed after it was issued; it is not used.")
        return told

    def read(self, name: str) -> tuple[pl.DataFrame, dict[str, Any]]:
        """Return draws and facts of a forecast.

        Raises
        ------
        StoreError
            It is not there, cut off, or was changed after it was issued.
        """
        facts = self._facts(name)
        path = self.root / f"{name}.parquet"
        try:
            if file_sha256(path) != facts[_CONTENT]:
                raise StoreError(f"the draws {path} were changed after they were issued; they are not used.")
            return pl.read_parquet(path), facts
        except (OSError, KeyError, pl.exceptions.PolarsError) as error:
            raise StoreError(f"the draws {path} cannot be read ({error}).") from None
