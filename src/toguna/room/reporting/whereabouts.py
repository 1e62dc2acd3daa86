"""Where it happened: a place by its name, or a point; what is not clear is asked back with places to choose.

Enters: the fields of a reading. Leaves: its answers `place`, `region`, `point`, `place_known`, or what is
wrong. Called by `questionnaire`.
"""

from __future__ import annotations

from typing import Any

from toguna.core.language import Language
from toguna.room.reporting.places import Gazetteer, Place
from toguna.room.reporting.typed import clean
from toguna.sources.reports.form import choices

__all__ = ["AS_TYPED", "where"]

AS_TYPED = "as-typed"
_DECIMALS = 4  # 11 m: finer is the house, not the place


def where(found: Any, gazetteer: Gazetteer, L: Language) -> None:
    """Answer the questions of the place; `found` is a `questionnaire.Reading`."""
    region = clean(found.given.get("region", ""))
    if region and region not in gazetteer.regions:
        found.wrong["region"] = L("Choose one of the regions listed.")
        region = ""
    known = clean(found.given.get("place_known", ""))
    if known and known not in choices()["nearness"]:
        found.wrong["place_known"] = L("Choose one of the answers listed.")
        known = ""
    point = _point(found, L)
    name = found.answers.get("place", "")
    if not name and "place" not in found.wrong:
        found.wrong["place"] = L("Name the village or town, or the nearest one.")
    if point:
        region = _region_of(found, gazetteer, (point, region), L) or region
        found.answers |= {"point": f"{point[0]} {point[1]}", "place_known": known or "near"}
    elif name:
        place = _named(found, gazetteer, (name, region), L)
        region = place.region or region if place else region
        if place:
            point_text = f"{place.lat} {place.lon}"
            found.answers |= {"place": place.name, "point": point_text, "place_known": known or place.known}
        elif known in ("area", "region"):
            found.answers["place_known"] = known
    if region:
        found.answers["region"] = region


def _point(found: Any, L: Language) -> tuple[float, float] | None:
    lat, lon = (clean(found.given.get(name, "")).replace(",", ".") for name in ("lat", "lon"))
    if not lat and not lon:
        return None
    try:
        point = (round(float(lat), _DECIMALS), round(float(lon), _DECIMALS))
    except (ValueError, OverflowError):
        point = (999.0, 999.0)
    if not (abs(point[0]) <= 90 and abs(point[1]) <= 180):
        found.wrong["lat"] = L(
            "Give both latitude and longitude in degrees, as in 14.53 and −4.09, or neither."
        )
        return None
    return point


def _region_of(
    found: Any, gazetteer: Gazetteer, told: tuple[tuple[float, float], str], L: Language
) -> str | None:
    (lat, lon), region = told
    held = gazetteer.region_of(lat, lon)
    if held is None and gazetteer.outlined:
        found.wrong["lat"] = L(
            "This point lies outside the areas of this theatre; check it, or leave it out."
        )
    elif held and region and region != held:
        found.wrong["region"] = L("The point lies in {area}: correct the point or the region.", area=held)
    return held


def _named(found: Any, gazetteer: Gazetteer, told: tuple[str, str], L: Language) -> Place | None:
    """Return the place of the list that is meant; None when it is not in the list and was said to be so."""
    name, region = told
    chosen = clean(found.given.get("place_choice", ""))
    if chosen == AS_TYPED:
        if not region:
            found.wrong.setdefault("region", L("Say in which region this place lies."))
        return None
    among = gazetteer.find(chosen) if chosen else gazetteer.find(name)
    fitting = [p for p in among if p.region == region] or among if region else among
    if len(fitting) == 1:
        (place,) = fitting
        if region and place.region and place.region != region:
            found.wrong["region"] = L("{place} lies in {area}: correct one of the two.", place=place.name,
                                      area=place.region)  # fmt: skip
        return place
    if not fitting and region:
        return None
    found.candidates = fitting or gazetteer.suggest(name)
    found.wrong["place"] = (
        L("There are several places of this name. Choose one below.")
        if fitting
        else L("This place is not in the list. Choose one below, or say that it is none of these.")
    )
    return None
