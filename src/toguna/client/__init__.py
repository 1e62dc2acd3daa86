"""Ask a room from Python: what its pages show, as values and frames.

    from toguna.client import Room

    with Room("https://room.example.org", token="tgn_...", theatre="sahel") as room:
        for sentence in room.headline():
            print(sentence["text"]["en"])
        events = room.events(place="the capital", first="2015-01-01")

Enters: the address of a room and a token. Leaves: dicts, iterators, Polars frames. Called by scripts of
users; imports nothing of the room.
"""

from __future__ import annotations

from toguna.client.errors import (
    MissingError,
    NotAllowedError,
    NotReadyError,
    RoomError,
    StaleWarning,
    UnreadableError,
    WithheldError,
)
from toguna.client.room import Room

__all__ = [
    "MissingError",
    "NotAllowedError",
    "NotReadyError",
    "Room",
    "RoomError",
    "StaleWarning",
    "UnreadableError",
    "WithheldError",
]
