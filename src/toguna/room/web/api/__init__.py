"""The programming interface of the room: JSON beside every page, data files, features, feeds.

Called by `toguna.room.web.app`. Rows of sources need the right to export, and leave only as far as
`toguna.room.withheld` lets them.
"""

from __future__ import annotations

from toguna.room.web.api import actors, exports, features, incidents, parts, root, warned, why

__all__ = ["ROUTERS"]

ROUTERS = (
    root.router,
    actors.router,
    incidents.router,
    warned.router,
    exports.router,
    features.router,
    why.router,
    parts.router,
)
