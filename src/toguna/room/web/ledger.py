"""The ledger as pages read it: read again, and folded again, only when an entry was added.

Enters: a home. Leaves: entries and records of a theatre. Called by `readers` and the interface for programs,
which decide who is told what of it. What is asked at every request is the end of the chain, one row.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from toguna.store.home import Home
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.ledger.chain import Entry
from toguna.warnings.states import Record, fold

__all__ = ["KeptLedger", "Told"]

State = tuple[int, int, str]
_MOST_DAYS = 16  # folds kept: theatres and days that readers stepped to


@dataclass(frozen=True)
class Told:
    """What the ledger tells of a theatre by a day.

    Parameters
    ----------
    state : tuple
        End of the chain; another one means that there is more to read.
    entries : tuple of Entry
        In their order.
    records : mapping of str to Record
        Every warning, by id.
    """

    state: State
    entries: tuple[Entry, ...]
    records: Mapping[str, Record]


class KeptLedger:
    """The ledger of a home, kept until it grows.

    Parameters
    ----------
    home : Home
        Where it lies.
    """

    def __init__(self, home: Home) -> None:
        self._ledger = Ledger(home)
        self._state: State | None = None
        self._entries: tuple[Entry, ...] = ()
        self._told: dict[tuple[str, str], Told] = {}
        self._lock = threading.Lock()

    def read(self, theatre: str, last: str = "") -> Told:
        """Return what had happened in a theatre by a day ("2015-11-24"); "" = all that is written."""
        state = self._ledger.state()
        with self._lock:
            if state != self._state:
                # Read after the state: what was added in between is read once more, never missed.
                self._entries, self._state = self._ledger.entries(), state
                self._told.clear()
            found = self._told.pop((theatre, last), None) or self._fold(theatre, last)
            self._told[(theatre, last)] = found
            while len(self._told) > _MOST_DAYS:
                self._told.pop(next(iter(self._told)))
            return found

    def _fold(self, theatre: str, last: str) -> Told:
        entries = tuple(
            entry
            for entry in self._entries
            if entry.theatre == theatre and (not last or entry.happened_at[:10] <= last)
        )
        return Told(self._state or (0, 0, ""), entries, fold(entries))
