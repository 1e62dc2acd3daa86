"""One session of fetching: its notes, its counts, beginning afresh when the whole changes meanwhile.

Enters: a shelf of pages and a patient client. Leaves: what was collected. Called by the clients of this
package.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from toguna.core.errors import UsageError
from toguna.sources.fetch_errors import IncompleteError, StaleError
from toguna.sources.patient import Patient
from toguna.sources.shelf import Shelf

__all__ = ["ChangedError", "Session", "safe_address"]

T = TypeVar("T")
KEPT_FOR = timedelta(days=7)
_LOCAL = ("localhost", "127.0.0.1", "::1")


class ChangedError(Exception):
    """The whole changed between two pages."""


def safe_address(address: str) -> None:
    """Refuse an address that would give a secret away.

    Raises
    ------
    UsageError
        It is not https (save on this machine), or it carries a question or a password.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise UsageError(f"the address {address!r} must begin with https://: it is sent a token.")
    if parts.query or parts.username or parts.password:
        raise UsageError("write the address of the API without a question mark, user or password.")


class Session:
    """A session on one shelf.

    Parameters
    ----------
    shelf : Shelf
        Where finished pages lie.
    patient : Patient
        The client, whose requests are counted.
    say : callable
        Where to tell what is remarkable.
    """

    def __init__(self, shelf: Shelf[Any], patient: Patient, say: Callable[[str], None]) -> None:
        self.shelf, self.patient, self.say = shelf, patient, say
        notes = shelf.notes()
        begun = _moment(notes.get("started_at"))
        if begun is None or patient.means.now() - begun > KEPT_FOR:
            if shelf.kept():
                say("Pages of an earlier fetch are too old: beginning afresh.")
            shelf.clear()
            notes = {}
        self.started_at = str(notes.get("started_at") or self._now())
        self.ended_at = str(notes.get("ended_at") or self.started_at)
        self._before = {key: int(notes.get(key, 0)) for key in ("requests", "retries", "sessions")}
        self._restarts = int(notes.get("restarts", 0))
        self._asked = (patient.requests, patient.retries)
        if kept := shelf.kept():
            say(f"{kept} finished pages of an earlier fetch are kept and not asked for again.")

    def whole(self, collect: Callable[[], T]) -> T:
        """Collect; one change of the whole is answered by beginning afresh.

        Raises
        ------
        IncompleteError
            The whole changed again, or what came is not the whole: no kept page is trusted again.
        """
        while True:
            try:
                return collect()
            except ChangedError as change:
                self.shelf.clear()
                if self._restarts:
                    raise IncompleteError(
                        f"the announced whole changed again: {change}",
                        expected="one whole for all pages",
                        repair="Run the command again later, when the release is no longer being written",
                    ) from None
                self._restarts += 1
                self.say(f"The announced whole changed while it was fetched ({change}): beginning afresh.")
                self.started_at = self._now()
            except (IncompleteError, StaleError):
                self.shelf.clear()
                raise
            finally:
                self.note()

    def keep(self, key: str, body: bytes) -> None:
        """Keep a page that came in this session."""
        self.ended_at = self._now()
        self.shelf.put(key, body)
        self.note()

    def counts(self) -> dict[str, int]:
        """Return requests, retries, sessions and restarts since the last fresh beginning."""
        requests, retries = self._asked
        return {
            "requests": self._before["requests"] + self.patient.requests - requests,
            "retries": self._before["retries"] + self.patient.retries - retries,
            "sessions": self._before["sessions"] + 1,
            "restarts": self._restarts,
        }

    def note(self) -> None:
        """Write the notes that later sessions take up."""
        if self.shelf.kept():
            self.shelf.note({**self.counts(), "started_at": self.started_at, "ended_at": self.ended_at})

    def _now(self) -> str:
        return self.patient.means.now().isoformat(timespec="seconds")


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
