"""What goes wrong when a source is fetched: all of it is loud, none of it reaches the archive.

Raised by the clients of this package; messages say what was found, what was expected, how to repair it.
"""

from __future__ import annotations

from toguna.core.errors import DataError, StoreError

__all__ = [
    "BusyError",
    "FetchError",
    "IncompleteError",
    "NotAnsweringError",
    "RefusedError",
    "StaleError",
    "UnusableAnswerError",
]

_KEPT = "Nothing was taken in; releases taken in before stay in use."


class FetchError(DataError):
    """A fetch that did not succeed.

    Parameters
    ----------
    found, expected, repair : str
        In words, without a full stop.
    """

    def __init__(self, found: str, *, expected: str, repair: str) -> None:
        super().__init__(f"{found}; expected {expected}. {repair}. {_KEPT}")
        self.found = found


class NotAnsweringError(FetchError):
    """No usable answer after the stated number of tries; finished pages are kept."""


class RefusedError(FetchError):
    """The server refuses, for good: a wrong token, an unknown version; `status` as it answered, 0 = none."""

    def __init__(self, found: str, *, expected: str, repair: str, status: int = 0) -> None:
        super().__init__(found, expected=expected, repair=repair)
        self.status = status


class UnusableAnswerError(FetchError):
    """An answer that is whole, but of another shape than documented."""


class IncompleteError(FetchError):
    """The pages do not make the whole that the server announces."""


class StaleError(FetchError):
    """The server offers less than the same version held already."""


class BusyError(StoreError):
    """Another process fetches the same thing into the same home."""
