"""What every act on accounts needs: the register, the key of the home, a clock.

Made once by the command line or the web room, passed to the functions of this package.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import BoundedSemaphore

from toguna.accounts.moments import Clock, system_clock
from toguna.accounts.passwords import hash_password, is_password
from toguna.accounts.refusals import WaitError
from toguna.accounts.sessions import Limits
from toguna.store.home import Home
from toguna.store.register import Register

__all__ = ["Gate"]

_HASHED_AT_ONCE = 2  # 19 MiB each: a flood of log-ins must not take the machine's memory
_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Gate:
    """Where accounts are kept.

    Parameters
    ----------
    register : Register
        The database of the home.
    key : bytes
        The sealing key of the home (32 bytes); keys for each purpose are derived from it.
    clock : callable
        Returns the present moment, with an offset.
    limits : Limits
        How long sessions last.
    """

    register: Register
    key: bytes = field(repr=False)
    clock: Clock = system_clock
    limits: Limits = field(default_factory=Limits)
    _turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_HASHED_AT_ONCE), repr=False)

    @classmethod
    def of(cls, home: Home, clock: Clock = system_clock) -> Gate:
        """Open the gate of a home; its key is made when there is none."""
        return cls(home.register, home.sealing_key()[0], clock)

    def now(self) -> datetime:
        """Return the present moment."""
        return self.clock()

    def hash(self, password: str) -> str:
        """Hash a password, when it is its turn."""
        with self._turn():
            return hash_password(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether this is the password, when it is its turn; as long for an account that is not there."""
        with self._turn():
            return is_password(kept, password)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_PATIENCE_SECONDS):
            raise WaitError(int(_PATIENCE_SECONDS))
        try:
            yield
        finally:
            self._turns.release()
