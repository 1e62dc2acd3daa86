"""Where events come from: one file per source, found through the entry-point group `toguna.sources`.

Enters: files. Leaves: `RawFile` and `Parsed`. Called by `toguna.events` and the command line.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from toguna.core.errors import UnknownNameError
from toguna.sources.protocol import Source

__all__ = ["get_source", "sources"]


def sources() -> dict[str, Source]:
    """Load every source that is installed, by name."""
    found = sorted(entry_points(group="toguna.sources"), key=lambda entry: entry.name)
    return {entry.name: entry.load() for entry in found}


def get_source(name: str) -> Source:
    """Return one source.

    Raises
    ------
    UnknownNameError
        No source of this name is installed.
    """
    for entry in entry_points(group="toguna.sources"):
        if entry.name == name:
            source: Source = entry.load()
            return source
    raise UnknownNameError("source", name, {entry.name for entry in entry_points(group="toguna.sources")})
