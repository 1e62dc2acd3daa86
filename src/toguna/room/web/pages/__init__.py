"""The pages of the room, one file per page; each holds a router.

Called by `toguna.room.web.app`.
"""

from __future__ import annotations

from toguna.room.web.pages import (
    account,
    actors,
    codes,
    files,
    health,
    incident,
    incidents,
    link,
    login,
    map,
    now,
    replay,
    report,
    reportline,
    review,
    sections,
    users,
    why,
)

__all__ = ["ROUTERS"]

ROUTERS = (
    health.router,
    files.router,
    login.router,
    link.router,
    account.router,
    codes.router,
    users.router,
    now.router,
    map.router,
    incidents.router,
    incident.router,
    actors.router,
    sections.router,
    replay.router,
    report.router,
    reportline.router,
    review.router,
    why.router,
)
