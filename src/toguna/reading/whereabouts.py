"""Where one incident was: its place, what the name can mean, the areas and the country it lies in.

Enters: an `Episode` and the `Context` of its text. Leaves: fields of a draft. Called by
`toguna.reading.incidents`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from toguna.core.text import fold
from toguna.reading.context import BESIDE, Context, told_field
from toguna.reading.drafts import Field, Span
from toguna.reading.episodes import Episode
from toguna.reading.gazetteer import Spot, capital_of
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks
from toguna.reading.mentions import scene
from toguna.reading.places import Place

__all__ = ["where"]


def _country(e: Episode, context: Context) -> str:
    """Choose the country: named as where ("in", "north of"), else named, else of a people; Africa first."""
    votes: Counter[str] = Counter()
    for m in e.mentions:
        for at, iso3, by_name in m.marks.countries:
            before = m.marks.folded[max(m.marks.sentence.start, at - 40) : at]
            votes[iso3] += 2 + by_name + 2 * bool(_WITHIN.search(before)) - 3 * bool(_BESIDE.search(before))
    for rank, iso3 in enumerate(context.countries[:3]):
        votes[iso3] += 2 - rank
    told = [c for c, n in votes.most_common() if n > 0 and capital_of(c)]
    return told[0] if told else next(iter(context.countries), next(iter(context.setting.gazetteer.home), ""))


_WITHIN = phrase("episodes.within")
_BESIDE = phrase("episodes.beside")


def _chosen(place: Place, country: str, context: Context) -> list[Spot]:
    """Order what a name can mean: in the country told, else at home, else anywhere it is no contradiction."""
    told = {country, *context.countries} - {""}
    home = context.setting.gazetteer.home
    fit = [s for s in place.spots if s.country in told or (s.country in home and s.source == "theatre")]
    distinct: list[Spot] = []
    for s in sorted(
        fit or ([] if told else list(place.spots)),
        key=lambda s: (s.country != country, s.country not in home, -s.population),
    ):
        if not any(d.lat == s.lat and d.lon == s.lon for d in distinct):
            distinct.append(s)
    return distinct


def where(e: Episode, context: Context) -> dict[str, Field]:
    """Return the fields of an incident's place: name, areas, country, point, as far as told or known."""
    country = _country(e, context)
    home = context.setting.gazetteer.home
    place = e.place or next(
        (p for m in e.marks if (p := m.once(scene)) and p.role in ("scene", "near")), None
    )
    place = place or next((p for m in e.mentions for p in m.marks.places if _of_notable(p, m.marks)), None)
    found: dict[str, Field] = {}
    if place is None:
        if country:
            spans = [(at, at) for m in e.mentions for at, c, _ in m.marks.countries if c == country][:1]
            found["country"] = told_field(country, spans, context.sure("place", ["vague"]), "named")
        return found
    spots = _chosen(place, country, context)
    spot = spots[0] if spots else None
    span: Span = (place.start, place.end)
    features = [*(["explicit"] if place.role == "scene" else []), *(["known"] if spot else [])]
    features += ["ambiguous"] if len(spots) > 1 else []
    features += ["vague"] if place.level in ("area", "admin1") or place.role == "bare" else []
    chance = context.sure("place", features)
    rule = "gazetteer" if spot else "locative"
    found["place"] = told_field(
        place.name, [span], chance, rule, alternatives=tuple(f"{s.name} ({s.country})" for s in spots[1:4])
    )
    for level in ("admin2", "admin1"):
        near = _area(e, place, level)
        if near is None and not getattr(spot, level, ""):
            near = context.within.get((fold(place.name), level))
        told = (
            (near.spots[0].name if near.spots else near.name)
            if near
            else getattr(spot, level, "")
            if spot
            else ""
        )
        if place.level == level:
            told = spot.name if spot else place.name
        if not told and not spot:
            told = _lies_in(e, level, country) or _only(context.areas.get(level, ()))
        if not told and level == "admin1" and "admin2" in found:
            told = _above(str(found["admin2"].value), (spot and spot.country) or country, context)
        if told:
            found[level] = told_field(
                told, [(near.start, near.end)] if near else [span], chance, "named" if near else rule
            )
    found["country"] = told_field(
        (spot and spot.country) or country or next(iter(home), ""), [span], chance, rule
    )
    if spot and spot.lat is not None:
        found["latitude"] = told_field(spot.lat, [span], chance, rule)
        found["longitude"] = told_field(spot.lon, [span], chance, rule)
    return found


def _of_notable(p: Place, marks: Marks) -> bool:
    """Say whether a place is only named as that of a mayor or chief, who speaks of what is his to tell."""
    capital = any(s.name == capital_of(s.country) for s in p.spots)
    before = marks.folded[max(marks.sentence.start, p.start - 24) : p.start]
    return p.role == "seat" and not capital and bool(_NOTABLE.search(before))


_NOTABLE = re.compile(r"\b(?:mayor|maire|prefet|prefect|sous-prefet|chief|chef|imam|hospital|hopital)\b")


def _lies_in(e: Episode, level: str, country: str) -> str:
    """Place an unknown village in the area of a known scene of the same incident."""
    known = (s for m in e.marks for p in m.places if p.role in ("scene", "near") for s in p.spots)
    return next((getattr(s, level) for s in known if s.country == country and getattr(s, level)), "")


def _only(areas: Sequence[Place]) -> str:
    """Return the one area that a text names; of several none is chosen."""
    named = [p.spots[0].name if p.spots else p.name for p in areas]
    return named[0] if len(named) == 1 else ""


def _above(second: str, country: str, context: Context) -> str:
    """Return the first-level area in which a second-level area lies, "" when not known."""
    spots = context.setting.gazetteer.find(second)
    first = {s.admin1 for s in spots if s.country == country and s.admin1 and fold(s.admin2) == fold(second)}
    return first.pop() if len(first) == 1 else ""


def _area(e: Episode, place: Place, level: str) -> Place | None:
    """Find the area named beside a place ("X circle, in the Y region")."""
    for m in e.mentions:
        if any(p.start == place.start for p in m.marks.places):
            return next(
                (
                    p
                    for p in m.marks.places
                    if p.level == level and p is not place and abs(p.start - place.end) < BESIDE
                ),
                None,
            )
    return None
