"""Incidents of a view: what the registry knows about kinship, what people stated, what follows.

Enters: events with resolved actors, a registry, a register. Leaves: `Linked`, findings, plain values for the
assessment. Called by `toguna.room.view` and `toguna.room.situation`.
"""

from __future__ import annotations

from toguna.actors.registry import Registry
from toguna.events.links import Kinship

__all__ = ["kinship_of"]

_KIN = ("component_of", "merger_into")


def kinship_of(registry: Registry) -> Kinship:
    """Say which ids name nobody, and which organisations are part of one another."""
    nobody = frozenset(a.id for a in registry.actors.values() if a.kind == "unknown")
    kin = frozenset((r.a, r.b) for r in registry.statements if r.kind in _KIN)
    return Kinship(nobody, kin)
