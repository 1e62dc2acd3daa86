"""What a reader is: the door through which other readers come in.

Enters: nothing. Leaves: the `Reader` protocol and the readers that are installed. A package offers one
under the entry-point group ``toguna.readers``: a factory that takes a `Setting` and `Weights` and gives
a `Reader`. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.metadata import entry_points
from typing import Protocol

from toguna.core.errors import UnknownNameError
from toguna.reading.confidence import Weights
from toguna.reading.documents import Text
from toguna.reading.drafts import Drafts
from toguna.reading.marks import Setting

__all__ = ["GROUP", "Factory", "Reader", "known_readers", "reader"]

GROUP = "toguna.readers"


class Reader(Protocol):
    """Reads a text into drafts.

    Every field of a draft must point at its words: spans are offsets into ``text.text``.
    """

    name: str

    def read(self, text: Text, *, lang: str = "auto", published: date | None = None) -> Drafts:
        """Read one text.

        Parameters
        ----------
        text : Text
            The document.
        lang : {"auto", "en", "fr"}
            Its language.
        published : date, optional
            Day of publication, before that of the document itself.
        """


Factory = Callable[[Setting, Weights], Reader]


def known_readers() -> list[str]:
    """List the readers that are installed."""
    return sorted({e.name for e in entry_points(group=GROUP)})


def reader(name: str, setting: Setting, weights: Weights) -> Reader:
    """Make the reader of a name.

    Raises
    ------
    UnknownNameError
        When none of this name is installed.
    """
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            made: Reader = entry.load()(setting, weights)
            return made
    raise UnknownNameError("reader", name, known_readers())
