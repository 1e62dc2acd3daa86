"""A prior of the effect of a measure: a mixture that is never narrower than its rows allow.

Enters: components. Leaves: draws, mean, interval, chance of harm. Called by
`toguna.responses.evidence.prior`, by planners, and by whoever shows evidence.

The quantity is the **proportional change of harm per unit delivered**, as a share: -0.1 is a fall of a
tenth, 0.1 a rise of a tenth, never below -1. Each component is a lognormal of the ratio (1 + change) whose
mean and standard deviation are those of the component on the share scale.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

__all__ = ["Component", "Entry", "Kind", "Prior"]

Kind = Literal["estimate", "direction", "conflicting", "none", "need"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a mixture.

    Parameters
    ----------
    weight : float
        Above 0; the weights of a prior sum to 1.
    centre, sd : float
        Mean and standard deviation of the change, as shares; centre > -1, sd > 0.
    """

    weight: float
    centre: float
    sd: float

    @property
    def log_sd(self) -> float:
        """Standard deviation of the log of the ratio."""
        return float(np.sqrt(np.log1p((self.sd / (1 + self.centre)) ** 2)))

    @property
    def log_centre(self) -> float:
        """Mean of the log of the ratio: its mean as a ratio is 1 + centre."""
        return float(np.log1p(self.centre) - self.log_sd**2 / 2)

    def below(self, change: float) -> float:
        """Probability that the change is below a value."""
        return float(ndtr((np.log1p(change) - self.log_centre) / self.log_sd)) if change > -1 else 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """How one row of evidence entered.

    Parameters
    ----------
    effect : str
        Its id.
    use, harm : str
        As in `toguna.responses.evidence.catalogue.Effect`.
    stated : float or None
        The size as published, a share; None when only a direction is known.
    outside, weak, proxy : bool
        Whether it was halved for being from elsewhere, for low strength, for being no violence itself.
    credited : bool
        False when a fall was set to zero because the measure is justified by need.
    component : Component
        What it became.
    """

    effect: str
    use: str
    harm: str
    stated: float | None
    outside: bool
    weak: bool
    proxy: bool
    credited: bool
    component: Component


@dataclass(frozen=True)
class Prior:
    """What may be believed about a measure before it is tried here.

    Parameters
    ----------
    measure : str
        Its id.
    kind : {"estimate", "direction", "conflicting", "none", "need"}
        ``estimate``: a size of effect on harm was published. ``direction``: only signs, and they agree.
        ``conflicting``: results disagree. ``none``: no evidence on harm was found. ``need``: justified by
        need; no fall of harm is credited.
    components : tuple of Component
        The mixture.
    entries : tuple of Entry
        The rows that entered.
    shown : tuple of str
        Ids of rows about the measure that did not enter (views, other outcomes, contrary practice).
    adverse : tuple of str
        Ids among `shown` that report a harm of another sort.
    later : tuple of str
        Ids of rows left out because they were not yet published.
    studies : int
        Number of studies that entered.
    derivation : tuple of dict
        The steps in words, by language.
    """

    measure: str
    kind: Kind
    components: tuple[Component, ...]
    entries: tuple[Entry, ...] = ()
    shown: tuple[str, ...] = ()
    adverse: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    studies: int = 0
    derivation: tuple[dict[str, str], ...] = ()

    @property
    def evidence(self) -> tuple[str, ...]:
        """Ids of the rows that entered."""
        return tuple(dict.fromkeys(e.effect for e in self.entries))

    @property
    def mean(self) -> float:
        """Expected proportional change of harm per unit, a share."""
        return float(sum(c.weight * c.centre for c in self.components))

    @property
    def sd(self) -> float:
        """Standard deviation of the change, a share."""
        square = sum(c.weight * (c.sd**2 + c.centre**2) for c in self.components)
        return float(np.sqrt(square - self.mean**2))

    @property
    def chance_of_harm(self) -> float:
        """Probability that harm rises, 0 to 1."""
        return float(sum(c.weight * (1 - c.below(0.0)) for c in self.components))

    @property
    def interval(self) -> tuple[float, float]:
        """Central 90 % interval of the change, shares."""
        return self.quantile(0.05), self.quantile(0.95)

    def quantile(self, level: float) -> float:
        """Return a quantile of the change; `level` lies strictly between 0 and 1."""

        def above(log_ratio: float) -> float:
            change = float(np.expm1(log_ratio))
            return sum(c.weight * c.below(change) for c in self.components) - level

        spread = 12 * max(c.log_sd for c in self.components)
        ends = [c.log_centre for c in self.components]
        return float(np.expm1(brentq(above, min(ends) - spread, max(ends) + spread)))

    def draws(self, rng: np.random.Generator, n: int) -> Floats:
        """Draw changes of harm per unit.

        Parameters
        ----------
        rng : Generator
            Source of chance.
        n : int
            How many, 1 or more.

        Returns
        -------
        ndarray of float, shape (n,)
            Shares above -1.
        """
        which = rng.choice(len(self.components), size=n, p=[c.weight for c in self.components])
        centre = np.array([c.log_centre for c in self.components])[which]
        sd = np.array([c.log_sd for c in self.components])[which]
        return np.expm1(rng.normal(centre, sd))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        low, high = self.interval
        return {
            "measure": self.measure,
            "kind": self.kind,
            "scale": "proportional change of harm per unit delivered, as a share",
            "mean": self.mean,
            "sd": self.sd,
            "low": low,
            "high": high,
            "chance_of_harm": self.chance_of_harm,
            "studies": self.studies,
            "directions": self.directions,
            "evidence": list(self.evidence),
            "shown": list(self.shown),
            "adverse": list(self.adverse),
            "later": list(self.later),
            "components": [asdict(c) for c in self.components],
            "derivation": [dict(step) for step in self.derivation],
        }

    @property
    def directions(self) -> dict[str, int]:
        """How many rows that entered say fall, none, rise, mixed."""
        said = list({e.effect: e.harm for e in self.entries}.values())
        return {word: said.count(word) for word in ("fall", "none", "rise", "mixed")}
