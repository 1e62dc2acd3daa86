"""Areas of a theatre: outlines read from GeoJSON, and the canonical spelling of their names.

Called by `toguna.store.theatre`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from toguna.core.errors import DataError
from toguna.core.text import fold

__all__ = ["LEVELS", "Area", "Names", "area_names", "read_areas"]

LEVELS = ("adm0", "adm1", "adm2")
_LIKELY_NAMES = (
    "name",
    "adm{n}_name",
    "ADM{n}_NAME",
    "ADM{n}_FR",
    "ADM{n}_EN",
    "NAME_{n}",
    "shapeName",
    "NAME",
)
_LIKELY_COUNTRIES = ("iso_a3", "ISO_A3", "GID_0", "shapeGroup", "adm0_a3", "country")


@dataclass(frozen=True, slots=True)
class Area:
    """One area: canonical name, ISO country code ("" when not told), level, and outline (lon, lat)."""

    name: str
    country: str
    level: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Names:
    """Spellings of the areas of one level, folded, with the canonical one."""

    canonical: Mapping[str, str]

    def find(self, text: str | None) -> str | None:
        """Return the canonical name for any spelling, None when it is not known."""
        return self.canonical.get(fold(text)) if text else None


def area_names(regions: pl.DataFrame, level: str | None) -> Names:
    """Collect the names of regions.csv at one of its levels ("region", "cercle")."""
    names: dict[str, str] = {}
    for row in regions.filter(pl.col("level") == (level or "")).iter_rows(named=True):
        for spelling in (row["name"], *(row["alt_names"] or "").split("|")):
            if spelling and row["name"]:
                names.setdefault(fold(spelling), row["name"])
    return Names(names)


def read_areas(path: Path, *, level: str, settings: Mapping[str, Any], names: Names) -> list[Area]:
    """Read outlines of one level, sorted by country and name.

    Raises
    ------
    DataError
        When the file is not GeoJSON or an area has no name.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return sorted(
            (_area(f, level=level, settings=settings, names=names) for f in features),
            key=lambda area: (area.country, area.name),
        )
    except FileNotFoundError:
        raise DataError(f"the outlines {path} are not there; check [areas.{level}] or --areas.") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ShapelyError) as error:
        raise DataError(f"{path} is not a GeoJSON file of named areas ({error}).") from None


def _area(feature: dict[str, Any], *, level: str, settings: Mapping[str, Any], names: Names) -> Area:
    properties = feature["properties"]
    number = level[-1]
    given = settings.get("name_property")
    likely = [given] if given else [key.format(n=number) for key in _LIKELY_NAMES]
    name = next((str(properties[key]) for key in likely if properties.get(key)), None)
    if name is None:
        raise KeyError(f"no property {' or '.join(likely)}")
    asked = settings.get("country_property")
    country = next(
        (str(properties[k]) for k in ([asked] if asked else _LIKELY_COUNTRIES) if properties.get(k)), ""
    )
    return Area(names.find(name) or name, country, level, shape(feature["geometry"]))
