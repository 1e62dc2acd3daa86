"""Measures, published effects and costs as values.

Enters: nothing. Leaves: the types that `toguna.responses.evidence.reading` fills and every reader of the
evidence uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from toguna.core.errors import UnknownNameError
from toguna.core.findings import Finding

__all__ = ["HARMS", "STRENGTHS", "USES", "Catalogue", "Cost", "Effect", "Harm", "Measure", "Strength", "Use"]

Use = Literal["size", "direction", "proxy", "views", "other", "context", "contrary"]
Harm = Literal["fall", "none", "rise", "mixed", ""]
Strength = Literal["low", "medium", "high"]

USES: dict[str, str] = {
    "size": "a proportional change of violent harm: it enters with its size",
    "direction": "violent harm, with no size that can be carried over: only its sign enters",
    "proxy": "behaviour near to violence (crime, recruitment): its sign enters, at half weight",
    "views": "attitudes or games: shown, never counted as violence",
    "other": "another outcome (schooling, poverty, health of mind, coups): shown, never counted as violence",
    "context": "about no one measure: shown",
    "contrary": "recorded against the practice it describes: shown, never offered",
}
HARMS: tuple[Harm, ...] = ("fall", "none", "rise", "mixed", "")
STRENGTHS: tuple[Strength, ...] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one unit of a measure costs.

    Parameters
    ----------
    low, best, high : float or None
        In `currency`, 0 or more, low <= best <= high; None when not known.
    currency : str
        "USD", or what the user's table says.
    source : str
        Where the figure is from.
    local : bool
        Whether it comes from the user's own table. Only local costs may be planned with: the few that
        come with the program are incomplete and from other places and years.
    note : str
        What the figure holds and what it leaves out.
    """

    low: float | None
    best: float | None
    high: float | None
    currency: str
    source: str
    local: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of measure.

    Parameters
    ----------
    id, pillar : str
        Identity; the strand of the response it belongs to.
    name, description, unit, rules, risks : dict of str to str
        By language: name, what is done, unit of delivery, what must hold for it, what it may do wrong.
    typical_actor : str
        In English.
    lead_months : tuple of (float or None, float or None)
        Months from decision to effect, low and high, as far as studies say: follow-up times, no onset curves.
    duration_months : float or None
        How long an effect was seen to last.
    cost : Cost or None
        Of one unit; None when no figure is known. None is never zero.
    requires : tuple of tuple of str
        Each group: one of these measures must be there in the same area and quarter.
    pairs : tuple of str
        Measures it is advised to go with.
    default : bool
        Whether it is offered without being asked for; False carries a warning.
    external : bool
        Whether it is for an external actor to decide.
    by_need : bool
        Whether it is justified by need: then no fall of violence is credited to it.
    """

    id: str
    pillar: str
    name: dict[str, str]
    unit: dict[str, str]
    rules: dict[str, str]
    risks: dict[str, str]
    description: dict[str, str]
    typical_actor: str
    lead_months: tuple[float | None, float | None]
    duration_months: float | None
    cost: Cost | None
    requires: tuple[tuple[str, ...], ...]
    pairs: tuple[str, ...]
    default: bool
    external: bool
    by_need: bool

    @property
    def plannable(self) -> bool:
        """Whether a national planner may choose it: on by default and not an external actor's decision."""
        return self.default and not self.external

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self) | {"plannable": self.plannable}


@dataclass(frozen=True, slots=True)
class Effect:
    """One published result.

    Parameters
    ----------
    id, measure : str
        Identity; the measure it is about ("GENERIC": about none in particular).
    study : str
        Key of the study: rows of one study count as one.
    year : int or None
        Year it could first be read; None when not known.
    use : str
        What may be made of it; see `USES`.
    harm : {"fall", "none", "rise", "mixed", ""}
        What the measure did to harm, this project's reading of the result; "" when it says nothing of harm.
    size : float or None
        Proportional change of harm as a share (-0.17: a fall of 17 %); only for ``use == "size"``.
    se : float or None
        Standard error of `size`, as a share.
    regions : tuple of str
        Settings it counts as direct evidence for ("sahel").
    strength : {"low", "medium", "high"}
        Of the study.
    outcome, metric, setting, design, sample, citation, source_url, read_as, note, transfer : str
        As in the table.
    own : bool
        Whether a user added it.
    """

    id: str
    measure: str
    study: str
    year: int | None
    use: Use
    harm: Harm
    size: float | None
    se: float | None
    regions: tuple[str, ...]
    strength: Strength
    outcome: str
    metric: str
    setting: str
    design: str
    sample: str
    citation: str
    source_url: str
    read_as: str
    note: str
    transfer: str
    own: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Catalogue:
    """All measures and effects at hand.

    Parameters
    ----------
    measures : dict of str to Measure
        By id, in the order of the table.
    effects : tuple of Effect
        Shipped ones first, then those of users.
    findings : tuple of Finding
        What was wrong in the tables; such rows were left out.
    """

    measures: Mapping[str, Measure]
    effects: tuple[Effect, ...]
    findings: tuple[Finding, ...] = ()

    def measure(self, id: str) -> Measure:
        """Return one measure; an unknown id is an error that names what it is like."""
        if id not in self.measures:
            raise UnknownNameError("measure", id, tuple(self.measures))
        return self.measures[id]

    def of(self, measure: str) -> tuple[Effect, ...]:
        """Return the effects of a measure, in their order."""
        return tuple(e for e in self.effects if e.measure == measure)

    @property
    def with_local_costs(self) -> tuple[str, ...]:
        """Measures whose cost the user gave; the others are planned in shares of the budget."""
        return tuple(m.id for m in self.measures.values() if m.cost is not None and m.cost.local)
