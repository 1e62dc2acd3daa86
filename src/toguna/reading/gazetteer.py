"""The gazetteer: every name of a place that a theatre knows, and towns beyond it.

Enters: the tables and outlines of a theatre, `data/towns.csv` (populated places of Africa from
GeoNames, CC BY 4.0) and `data/areas.csv` (communes and villages of the Sahel by area). Leaves:
`Gazetteer`, which says what a name can mean, and `points`. Called by `toguna.reading.places`, for matching
drafts with what is known, and by the map of the form of reports.
"""

from __future__ import annotations

import csv
import math
import re
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice

import polars as pl

from toguna.core import countries
from toguna.core.geography import EARTH_KM
from toguna.core.language import Language
from toguna.core.text import fold
from toguna.reading.initials import by_initial
from toguna.reading.sounds import sound
from toguna.store.theatre import Theatre

__all__ = ["Gazetteer", "Spot", "capital_of", "country_names", "demonyms", "people_of", "points"]

AREA_KM = 150
"""Farther from its seat (km) a place does not lie in a second-level area."""

SURE_SOUND = 6
"""Letters that the sound of a name needs to stand for a place that is spelt otherwise."""
DEGREE_KM = 111
"""A degree of latitude (km) is a little more: what lies so many apart lies at least as far apart."""
_SAME_KM = 30
"""Nearer than that (km) two places of one name are one."""

_QUALIFIER = re.compile(r"\s*\([^()]*\)")
_ABOUT = re.compile(
    r"^(?:near|north of|south of|east of|west of|pres de)\s+|\s+(?:area|border post|zone)$", re.IGNORECASE
)
_BY_OTHERS = re.compile(r"\bnear\b|\d", re.IGNORECASE)
_NO_NAME = re.compile(r"\b(?:road|between|km|axis|route|village near|axe)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that a name can mean.

    Parameters
    ----------
    name : str
        Canonical name.
    level : {"point", "admin2", "admin1", "country"}
        What it is.
    country : str
        ISO 3166-1 alpha-3 code, "" when not known.
    lat, lon : float or None
        Degrees (WGS84); of an area its seat.
    admin1, admin2 : str
        The areas it lies in, "" when not known.
    source : str
        "theatre", "geonames" or "areas".
    population : int
        0 when not known.
    """

    name: str
    level: str
    country: str
    lat: float | None = None
    lon: float | None = None
    admin1: str = ""
    admin2: str = ""
    source: str = "theatre"
    population: int = 0


@dataclass(frozen=True)
class Gazetteer:
    """Names (folded) and what they can mean; `longest` is the most words that a name has."""

    home: tuple[str, ...]
    names: dict[str, tuple[Spot, ...]] = field(repr=False)
    firsts: frozenset[str] = field(repr=False)
    longest: int = 1
    named: frozenset[str] = frozenset()
    sounds: dict[str, tuple[Spot, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def build(cls, theatre: Theatre) -> Gazetteer:
        """Collect the names of a theatre, its own before those of GeoNames."""
        names: dict[str, list[Spot]] = {}
        for name, spot in (*_own(theatre), *_outlined(theatre)):
            _add(names, name, spot)
        known = [s for spots in names.values() for s in spots]
        for name, spot in _towns():
            if not _told(names.get(_folded(name), ()), spot):
                _add(names, name, spot)
        _lay(names, _areas())
        seats = {fold(s.name): s for s in known if s.level == "admin2"}
        full = {k: tuple(_settled(s, k, seats) for s in v) for k, v in names.items()}
        firsts = frozenset(k.split()[0] for k in full)
        longest = max((len(k.split()) for k in full), default=1)
        return cls(theatre.countries, full, firsts, longest, sounds=_sounding(full))

    def find(self, name: str) -> tuple[Spot, ...]:
        """Return everything that a name can mean, points first, those of the theatre before others."""
        spots = self.names.get(_folded(name), ())
        own = self.named or frozenset(self.home)
        return tuple(
            sorted(
                spots,
                key=lambda s: (
                    s.country not in own,
                    s.country not in self.home,
                    s.level != "point",
                    -s.population,
                ),
            )
        )

    def alike(self, name: str) -> tuple[Spot, ...]:
        """Return the one place whose name sounds like one that is not known, in the countries of the text."""
        key = sound(_folded(name))
        own = self.named or frozenset(self.home)
        spots = [s for s in self.sounds.get(key, ()) if s.country in own] if len(key) >= SURE_SOUND else []
        return tuple(spots[:1]) if spots and all(close(spots[0], s, within_km=30) for s in spots) else ()

    def of(self, countries: Iterable[str]) -> Gazetteer:
        """Return the same for a text that names these countries: places there come first."""
        return replace(self, named=frozenset(countries))

    def begins(self, word: str) -> bool:
        """Say whether a name can begin with a word."""
        return _folded(word) in self.firsts

    def near(self, a: str, b: str, *, within_km: float = 25.0) -> bool | None:
        """Say whether two names can mean places within some km or in the same second-level area.

        None when one of the names is not known.
        """
        first, second = self.find(a), self.find(b)
        if not first or not second:
            return None
        return any(close(x, y, within_km=within_km) for x in first for y in second)


def _sounding(names: Mapping[str, Sequence[Spot]]) -> dict[str, tuple[Spot, ...]]:
    """Collect places of which a point or an area is known by the sound of their names."""
    found: dict[str, tuple[Spot, ...]] = {}
    for name, spots in names.items():
        if exact := tuple(s for s in spots if s.level == "point" and (s.lat is not None or s.admin2)):
            key = sound(name)
            found[key] = (*found.get(key, ()), *exact)
    return found


@lru_cache(maxsize=20_000)
def _folded(name: str) -> str:
    return fold(name)


def close(a: Spot, b: Spot, *, within_km: float = 25.0) -> bool:
    """Say whether two spots lie within some km, or in one second-level area."""
    if a.admin2 and (a.admin2, a.country) == (b.admin2, b.country):
        return True
    if a.lat is None or b.lat is None or a.lon is None or b.lon is None:
        return (a.name, a.country) == (b.name, b.country)
    if abs(a.lat - b.lat) * DEGREE_KM > within_km:
        return False
    return _apart_km(a.lat, a.lon, b.lat, b.lon) <= within_km


def _apart_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Measure one distance as `distance_km` does, without its arrays: this is asked many thousand times."""
    a1, a2 = math.radians(lat_a), math.radians(lat_b)
    h = (
        math.sin((a2 - a1) / 2) ** 2
        + math.cos(a1) * math.cos(a2) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(min(h, 1.0)))


def points(theatre: Theatre) -> tuple[Spot, ...]:
    """Return every place with a point once: seats of areas, other places of a theatre, then towns.

    A place of the theatre that is a town too, by any of its names, bears its population. What is told by way
    of others ("road between A and B", "near A") is none.
    """
    found: dict[str, list[Spot]] = {}
    tables = theatre.tables
    for _, spot in (*_regions(tables["regions"], theatre.countries), *_places(tables["places"])):
        if spot.level == "point" and None not in (spot.lat, spot.lon) and not _BY_OTHERS.search(spot.name):
            same = found.setdefault(_folded(spot.name), [])
            if _same(same, spot) is None:
                same.append(spot)
    named: dict[Spot, list[str]] = {}
    for name, town in _towns():
        named.setdefault(town, []).append(_folded(name))
    for town, names in named.items():
        known = [(name, n) for name in names if (n := _same(found.get(name, ()), town)) is not None]
        for name, n in known[:1]:
            held = found[name][n]
            found[name][n] = replace(held, population=max(held.population, town.population))
        if not known:
            found.setdefault(names[0], []).append(town)
    return tuple(spot for spots in found.values() for spot in spots)


def _same(spots: Sequence[Spot], other: Spot) -> int | None:
    return next((n for n, s in enumerate(spots) if close(s, other, within_km=_SAME_KM)), None)


def _add(names: dict[str, list[Spot]], name: str, spot: Spot) -> None:
    key = _folded(name)
    if len(key) >= 2 and spot not in names.setdefault(key, []):
        names[key].append(spot)


def _told(spots: Sequence[Spot], other: Spot) -> bool:
    return any(s.level in ("point", "admin2") and close(s, other, within_km=_SAME_KM) for s in spots)


def _settled(spot: Spot, key: str, seats: Mapping[str, Spot]) -> Spot:
    """Give a point that is the seat of a second-level area that area; farther off nothing is claimed."""
    at = seats.get(key)
    if at is None or spot.level != "point" or spot.admin2 or not close(at, spot, within_km=_SAME_KM):
        return spot
    return replace(spot, admin2=at.name, admin1=spot.admin1 or at.admin1)


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _own(theatre: Theatre) -> Iterator[tuple[str, Spot]]:
    yield from _places(theatre.tables["places"])
    yield from _regions(theatre.tables["regions"], theatre.countries)
    incidents = theatre.tables["incidents"]
    if {"place", "latitude", "longitude"} <= set(incidents.columns):
        yield from _places(incidents)


def _places(table: pl.DataFrame) -> Iterator[tuple[str, Spot]]:
    for row in table.iter_rows(named=True):
        if not row["place"] or _NO_NAME.search(row["place"]):
            continue
        for part in _QUALIFIER.sub("", row["place"]).split("/"):
            name = _ABOUT.sub("", part.split(",")[0].strip()).strip()
            lat, lon = _number(row["latitude"]), _number(row["longitude"])
            yield name, Spot(name, "point", row["country"] or "", lat, lon, row["admin1"] or "")


def _regions(table: pl.DataFrame, home: Sequence[str]) -> Iterator[tuple[str, Spot]]:
    for row in table.iter_rows(named=True):
        if row["name"]:
            yield from _region(row, home[0] if home else "")


def _region(row: Mapping[str, str | None], country: str) -> Iterator[tuple[str, Spot]]:
    """Yield an area under all its names, and its seat under its own, and the area's where they are one."""
    name, capital = row["name"] or "", row["capital"] or ""
    first = row["level"] == "region"
    at = _number(row["capital_lat"]), _number(row["capital_lon"])
    above, own = (name, "") if first else (row["parent"] or "", name)
    area = Spot(name, "admin1" if first else "admin2", country, *at, above, own)
    seat = replace(area, level="point", name=capital)
    same = area.lat is not None and fold(capital) == fold(name)
    for said in (name, *(row["alt_names"] or "").split("|")):
        if said.strip():
            yield said.strip(), area
            yield from [(said.strip(), seat)] if same else []
    if capital and area.lat is not None:
        yield capital, seat


def _outlined(theatre: Theatre) -> Iterator[tuple[str, Spot]]:
    for level, code in (("adm1", "admin1"), ("adm2", "admin2")):
        for area in theatre.areas(level):
            middle = area.geometry.representative_point()
            first, second = (area.name, "") if code == "admin1" else ("", area.name)
            yield (
                area.name,
                Spot(area.name, code, area.country, float(middle.y), float(middle.x), first, second),
            )


@cache
def _towns() -> tuple[tuple[str, Spot], ...]:
    text = files("toguna.reading").joinpath("data/towns.csv").read_text(encoding="utf-8")
    found: list[tuple[str, Spot]] = []
    for row in csv.DictReader(text.splitlines()):
        spot = Spot(
            row["name"],
            "point",
            row["country"],
            float(row["lat"]),
            float(row["lon"]),
            source="geonames",
            population=int(row["population"]),
        )
        found += [(name, spot) for name in (row["name"], *row["other_names"].split("|")) if name]
    return tuple(found)


@cache
def _areas() -> tuple[tuple[str, Spot], ...]:
    """Read areas and what lies in them, places first: an area of the same name comes after its seat."""
    text = files("toguna.reading").joinpath("data/areas.csv").read_text(encoding="utf-8")
    found: list[tuple[str, Spot]] = []
    areas: dict[tuple[str, str, str], Spot] = {}
    for country, first, second, name, others, _ in islice(csv.reader(text.splitlines()), 1, None):
        if name:  # else the row only says that there is such an area
            spot = Spot(name, "point", country, admin1=first, admin2=second, source="areas")
            found += [(said, spot) for said in (name, *others.split("|")) if said]
        areas[country, first, ""] = Spot(first, "admin1", country, admin1=first, source="areas")
        if second:
            areas[country, first, second] = Spot(
                second, "admin2", country, None, None, first, second, "areas"
            )
    return (*found, *((a.name, a) for a in areas.values()))


def _lay(names: dict[str, list[Spot]], told: Sequence[tuple[str, Spot]]) -> None:
    """Tell known places in which area they lie and add the others; of several areas none is chosen."""
    same: dict[tuple[str, str, str], dict[tuple[str, str], Spot]] = {}
    for name, spot in told:
        same.setdefault((_folded(name), spot.country, spot.level), {})[spot.admin1, spot.admin2] = spot
    for (key, country, level), spots in same.items():
        known = [s for s in names.get(key, ()) if (s.country, s.level) == (country, level)]
        for (first, _), spot in spots.items():
            alone = sum(f == first for f, _ in spots) == 1
            _lain(names, key, spot, {*([first] if alone else []), *([""] if len(spots) == 1 else [])})
        if level == "point" and len(spots) > 1 and not any(s.admin1 or s.admin2 for s in known):
            firsts = {first for first, _ in spots}
            first = firsts.pop() if len(firsts) == 1 else ""
            most = max((s.population for s in known), default=0)
            names[key].insert(0, replace(spot, admin1=first, admin2="", population=most))


def _lain(names: dict[str, list[Spot]], key: str, spot: Spot, firsts: Container[str]) -> None:
    """Tell a place that is known in which area it lies, or add one that is not known.

    `firsts`: the first-level areas ("" when not known) of a known place that can only be this one.
    """
    held = [s for s in names.get(key, ()) if (s.country, s.level) == (spot.country, spot.level)]
    seats = [
        s for s in names.get(_folded(spot.admin2), ()) if s.country == spot.country and s.lat is not None
    ]
    same = [
        s
        for s in held
        if (s.admin2 and s.admin2 == spot.admin2)
        or (not s.admin2 and s.admin1 in firsts and _in_reach(s, seats))
    ]
    if same and spot.level == "point":
        first = same[0]
        names[key][names[key].index(first)] = replace(
            first, admin1=first.admin1 or spot.admin1, admin2=spot.admin2
        )
    elif not same:
        _add(names, key, spot if spot.level == "point" else _seated(spot, names.get(key, ())))


def _seated(area: Spot, spots: Iterable[Spot]) -> Spot:
    """Give an area the point of its seat, if that bears its name."""
    within = (s for s in spots if area.admin2 and (s.country, s.admin2) == (area.country, area.admin2))
    seat = next((s for s in within if s.level == "point" and s.lat is not None), area)
    return replace(area, lat=seat.lat, lon=seat.lon)


def _in_reach(spot: Spot, seats: Sequence[Spot]) -> bool:
    """Say whether a spot can lie in the area with these seats."""
    return not seats or any(close(spot, s, within_km=AREA_KM) for s in seats)


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("toguna.reading").joinpath("data/countries.toml").read_text("utf-8"))


def capital_of(iso3: str) -> str | None:
    """Return the seat of government of a country of Africa."""
    return _words()["capitals"].get(iso3)


@cache
def country_names() -> dict[str, str]:
    """Map folded names of countries in both languages to ISO codes."""
    names = dict(countries.by_name())
    french = Language("fr")
    for iso3 in countries.iso3_codes():
        if said := french.country(iso3):
            names.setdefault(fold(said), iso3)
    for iso3, more in _words()["names"].items():
        names |= {name.replace("_", " "): iso3 for name in more.split()}
    return names


def demonyms() -> re.Pattern[str]:
    """Return one expression for the demonyms of Africa; whose they are says `people_of`."""
    return _demonyms()[0]


def people_of(demonym: re.Match[str]) -> str:
    """Return the ISO code of the country of a demonym that was found."""
    return _demonyms()[1][(demonym.lastindex or 1) - 1]


@cache
def _demonyms() -> tuple[re.Pattern[str], tuple[str, ...]]:
    parts = ((iso3, "|".join(said.split())) for iso3, said in _words()["demonyms"].items())
    body, isos = by_initial((iso3, said.replace("(", "(?:").replace("_", "[ -]")) for iso3, said in parts)
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)"), isos
