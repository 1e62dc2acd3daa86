"""The pages of the room, one file per page; each holds a router.

Called by `toguna.room.web.app`.
"""

from __future__ import annotations

from toguna.room.web.pages import actors, files, health, now, replay, sections, why

__all__ = ["ROUTERS"]

ROUTERS = (
    health.router,
    files.router,
    now.router,
    actors.router,
    sections.router,
    replay.router,
    why.router,
)
