"""The room as a web application: the same situation as the briefing, alive.

Enter a home and requests; leave pages, data and entries of the register. Called by ``toguna serve``. What it
exports is loaded when it is asked for: builds and plans run as modules of this package in processes of their
own (``python -m toguna.room.web.building``), and must not find themselves loaded before they run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toguna.room.web.app import create_app
    from toguna.room.web.settings import RoomSettings

__all__ = ["RoomSettings", "create_app"]

_LIES_IN = {"RoomSettings": "settings", "create_app": "app"}


def __getattr__(name: str) -> Any:
    """Load what is exported."""
    if name not in _LIES_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LIES_IN[name]}"), name)
