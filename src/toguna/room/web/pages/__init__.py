"""The pages of the room, one file per page; each holds a router.

Called by `toguna.room.web.app`.
"""

from __future__ import annotations

from toguna.room.web.pages import files, health, sections

__all__ = ["ROUTERS"]

ROUTERS = (health.router, files.router, sections.router)
