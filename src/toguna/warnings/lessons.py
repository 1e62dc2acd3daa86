"""What was learnt from a warning, and which lessons fit a situation that comes up again.

Enters: entries of the ledger, a situation. Leaves: lessons, the fitting ones first with their reasons.
Called by ``toguna lessons`` and the room.

The match is plain on purpose: lessons are few, and a reader must see why one is shown.

    score = (3 [same kind] + 3 J(areas) + 2 J(organisations) + 1 [same theatre]) / weights that could be
    compared

J is the share of names that both have among those that either has. A weight counts when both sides name
something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from toguna.core.errors import UsageError
from toguna.core.text import fold as folded
from toguna.warnings.ledger.chain import Entry
from toguna.warnings.states import Record
from toguna.warnings.types import Warning

__all__ = ["KIND", "Fit", "Lesson", "Situation", "fitting", "lesson_body", "lessons_of", "situation_of"]

KIND = "lesson"
LEAST = 0.4
"""Below this a lesson shares too little to be shown."""

_WEIGHTS = {"kind": 3.0, "areas": 3.0, "actors": 2.0, "theatre": 1.0}


@dataclass(frozen=True, slots=True)
class Situation:
    """What lessons are compared by: theatre, kind, names of areas, ids of organisations."""

    theatre: str
    kind: str = ""
    areas: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson.

    Parameters
    ----------
    id, by, at : str
        Its id, who wrote it, when.
    situation : Situation
        What it is about.
    warning : str
        Id of the warning; "" for none.
    decision, action, outcome, appraisal : str
        What was decided, done, what came, and what is known about whether it worked, in words.
    change : str
        What to do otherwise next time.
    """

    id: str
    by: str
    at: str
    situation: Situation
    warning: str
    decision: str
    action: str
    outcome: str
    appraisal: str
    change: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        plain = asdict(self)
        plain["situation"] |= {k: list(plain["situation"][k]) for k in ("areas", "actors")}
        return plain


@dataclass(frozen=True, slots=True)
class Fit:
    """A lesson that fits: how well (0 to 1), and what it shares."""

    lesson: Lesson
    score: float
    shared: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"score": round(self.score, 3), "shared": list(self.shared), **self.lesson.as_dict()}


def situation_of(warning: Warning) -> Situation:
    """Return what a warning is about."""
    return Situation(warning.theatre, warning.kind, tuple(a.name for a in warning.areas), warning.actors)


def lesson_body(
    situation: Situation, *, change: str, appraisal: str = "", record: Record | None = None
) -> dict[str, Any]:
    """Write down a lesson; decision, action and outcome are taken from the record of the warning.

    Raises
    ------
    UsageError
        It does not say what to change.
    """
    if not change.strip():
        raise UsageError("a lesson says what to do otherwise next time: --change TEXT.")
    told = {"warning": "", "decision": "", "action": "", "outcome": ""} if record is None else _told(record)
    about = asdict(situation) | {"areas": list(situation.areas), "actors": list(situation.actors)}
    return {"situation": about, "change": change.strip(), "appraisal": appraisal.strip(), **told}


def _told(record: Record) -> dict[str, str]:
    decision, outcome = record.decision, record.outcome
    made = "" if decision is None else f"{'act' if decision.act else 'do not act'}: {decision.reason}"
    came = "" if outcome is None else f"{outcome.outcome}: {outcome.text}".rstrip(": ")
    return {
        "warning": record.id,
        "decision": made,
        "action": "; ".join(a.text for a in record.actions),
        "outcome": came,
    }


def lessons_of(entries: Iterable[Entry]) -> list[Lesson]:
    """Return all lessons, oldest first."""
    return [_lesson(entry) for entry in entries if entry.kind == KIND]


def _lesson(entry: Entry) -> Lesson:
    about: Mapping[str, Any] = entry.body["situation"]
    texts = {
        name: str(entry.body.get(name) or "")
        for name in ("warning", "decision", "action", "outcome", "appraisal", "change")
    }
    lists = {name: tuple(str(v) for v in about.get(name) or ()) for name in ("areas", "actors")}
    situation = Situation(str(about["theatre"]), str(about.get("kind") or ""), **lists)
    return Lesson(entry.subject, entry.by, entry.happened_at, situation, **texts)


def fitting(lessons: Sequence[Lesson], situation: Situation, *, least: float = LEAST) -> list[Fit]:
    """Return the lessons that fit a situation, best first.

    Parameters
    ----------
    lessons : sequence of Lesson
    situation : Situation
    least : float
        Least score, 0 to 1.
    """
    found = [_fit(lesson, situation) for lesson in lessons]
    kept = [fit for fit in found if fit.score >= least and set(fit.shared) - {"theatre"}]
    return sorted(kept, key=lambda fit: (-fit.score, fit.lesson.id))


def _fit(lesson: Lesson, now: Situation) -> Fit:
    then = lesson.situation
    shares = {
        "kind": _same(then.kind, now.kind),
        "areas": _jaccard(then.areas, now.areas),
        "actors": _jaccard(then.actors, now.actors),
        "theatre": _same(then.theatre, now.theatre),
    }
    known = {name: share for name, share in shares.items() if share is not None}
    weight = sum(_WEIGHTS[name] for name in known)
    score = sum(_WEIGHTS[name] * share for name, share in known.items()) / weight if weight else 0.0
    return Fit(lesson, score, tuple(name for name, share in known.items() if share > 0))


def _same(one: str, other: str) -> float | None:
    return float(folded(one) == folded(other)) if one and other else None


def _jaccard(one: Sequence[str], other: Sequence[str]) -> float | None:
    a, b = {folded(n) for n in one}, {folded(n) for n in other}
    return len(a & b) / len(a | b) if a and b else None
