"""The registry of organisations as it could be known at a date.

Enters: the tables `actors` and `relations` of a theatre, and what users added. Leaves: a `Registry`
that answers who is meant by a name, which family a group belongs to at a date, what relations are
in force and what changed. Called by attach, genealogy and responsibility beside it, by
`toguna.shifts` and by the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from toguna.actors import family as families_
from toguna.actors.organisations import Actor, HasTables, read_actors, with_names
from toguna.actors.relations import Change, Relation, changes, read_relations
from toguna.actors.resolve import Match, NameIndex
from toguna.core.digest import digest
from toguna.core.findings import Finding
from toguna.core.language import LANGUAGES

__all__ = ["UNLISTED", "Registry"]

UNLISTED = "unlisted"


@dataclass(frozen=True)
class Registry:
    """Organisations, their names and their relations, as of a date.

    Make one with `Registry.build`. Two registries with the same content are equal.

    Parameters
    ----------
    as_of : date
        What was published later is not in it.
    actors : dict of str to Actor
        By id, sorted.
    statements : tuple of Relation
        Every visible relation, in force or not, sorted by id.
    findings : tuple of Finding
        Rows that were left out or look odd.
    """

    as_of: date
    actors: dict[str, Actor]
    statements: tuple[Relation, ...]
    findings: tuple[Finding, ...]
    _index: NameIndex = field(repr=False, compare=False)
    _parents: dict[date, dict[str, str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(
        cls, theatre: HasTables, *, as_of: date, extra: Mapping[str, pl.DataFrame] | None = None
    ) -> Registry:
        """Read the registry of a theatre as of a date.

        Parameters
        ----------
        theatre : Theatre
            Its tables "actors" and "relations" are read.
        as_of : date
            Organisations and statements that begin later are invisible; ends that lie later are hidden.
        extra : mapping of str to DataFrame, optional
            What users added: "actors" and "relations" in the columns of the theatre's tables, and
            "names" with the columns `actor_id` and `name`.
        """
        more = extra or {}
        known, odd_actors = read_actors((theatre.tables.get("actors"), more.get("actors")), as_of=as_of)
        known = with_names(known, more.get("names"))
        actors = {a.id: a for a in known}
        frames = (theatre.tables.get("relations"), more.get("relations"))
        relations, odd = read_relations(frames, actors=actors, as_of=as_of)
        return cls(as_of, actors, tuple(relations), (*odd_actors, *odd), NameIndex(known))

    def titles(self, actor_id: str) -> dict[str, str]:
        """Name an organisation in every language; one that is not listed by its id."""
        actor = self.actors.get(actor_id)
        return {code: actor.title(code) if actor else actor_id for code in LANGUAGES}

    def resolve(self, name: str) -> Match:
        """Say which organisation a name means, how sure that is, and by which rule."""
        return self._index.find(name)

    def kind(self, actor_id: str) -> str:
        """Return the kind of an organisation; "unlisted" for a name the registry does not hold."""
        actor = self.actors.get(actor_id)
        return actor.kind if actor else UNLISTED

    def family(self, actor_id: str, on: date) -> str:
        """Return the senior actor of the family at a date; a name not listed is its own family."""
        return families_.senior(actor_id, self._parents_on(on))

    def families(self, on: date) -> dict[str, frozenset[str]]:
        """Return the families of all organisations that may have existed by a date, by senior actor."""
        members = [a.id for a in self.actors.values() if a.begun(on)]
        return families_.partition(members, self._parents_on(on))

    def allied_with(self, actor_id: str, on: date) -> tuple[str, ...]:
        """List the organisations outside its family in alliance or cooperation with one at a date."""
        home = self.family(actor_id, on)
        found = families_.allies(actor_id, self.statements, on=on)
        return tuple(a for a in found if self.family(a, on) != home)

    def umbrella(self, actor_id: str, on: date) -> str | None:
        """Return the leadership to which an organisation has sworn allegiance at a date, if any."""
        return families_.umbrella(actor_id, self.statements, on=on)

    def relations(self, on: date) -> list[Relation]:
        """Return the relations in force on a day, sorted by id."""
        return [r for r in self.statements if r.in_force(on)]

    def changes(self, since: date, until: date) -> list[Change]:
        """Return what began or ended after `since` and by `until`, oldest first."""
        return changes(self.statements, since=since, until=until)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "as_of": self.as_of.isoformat(),
            "actors": [a.as_dict() for a in self.actors.values()],
            "relations": [r.as_dict() for r in self.statements],
            "findings": [f.as_dict() for f in self.findings],
        }

    def digest(self) -> str:
        """Return the sha256 of the content."""
        return digest(self.as_dict())

    def _parents_on(self, on: date) -> dict[str, str]:
        if on not in self._parents:
            self._parents[on] = families_.parents(self.statements, actors=self.actors, on=on)
        return self._parents[on]
