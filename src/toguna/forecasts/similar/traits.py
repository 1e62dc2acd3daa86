"""What attacks are compared by, as arrays.

Enters: an event frame with resolved actors, and a registry. Leaves: `Traits`. Called by the files beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from toguna.actors.registry import Registry

__all__ = ["GROUPS", "MARKS", "Traits", "traits_of"]

MARKS = ("setting", "target", "tactic")
_NOBODY = ("unknown", "state_force", "international_force")
"""Kinds of actors that tell nothing about which armed group attacked."""

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "setting": {
        "hospitality": ("hotel", "restaurant"),
        "posts_of_forces": ("military_base", "checkpoint", "convoy"),
        "settlements": ("town", "village", "market", "residence"),
        "institutions": ("office", "airport"),
    },
    "target": {
        "forces": ("international_forces", "national_forces", "police_gendarmerie"),
        "civilians": ("civilians_local", "civilians_foreign", "aid_workers", "journalists", "religious"),
        "institutions": ("government", "infrastructure"),
    },
    "tactic": {
        "explosives": ("car_bomb", "ied_mine", "suicide_bombing", "rocket_mortar", "grenade", "airstrike"),
        "assaults_on_people": ("siege_hostage", "shooting", "complex_assault", "massacre"),
        "fights": ("raid", "ambush", "clash"),
        "persons_seized": ("kidnapping", "execution", "corporal_punishment"),
    },
}
"""Words that are akin, by mark; a word in no group is akin to none."""


@dataclass(frozen=True, slots=True)
class Traits:
    """N attacks, sorted by day and id.

    Parameters
    ----------
    ids : array of str, shape (N,)
        Event ids.
    day : array of int, shape (N,)
        Ordinal of the first day.
    lat, lon : array of float, shape (N,)
        Degrees; NaN where the place is unknown or vaguer than a first-level area.
    deaths : array of float, shape (N,)
        Best estimate (persons); NaN = unknown.
    marks : mapping
        "setting", "target", "tactic" -> N words, None = not coded.
    families : tuple of frozenset of str
        Families of armed groups blamed, as of the date of the registry; empty = nobody known.
    claimants : tuple of frozenset of str
        Organisations that claimed it.
    """

    ids: NDArray[np.str_]
    day: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    deaths: NDArray[np.float64]
    marks: Mapping[str, tuple[str | None, ...]]
    families: tuple[frozenset[str], ...]
    claimants: tuple[frozenset[str], ...]

    def __len__(self) -> int:
        return len(self.day)

    @property
    def named(self) -> NDArray[np.bool_]:
        """Attacks of which an armed group is known, shape (N,)."""
        return np.array([bool(f) for f in self.families], dtype=bool)


def traits_of(events: pl.DataFrame, registry: Registry, *, as_of: date) -> Traits:
    """Turn the events known by a date into traits.

    Parameters
    ----------
    events : DataFrame
        Event frame with resolved actors; rows contained in another (`within`) must be gone already.
    registry : Registry
        Who is of which family and kind.
    as_of : date
        Families as of this day; events published or begun later are left out.
    """
    later = (pl.col("published_at") > as_of).fill_null(value=False)
    known = events.filter(~later & (pl.col("date_start") <= as_of)).sort("date_start", "event_id")
    vague = (known["where_prec"].fill_null(1) > 4).to_numpy()
    place = {c: known[c].cast(pl.Float64).fill_null(np.nan).to_numpy().copy() for c in ("lat", "lon")}
    for column in place.values():
        column[vague] = np.nan
    return Traits(
        ids=np.array(known["event_id"].to_list(), dtype=np.str_),
        day=np.array([d.toordinal() for d in known["date_start"].to_list()], dtype=np.int64),
        **place,
        deaths=known["best"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        marks={name: tuple(known[name].to_list()) for name in MARKS},
        families=tuple(_families(a or [], registry, as_of) for a in known["perpetrators"].to_list()),
        claimants=tuple(_claimants(text) for text in known["responsibility"].to_list()),
    )


def _families(actors: list[str], registry: Registry, on: date) -> frozenset[str]:
    groups = (a for a in actors if registry.kind(a) not in _NOBODY)
    return frozenset(registry.family(a, on) for a in groups)


def _claimants(text: str | None) -> frozenset[str]:
    return frozenset(part.strip() for part in re.split(r"[+|]", text or "") if part.strip())
