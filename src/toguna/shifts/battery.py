"""Every test of one population, and which of them pass.

The same battery runs on the real events, on null worlds (false alarms) and in the benchmarks, so
the stated rates are those of what is really used.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.events.nowcast import Completeness
from toguna.shifts import fronts, late, mix, reach, spread, tempo
from toguna.shifts.comparison import Comparison, compare, unpermuted
from toguna.shifts.fdr import q_values
from toguna.shifts.sample import MIXES, Sample
from toguna.shifts.windows import Windows

__all__ = ["THRESHOLD", "Battery", "alarms", "dimension_of", "enough", "passes", "planned", "run"]

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


def _tempo_masks(c: Comparison) -> dict[str, NDArray[np.bool_]]:
    """Events of each tempo test: everybody, first-level areas, families; only those with enough."""
    if not tempo.testable(c.windows):
        return {}
    sample = c.sample
    out = {"all": np.ones(len(sample), dtype=bool)}
    coded = sample.coded["admin1"]
    for k, name in enumerate(coded.names):
        out[f"area/{name}"] = coded.codes == k
    for family, mask in sample.families.items():
        out[f"family/{family}"] = mask
    return {k: m for k, m in out.items() if k == "all" or int(m.sum()) >= tempo.FEWEST_EVENTS}


def planned(sample: Sample, windows: Windows) -> list[str]:
    """Name the tests that the data allow, in the order in which `run` reports them."""
    c = unpermuted(sample, windows)
    return _tests(c, _tempo_masks(c)) if c.testable else []


def _tests(c: Comparison, masks: dict[str, NDArray[np.bool_]]) -> list[str]:
    return [
        *(f"spread/{k}" for k in spread.TESTS),
        *(f"{_MIX_DIMENSION[m]}/mix" for m in MIXES if mix.testable(c, m)),
        *(f"reach/{f}" for f in c.sample.families if reach.testable(c, f)),
        *(f"tempo/{k}" for k in masks),
        "fronts/scan",
    ]


def enough(count: int, *, at_least: int) -> int:
    """Return a number R of permutations at which `count` tests can pass when they should.

    The p of R permutations is a multiple of 1 / (R + 1). The step-up rule compares it with multiples
    of THRESHOLD / count: where those are no multiples of 1 / (R + 1), p of exactly the threshold do not
    occur and fewer tests pass than the stated rate; with R + 1 < count / THRESHOLD none can pass alone.

    Examples
    --------
    >>> enough(16, at_least=399), enough(60, at_least=399)
    (479, 1799)
    """
    unit = round(max(count, 1) / THRESHOLD)
    return unit * max(3, math.ceil((at_least + 1) / unit)) - 1


def run(
    sample: Sample,
    windows: Windows,
    *,
    replicates: int,
    rng: np.random.Generator,
    known: Completeness | None = None,
    by_zone: bool = True,
) -> Battery:
    """Run every test that the data allow.

    Parameters
    ----------
    sample : Sample
        Events of one population; those outside both windows are cut off.
    windows : Windows
        Recent and reference window.
    replicates : int
        Permutations per test.
    known : Completeness, optional
        Which share of recent events is known; tempo allows for the rest.
    by_zone : bool
        Whether the p of every zone of the scan is wanted; without them the battery holds no scan, and the
        p of its tests are the same.
    """
    c = compare(sample, windows, replicates=replicates, rng=rng)
    if not c.testable:
        return Battery(c, {}, None, {})
    p = {f"spread/{k}": v for k, v in spread.p_values(c).items()}
    p |= {f"{_MIX_DIMENSION[m]}/mix": mix.p_value(c, m) for m in MIXES if mix.testable(c, m)}
    base = int(rng.integers(2**32))

    def own(name: str) -> np.random.Generator:
        # By name, so that a further family or area changes no draw of the other tests.
        return np.random.default_rng([base, zlib.crc32(name.encode())])

    for family in c.sample.families:
        if reach.testable(c, family):
            p[f"reach/{family}"] = reach.p_value(c, family, rng=own(family), replicates=replicates)
    masks = _tempo_masks(c)
    order = tempo.orders(windows, replicates=replicates, rng=own("tempo"))
    for name, mask in masks.items():
        day = c.sample.day[mask]
        if known is not None and known.matters:
            p[f"tempo/{name}"] = late.p_value(day, windows, order, known=known, rng=own(f"tempo/{name}"))
        else:
            p[f"tempo/{name}"] = tempo.p_value(day, windows, order)
    found = fronts.scan(c) if by_zone else None
    p["fronts/scan"] = float(found.p.min()) if found else fronts.least_p(c)
    return Battery(c, p, found, masks)


def passes(q: float, threshold: float = THRESHOLD) -> bool:
    """Whether a q is an alarm; equality counts, whatever rounding did to it."""
    return q <= threshold + 1e-9


def alarms(p: dict[str, float], threshold: float = THRESHOLD) -> list[str]:
    """Return the tests whose false discovery rate is at most `threshold`."""
    return [name for name, q in zip(p, q_values(list(p.values())), strict=True) if passes(q, threshold)]
