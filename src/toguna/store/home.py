"""The home of Toguna on a machine: a folder with the archive and the register.

Called by the command line and `toguna.events`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from toguna.core.errors import StoreError
from toguna.core.findings import Finding
from toguna.store.archive import Archive
from toguna.store.issued import IssuedForecasts
from toguna.store.register import Register
from toguna.store.register.address import register_address
from toguna.store.replays import KeptReplays
from toguna.store.sealing import sealing_key

__all__ = ["Home", "default_home"]


@dataclass(frozen=True)
class Home:
    """A folder; what it holds is made when it is first used."""

    path: Path

    @cached_property
    def archive(self) -> Archive:
        """What sources published."""
        return Archive(self.path / "archive")

    @cached_property
    def forecasts(self) -> IssuedForecasts:
        """Forecasts that were issued."""
        return IssuedForecasts(self.path / "forecasts")

    @cached_property
    def register(self) -> Register:
        """What people and runs wrote: `register.sqlite`, or the database that the home names."""
        return Register(register_address(self.path), home=self.path)

    @cached_property
    def replays(self) -> KeptReplays:
        """What replays taught."""
        return KeptReplays(self.path / "replays")

    def sealing_key(self) -> tuple[bytes, tuple[Finding, ...]]:
        """Return the key that turns reporters into pseudonyms; made when it is first asked for."""
        return sealing_key(self.path)


def default_home() -> Home:
    """Return the home named by TOGUNA_HOME, or ~/.local/share/toguna."""
    named = os.environ.get("TOGUNA_HOME")
    try:
        return Home(Path(named).expanduser() if named else Path.home() / ".local" / "share" / "toguna")
    except RuntimeError:  # neither HOME nor an entry of the user, as in a container
        raise StoreError("this user has no home folder; say --home DIR or set TOGUNA_HOME.") from None
