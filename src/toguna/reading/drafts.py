"""What reading a text yields: draft records, each field with its words, its rule and how sure it is.

Enters: nothing; these are values. Leaves: `Drafts` and its parts, printable as JSON. Made by readers
(`toguna.reading.rules` and plug-ins), reviewed by people.

A draft is a proposal. Spans are offsets into `Text.text`, end not included; the words themselves are
not kept in a draft, so that it can be stored where the text may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

__all__ = [
    "INCIDENT_FIELDS",
    "DraftIncident",
    "DraftRelation",
    "DraftResponse",
    "Drafts",
    "Field",
    "Span",
    "Suspect",
]

Span = tuple[int, int]

INCIDENT_FIELDS = (
    "date_start",
    "date_end",
    "date_precision",
    "place",
    "admin2",
    "admin1",
    "country",
    "latitude",
    "longitude",
    "event_type",
    "tactic",
    "target_class",
    "setting",
    "perpetrator",
    "claimed_by",
    "claim_denied_by",
    "unclaimed",
    "killed_low",
    "killed_best",
    "killed_high",
    "killed_civilians",
    "killed_forces",
    "killed_attackers",
    "wounded",
    "hostages",
)
"""Fields of a draft incident, in the words and units of the theatre's table of incidents: ISO dates, degrees
(WGS84), persons. `killed_*` counts everybody, attackers included; `perpetrator` joins ids with ';',
`claimed_by` joins joint claimants with '+' and rival claims with '|'."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a draft.

    Parameters
    ----------
    value : str, int, float or bool
        In the form of the table it is for.
    spans : tuple of (int, int)
        The words it came from; empty only for what is derived from other fields.
    confidence : float
        Chance that a reviewer leaves it as it is, 0 to 1.
    rule : str
        The rule or model that produced it.
    alternatives : tuple
        Other values it could have, likeliest first.
    history : tuple of int
        Earlier figures that the text itself calls superseded, oldest first.
    features : tuple of str
        What the confidence rests on; see `toguna.reading.confidence`.
    """

    value: Any
    spans: tuple[Span, ...]
    confidence: float
    rule: str
    alternatives: tuple[Any, ...] = ()
    history: tuple[Any, ...] = ()
    features: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        told: dict[str, Any] = {
            "value": value,
            "spans": [list(s) for s in self.spans],
            "confidence": round(self.confidence, 3),
            "rule": self.rule,
        }
        if self.alternatives:
            told["alternatives"] = list(self.alternatives)
        if self.history:
            told["history"] = list(self.history)
        return told


@dataclass(frozen=True, slots=True)
class Suspect:
    """A candidate for the author of an incident: ids joined with ';' ("" for nobody), and its signs."""

    actors: str
    signs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """A candidate for the victims of one fate: persons (None: not told), its words, its signs."""

    low: int | None
    best: int | None
    high: int | None
    spans: tuple[Span, ...]
    signs: frozenset[str]


@dataclass(frozen=True)
class DraftIncident:
    """One incident that a text tells of.

    Parameters
    ----------
    main : bool
        False for one told as background.
    confidence : float
        Chance that there is such an incident, 0 to 1.
    spans : tuple of (int, int)
        The sentences that tell of it.
    fields : dict of str to Field
        By the names in `INCIDENT_FIELDS`; what the text does not tell is absent.
    known : str or None
        Id of the incident on record that it is taken for; it updates that one and does not double it.
    signs : dict of str to frozenset of str
        Of fields that are chosen among classes what speaks for one or another, and by fate how the rules
        made their count; for training.
    suspects : tuple of Suspect
        Candidates for the author, the answer of the rules first; for training.
    counted : dict of str to tuple of Counted
        By fate the candidates for its victims, the figure of the rules first; for training.
    """

    main: bool
    confidence: float
    spans: tuple[Span, ...]
    fields: Mapping[str, Field]
    known: str | None = None
    signs: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    suspects: tuple[Suspect, ...] = field(default=(), compare=False, repr=False)
    counted: Mapping[str, tuple[Counted, ...]] = field(default_factory=dict, compare=False, repr=False)

    def value(self, name: str) -> Any:
        """Return the value of a field, None when the text does not tell."""
        found = self.fields.get(name)
        return found.value if found else None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "main": self.main,
            "confidence": round(self.confidence, 3),
            "known": self.known,
            "spans": [list(s) for s in self.spans],
            "fields": {k: self.fields[k].as_dict() for k in INCIDENT_FIELDS if k in self.fields},
        }


@dataclass(frozen=True)
class DraftRelation:
    """A relation between two organisations: `kind` as in the table of relations, a before b as there."""

    kind: str
    a: Field
    b: Field
    spans: tuple[Span, ...]
    confidence: float
    rule: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "kind": self.kind,
            "a": self.a.as_dict(),
            "b": self.b.as_dict(),
            "spans": [list(s) for s in self.spans],
            "confidence": round(self.confidence, 3),
            "rule": self.rule,
        }


@dataclass(frozen=True)
class DraftResponse:
    """A measure taken or asked for.

    Parameters
    ----------
    kind, pillar : str
        Kind of measure of the table of responses, and the strand it belongs to.
    recommended : bool
        It is asked for, not taken.
    fields : dict of str to Field
        "place", "actor", "days" (length, days), "date_start", "official" (public office
        as named).
    """

    kind: str
    pillar: str
    recommended: bool
    spans: tuple[Span, ...]
    confidence: float
    rule: str
    fields: Mapping[str, Field] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "kind": self.kind,
            "pillar": self.pillar,
            "recommended": self.recommended,
            "spans": [list(s) for s in self.spans],
            "confidence": round(self.confidence, 3),
            "rule": self.rule,
            "fields": {k: f.as_dict() for k, f in self.fields.items()},
        }


@dataclass(frozen=True)
class Drafts:
    """Everything read from one text: which reader read it, in which language, and what it found."""

    reader: str
    lang: str
    published: date | None
    incidents: tuple[DraftIncident, ...] = ()
    relations: tuple[DraftRelation, ...] = ()
    responses: tuple[DraftResponse, ...] = ()
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "reader": self.reader,
            "lang": self.lang,
            "published": self.published.isoformat() if self.published else None,
            "incidents": [i.as_dict() for i in self.incidents],
            "relations": [r.as_dict() for r in self.relations],
            "responses": [r.as_dict() for r in self.responses],
            "notes": list(self.notes),
        }
