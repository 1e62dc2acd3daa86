"""What came whole from an API: its file, with the proof beside it as JSON.

Enters: a frame and what can be proved of it. Leaves: `Harvest`. Called by the clients of APIs.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from toguna.sources.shelf import Shelf, write_atomically

__all__ = ["Harvest", "Proof", "keep_harvest", "write_proof"]


class Proof(Protocol):
    """That a harvest is whole."""

    @property
    def sha256(self) -> str:
        """Digest of the file that was made."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""


@dataclass(frozen=True, slots=True)
class Harvest:
    """Everything that was asked for: its file and the proof.

    Parameters
    ----------
    path : Path
        The Parquet file; the proof stands beside it as `.proof.json`.
    proof : Proof
        That it is whole.
    shelf : Shelf
        The pages it was made from.
    """

    path: Path
    proof: Proof
    shelf: Shelf[Any]

    def clean(self) -> None:
        """Drop pages and file once they are in the archive."""
        self.shelf.clear()
        self.path.unlink(missing_ok=True)
        self.path.with_suffix(".proof.json").unlink(missing_ok=True)


def keep_harvest(
    frame: pl.DataFrame, path: Path, *, shelf: Shelf[Any], prove: Callable[[str], Proof]
) -> Harvest:
    """Write a file and its proof, which `prove` makes from the digest of the file."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    data = buffer.getvalue()
    proof = prove(sha256(data).hexdigest())
    write_atomically(path, data)
    write_proof(proof, path.with_suffix(".proof.json"))
    return Harvest(path, proof, shelf)


def write_proof(proof: Proof, path: Path) -> None:
    """Write a proof as JSON."""
    text = json.dumps(proof.as_dict(), indent=1, ensure_ascii=False) + "\n"
    write_atomically(path, text.encode())
