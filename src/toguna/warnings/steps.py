"""The steps that people take on a warning, as forms that check themselves.

Enters: what somebody typed, on a page or on the command line. Leaves: a step that `toguna.warnings.moves`
carries out. Pure. A field that does not do raises a `FieldError` with its name, in both languages; whether
the step is allowed in the state the warning is in is for `toguna.warnings.states` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from toguna.core.errors import FieldError
from toguna.core.language import in_every_language as _
from toguna.warnings.types import Warning
from toguna.warnings.words import OUTCOMES, known_word

__all__ = [
    "Acknowledge",
    "Act",
    "Close",
    "Decide",
    "Escalate",
    "Extend",
    "Issue",
    "Note",
    "Release",
    "Sent",
    "Step",
    "Update",
    "Withdraw",
]

LONGEST = 4000
"""Most characters of what is written in one field."""


@dataclass(frozen=True)
class Step:
    """One step; its fields become the body of an entry.

    Attributes
    ----------
    kind : str
        Name of the step in `toguna.warnings.states.STEPS`.
    """

    kind: ClassVar[str] = ""

    @property
    def body(self) -> dict[str, Any]:
        """What is recorded."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, Warning):
        return value.as_dict()
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _words(step: Step, name: str, missing: Mapping[str, str] | None = None) -> None:
    """Hold a field of words to its length; `missing` says what is told when it is empty."""
    text = getattr(step, name)
    if not isinstance(text, str):
        raise FieldError(name, _("{field}: words are expected, not {found}.", field=name, found=repr(text)))
    if missing is not None and not text.strip():
        raise FieldError(name, missing)
    if len(text) > LONGEST:
        raise FieldError(
            name, _("{field}: {n} characters; {most} are the most.", field=name, n=len(text), most=LONGEST)
        )


@dataclass(frozen=True)
class Update(Step):
    """Put other words or findings into an open warning; a release must then be given anew."""

    warning: Warning
    kind: ClassVar[str] = "update"


@dataclass(frozen=True)
class Release(Step):
    """Release a restricted warning; a second person does."""

    kind: ClassVar[str] = "release"


@dataclass(frozen=True)
class Issue(Step):
    """Issue a draft."""

    kind: ClassVar[str] = "issue"


@dataclass(frozen=True)
class Acknowledge(Step):
    """Say that it was read by somebody it is for."""

    kind: ClassVar[str] = "acknowledge"


@dataclass(frozen=True)
class Decide(Step):
    """Record the decision.

    Parameters
    ----------
    act : bool
        Whether something will be done; there is no default.
    reason : str
        Why; needed either way.
    options : tuple of str
        Ids of the measures chosen.
    """

    act: bool
    reason: str
    options: tuple[str, ...] = ()
    kind: ClassVar[str] = "decide"

    def __post_init__(self) -> None:
        """Check the fields."""
        if not isinstance(self.act, bool):
            raise FieldError("act", _("Was it decided to act, or not to? One of both is needed."))
        _words(self, "reason", _("A decision needs its reason, the one not to act more than any."))


@dataclass(frozen=True)
class Act(Step):
    """Record what is being done, by which office, with which measure of the catalogue."""

    text: str
    who: str = ""
    measure: str = ""
    kind: ClassVar[str] = "act"

    def __post_init__(self) -> None:
        """Check the fields."""
        _words(self, "text", _("What is being done? It needs words."))
        _words(self, "who")
        _words(self, "measure")


@dataclass(frozen=True)
class Close(Step):
    """Close it with what became of it; closing again corrects that.

    Parameters
    ----------
    outcome : str
        See `toguna.warnings.words.OUTCOMES`.
    text : str
    event_ids : tuple of str
        Events that show it.
    """

    outcome: str
    text: str = ""
    event_ids: tuple[str, ...] = ()
    kind: ClassVar[str] = "close"

    def __post_init__(self) -> None:
        """Check the fields."""
        object.__setattr__(self, "outcome", known_word("outcome", self.outcome, OUTCOMES))
        _words(self, "text")


@dataclass(frozen=True)
class Withdraw(Step):
    """Withdraw a warning that should not have been given."""

    reason: str
    kind: ClassVar[str] = "withdraw"

    def __post_init__(self) -> None:
        """Check the field."""
        _words(self, "reason", _("A withdrawal needs its reason."))


@dataclass(frozen=True)
class Extend(Step):
    """Move the deadline; the old one stays on record."""

    deadline: date
    reason: str
    kind: ClassVar[str] = "extend"

    def __post_init__(self) -> None:
        """Check the fields."""
        if not isinstance(self.deadline, date):
            raise FieldError("deadline", _("The new deadline must be a day."))
        _words(self, "reason", _("A new deadline needs its reason."))


@dataclass(frozen=True)
class Escalate(Step):
    """Record that whoever stands above was told of an overdue answer.

    Parameters
    ----------
    to : str
        Who was told; "" = whoever the warning names.
    text : str
        How, and what was said.
    """

    to: str = ""
    text: str = ""
    kind: ClassVar[str] = "escalate"

    def __post_init__(self) -> None:
        """Check the fields."""
        _words(self, "to")
        _words(self, "text")


@dataclass(frozen=True)
class Note(Step):
    """Add a remark, also to what is closed."""

    text: str
    kind: ClassVar[str] = "note"

    def __post_init__(self) -> None:
        """Check the field."""
        _words(self, "text", _("A note needs its words."))


@dataclass(frozen=True)
class Sent(Step):
    """Record that it was sent: by which way, to which host, with which answer."""

    channel: str
    host: str
    status: int
    key: str
    tries: int
    kind: ClassVar[str] = "sent"
