"""The room as a web application: the same situation as the briefing, alive.

Enter a home and requests; leave pages, data and entries of the register. Called by ``toguna serve``.
"""

from __future__ import annotations

from toguna.room.web.app import create_app
from toguna.room.web.settings import RoomSettings

__all__ = ["RoomSettings", "create_app"]
