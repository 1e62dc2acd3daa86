"""Ask a server: again when it is busy, and without sending twice what is held already.

Enters: addresses. Leaves: whole bodies, or a `RoomError`. Called by `toguna.client.room`. Sleep and chance
are passed in.
"""

from __future__ import annotations

import random
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from toguna.client.errors import RoomError, error_of

__all__ = ["Answer", "Asking", "Patience"]

_AGAIN = frozenset([429, 500, 502, 503, 504])


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long is waited.

    Parameters
    ----------
    tries : int
        Most tries of one request, 1 or more.
    first_wait, longest_wait : float
        Seconds: the wait before the second try, doubled each time, half of it by chance; the longest.
    longest_asked : float
        The longest `Retry-After` that is waited out; beyond it the error is raised at once.
    timeout : float
        Seconds for a connection and for each pause of an answer.
    """

    tries: int = 5
    first_wait: float = 0.5
    longest_wait: float = 30.0
    longest_asked: float = 120.0
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its body, its headers, the address it came from."""

    body: bytes
    headers: httpx.Headers
    url: str


@dataclass
class Asking:
    """One server, asked patiently.

    Parameters
    ----------
    http : httpx.Client
        Base address, headers, transport.
    patience : Patience
    sleep : callable
        Waits some seconds.
    chance : callable
        Gives a number from 0 to 1.
    most_kept : int
        Bytes of answers that are kept for the next time; the longest unused go first.
    """

    http: httpx.Client
    patience: Patience = field(default_factory=Patience)
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    most_kept: int = 64_000_000
    _kept: OrderedDict[str, tuple[str, Answer]] = field(default_factory=OrderedDict)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Get a path; what is held already and still good is not sent again.

        Raises
        ------
        RoomError
            The room refused, or did not answer in all tries.
        """
        request = self.http.build_request("GET", path, params=params)
        key = str(request.url)
        held = self._kept.get(key)
        if held:
            request.headers["If-None-Match"] = held[0]
        response = self._patiently(request)
        if response.status_code == 304 and held:
            self._kept.move_to_end(key)
            return held[1]
        answer = Answer(response.content, response.headers, key)
        self._keep(key, answer)
        return answer

    def _patiently(self, request: httpx.Request) -> httpx.Response:
        tried = 0
        while True:
            tried += 1
            found = self._once(request)
            if isinstance(found, httpx.Response) and (found.is_success or found.status_code == 304):
                return found
            wait = self._wait(tried, found)
            if wait is None:
                raise _fault(found, str(request.url))
            self.sleep(wait)

    def _once(self, request: httpx.Request) -> httpx.Response | httpx.TransportError:
        try:
            return self.http.send(request)
        except httpx.TransportError as error:
            return error

    def _wait(self, tried: int, found: httpx.Response | httpx.TransportError) -> float | None:
        """Return how long to wait before the next try; None when another is of no use."""
        asked = ""
        if isinstance(found, httpx.Response):
            asked = found.headers.get("retry-after", "")
            if found.status_code not in _AGAIN:
                return None
        if tried >= self.patience.tries:
            return None
        with suppress(ValueError):
            seconds = float(asked)
            return seconds if 0 <= seconds <= self.patience.longest_asked else None
        longest = min(self.patience.longest_wait, self.patience.first_wait * 2.0 ** (tried - 1))
        return longest * (0.5 + self.chance() / 2)

    def _keep(self, key: str, answer: Answer) -> None:
        tag = answer.headers.get("etag", "")
        self._kept.pop(key, None)
        if tag and len(answer.body) <= self.most_kept:
            self._kept[key] = (tag, answer)
        while sum(len(a.body) for _, a in self._kept.values()) > self.most_kept:
            self._kept.popitem(last=False)


def _fault(found: httpx.Response | httpx.TransportError, address: str) -> RoomError:
    if isinstance(found, httpx.Response):
        return error_of(found.status_code, _problem(found), address)
    return error_of(0, {"title": f"{type(found).__name__}: {found}"}, address)


def _problem(response: httpx.Response) -> dict[str, Any]:
    """Return what a refusal says; of anything else than a problem the beginning."""
    with suppress(ValueError):
        said = response.json()
        if isinstance(said, dict):
            return said
    return {"title": response.reason_phrase, "detail": response.text[:200]}
