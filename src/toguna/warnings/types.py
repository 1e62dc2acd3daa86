"""What a warning is, and what is recorded about it. All frozen; all plain in JSON and back.

Called by every file of `toguna.warnings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from toguna.core.errors import UsageError
from toguna.core.language import LANGUAGES
from toguna.warnings.words import CERTAINTIES, KINDS, LEVELS, SENSITIVITIES, SEVERITIES, URGENCIES, known_word

__all__ = ["Area", "Basis", "Option", "Warning"]

Said = Mapping[str, str]
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Area:
    """Where: an area by name, with outlines or a circle where they are known.

    Parameters
    ----------
    name : str
        As in the pack.
    level : str
        "adm0", "adm1", "adm2", "place" or "" when it is only a name.
    polygons : tuple of tuple of (float, float)
        Closed outer rings as (lat, lon) in degrees.
    circle : (float, float, float) or None
        Latitude, longitude, radius in km.
    """

    name: str
    level: str = ""
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()
    circle: tuple[float, float, float] | None = None

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Area:
        """Read it back."""
        rings = tuple(tuple((float(a), float(b)) for a, b in ring) for ring in plain.get("polygons") or ())
        circle = plain.get("circle")
        around = (float(circle[0]), float(circle[1]), float(circle[2])) if circle else None
        return cls(str(plain["name"]), str(plain.get("level") or ""), rings, around)


@dataclass(frozen=True, slots=True)
class Basis:
    """One thing a warning rests on.

    Parameters
    ----------
    origin : str
        "shift", "chance", "forecast" or "analyst".
    id : str
        Its id in the assessment, for ``toguna why``.
    digest : str
        sha256 of what was found, as it stood.
    as_of : str
        Day of the assessment (ISO).
    rule : str
        Id of the rule that made a warning of it; "" for an analyst.
    numbers : mapping
        What the rule looked at: q, probability, interval, false alarms a year.
    event_ids : tuple of str
        The events that show it.
    """

    origin: str
    id: str
    digest: str
    as_of: str
    rule: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)
    event_ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Basis:
        """Read it back."""
        told = {k: str(plain.get(k) or "") for k in ("origin", "id", "digest", "as_of", "rule")}
        return cls(
            **told, numbers=dict(plain.get("numbers") or {}), event_ids=tuple(plain.get("event_ids") or ())
        )


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that could be done, drawn from a plan or written by an analyst.

    Parameters
    ----------
    measure : str
        Id of the measure in the catalogue; "" when it is none of it.
    text : mapping
        What would be done, by language.
    cost : float or None
        Cost in the unit of the plan; None = not known.
    unit : str
        Currency, or "share of the budget".
    evidence : tuple of str
        Ids of rows of evidence; empty = no evidence found.
    area : str
        Area it is for; "" = the whole theatre, or not said.
    """

    measure: str
    text: Said
    cost: float | None = None
    unit: str = ""
    evidence: tuple[str, ...] = ()
    area: str = ""

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Option:
        """Read it back; words that stand in one language only are told in each."""
        cost, text = plain.get("cost"), plain.get("text") or ""
        said = text if isinstance(text, Mapping) else dict.fromkeys(LANGUAGES, text)
        return cls(
            str(plain.get("measure") or ""),
            {str(code): str(words) for code, words in said.items()},
            None if cost is None else float(cost),
            str(plain.get("unit") or ""),
            tuple(str(e) for e in plain.get("evidence") or ()),
            str(plain.get("area") or ""),
        )


@dataclass(frozen=True, kw_only=True)
class Warning:
    """A warning as it is written; what became of it stands in the entries of the ledger.

    Parameters
    ----------
    theatre : str
        Theatre it is about.
    kind : str
        See `toguna.warnings.words.KINDS`.
    level, urgency, severity, certainty : str
        See `toguna.warnings.words`.
    areas : tuple of Area
        Where; empty = the whole theatre.
    actors : tuple of str
        Ids of organisations it is about; never persons.
    start, end : date
        Period it is for, both ends included.
    basis : tuple of Basis
        What it rests on.
    owner : str
        Office or role that answers for it.
    acknowledge_by, deadline : date
        Day by which somebody must have said that it was read; day by which it must be decided.
    addressees : tuple of str
        Offices or roles it is for.
    escalate_to : str
        Whom to tell when a day passes without an answer.
    sensitivity : str
        See `toguna.warnings.words.SENSITIVITIES`.
    options : tuple of Option
        What could be done; empty = none was drawn up, which is said.
    headline, text : mapping
        By language, "en" and "fr".
    corrects : str
        Id of the warning that this one takes the place of; "".
    """

    theatre: str
    kind: str
    level: str
    urgency: str
    severity: str
    certainty: str
    areas: tuple[Area, ...]
    start: date
    end: date
    basis: tuple[Basis, ...]
    owner: str
    acknowledge_by: date
    deadline: date
    headline: Said
    text: Said
    actors: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    escalate_to: str = ""
    sensitivity: str = "addressees"
    options: tuple[Option, ...] = ()
    corrects: str = ""

    def __post_init__(self) -> None:
        """Hold every word to its vocabulary, and the dates to their order."""
        for name, words in _VOCABULARIES.items():
            object.__setattr__(self, name, known_word(name, getattr(self, name), words))
        if self.end < self.start:
            raise UsageError(f"the period ends on {self.end}, before it starts ({self.start}).")
        if self.deadline < self.acknowledge_by:
            raise UsageError(
                f"the deadline for a decision ({self.deadline}) lies before the day by which the warning is "
                f"to be acknowledged ({self.acknowledge_by})."
            )
        if not self.owner.strip():
            raise UsageError("a warning needs an owner: the office or role that answers for it.")
        for said in (self.headline, self.text):
            _in_both(said)

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What makes two warnings the same: theatre, kind, places and, without places, organisations."""
        names = tuple(sorted(area.name for area in self.areas))
        return self.theatre, self.kind, names or tuple(f"actor:{a}" for a in sorted(self.actors))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        plain = asdict(self)
        for name in _DAYS:
            plain[name] = getattr(self, name).isoformat()
        return {name: _lists(value) for name, value in plain.items()}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Warning:
        """Read it back."""
        told: dict[str, Any] = {name: plain[name] for name in ("theatre", *_VOCABULARIES)}
        told |= {name: date.fromisoformat(plain[name]) for name in _DAYS}
        return cls(
            **told,
            areas=tuple(Area.of(a) for a in plain.get("areas") or ()),
            basis=tuple(Basis.of(b) for b in plain.get("basis") or ()),
            options=tuple(Option.of(o) for o in plain.get("options") or ()),
            actors=tuple(plain.get("actors") or ()),
            addressees=tuple(plain.get("addressees") or ()),
            owner=str(plain["owner"]),
            escalate_to=str(plain.get("escalate_to") or ""),
            headline=dict(plain["headline"]),
            text=dict(plain["text"]),
            corrects=str(plain.get("corrects") or ""),
        )


_DAYS = ("start", "end", "acknowledge_by", "deadline")
_VOCABULARIES = {
    "kind": KINDS,
    "level": LEVELS,
    "urgency": URGENCIES,
    "severity": SEVERITIES,
    "certainty": CERTAINTIES,
    "sensitivity": SENSITIVITIES,
}


def _in_both(said: Said) -> None:
    for code in ("en", "fr"):
        words = said.get(code)
        if not isinstance(words, str) or not words.strip():
            raise UsageError(f"a warning speaks English and French; its words in {code!r} are missing.")
        if len(words) > _LONGEST:
            raise UsageError(f"the words in {code!r} have {len(words)} characters; {_LONGEST} are the most.")


def _lists(value: Any) -> Any:
    """Turn tuples into lists: a value must be the same before it is written and after."""
    if isinstance(value, dict):
        return {str(k): _lists(v) for k, v in value.items()}
    return [_lists(v) for v in value] if isinstance(value, list | tuple) else value
