"""The pages of the room, one file per page; each holds a router.

Called by `toguna.room.web.app`.
"""

from __future__ import annotations

from toguna.room.web.pages import (
    account,
    actors,
    ahead,
    codes,
    files,
    health,
    incident,
    incidents,
    lessons,
    link,
    login,
    map,
    measures,
    now,
    plans,
    provider,
    read,
    read_text,
    replay,
    report,
    reportline,
    reportmap,
    review,
    sections,
    users,
    warning,
    warning_moves,
    warning_outputs,
    warning_write,
    warnings,
    why,
)

__all__ = ["ROUTERS"]

# What is asked for most comes first: routes are tried one after the other.
ROUTERS = (
    health.router,
    files.router,
    now.router,
    map.router,
    incidents.router,
    incident.router,
    actors.router,
    sections.router,
    ahead.router,
    warnings.router,
    warning_write.router,  # before the page of one warning: "new" is no id
    warning.router,
    warning_moves.router,
    warning_outputs.router,
    plans.router,
    measures.router,
    lessons.router,
    replay.router,
    report.router,
    reportline.router,
    reportmap.router,
    review.router,
    read.router,
    read_text.router,
    why.router,
    login.router,
    provider.router,
    link.router,
    account.router,
    codes.router,
    users.router,
)
