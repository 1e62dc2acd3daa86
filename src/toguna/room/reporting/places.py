"""Places of a theatre by the names people use, with or without accents, and areas by their outlines.

Enters: a theatre. Leaves: `Gazetteer`. Called by `questionnaire` and the page that suggests places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from toguna.core.text import fold
from toguna.events.locate import NEAREST_KM
from toguna.events.outlines import holders, nearest
from toguna.store.areas import Area
from toguna.store.theatre import Theatre

__all__ = ["Gazetteer", "Place"]

_NEAR_IN_SPELLING = 72.0  # of 100; what is shown is a proposal that a person chooses from
_NEAREST = {"1": "exact", "2": "near", "3": "area", "4": "region"}


@dataclass(frozen=True, slots=True)
class Place:
    """One place.

    Parameters
    ----------
    name, region : str
        Its name, and the first-level area it lies in ("" when not told).
    lat, lon : float
        Degrees.
    known : {"exact", "near", "area", "region"}
        How exact the point is, in the words of the form.
    """

    name: str
    region: str
    lat: float
    lon: float
    known: str

    @property
    def title(self) -> str:
        """Name and area, by which two places of one name are told apart."""
        return f"{self.name} ({self.region})" if self.region else self.name

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "title": self.title,
            "name": self.name,
            "region": self.region,
            "lat": self.lat,
            "lon": self.lon,
        }


@dataclass(frozen=True)
class Gazetteer:
    """The places of a theatre: those of places.csv, and the capitals of its areas."""

    theatre: Theatre

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Return every place once, sorted by title."""
        every = {place.title: place for place in (*self._capitals(), *self._listed())}
        return tuple(every[title] for title in sorted(every))

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Return the first-level areas of the countries assessed; without outlines those that places name."""
        mine = {a.name for a in self._areas} or {place.region for place in self._listed() if place.region}
        return tuple(sorted({*self.theatre.names("adm1").canonical.values(), *mine}))

    @cached_property
    def _index(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in self.places:
            for name in {fold(place.name), fold(place.title)}:
                found.setdefault(name, []).append(place)
        return found

    def find(self, text: str) -> list[Place]:
        """Return the places of this very name, whatever its accents, hyphens and case."""
        return list(self._index.get(fold(text), ()))

    def suggest(self, text: str, most: int = 8) -> list[Place]:
        """Return places whose name begins so, holds it, or is spelled nearly so; the likeliest first."""
        asked = fold(text[:80])
        if not asked:
            return []
        names = list(self._index)
        begun = [n for n in names if n.startswith(asked)]
        within = [n for n in names if len(asked) > 2 and asked in n]
        near = process.extract(asked, names, scorer=fuzz.ratio, limit=most, score_cutoff=_NEAR_IN_SPELLING)
        ordered = (*begun, *within, *(name for name, _, _ in near))
        told = dict.fromkeys(place for name in ordered for place in self._index[name])
        return list(told)[:most]

    @cached_property
    def _areas(self) -> list[Area]:
        return [a for a in self.theatre.areas("adm1") if a.country in ("", *self.theatre.countries)]

    @property
    def outlined(self) -> bool:
        """Whether the theatre has outlines, against which a point can be held."""
        return bool(self._areas)

    def region_of(self, lat: float, lon: float) -> str | None:
        """Return the first-level area that holds a point, or that lies within 10 km of it."""
        areas = self._areas
        if not areas:
            return None
        outlines, point = [a.geometry for a in areas], (np.array([lat]), np.array([lon]))
        at = int(holders(outlines, *point)[0])
        if at < 0:
            at = int(nearest(outlines, *point, within_km=NEAREST_KM)[0][0])
        return areas[at].name if at >= 0 else None

    def _listed(self) -> Iterator[Place]:
        rows = self.theatre.tables["places"].iter_rows(named=True)
        mine = (row for row in rows if row["country"] in (None, *self.theatre.countries))
        for row in mine:
            precision = _NEAREST.get(row.get("geo_precision") or "2", "near")
            yield from _place(row["place"], row["admin1"], (row["latitude"], row["longitude"]), precision)

    def _capitals(self) -> Iterator[Place]:
        for row in self.theatre.tables["regions"].iter_rows(named=True):
            if row["capital"]:
                first = row["name"] in self.regions
                point = (row["capital_lat"], row["capital_lon"])
                yield from _place(row["capital"], row["name"] if first else row["parent"], point, "exact")


def _place(name: str | None, region: str | None, point: Iterable[Any], known: str) -> Iterator[Place]:
    try:
        lat, lon = (float(part) for part in point)
    except (TypeError, ValueError):
        return  # told by the check of the pack
    if name:
        yield Place(name, region or "", lat, lon, known)
