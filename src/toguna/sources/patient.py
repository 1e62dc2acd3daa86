"""Ask a server patiently: rate limit, retries with growing waits, a deadline that slow drips cannot stretch.

Enters: an address and a reader of bodies. Leaves: what the reader makes of a whole body, or a `FetchError`.
Called by the clients of this package. Time, sleep and chance are passed in.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx

from toguna.sources.fetch_errors import NotAnsweringError, RefusedError

__all__ = ["Ask", "Means", "NotWholeError", "Pace", "Patient"]

T = TypeVar("T")
_THROTTLED = frozenset([429, 503])
_AGAIN = frozenset([408, 425, 429])
_MOVED = "Give the address that it moved to: a token is never sent on to another address"
_SAID = 4000  # bytes of a refusal that are read for the words in it


class NotWholeError(Exception):
    """A body that was cut off, or is a page for people; asking again may help."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a server is asked.

    Parameters
    ----------
    per_second : float
        Most requests per second.
    tries : int
        Most tries of one request.
    first_wait, throttled_wait, longest_wait : float
        Seconds: wait before the second try (doubled for each later one), the same when the server said
        "too many", and the longest of these.
    longest_asked : float
        The longest `Retry-After` that is waited out; beyond it the fetch stops and says when to come back.
    deadline : float
        Seconds for one whole answer, however steadily it drips.
    largest : int
        Most bytes of one body.
    """

    per_second: float = 0.5
    tries: int = 6
    first_wait: float = 1.0
    throttled_wait: float = 15.0
    longest_wait: float = 120.0
    longest_asked: float = 900.0
    deadline: float = 120.0
    largest: int = 512_000_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One request.

    Parameters
    ----------
    url : str
        Address, without secrets: it is shown in messages.
    params, headers : mapping
        Of the request; only `params` are shown.
    form : mapping, optional
        Sent by POST in the body; never shown.
    body : bytes, optional
        In place of a form, sent by POST as it is; never shown.
    throttles_with : frozenset of int
        Statuses that this server also uses to say "too many requests".
    repairs : mapping of int to str
        What to do when it refuses with a status; 0 = with any other.
    words : callable
        Finds in the body of a refusal what the server says, to be shown; "" for nothing.
    """

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    body: bytes | None = field(default=None, repr=False)
    throttles_with: frozenset[int] = frozenset()
    repairs: Mapping[int, str] = field(default_factory=dict)
    words: Callable[[bytes], str] = lambda body: ""


@dataclass(frozen=True, slots=True)
class Means:
    """Clock, sleep and chance, so that tests need none of them."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    rng: random.Random = field(default_factory=random.Random)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a try failed; `wait` is what the server asked for."""

    why: str
    throttled: bool = False
    wait: float | None = None


class Patient:
    """A client that waits its turn.

    Parameters
    ----------
    http : httpx.Client
        The transport.
    pace : Pace, optional
        How to ask.
    means : Means, optional
        Clock, sleep and chance.
    """

    def __init__(self, http: httpx.Client, *, pace: Pace | None = None, means: Means | None = None) -> None:
        self._http = http
        self.pace = pace or Pace()
        self.means = means or Means()
        self.requests = 0
        self.retries = 0
        self._next = float("-inf")

    def get(self, ask: Ask, read: Callable[[bytes], T]) -> T:
        """Ask until a whole body comes.

        Parameters
        ----------
        ask : Ask
            The request.
        read : callable
            Makes something of a body; raises `NotWholeError` when asking again may help.

        Raises
        ------
        NotAnsweringError
            Every try failed.
        RefusedError
            The server says no, and would say so again.
        """
        request = self._http.build_request(
            "GET" if ask.form is None and ask.body is None else "POST",
            ask.url,
            params=dict(ask.params),
            headers=dict(ask.headers),
            data=dict(ask.form) if ask.form is not None else None,
            content=ask.body,
        )
        failure = _Failure("")
        for attempt in range(self.pace.tries):
            if attempt:
                self.retries += 1
                self.means.sleep(self._wait(attempt, failure))
            got = self._once(request, ask)
            if isinstance(got, _Failure):
                failure = got
                continue
            try:
                return read(got)
            except NotWholeError as error:
                failure = _Failure(str(error))
        raise NotAnsweringError(
            f"{request.url} failed {self.pace.tries} times, at last with {failure.why}",
            expected="a whole answer",
            repair="Run the same command later: finished pages are kept and not asked for again",
        )

    def _once(self, request: httpx.Request, ask: Ask) -> bytes | _Failure:
        self._take_turn()
        self.requests += 1
        started = self.means.clock()
        try:
            answer = self._http.send(request, stream=True)
            try:
                failure = self._judge(answer, ask, started)
                return failure or self._body(answer, started)
            finally:
                answer.close()
        except NotWholeError as error:
            return _Failure(str(error))
        except httpx.TimeoutException:
            return _Failure("silence longer than the time limit")
        except (httpx.TransportError, httpx.DecodingError) as error:
            return _Failure(f"a broken connection ({type(error).__name__})")

    def _take_turn(self) -> None:
        early = self._next - self.means.clock()
        if early > 0:
            self.means.sleep(early)
        self._next = self.means.clock() + 1.0 / self.pace.per_second

    def _body(self, answer: httpx.Response, started: float) -> bytes:
        parts, size = [], 0
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            if self.means.clock() - started > self.pace.deadline:
                raise NotWholeError(f"an answer slower than {self.pace.deadline:g} s ({size} bytes came)")
            if size > self.pace.largest:
                raise NotWholeError(f"an answer larger than {self.pace.largest} bytes")
        return b"".join(parts)

    def _judge(self, answer: httpx.Response, ask: Ask, started: float) -> _Failure | None:
        status = answer.status_code
        if status == 200:
            return None
        said = f"status {status} {answer.reason_phrase}".strip()
        if status >= 500 or status in _AGAIN | ask.throttles_with:
            throttled = status in _THROTTLED | ask.throttles_with
            return _Failure(said, throttled=throttled, wait=self._asked_for(answer))
        known = ask.repairs.get(status) or ask.repairs.get(0, "Look up why")
        words = ask.words(self._start_of(answer, started))
        raise RefusedError(
            f"{answer.request.url} answered {said}" + (f" ({words})" if words else ""),
            expected="status 200",
            repair=_MOVED if 300 <= status < 400 else known,
            status=status,
        )

    def _start_of(self, answer: httpx.Response, started: float) -> bytes:
        """Read the first bytes of a refusal; that none can be read changes nothing."""
        start = b""
        with suppress(httpx.HTTPError):
            for part in answer.iter_bytes():
                start += part
                if len(start) >= _SAID or self.means.clock() - started > self.pace.deadline:
                    break
        return start[:_SAID]

    def _asked_for(self, answer: httpx.Response) -> float | None:
        """Read Retry-After, in seconds or as a date."""
        text = answer.headers.get("retry-after", "").strip()
        seconds: float | None = None
        if text.isdecimal():
            seconds = float(text)
        elif text:
            with suppress(ValueError):
                when = parsedate_to_datetime(text)
                when = when if when.tzinfo else when.replace(tzinfo=UTC)
                seconds = max(0.0, (when - self.means.now()).total_seconds())
        if seconds is not None and seconds > self.pace.longest_asked:
            raise NotAnsweringError(
                f"{answer.request.url} answered status {answer.status_code} and asks to wait {seconds:.0f} s",
                expected=f"at most {self.pace.longest_asked:.0f} s",
                repair="Run the same command after that time: finished pages are kept",
            )
        return seconds

    def _wait(self, attempt: int, failure: _Failure) -> float:
        """Double the wait each time and spread it by chance; never come before the server asked."""
        first = self.pace.throttled_wait if failure.throttled else self.pace.first_wait
        grown = min(self.pace.longest_wait, first * 2.0 ** (attempt - 1))
        spread = grown * self.means.rng.uniform(0.5, 1.0)
        return spread if failure.wait is None else failure.wait + self.means.rng.uniform(0.0, 1.0)
