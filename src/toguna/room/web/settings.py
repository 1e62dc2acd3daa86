"""What a room is opened with.

Enters: flags of ``toguna serve``. Leaves: `RoomSettings`, passed to `toguna.room.web.create_app`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from toguna.store.home import Home

if TYPE_CHECKING:
    from toguna.accounts.identity import Window

__all__ = ["RoomSettings", "now"]


def now() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class RoomSettings:
    """Settings of a room.

    Parameters
    ----------
    home : Home
        Archive, register, built assessments.
    theatres : tuple of str
        Names or folders of the theatres shown; the first is the one that opens.
    as_of : date or None
        The day on which the room stands; None = today.
    public_view : bool
        Whether guests may read what is public without logging in.
    build : bool
        Whether the room builds assessments by itself when data change; tests and benches switch it off.
    tiles : str or None
        Address of map tiles, with ``{z}``, ``{x}``, ``{y}``, to lie under outlines; None = outlines alone.
        Whoever serves them learns which parts of the map readers look at.
    clock : callable
        Gives the moment, in UTC.
    secure : bool
        Whether browsers reach the room under TLS: cookies and headers say so then.
    behind_proxy : bool
        Whether requests come from a reverse proxy, which tells the sender's address.
    provider : Window or None
        The identity provider by which people may log in; None = by password alone.
    hosts : tuple of str
        Names by which the room may be called; a request to another name is refused.
    """

    home: Home
    theatres: tuple[str, ...]
    as_of: date | None = None
    public_view: bool = False
    build: bool = True
    tiles: str | None = None
    clock: Callable[[], datetime] = now
    secure: bool = False
    behind_proxy: bool = False
    provider: Window | None = None
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "::1", "[::1]")

    def today(self) -> date:
        """Return the day on which the room stands."""
        return self.as_of or self.clock().date()
