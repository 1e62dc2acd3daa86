"""The family of an organisation at a date.

Enters: relations of a registry and a date. Leaves: for each organisation the senior actor of its
family. Called by `toguna.actors.registry`.

A family is one chain of command as far as sources state it. What makes one, and why:

- ``merger_into`` and ``component_of`` do: the parent end commands or absorbs the other.
- ``splinter_from`` ends membership. *Before* its date an organisation that already existed belongs
  to the one it later left; from that date on it founds its own family, unless it is stated to be a
  component of another.
- ``alliance``, ``cooperation`` and ``joint_claim`` do not: allies keep their own command and part
  again within months. They are listed by `allies`.
- ``allegiance_to`` does not: an oath to a distant leadership binds groups that obey, recruit and
  claim apart, often a continent apart. Were it a family, two groups that swore to the same
  leadership would be one actor, one that only never swore in writing would be left out, and an
  oath disowned within the month would move a whole group. It is read by `umbrella`.

Each organisation has at most one parent, so that a disputed membership never fuses two families:
the statement that began last wins, then the one with more sources, then the first by id. The family
bears the name of the last parent up the chain; where statements run in a circle, that of the first
by id among those in the circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from toguna.actors.organisations import Actor
from toguna.actors.relations import Relation

__all__ = ["allies", "parents", "partition", "senior", "umbrella"]

BINDING = ("merger_into", "component_of")


def parents(relations: Iterable[Relation], *, actors: Mapping[str, Actor], on: date) -> dict[str, str]:
    """Return the parent of each organisation that has one at a date."""
    best: dict[str, Relation] = {}
    for r in relations:
        if _binds(r, actors, on) and (r.a not in best or _rank(r) > _rank(best[r.a])):
            best[r.a] = r
    return {a: r.b for a, r in best.items()}


def _binds(r: Relation, actors: Mapping[str, Actor], on: date) -> bool:
    if r.kind == "splinter_from":
        return r.start is not None and on < r.begin and actors[r.a].begun(on) and actors[r.b].begun(on)
    return r.kind in BINDING and r.in_force(on)


def _rank(r: Relation) -> tuple[bool, date, int, tuple[int, ...]]:
    stated = r.kind != "splinter_from"
    return stated, r.begin, len(r.sources), tuple(-ord(c) for c in r.id)


def senior(actor: str, parent: Mapping[str, str]) -> str:
    """Follow the parents upwards; a circle ends at its first member by id."""
    path = [actor]
    while (above := parent.get(path[-1])) is not None:
        if above in path:
            return min(path[path.index(above) :])
        path.append(above)
    return path[-1]


def partition(members: Iterable[str], parent: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Group organisations by family; every one is in exactly one."""
    families: dict[str, set[str]] = {}
    for actor in sorted(members):
        families.setdefault(senior(actor, parent), set()).add(actor)
    return {k: frozenset(families[k]) for k in sorted(families)}


def allies(actor: str, relations: Iterable[Relation], *, on: date) -> tuple[str, ...]:
    """List those in alliance or cooperation with an organisation on a day, either way round."""
    pairs = ((r.a, r.b) for r in relations if r.kind in ("alliance", "cooperation") and r.in_force(on))
    return tuple(sorted({b if a == actor else a for a, b in pairs if actor in (a, b)}))


def umbrella(actor: str, relations: Iterable[Relation], *, on: date) -> str | None:
    """Return to whom an organisation's oath binds it on a day; the latest oath counts."""
    oaths = [r for r in relations if r.kind == "allegiance_to" and r.a == actor and r.in_force(on)]
    return max(oaths, key=_rank).b if oaths else None
