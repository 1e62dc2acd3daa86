"""What became of each warning: the entries of the ledger, folded into the present state.

    draft -> issued -> acknowledged -> decided -> acting -> closed
    any open one -> withdrawn; any open one -> superseded, when its correction is issued

Enters: entries. Leaves: a `Record` for every warning. Pure: a step that is not allowed is refused, and says
what is. Called by `toguna.warnings.moves` before anything is written and by everything that reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from toguna.core.errors import FieldError, UnknownNameError, UsageError
from toguna.core.language import LANGUAGES, Language
from toguna.core.language import in_every_language as _
from toguna.core.text import fold as folded
from toguna.warnings.ledger.chain import Entry
from toguna.warnings.types import Warning
from toguna.warnings.words import OPEN, OUTCOMES, known_word

__all__ = [
    "ELSEWHERE",
    "STEPS",
    "Action",
    "Decision",
    "Outcome",
    "Record",
    "allowed",
    "apply",
    "fold",
    "same_person",
]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: to act or not to, and why."""

    act: bool
    reason: str
    options: tuple[str, ...]
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Action:
    """What was done, by which office, and with which measure of the catalogue."""

    text: str
    who: str
    measure: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of what was warned of, and the events that show it; never a claim of cause."""

    outcome: str
    text: str
    event_ids: tuple[str, ...]
    by: str
    at: str


@dataclass(frozen=True)
class Record:
    """A warning and everything that happened to it.

    Parameters
    ----------
    id : str
        Id of the warning.
    warning : Warning
        As it reads now.
    state : str
        See `toguna.warnings.words.STATES`.
    authors : tuple of str
        Who wrote what it says now: whoever raised it, and whoever updated it since its last release.
    released_by : str or None
        Who released what it says now.
    times : mapping
        State -> moment it was first reached.
    decision : Decision or None
        The last one.
    actions : tuple of Action
    outcome : Outcome or None
    history : tuple of Entry
        Every entry about it.
    """

    id: str
    warning: Warning
    state: str = "draft"
    authors: tuple[str, ...] = ()
    released_by: str | None = None
    times: Mapping[str, str] = field(default_factory=dict)
    decision: Decision | None = None
    actions: tuple[Action, ...] = ()
    outcome: Outcome | None = None
    history: tuple[Entry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in OPEN

    @property
    def released(self) -> bool:
        """Whether what it says now may leave the house."""
        return self.warning.sensitivity != "restricted" or self.released_by is not None

    @property
    def version(self) -> str:
        """What it was when it was read: number and hash of the last entry about it."""
        last = self.history[-1]
        return f"{last.seq}-{last.hash[:16]}"

    @property
    def issued_at(self) -> str | None:
        """When it was issued; None = never."""
        return self.times.get("issued")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        told = {
            "id": self.id,
            "state": self.state,
            "version": self.version,
            "allowed": allowed(self.state),
            "released_by": self.released_by,
            "times": dict(self.times),
            "decision": _plain(self.decision),
            "actions": [_plain(a) for a in self.actions],
            "outcome": _plain(self.outcome),
            "history": [
                {"seq": e.seq, "kind": e.kind, "by": e.by, "at": e.happened_at, "recorded_at": e.recorded_at}
                for e in self.history
            ],
        }
        return told | {"warning": self.warning.as_dict()}


def _plain(value: Decision | Action | Outcome | None) -> dict[str, Any] | None:
    if value is None:
        return None
    told = {name: getattr(value, name) for name in value.__dataclass_fields__}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in told.items()}


def same_person(one: str, other: str) -> bool:
    """Whether two names are meant for the same person, whatever their case, accents and spaces."""
    return (folded(one) or one.strip()) == (folded(other) or other.strip())


Change = Callable[[Record, Entry], Record]


def _update(record: Record, entry: Entry) -> Record:
    authors = (*record.authors, entry.by) if record.released_by is None else (entry.by,)
    return replace(record, warning=Warning.of(entry.body["warning"]), authors=authors, released_by=None)


def _release(record: Record, entry: Entry) -> Record:
    if any(same_person(entry.by, author) for author in record.authors):
        raise FieldError(
            "by",
            _(
                "{id} was written by {by}; a second person must release it: another name.",
                id=record.id,
                by=entry.by,
            ),
        )
    return replace(record, released_by=entry.by)


def _issue(record: Record, entry: Entry) -> Record:
    if not record.released:
        raise FieldError(
            "id", _("{id} is restricted: a second person must release it first (release).", id=record.id)
        )
    if record.released_by is not None and same_person(entry.by, record.released_by):
        raise FieldError(
            "by",
            _("{id} was released by {by}; another person must issue it.", id=record.id, by=entry.by),
        )
    return replace(record, state="issued")


def _acknowledge(record: Record, entry: Entry) -> Record:
    return replace(record, state="acknowledged")


def _decide(record: Record, entry: Entry) -> Record:
    body = entry.body
    if not str(body["reason"]).strip():
        raise FieldError("reason", _("A decision needs its reason, the one not to act more than any."))
    options = tuple(str(o) for o in body.get("options") or ())
    made = Decision(bool(body["act"]), str(body["reason"]), options, entry.by, entry.happened_at)
    return replace(record, state="decided", decision=made)


def _act(record: Record, entry: Entry) -> Record:
    if record.decision is None or not record.decision.act:
        raise FieldError(
            "id", _("It was decided not to act on {id}; decide anew first (decide).", id=record.id)
        )
    body = entry.body
    done = Action(
        str(body["text"]),
        str(body.get("who") or ""),
        str(body.get("measure") or ""),
        entry.by,
        entry.happened_at,
    )
    return replace(record, state="acting", actions=(*record.actions, done))


def _close(record: Record, entry: Entry) -> Record:
    body = entry.body
    word = known_word("outcome", str(body["outcome"]), OUTCOMES)
    events = tuple(str(e) for e in body.get("event_ids") or ())
    ended = Outcome(word, str(body.get("text") or ""), events, entry.by, entry.happened_at)
    return replace(record, state="closed", outcome=ended)


def _extend(record: Record, entry: Entry) -> Record:
    if not str(entry.body.get("reason") or "").strip():
        raise FieldError("reason", _("A new deadline needs its reason."))
    later = date.fromisoformat(str(entry.body["deadline"]))
    return replace(record, warning=replace(record.warning, deadline=later))


def _end(state: str) -> Change:
    return lambda record, entry: replace(record, state=state)


def _stay(record: Record, entry: Entry) -> Record:
    return record


STEPS: dict[str, tuple[tuple[str, ...], Change]] = {
    "update": (OPEN, _update),
    "release": (OPEN, _release),
    "issue": (("draft",), _issue),
    "acknowledge": (("issued",), _acknowledge),
    "decide": (("acknowledged", "decided", "acting"), _decide),
    "act": (("decided", "acting"), _act),
    "close": (("issued", "acknowledged", "decided", "acting", "closed"), _close),
    "withdraw": (OPEN, _end("withdrawn")),
    "supersede": (OPEN, _end("superseded")),
    "extend": (OPEN, _extend),
    "escalate": (OPEN, _stay),
    "note": ((*OPEN, "closed", "withdrawn", "superseded"), _stay),
    "sent": (OPEN, _stay),
}
"""Step -> states in which it is allowed, and what it does. Closing again corrects the outcome."""

ELSEWHERE = ("lesson", "resume")
"""Entries that are about no warning alone."""


def apply(records: dict[str, Record], entry: Entry) -> None:
    """Carry one entry out on `records`, by id; where it is refused they stay as they were.

    Raises
    ------
    UsageError
        The step is not allowed in the state the warning is in, or lies before the one before it in time.
    UnknownNameError
        No such warning.
    """
    if not entry.by.strip():
        raise FieldError("by", _("Who does this? A name of an office or role is needed."))
    if entry.kind in ELSEWHERE:
        return
    if entry.kind == "raise":
        if entry.subject in records:
            raise UsageError(f"{entry.subject} was raised before.")
        fresh = Record(entry.subject, Warning.of(entry.body["warning"]), authors=(entry.by,))
        records[entry.subject] = _timed(fresh, entry)
        return
    record = records.get(entry.subject)
    if record is None:
        raise UnknownNameError("warning", entry.subject, records)
    records[entry.subject] = _stepped(record, entry)


def _stepped(record: Record, entry: Entry) -> Record:
    if entry.kind not in STEPS:
        raise UnknownNameError("step", entry.kind, STEPS)
    states, change = STEPS[entry.kind]
    if record.state not in states:
        raise FieldError("id", _refusal(record, entry.kind, states))
    last = record.history[-1]
    if entry.happened_at < last.happened_at and entry.kind != "note":
        raise FieldError(
            "at",
            _(
                "{id}: {step} at {at} lies before {before} at {then}; say a later moment.",
                id=record.id,
                step=repr(entry.kind),
                at=entry.happened_at,
                before=repr(last.kind),
                then=last.happened_at,
            ),
        )
    return _timed(change(record, entry), entry)


def _refusal(record: Record, kind: str, states: Iterable[str]) -> dict[str, str]:
    """Say in which state it is, which would do, and what can be done now."""
    told = {}
    for code in LANGUAGES:
        lang = Language(code)
        told[code] = lang(
            "{id} is {state}; {step} needs it to be {states}. Allowed now: {steps}.",
            id=record.id,
            state=lang.word(f"state:{record.state}"),
            step=repr(kind),
            states=lang(" or ").join(lang.word(f"state:{s}") for s in states),
            steps=", ".join(allowed(record.state)),
        )
    return told


def allowed(state: str) -> list[str]:
    """Name the steps that people may take in a state."""
    ours = ("supersede", "sent", "update")
    return [name for name, (states, _) in STEPS.items() if state in states and name not in ours]


def _timed(record: Record, entry: Entry) -> Record:
    times = {record.state: entry.happened_at, **record.times}
    return replace(record, times=times, history=(*record.history, entry))


def fold(entries: Iterable[Entry]) -> dict[str, Record]:
    """Return the record of every warning, by id, in the order in which they were raised."""
    records: dict[str, Record] = {}
    for entry in entries:
        apply(records, entry)
    return records
