"""Everything that one argument of ``toguna read`` means: a file, a folder, an address, standard input.

Enters: the argument, and which hosts may be asked. Leaves: texts by name, and what is wrong with the others.
Called by the command line. What may be asked and kept stands in `home.toml`::

    [reading]
    allow_hosts = ["www.example.org"]
    keep_text = false
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toguna.core.errors import DataError, StoreError, UsageError
from toguna.reading.documents import ENDINGS, MOST_BYTES, Text, texts_of, texts_of_bytes
from toguna.reading.prose import at_address

__all__ = ["MOST_FILES", "Allowed", "allowed_by", "left_alone", "texts_at"]

MOST_FILES = 5000
_SETTINGS = ("allow_hosts", "keep_text")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the user allows: hosts that may be asked, and whether the words of a source may be kept."""

    hosts: frozenset[str] = frozenset()
    keep_text: bool = False


def allowed_by(home: Path, hosts: Iterable[str] = (), *, keep_text: bool = False) -> Allowed:
    """Return what the settings of a home and the flags of a command allow together.

    Raises
    ------
    StoreError
        The section `[reading]` of home.toml holds something else.
    FieldError
        A host is no name of a host.
    """
    file = home / "home.toml"
    try:
        told: Any = tomllib.loads(file.read_text(encoding="utf-8")).get("reading", {})
    except (FileNotFoundError, NotADirectoryError):
        told = {}
    except (OSError, ValueError) as error:
        raise StoreError(f"{file} cannot be read: {error}.") from None
    listed, keeps = (told.get(k, d) for k, d in zip(_SETTINGS, ([], False), strict=True))
    sound = isinstance(listed, list) and all(isinstance(x, str) for x in listed) and isinstance(keeps, bool)
    own = {key: value for key, value in told.items() if not isinstance(value, dict)}
    if not sound or set(own) - set(_SETTINGS):
        raise StoreError(
            f"{file} holds reading = {own!r}; expected allow_hosts, a list of names of hosts, and "
            "keep_text, true or false."
        )
    from toguna.reading.addresses import host_of

    return Allowed(frozenset(map(host_of, [*listed, *hosts])), keeps or keep_text)


def texts_at(what: str, hosts: frozenset[str]) -> Iterator[tuple[str, Text | DataError]]:
    """Yield each text with its name, or what is wrong with a file of a folder.

    Parameters
    ----------
    what : str
        A path, a folder (its own files, sorted by name), an address, or "-".
    hosts : frozenset of str
        Hosts that may be asked.

    Raises
    ------
    UsageError, DataError
        When the one document that was meant cannot be read, or a folder holds none.
    """
    if what == "-":
        yield from _named("-", texts_of_bytes(sys.stdin.buffer.read(MOST_BYTES + 1), "", name="-"))
    elif "://" in what:
        from toguna.reading.addresses import Web, fetched

        page = fetched(what, Web(hosts))
        texts = texts_of_bytes(page.data, page.ending, name=page.address)
        yield from _named(what, [t if t.address else at_address(t, page.address) for t in texts])
    elif Path(what).is_dir():
        for path in _files(Path(what)):
            try:
                yield from _named(path.name, texts_of(path))
            except DataError as error:
                yield path.name, error
    else:
        yield from _named(Path(what).name, texts_of(Path(what)))


def _named(name: str, texts: list[Text]) -> Iterator[tuple[str, Text]]:
    """Yield texts under the name of their file, numbered when there are several."""
    for n, text in enumerate(texts, start=1):
        yield (f"{name}#{n}" if len(texts) > 1 else name), text


def left_alone(what: str) -> list[str]:
    """Name the files of a folder that are of no kind that is read."""
    folder = Path(what)
    return [p.name for p in _in(folder) if p.suffix.lower() not in ENDINGS] if folder.is_dir() else []


def _in(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def _files(folder: Path) -> list[Path]:
    found = [p for p in _in(folder) if p.suffix and p.suffix.lower() in ENDINGS]
    if not found:
        raise UsageError(
            f"{folder} holds no document; expected files ending in {', '.join(k for k in ENDINGS if k)}."
        )
    if len(found) > MOST_FILES:
        raise UsageError(f"{folder} holds {len(found)} documents; expected {MOST_FILES} at most.")
    return found
