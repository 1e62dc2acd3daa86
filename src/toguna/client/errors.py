"""What a room refuses, as exceptions that say what it said.

RoomError
├── UnreadableError   a question that the room cannot read (400, 422); `errors` says which part
├── NotAllowedError   no token, or a right that it lacks (401, 403)
├── MissingError      no such thing, or it is not the reader's to see (404)
├── WithheldError     the terms of a source forbid passing a row on (451)
└── NotReadyError     still being built, too busy, or not answering, also after several tries (429, 5xx)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toguna.core.errors import TogunaError

__all__ = [
    "MissingError",
    "NotAllowedError",
    "NotReadyError",
    "RoomError",
    "StaleWarning",
    "UnreadableError",
    "WithheldError",
    "error_of",
]


class StaleWarning(UserWarning):
    """The room gave an assessment although a newer one is due; see `Room.stale`."""


class RoomError(TogunaError):
    """A room did not give what was asked for.

    Parameters
    ----------
    status : int
        Status of the answer; 0 = none came.
    problem : mapping
        What it said (RFC 9457): `title`, `detail`, `errors`.
    address : str
        What was asked for.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], address: str) -> None:
        self.status, self.problem, self.address = status, dict(problem), address
        self.errors: Sequence[Mapping[str, str]] = problem.get("errors") or ()
        said = [str(problem.get(name) or "") for name in ("title", "detail")]
        said += [f"{e.get('parameter')}={e.get('found')!r}: {e.get('expected')}" for e in self.errors]
        super().__init__(f"{address}: {status or 'no answer'}. {' '.join(s for s in said if s)}".strip())


class UnreadableError(RoomError):
    """The room cannot read the question."""


class NotAllowedError(RoomError):
    """A token is missing, or lacks the right."""


class MissingError(RoomError):
    """There is no such thing, or it is not the reader's to see."""


class WithheldError(RoomError):
    """The terms of a source forbid passing the row on."""


class NotReadyError(RoomError):
    """The room is building, too busy, or does not answer."""


_KINDS: Mapping[int, type[RoomError]] = {
    0: NotReadyError,
    400: UnreadableError,
    401: NotAllowedError,
    403: NotAllowedError,
    404: MissingError,
    422: UnreadableError,
    429: NotReadyError,
    451: WithheldError,
}


def error_of(status: int, problem: Mapping[str, Any], address: str) -> RoomError:
    """Return the exception for a status."""
    kind = _KINDS.get(status, NotReadyError if status >= 500 else RoomError)
    return kind(status, problem, address)
