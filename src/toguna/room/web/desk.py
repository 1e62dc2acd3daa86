"""The desk: the built assessments that pages read, and the builds that are under way.

Enters: a theatre and a day. Leaves: `Built`, or the state of its build. Called by every page. Builds run one
at a time in processes of their own, so that readers never wait for one; until the next assessment is finished
a page shows the last.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, select

from toguna.core.digest import digest
from toguna.core.errors import TogunaError
from toguna.room.reporting.release import last_telling, release
from toguna.room.retention import retain
from toguna.room.web.building import days_ready, forget_unfinished, pointer, shelf
from toguna.room.web.built import SHAPE, Built
from toguna.room.web.planner import Planner
from toguna.room.web.settings import RoomSettings
from toguna.store.home import Home
from toguna.store.register import models
from toguna.store.theatre import Theatre, load_theatre

__all__ = ["MOST_WAITING", "Desk", "Stale", "State", "stamp"]

_KEPT = 8  # assessments held in memory; stepping through more days reads them again
MOST_WAITING = 12
"""Builds that may wait; whoever asks for one more is told to return."""
_REST_SECONDS = 600.0  # a build that failed is tried again after that, or when the data change
_COUNTED = (models.Ingestion, models.ActorRow, models.ActorName, models.RelationRow, models.LinkStatement)
Key = tuple[str, date]


def stamp(home: Home, theatre: str) -> str:
    """Say in a few letters which data there are: another stamp means that a build is due."""
    with home.register.read() as session:
        counted = [session.scalar(select(func.count()).select_from(table)) for table in _COUNTED]
    files = sorted(p.name for p in (home.path / "archive").rglob("*.json"))
    return digest({"theatre": theatre, "files": files, "rows": counted})[:16]


class _Failed(NamedTuple):
    """A build that failed: on which data, why, and when (seconds of a steady clock); -inf = try it again."""

    stamp: str
    said: str
    at: float


class State(NamedTuple):
    """A build: whether it waits or runs; why the last failed, "" = it did not; whether the queue is full."""

    under_way: bool
    failed: str
    full: bool


class Stale(NamedTuple):
    """An assessment that is shown although a newer one is due.

    Parameters
    ----------
    made_at : str
        Moment at which the one shown was made, ISO, UTC.
    since : str
        Since when newer data, or a new day, wait to be assessed; "" = just now.
    said : str
        Why that failed; "" while it is still being built.
    lags : bool
        Whether the one shown is of an earlier day than that on which the room stands.
    """

    made_at: str
    since: str
    said: str
    lags: bool = False


@dataclass
class Desk:
    """Built assessments of a room."""

    settings: RoomSettings
    theatres: Mapping[str, Theatre] = field(init=False)
    planner: Planner = field(init=False)
    _held: dict[Key, tuple[str, Built]] = field(default_factory=dict)
    _queue: deque[Key] = field(default_factory=deque)
    _failed: dict[Key, _Failed] = field(default_factory=dict)
    _since: dict[Key, datetime] = field(default_factory=dict)
    _tidied: date | None = None
    _running: Key | None = None
    _told: int = 0
    _process: subprocess.Popen[str] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        loaded = [load_theatre(name) for name in self.settings.theatres]
        self._paths = {t.name: name for t, name in zip(loaded, self.settings.theatres, strict=True)}
        self.theatres = {t.name: t for t in loaded}
        self.planner = Planner(self.settings.home, self._paths.__getitem__)

    def built(self, theatre: str, as_of: date) -> Built | None:
        """Return the newest assessment of a day; None, and a build ordered, when there is none yet."""
        told = self._pointed(theatre, as_of)
        if told is None:
            self.order(theatre, as_of)
            return None
        with self._lock:
            held = self._held.get((theatre, as_of))
            if held and held[0] == told["folder"]:
                return held[1]
        found = Built.read(shelf(self.settings.home, theatre) / told["folder"])
        with self._lock:
            self._held.pop((theatre, as_of), None)
            self._held[(theatre, as_of)] = (told["folder"], found)
            while len(self._held) > _KEPT:
                self._held.pop(next(iter(self._held)))
        return found

    def standing(self, theatre: str) -> date:
        """Return the day whose assessment readers see when they ask for no other.

        Today's; in a room that follows the calendar, until that stands ready, the newest that does.
        """
        today = self.settings.today()
        if self.settings.as_of is not None or self.ready(theatre, today):
            return today
        older = (d for d in days_ready(self.settings.home, theatre) if d < today and self.ready(theatre, d))
        found = next(older, today)
        if found != today:
            self.order(theatre, today)
        return found

    def ready(self, theatre: str, as_of: date) -> bool:
        """Whether the assessment of a day is there; none is ordered."""
        return self._pointed(theatre, as_of) is not None

    def order(self, theatre: str, as_of: date) -> None:
        """Put a build into the queue, unless it waits, runs, failed just now, or no room is built."""
        key = (theatre, as_of)
        with self._lock:
            failed = self._failed.get(key)
            rests = failed is not None and time.monotonic() - failed.at < _REST_SECONDS
            ordered = rests or key == self._running or key in self._queue
            today = as_of == self.settings.today()  # the day that stands open is never turned away
            if self.settings.build and not ordered and (today or len(self._queue) < MOST_WAITING):
                self._queue.append(key)
                self._wake.set()

    def state(self, theatre: str, as_of: date) -> State:
        """Say how the build of a day stands."""
        key = (theatre, as_of)
        with self._lock:
            under_way, failed = key == self._running or key in self._queue, self._failed.get(key)
            return State(under_way, failed.said if failed else "", len(self._queue) >= MOST_WAITING)

    def stale(self, theatre: str, as_of: date) -> Stale | None:
        """Say what readers must know of the day that stands open, when a newer assessment is due.

        Of newer data only once their build failed: until then one is on its way, and readers lose nothing.
        Of a new day at once: what they see bears another date than they expect.
        """
        key = (theatre, self.settings.today())
        failed, since, lags = self._failed.get(key), self._since.get(key), as_of != key[1]
        told = self._pointed(theatre, as_of) if lags or (failed and since) else None
        if told is None:
            return None
        said = failed.said if failed else ""
        return Stale(told["made_at"], since.isoformat(timespec="seconds") if since else "", said, lags)

    def start(self) -> None:
        """Begin to watch the data and to build."""
        threading.Thread(target=self._work, name="toguna-desk", daemon=True).start()
        self.planner.start()

    def close(self) -> None:
        """Stop watching; a build under way is ended and leaves nothing."""
        self.planner.close()
        self._stop.set()
        self._wake.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()

    def wake(self) -> None:
        """Look at once: somebody accepted a report."""
        self._wake.set()

    def publish(self) -> None:
        """Take reports that were accepted into the archive; all since the last look make one release."""
        newest = last_telling(self.settings.home)
        if newest != self._told:
            release(self.settings.home, now=self.settings.clock())
            self._told = newest

    def look(self) -> None:
        """Order builds of the days that stand open and whose data changed."""
        self.publish()
        as_of = self.settings.today()
        for theatre in self.theatres:
            key, now = (theatre, as_of), stamp(self.settings.home, theatre)
            told, failed = self._pointed(*key), self._failed.get(key)
            if failed is not None and failed.stamp != now:  # other data: it may work now
                self._failed[key] = failed._replace(at=-math.inf)
            if told is None or told["stamp"] != now:
                self._since.setdefault(key, self.settings.clock())
                self.order(theatre, as_of)
            else:
                self._since.pop(key, None)
                self._failed.pop(key, None)

    def _pointed(self, theatre: str, as_of: date) -> dict[str, Any] | None:
        path = pointer(self.settings.home, theatre, as_of)
        try:
            told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        whole = told.get("shape") == SHAPE and (path.parent / told["folder"]).is_dir()
        return told if whole else None

    def _work(self) -> None:
        while not self._stop.is_set():
            if self.settings.build:
                self._try(self.look)
                self._try(self._tidy)
            while self._queue and not self._stop.is_set():
                self._try(self._next)
            self._wake.wait(timeout=10.0)
            self._wake.clear()

    @staticmethod
    def _try(step: Callable[[], None]) -> None:
        """Do a step; a busy register or a full disk is told, and the next look tries again."""
        try:
            step()
        except (TogunaError, OSError) as error:
            print(error, file=sys.stderr)

    def _tidy(self) -> None:
        """At the start and once a day, delete what is kept too long, and what killed builds left."""
        now = self.settings.clock()
        if self._tidied != now.date():
            for theatre in self.theatres:
                forget_unfinished(self.settings.home, theatre)
            retain(self.settings.home, now, do=True)
            self._tidied = now.date()

    def _next(self) -> None:
        with self._lock:
            key = self._running = self._queue.popleft()
        now, said = "", ""
        try:
            now = stamp(self.settings.home, key[0])
            said = self._build(key, now)
        except (TogunaError, OSError) as error:
            said = str(error)
            raise
        finally:
            with self._lock:
                self._failed.pop(key, None)
                if said:
                    self._failed[key] = _Failed(now, said, time.monotonic())
                else:
                    self._since.pop(key, None)
                self._running, self._process = None, None

    def _build(self, key: Key, now: str) -> str:
        """Run one build to its end; return why it failed, or nothing."""
        theatre, as_of = key
        words = [sys.executable, "-m", "toguna.room.web.building"]
        words += ["--home", str(Path(self.settings.home.path).absolute()), "--theatre", self._paths[theatre]]
        words += ["--as-of", as_of.isoformat(), "--stamp", now]
        process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self._process = process
        _, said = process.communicate()
        if not process.returncode:
            return ""
        return (said.strip().splitlines()[-1:] or [f"exit code {process.returncode}"])[0]
