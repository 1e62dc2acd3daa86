"""From rows of evidence to a prior: halved, widened, mixed, and with the derivation shown.

Enters: a `Catalogue`, a measure, a setting. Leaves: a `Prior`. Called by planners, `toguna.room` and the
command line. The rule and its reasons: docs/methods/evidence.md. Every number below is a design choice of
this project, not evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

import numpy as np

from toguna.responses.evidence.catalogue import Catalogue, Effect, Measure
from toguna.responses.evidence.mixture import Component, Entry, Kind, Prior
from toguna.responses.evidence.words import derivation

__all__ = ["known_by", "prior", "setting_of"]

TILT = 0.05
"""Size given to a bare direction, before halving, as a share."""
DIRECTION_SD = 0.15
"""Standard deviation of a bare direction, of "no change", and of "no evidence"."""
LEAST_SD = 0.10
"""No published size is believed to be known better than this in a place where it was not measured."""
BETWEEN_PLACES = 0.5
"""Standard deviation between places of a well-measured effect, as a part of its centre."""
NOTHING_HAPPENS = 0.2
"""Weight of "it does nothing here", in every prior that rests on evidence."""
HALF = 0.5
ENTERING = ("size", "direction", "proxy")
SIGNS = {"fall": (-1.0,), "none": (0.0,), "rise": (1.0,), "mixed": (-1.0, 1.0)}


class HasSettings(Protocol):
    """What is needed of a theatre: theatre.toml, parsed."""

    @property
    def settings(self) -> Mapping[str, object]:
        """The settings."""


def setting_of(theatre: HasSettings) -> str:
    """Return the setting that evidence must be from to count in full ("sahel"); "" when none is named."""
    told = theatre.settings.get("evidence", {})
    named = told.get("setting", "") if isinstance(told, Mapping) else ""
    return named if isinstance(named, str) else ""


def prior(catalogue: Catalogue, measure_id: str, *, setting: str = "", as_of: date | None = None) -> Prior:
    """Say what may be believed about a measure before it is tried here.

    Parameters
    ----------
    catalogue : Catalogue
        Rows of evidence.
    measure_id : str
        The measure.
    setting : str
        Where it would be done, as `setting_of` says. Rows from elsewhere are halved; with "" all are.
    as_of : date, optional
        Use only what was published in an earlier year than this; rows of unknown year are left out.
        By default everything at hand.

    Returns
    -------
    Prior
        Of the proportional change of harm per unit delivered, a share; see `Prior`.

    Raises
    ------
    UnknownNameError
        No such measure.

    Notes
    -----
    Of every study that enters, each row becomes components; studies weigh alike, and so do the rows of one
    study. A size ``d`` is halved when it is from elsewhere, and again for low strength, to ``c``. Without a
    standard error the component has sd ``max(|c|, LEAST_SD)``; with one,
    ``max(sqrt(se^2 + (d - c)^2 + (BETWEEN_PLACES c)^2), LEAST_SD)``. A bare direction has centre ``-TILT``
    or ``TILT``, halved in the same way (once more for a proxy of violence) and sd ``DIRECTION_SD``; mixed
    results become both. "It does nothing here" has weight ``NOTHING_HAPPENS``. No evidence on harm: centre
    0, sd ``DIRECTION_SD``. For a measure justified by need, falls are set to 0 and rises stay.

    Examples
    --------
    >>> from toguna.responses.evidence import load_catalogue
    >>> found = prior(load_catalogue(), "O02_trade_controls", setting="sahel")
    >>> found.kind, round(found.mean, 2), round(found.chance_of_harm, 2)
    ('estimate', 0.16, 0.78)
    """
    measure = catalogue.measure(measure_id)
    rows = catalogue.of(measure_id)
    known = known_by(rows, as_of)
    later = tuple(e for e in rows if e not in known)
    entering = [e for e in known if e.use in ENTERING]
    entries = _entries(entering, measure, setting)
    shown = [e for e in known if e.use not in ENTERING]
    found = Prior(
        measure=measure_id,
        kind=_kind(entering, measure),
        components=_mixture(entries),
        entries=tuple(entries),
        shown=tuple(e.id for e in shown),
        adverse=tuple(e.id for e in shown if e.harm in ("rise", "mixed")),
        later=tuple(e.id for e in later),
        studies=len({e.study for e in entering}),
    )
    return replace(found, derivation=derivation(found, catalogue, setting))


def known_by(effects: Iterable[Effect], as_of: date | None) -> list[Effect]:
    """Return what could be read before the year of a day; None = everything."""
    return [e for e in effects if as_of is None or (e.year is not None and e.year < as_of.year)]


def _kind(entering: Sequence[Effect], measure: Measure) -> Kind:
    said = {e.harm for e in entering}
    if measure.by_need:
        return "need"
    if not entering:
        return "none"
    if len(said) > 1 or "mixed" in said:
        return "conflicting"
    return "estimate" if any(e.use == "size" for e in entering) else "direction"


def _entries(entering: Sequence[Effect], measure: Measure, setting: str) -> list[Entry]:
    """Turn rows into components; a row of mixed results gives two."""
    studies: dict[str, list[Effect]] = {}
    for effect in entering:
        studies.setdefault(effect.study, []).append(effect)
    out: list[Entry] = []
    for rows in studies.values():
        for effect in rows:
            share = (1 - NOTHING_HAPPENS) / len(studies) / len(rows)
            out += _of_one(effect, share, measure=measure, setting=setting)
    return out


def _of_one(effect: Effect, weight: float, *, measure: Measure, setting: str) -> list[Entry]:
    outside, weak = setting not in effect.regions, effect.strength == "low"
    proxy = effect.use == "proxy"
    sized = effect.use == "size" and effect.size is not None
    stated = [effect.size] if sized and effect.size is not None else [s * TILT for s in SIGNS[effect.harm]]
    kept = HALF ** (outside + weak + proxy)
    out = []
    for size in stated:
        centre = size * kept
        spread = _spread(size, centre, effect.se) if sized else DIRECTION_SD
        credited = centre >= 0 or not measure.by_need
        out.append(
            Entry(
                effect=effect.id,
                use=effect.use,
                harm=effect.harm,
                stated=size if sized else None,
                outside=outside,
                weak=weak,
                proxy=proxy,
                credited=credited,
                component=Component(weight / len(stated), centre if credited else 0.0, spread),
            )
        )
    return out


def _spread(size: float, centre: float, se: float | None) -> float:
    if se is None:
        return max(abs(centre), LEAST_SD)
    return max(float(np.sqrt(se**2 + (size - centre) ** 2 + (BETWEEN_PLACES * centre) ** 2)), LEAST_SD)


def _mixture(entries: Sequence[Entry]) -> tuple[Component, ...]:
    nothing = Component(NOTHING_HAPPENS if entries else 1.0, 0.0, DIRECTION_SD)
    return (*(e.component for e in entries), nothing)
