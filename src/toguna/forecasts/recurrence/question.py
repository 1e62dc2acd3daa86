"""What is asked: a kind of attack, a place, some horizons.

Enters: words. Leaves: `Kind` and `Place`, which say of every event whether it counts. Called by the
verb and by every part of this package.

Nothing here is finer than a town: a circle has at least 5 km.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UnknownNameError, UsageError
from toguna.core.geography import to_km
from toguna.shifts.sample import MIXES, Sample

__all__ = ["LEAST_KM", "MONTH_DAYS", "Area", "Circle", "Kind", "Place", "horizon_days"]

LEAST_KM = 5.0
MONTH_DAYS = 30.4375
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of attack: every condition that is stated must hold.

    Parameters
    ----------
    tactic, target, setting : frozenset of str
        Any of these; empty = any at all.
    family : str
        Id of a family of actors, or "" for any.
    """

    tactic: frozenset[str] = frozenset()
    target: frozenset[str] = frozenset()
    setting: frozenset[str] = frozenset()
    family: str = ""

    @property
    def asked(self) -> tuple[str, ...]:
        """The columns with a condition."""
        return tuple(c for c in MIXES if getattr(self, c)) + (("family",) if self.family else ())

    def check(self, sample: Sample) -> None:
        """Refuse a family that the sample does not know.

        A tactic, target or setting that was never seen is allowed: it may still come.
        """
        if self.family and self.family not in sample.families:
            raise UnknownNameError("family", self.family, sample.families)

    def words(self) -> dict[str, list[str] | str]:
        """Return plain values for JSON."""
        out: dict[str, list[str] | str] = {c: sorted(getattr(self, c)) for c in MIXES if getattr(self, c)}
        return out | ({"family": self.family} if self.family else {})


@dataclass(frozen=True, slots=True)
class Area:
    """A named area of a level of the sample ("admin1", "admin2" or "cell")."""

    level: str
    name: str
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Circle:
    """All within `km` of a point (degrees); `label` is how sentences call it."""

    lat: float
    lon: float
    km: float
    label: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.km >= LEAST_KM:
            raise UsageError(
                f"a circle of {self.km:g} km is too small; expected at least {LEAST_KM:g} km: "
                "nothing finer than a town is forecast."
            )

    def holds(self, place: Floats, *, origin: tuple[float, float]) -> Bools:
        """Say which points (N, 2), in km around `origin`, lie inside."""
        middle = to_km(self.lat, self.lon, origin=origin)
        return np.asarray(((place - middle) ** 2).sum(axis=-1) <= self.km**2)


Place = Area | Circle


def horizon_days(months: Iterable[int]) -> Floats:
    """Return the horizons in days, increasing.

    Raises
    ------
    UsageError
        None, or one that is not from 1 to 36 months.
    """
    wanted = sorted(set(months))
    if not wanted or wanted[0] < 1 or wanted[-1] > 36:
        raise UsageError(f"horizons {wanted} in months; expected some from 1 to 36.")
    return np.asarray([MONTH_DAYS * m for m in wanted], dtype=np.float64)
