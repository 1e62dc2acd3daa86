"""Which events of different sources, or of one, tell of the same incident.

Enters: an event frame whose `perpetrators` bear common ids. Leaves: links with their reasons, incidents,
and findings about rows that were submitted more than once. Called by `toguna.room.view`.
"""

from __future__ import annotations

from toguna.events.links.incidents import Incident, Link, Linked, Ruling, Verdict
from toguna.events.links.link import link
from toguna.events.links.repeated import repeated
from toguna.events.links.tellings import NO_KINSHIP, Kinship

__all__ = ["NO_KINSHIP", "Incident", "Kinship", "Link", "Linked", "Ruling", "Verdict", "link", "repeated"]
