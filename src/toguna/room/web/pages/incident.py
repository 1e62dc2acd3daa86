"""``/t/THEATRE/incidents/ID``: one event: sources, rival accounts, other tellings, likeness, revisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.core.language import Language
from toguna.room.briefing.evidence import deaths
from toguna.room.briefing.scope import names_of
from toguna.room.charts.palette import RECENT
from toguna.room.charts.sketch import Mark, sketch
from toguna.room.search.one import Dossier, dossier
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, MissingError, needs
from toguna.room.web.kept import kept
from toguna.room.web.lands import lands, panel
from toguna.room.web.pages.actors import additions, registry_of
from toguna.room.web.pages.incidents import told

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_AROUND = timedelta(days=30)
_FIGURES = (
    "deaths_attackers",
    "deaths_civilians",
    "deaths_security",
    "deaths_international",
    "wounded",
    "hostages",
)


def _known(asked: Ask, id: str) -> Dossier:
    found = dossier(asked.built.prepared.search, asked.built.assessment, id, registry=registry_of(asked))
    if found is None:
        raise MissingError("event", id[:80])
    return found


@router.get("/t/{theatre}/incidents/{id:path}")
@needs(Right.READ)
@kept(additions)
def incident(asked: Asked, id: str) -> Response:
    """Show everything that is known of an event."""
    found, lang, prepared = _known(asked, id), asked.lang, asked.built.prepared
    event = found.event
    return answer.fresh(
        asked,
        answer.page(
            asked,
            "incident.html.j2",
            found=found,
            event=event,
            told=lambda row: told(row, lang),
            names=names_of(asked.built.assessment, lang),
            pages=[(url, urlsplit(url).hostname or url, _web(url)) for url in event["source_urls"] or ()],
            figures=[(_figure(name, lang), event[name]) for name in _FIGURES if event[name] is not None],
            links=[_link(link, lang) for link in found.links],
            alike=prepared.alike(event["event_id"]),
            day=lambda said: lang.short_date(date.fromisoformat(said)),
            history=list(_history(prepared.history(event["event_id"]), lang)),
            around=asked.link("incidents", place=event["place"] or event["admin1"], **_days(event)),
        ),
    )


def _web(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _days(event: Mapping[str, Any]) -> dict[str, str]:
    return {
        "from": (event["date_start"] - _AROUND).isoformat(),
        "to": ((event["date_end"] or event["date_start"]) + _AROUND).isoformat(),
    }


def _figure(name: str, lang: Language) -> str:
    return {
        "deaths_attackers": lang("deaths of attackers"),
        "deaths_civilians": lang("deaths of civilians"),
        "deaths_security": lang("deaths of national forces"),
        "deaths_international": lang("deaths of international forces"),
        "wounded": lang("wounded"),
        "hostages": lang("people held"),
    }[name]


def _link(link: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    reasons = [lang.word(f"link:{r['feature']}/{r['level']}") for r in link["reasons"]]
    return {**link, "reasons": reasons, "status": lang.word(f"link:{link['status']}")}


def _history(releases: list[dict[str, Any]], lang: Language) -> Iterator[dict[str, Any]]:
    """Say of each release what it told, and what changed against the one before."""
    for older, release in pairwise([None, *releases]):
        assert release is not None
        changed = _changed(older, release, lang) if older else []
        yield {**release, "deaths": deaths(release, lang), "changed": changed}


def _changed(older: Mapping[str, Any], newer: Mapping[str, Any], lang: Language) -> list[str]:
    said = (
        (("best", "low", "high"), lang("deaths")),
        (("date_start", "date_end"), lang("date")),
        (("place", "lat", "lon"), lang("place")),
        (("side_a", "side_b"), lang("sides")),
    )
    return [word for columns, word in said if any(older[c] != newer[c] for c in columns)]


@router.get("/t/{theatre}/where/{id:path}.svg")
@needs(Right.READ)
def where(asked: Asked, id: str) -> Response:
    """Draw where an event lies in the theatre."""
    at = asked.built.prepared.search.position(id)
    event = asked.built.prepared.search.rows([at])[0] if at is not None else {}
    if not event or event["lat"] is None or event["lon"] is None:
        raise MissingError("drawing", id[:80])
    point = (event["lat"], event["lon"])
    mark = Mark(*point, 7.0, RECENT, diamond=(event["where_prec"] or 9) > 1)
    drawn = sketch(
        panel(asked.theatre, 340.0, around=point),
        lands(asked.theatre),
        [mark],
        title=told(event, asked.lang)["where"],
    )
    return Response(drawn, media_type="image/svg+xml", headers=answer.DRAWING)
