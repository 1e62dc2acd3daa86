"""``/t/THEATRE/incidents``: events searched, narrowed down, sorted, paged; the address is the state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.core.language import Language
from toguna.core.names import VIOLENCE
from toguna.room.briefing.evidence import deaths
from toguna.room.briefing.scope import names_of
from toguna.room.search import FACETS, Found, Query, read_query
from toguna.room.search.query import MISSING, SORTS
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.kept import kept

__all__ = ["MOST_LISTED", "MOST_SHOWN", "asked_query", "facet_word", "router", "told"]

router = APIRouter(include_in_schema=False)
MOST_SHOWN, MOST_LISTED = 12, 60
"""Values of a facet shown at once, and those behind a line that unfolds; the rest is found by its name."""


@dataclass(frozen=True)
class Choice:
    """One value of a facet, and the address that takes it in or out."""

    said: str
    n: int
    href: str
    chosen: bool


def asked_query(asked: Ask) -> tuple[Query, dict[str, str]]:
    """Read the question of a request, and what of it could not be read."""
    params = asked.request.query_params
    return read_query({name: params.getlist(name) for name in params})


def facet_word(facet: str, value: str, lang: Language) -> str:
    """Name a value of a facet."""
    if value == MISSING:
        return lang("not stated")
    if facet == "violence":
        return lang.word(VIOLENCE.get(value, value))
    return lang.word(value) if facet in ("tactic", "target", "source") else value


def titles(lang: Language) -> dict[str, str]:
    """Name the facets."""
    return {
        "violence": lang("kind of violence"),
        "tactic": lang("tactic"),
        "target": lang("target"),
        "source": lang("source"),
        "admin1": lang("area"),
        "year": lang("year"),
    }


def told(row: dict[str, Any], lang: Language) -> dict[str, Any]:
    """Say an event in the words of a table."""
    kinds = [lang.word(row[c]) for c in ("event_type", "tactic", "target", "setting") if row[c]]
    where = [str(row[c]) for c in ("place", "admin1") if row[c]]
    return {
        "what": " · ".join(dict.fromkeys(kinds)) or lang("not stated"),
        "where": ", ".join(dict.fromkeys(where)) or lang.country(row["country"] or "", lang("not stated")),
        "deaths": deaths(row, lang),
    }


@router.get("/t/{theatre}/incidents")
@needs(Right.READ)
@kept()
def incidents(asked: Asked) -> Response:
    """Answer a search."""
    query, wrong = asked_query(asked)
    found = asked.built.prepared.search.find(query)
    return answer.fresh(
        asked,
        answer.page(
            asked,
            "incidents.html.j2",
            query=query,
            wrong=wrong,
            found=found,
            facets=list(_facets(asked, query, found)),
            told=lambda row: told(row, asked.lang),
            names=names_of(asked.built.assessment, asked.lang),
            sorts=_sorts(asked.lang),
            at=lambda number: asked.link("incidents", **query.at(number).params()),
            without=asked.link("incidents"),
        ),
    )


def _facets(asked: Ask, query: Query, found: Found) -> Iterator[dict[str, Any]]:
    for facet in FACETS:
        counts = found.facets[facet]
        if facet == "year":
            counts = dict(sorted(counts.items(), reverse=True))
        chosen = query.chosen.get(facet, ())
        if len(counts) < 2 and not chosen:
            continue  # nothing to choose between
        listed = {v: n for k, (v, n) in enumerate(counts.items()) if k < MOST_LISTED or v in chosen}
        choices = [
            Choice(
                facet_word(facet, value, asked.lang),
                n,
                asked.link("incidents", **query.toggled(facet, value).params()),
                value in chosen,
            )
            for value, n in listed.items()
        ]
        first = [c for k, c in enumerate(choices) if k < MOST_SHOWN or c.chosen]
        rest = [c for k, c in enumerate(choices) if k >= MOST_SHOWN and not c.chosen]
        title = titles(asked.lang)[facet]
        more = len(counts) - len(listed)
        yield {"name": facet, "title": title, "first": first, "rest": rest, "chosen": chosen, "more": more}


def _sorts(lang: Language) -> list[tuple[str, str]]:
    said = {
        "newest": lang("newest first"),
        "oldest": lang("oldest first"),
        "deaths": lang("most deaths first"),
    }
    return [(name, said[name]) for name in SORTS]
