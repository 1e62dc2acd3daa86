"""One look of a replay: what it depends on, and what it found, as bytes that any machine writes alike.

Enters: a `Chain` and a `Task`. Leaves: `Done`. Runs inside workers; everything here can be pickled
but `Ready`, which stays where it was made.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import toguna
from toguna.core.digest import canonical_json, digest, digest_rows, file_sha256
from toguna.core.errors import DataError, TogunaError

__all__ = ["Chain", "Done", "Ready", "Task", "carry_out", "code_version", "look_of"]


@dataclass(frozen=True, slots=True)
class Ready:
    """A look that has read its inputs and not yet computed anything.

    Parameters
    ----------
    inputs : list of dict
        What it read, each with a digest of what was visible on the day.
    parameters : dict
        Everything else that it depends on, but date and seed.
    compute : callable
        Does the work; returns plain values.
    """

    inputs: list[dict[str, Any]]
    parameters: dict[str, Any]
    compute: Callable[[], dict[str, Any]]


class Chain(Protocol):
    """What is replayed. It travels to workers, so it must be picklable and hold no open file."""

    def begin(self, as_of: date, seed: int) -> Ready:
        """Read what could be known on a day."""


@dataclass(frozen=True, slots=True)
class Task:
    """One look to carry out.

    Parameters
    ----------
    as_of : date
        Day of the look.
    seed : int
        Seed of the look, see `toguna.replay.looks.seed_of`.
    finished : frozenset of str
        Keys of results of this day that are on disk: they are not computed again.
    """

    as_of: date
    seed: int
    finished: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Name of the look: its date."""
        return self.as_of.isoformat()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a task.

    Parameters
    ----------
    name, key : str
        Which look, and the digest of everything that it depends on.
    text : str or None
        The result as canonical JSON; None when a finished one has this key.
    seconds : float
        Time it took the worker.
    peak_mb : float or None
        Most memory the worker has held so far, in megabytes; None where the system does not tell.
    """

    name: str
    key: str
    text: str | None
    seconds: float
    peak_mb: float | None


@cache
def code_version() -> dict[str, str]:
    """Return the version and a digest of the program's files: changed code makes results anew."""
    folder = Path(toguna.__file__).parent
    files = sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix())
    rows = ({"file": f.relative_to(folder).as_posix(), "sha256": file_sha256(f)} for f in files)
    return {"version": toguna.__version__, "sha256": digest_rows(rows)}


def carry_out(chain: Chain, task: Task) -> Done:
    """Carry out one look, unless a finished result has the same inputs.

    Raises
    ------
    DataError
        Whatever the chain raises on purpose, in a form that travels between processes.
    """
    started = time.monotonic()
    try:
        ready = chain.begin(task.as_of, task.seed)
        stamp = {
            "as_of": task.name,
            "seed": task.seed,
            "inputs": ready.inputs,
            "parameters": ready.parameters,
            "code": code_version(),
        }
        key = digest(stamp)
        text = None if key in task.finished else _text(stamp, key, ready.compute())
    except TogunaError as error:
        raise DataError(f"look of {task.name}: {error}") from None
    return Done(task.name, key, text, round(time.monotonic() - started, 2), _peak_mb())


def _text(stamp: dict[str, Any], key: str, found: dict[str, Any]) -> str:
    look = {**stamp, "key": key, "found": found, "digest": digest(found)}
    return canonical_json(look, indent=1) + "\n"


def look_of(value: Any) -> dict[str, Any] | None:
    """Return a result that was read back, or None when it is not whole."""
    if not isinstance(value, dict) or not {"key", "digest", "found"} <= set(value):
        return None
    stamp = {k: v for k, v in value.items() if k not in ("key", "digest", "found")}
    whole = value["digest"] == digest(value["found"]) and value["key"] == digest(stamp)
    return value if whole else None


def _peak_mb() -> float | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (1 << 20 if os.uname().sysname == "Darwin" else 1 << 10), 1)
