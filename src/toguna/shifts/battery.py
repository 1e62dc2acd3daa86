"""Every test of one population, and which of them pass.

The same battery runs on the real events, on null worlds (false alarms) and in the benchmarks, so
the stated rates are those of what is really used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.shifts import fronts, mix, reach, spread, tempo
from toguna.shifts.comparison import Comparison, compare
from toguna.shifts.fdr import q_values
from toguna.shifts.sample import MIXES, Sample
from toguna.shifts.windows import Windows

__all__ = ["THRESHOLD", "Battery", "alarms", "dimension_of", "run"]

THRESHOLD = 0.10
"""False discovery rate at which a shift becomes an alarm."""

_MIX_DIMENSION = {"tactic": "tactics", "target": "targets", "setting": "settings"}


@dataclass(frozen=True, slots=True)
class Battery:
    """The tests run on one population.

    Parameters
    ----------
    comparison : Comparison
        Data and permutations.
    p : dict
        p by test, "dimension/what" ("spread/centre", "tempo/area/Gao").
    scan : Scan or None
        The scan behind "fronts/scan".
    masks : dict
        Events (N,) of each tempo test.
    """

    comparison: Comparison
    p: dict[str, float]
    scan: fronts.Scan | None
    masks: dict[str, NDArray[np.bool_]]


def dimension_of(test: str) -> str:
    """Return the dimension of a test id."""
    return test.split("/", 1)[0]


def _tempo_masks(sample: Sample) -> dict[str, NDArray[np.bool_]]:
    """Events of each tempo test: everybody, first-level areas, families; only those with enough."""
    out = {"all": np.ones(len(sample), dtype=bool)}
    coded = sample.coded["admin1"]
    for k, name in enumerate(coded.names):
        out[f"area/{name}"] = coded.codes == k
    for family, mask in sample.families.items():
        out[f"family/{family}"] = mask
    return {k: m for k, m in out.items() if k == "all" or int(m.sum()) >= tempo.FEWEST_EVENTS}


def run(sample: Sample, windows: Windows, *, replicates: int, rng: np.random.Generator) -> Battery:
    """Run every test that the data allow.

    Parameters
    ----------
    sample : Sample
        Events of one population; those outside both windows are cut off.
    windows : Windows
        Recent and reference window.
    replicates : int
        Permutations per test.
    """
    c = compare(sample, windows, replicates=replicates, rng=rng)
    if not c.testable:
        return Battery(c, {}, None, {})
    p = {f"spread/{k}": v for k, v in spread.p_values(c).items()}
    p |= {f"{_MIX_DIMENSION[m]}/mix": mix.p_value(c, m) for m in MIXES if mix.testable(c, m)}
    for family in c.sample.families:
        if reach.testable(c, family):
            p[f"reach/{family}"] = reach.p_value(c, family, rng=rng, replicates=replicates)
    masks = _tempo_masks(c.sample)
    order = tempo.orders(windows, replicates=replicates, rng=rng)
    for name, mask in masks.items():
        p[f"tempo/{name}"] = tempo.p_value(c.sample.day[mask], windows, order)
    found = fronts.scan(c)
    p["fronts/scan"] = float(found.p.min())
    return Battery(c, p, found, masks)


def alarms(p: dict[str, float], threshold: float = THRESHOLD) -> list[str]:
    """Return the tests whose false discovery rate is at most `threshold`."""
    return [name for name, q in zip(p, q_values(list(p.values())), strict=True) if q <= threshold]
