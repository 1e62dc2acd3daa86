"""The planner: questions about plans that wait, the one that is being answered, and those that failed.

Enters: a `Wish` and who asks. Leaves: its state. Held by the desk. One plan is made at a time, in a process
of its own, and everybody has at most one question waiting: readers never wait for any.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from toguna.room.web.planning import Wish, path_of
from toguna.store.home import Home

__all__ = ["MOST_WAITING", "Planner"]

MOST_WAITING = 8
_KEPT = 64  # failures remembered
Taken = Literal["there", "waits", "yours-waits", "full"]


@dataclass(frozen=True)
class _Waiting:
    wish: Wish
    by: str


@dataclass
class Planner:
    """Plans under way.

    Parameters
    ----------
    home : Home
    path_of_theatre : callable
        Name of a theatre -> name or folder by which a process loads it.
    """

    home: Home
    path_of_theatre: Callable[[str], str]
    _queue: deque[_Waiting] = field(default_factory=deque)
    _running: _Waiting | None = None
    _process: subprocess.Popen[str] | None = None
    _failed: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)

    def order(self, wish: Wish, by: str) -> Taken:
        """Put a question into the queue, unless it is answered or waits, or too much waits already.

        Parameters
        ----------
        by : str
            Who asks.

        Returns
        -------
        {"there", "waits", "yours-waits", "full"}
            Answered already; in the queue now; refused because another question of theirs waits or is being
            answered; refused because the queue is full.
        """
        if path_of(self.home, wish.theatre, wish.digest).is_file():
            return "there"
        with self._lock:
            held = [*self._queue, *([self._running] if self._running else [])]
            if any(one.wish == wish for one in held):
                return "waits"
            if any(one.by == by for one in held):
                return "yours-waits"
            if len(self._queue) >= MOST_WAITING:
                return "full"
            self._failed.pop(wish.digest, None)
            self._queue.append(_Waiting(wish, by))
        self._wake.set()
        return "waits"

    def place(self, name: str) -> int | None:
        """Return how many questions come before one: 0 = it is being answered; None = it does not wait."""
        with self._lock:
            held = [*([self._running] if self._running else []), *self._queue]
            names = [one.wish.digest for one in held]
            return names.index(name) if name in names else None

    def of(self, by: str) -> str | None:
        """Return the name of the question of theirs that waits or is being answered."""
        with self._lock:
            held = [*([self._running] if self._running else []), *self._queue]
            return next((one.wish.digest for one in held if one.by == by), None)

    def failed(self, name: str) -> str | None:
        """Say why a question could not be answered; None when nothing went wrong."""
        return self._failed.get(name)

    def start(self) -> None:
        """Begin to answer."""
        threading.Thread(target=self._work, name="toguna-planner", daemon=True).start()

    def close(self) -> None:
        """Stop; a plan under way is ended and leaves nothing."""
        self._stop.set()
        self._wake.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()

    def _work(self) -> None:
        while not self._stop.is_set():
            while self._queue and not self._stop.is_set():
                self._next()
            self._wake.wait()
            self._wake.clear()

    def _next(self) -> None:
        with self._lock:
            self._running = self._queue.popleft()
        wish = self._running.wish
        wrong = self._made(wish)
        with self._lock:
            if wrong:
                self._failed[wish.digest] = wrong
                while len(self._failed) > _KEPT:
                    self._failed.pop(next(iter(self._failed)))
            self._running, self._process = None, None

    def _made(self, wish: Wish) -> str:
        """Run one process to its end; return what went wrong, "" for nothing."""
        words = [sys.executable, "-m", "toguna.room.web.planning"]
        words += ["--home", str(Path(self.home.path).absolute())]
        words += ["--theatre", self.path_of_theatre(wish.theatre), "--wish", json.dumps(asdict(wish))]
        try:
            self._process = subprocess.Popen(
                words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
            )
        except OSError as error:
            return str(error)
        _, said = self._process.communicate()
        if not self._process.returncode:
            return ""
        return (said.strip().splitlines()[-1:] or [f"exit code {self._process.returncode}"])[0]
