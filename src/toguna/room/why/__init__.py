"""Why a figure says what it says: from any id of an assessment down to source lines.

Enters: an assessment, its events, an id. Leaves: a tree of `Reason`. Called by ``toguna why`` and the room.
"""

from __future__ import annotations

from toguna.room.why.explain import known_ids, why
from toguna.room.why.reason import Reason

__all__ = ["Reason", "known_ids", "why"]
