"""What a theatre lets the checks know: outlines, places, and when organisations existed.

Enters: a theatre and a date. Leaves: `Ground` and lifetimes. Called by `toguna.events.gather`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from toguna.core.dates import parse_partial
from toguna.core.text import fold
from toguna.events.checks.context import Ground, Lifetime
from toguna.events.checks.place_unknown import bare
from toguna.store.theatre import Theatre

__all__ = ["ground_of", "lifetimes_of"]


def ground_of(theatre: Theatre) -> Ground:
    """Collect outlines and names of places; these carry no dates and are read whole.

    A theatre without places.csv lists no places, whatever areas it names.
    """
    listed = theatre.tables["places"]["place"].drop_nulls().to_list()
    names = [*listed, *_areas(theatre)] if listed else []
    return Ground(
        countries=tuple(a for a in theatre.areas("adm0") if a.country),
        areas=tuple(a for a in theatre.areas("adm1") if a.country in ("", *theatre.countries)),
        places=frozenset(bare(name) for name in names),
    )


def _areas(theatre: Theatre) -> Iterator[str]:
    for name, others in theatre.tables["regions"].select("name", "alt_names").iter_rows():
        yield from (spelling for spelling in (name, *(others or "").split("|")) if spelling)
    for level in ("adm0", "adm1", "adm2"):
        yield from (area.name for area in theatre.areas(level))


def lifetimes_of(theatre: Theatre, as_of: date) -> Mapping[str, Lifetime]:
    """Return when each organisation existed, by every spelling that only one of them bears.

    Organisations founded after `as_of` are left out; an end after it is not known yet.
    """
    lives: dict[str, Lifetime | None] = {}
    rows = theatre.tables["actors"].select("id", "name", "aliases", "active_from", "active_to")
    for actor, name, aliases, told_from, told_to in rows.iter_rows():
        start, end = parse_partial(told_from or ""), parse_partial(told_to or "")
        if not actor or (start and start.first > as_of):
            continue
        life = (start.first if start else None, end.last if end and end.last <= as_of else None)
        for spelling in {fold(text) for text in (actor, name, *(aliases or "").split(";")) if text} - {""}:
            lives[spelling] = None if spelling in lives else life
    return {spelling: life for spelling, life in lives.items() if life and life != (None, None)}
