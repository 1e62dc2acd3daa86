"""What is raised when Toguna is misused or cannot proceed.

TogunaError
├── UsageError      the command or call is wrong (exit code 2)
│   └── FieldError      the same, of one field of a form or flag, said in every language
├── ConflictError   somebody else was first; nothing was written (exit code 3)
├── DataError       the data do not allow what was asked (exit code 3)
│   ├── NoAnswerError   the same, said in every language
│   └── UnknownNameError a name that is not there, with the nearest ones that are (exit code 2)
└── StoreError      the archive or the register cannot be read or written (exit code 3)
    └── MissingTableError a table or column of the register is gone

A bad *row* is never an exception: it is a `toguna.core.findings.Finding`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

__all__ = [
    "ConflictError",
    "DataError",
    "FieldError",
    "MissingTableError",
    "NoAnswerError",
    "StoreError",
    "TogunaError",
    "UnknownNameError",
    "UsageError",
]


class TogunaError(Exception):
    """Base of everything raised on purpose; the message says what, where, expected, repair."""

    exit_code = 3


class UsageError(TogunaError):
    """The command or the call is wrong."""

    exit_code = 2


class FieldError(UsageError):
    """One field of what somebody filled in does not do.

    Parameters
    ----------
    field : str
        Name of the field: that of the step's parameter, and of the flag.
    said : mapping of str to str
        Language -> sentence; the message is the English one.
    """

    def __init__(self, field: str, said: Mapping[str, str]) -> None:
        super().__init__(said["en"])
        self.field, self.said = field, dict(said)


class ConflictError(TogunaError):
    """What somebody looked at when they decided has changed meanwhile; nothing was written.

    Parameters
    ----------
    said : mapping of str to str
        Language -> sentence; the message is the English one.
    now : str
        Version of what is there now, see `toguna.warnings.states.Record.version`.
    """

    def __init__(self, said: Mapping[str, str], *, now: str) -> None:
        super().__init__(said["en"])
        self.said, self.now = dict(said), now


class DataError(TogunaError):
    """The data at hand do not allow what was asked."""


class NoAnswerError(DataError):
    """The data allow no answer, and why is said in every language.

    Parameters
    ----------
    said : mapping of str to str
        Language -> sentence; the message is the English one.
    """

    def __init__(self, said: Mapping[str, str]) -> None:
        super().__init__(said["en"])
        self.said = dict(said)


class StoreError(TogunaError):
    """The archive or the register cannot be read or written."""


class MissingTableError(StoreError):
    """A table or a column of the register is gone: somebody took it away from outside."""


class UnknownNameError(UsageError):
    """A name that does not exist, with suggestions.

    Parameters
    ----------
    kind : str
        What was looked for ("theatre", "source", "actor").
    name : str
        The name as given.
    known : iterable of str
        Names that exist.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        said = name.casefold()
        near = get_close_matches(said, [n.casefold() for n in names], n=3, cutoff=0.5)
        within = [n for n in names if len(said) > 2 and said in n.casefold()][:5]
        hits = list(dict.fromkeys([*within, *(n for n in names if n.casefold() in near)]))
        hint = f"; did you mean {' or '.join(repr(h) for h in hits)}?" if hits else "."
        listing = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
        super().__init__(f"unknown {kind} {name!r}{hint} Known: {listing or 'none'}.")
        self.suggestions, self.field = hits, kind
