"""What a user is told when something is refused, in every language.

RefusedError      what was asked is not allowed, or what was typed is not right
└── WaitError     too many attempts; says for how long

Raised by every file of this package, shown by pages and by the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toguna.core.errors import UsageError
from toguna.core.language import in_every_language

__all__ = ["RefusedError", "WaitError", "refused"]


class RefusedError(UsageError):
    """Something that was asked is refused; the message is the English one.

    Parameters
    ----------
    said : mapping of str to str
        Language -> sentence.
    """

    def __init__(self, said: Mapping[str, str]) -> None:
        super().__init__(said["en"])
        self.said = dict(said)


class WaitError(RefusedError):
    """Too many attempts: nothing is looked at until the wait is over.

    Parameters
    ----------
    seconds : int
        How long, 1 or more.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(
            in_every_language("Too many attempts. Wait {seconds} seconds, then try again.", seconds=seconds)
        )
        self.seconds = seconds


def refused(message: str, /, **values: Any) -> RefusedError:
    """Make a refusal of a sentence of the catalogue."""
    return RefusedError(in_every_language(message, **values))
