"""Steps on a warning, from what a form brought: who may take which, what was said, who does it and when.

Enters: an `Ask` and a form. Leaves: a `Step` and a `Hand` for `toguna.warnings.moves`, or a `FieldError`.
Called by `toguna.room.web.pages.warning_moves`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from starlette.datastructures import FormData

from toguna.accounts.rights import Right
from toguna.core.errors import FieldError
from toguna.core.language import in_every_language as _
from toguna.room.web.ask import Ask
from toguna.room.web.security.forms import field, fields
from toguna.warnings import steps
from toguna.warnings.due import owed_by
from toguna.warnings.moves import Hand
from toguna.warnings.outputs.words import office
from toguna.warnings.states import Record, allowed
from toguna.warnings.words import OUTCOMES

__all__ = ["READERS", "RIGHTS", "day_of", "hand", "may_take", "path_for", "paths_of", "step_of", "takeable"]

RIGHTS: Mapping[str, tuple[Right, ...]] = {
    "release": (Right.WARN,),
    "issue": (Right.WARN,),
    "acknowledge": (Right.DECIDE,),
    "decide": (Right.DECIDE,),
    "act": (Right.DECIDE,),
    "close": (Right.DECIDE,),
    "extend": (Right.WARN,),
    "escalate": (Right.WARN,),
    "withdraw": (Right.WARN,),
    "note": (Right.WARN, Right.DECIDE),
}
"""Step -> the rights of which one is needed; writing and correcting need `Right.WARN`. The desk warns, others
answer: nobody but an administrator does both."""


def may_take(asked: Ask, step: str) -> bool:
    """Whether the reader may take a step, whatever state a warning is in."""
    return any(asked.may(right) for right in RIGHTS[step])


def paths_of(step: str) -> dict[Right, str]:
    """Name the addresses of a step, one for each right that allows it: every route needs one right."""
    first, *others = RIGHTS[step]
    return {first: step} | {right: f"{step}-{right}" for right in others}


def path_for(asked: Ask, step: str) -> str:
    """Name the address at which the reader may take a step; the first where none is theirs."""
    mine = (path for right, path in paths_of(step).items() if asked.may(right))
    return next(mine, step)


def takeable(asked: Ask, record: Record) -> list[str]:
    """Name the steps that the reader may take on a warning now; none for whoever stepped the room back."""
    if asked.stepped:
        return []
    acts = record.decision is not None and record.decision.act
    names = [name for name in RIGHTS if name in allowed(record.state) and may_take(asked, name)]
    if record.warning.sensitivity != "restricted" or record.released:
        names = [name for name in names if name != "release"]
    if not record.released:
        names = [name for name in names if name != "issue"]
    if not (record.is_open and owed_by(record, asked.today).escalated):
        names = [name for name in names if name != "escalate"]
    return [name for name in names if name != "act" or acts]


def hand(asked: Ask, form: FormData, last: Record | None = None) -> Hand:
    """Say who takes the step and when it was done.

    A room that stands on a past day writes as of that day: what is recorded belongs to the day that is
    shown, and the moment of recording stands beside it.

    Parameters
    ----------
    last : Record, optional
        The warning; nothing on it can have been done before the step before.

    Raises
    ------
    FieldError
        ``at`` is no moment.
    """
    now, said = asked.room.settings.clock(), field(form, "at").strip()
    return Hand(asked.principal.name, now, _moment(said) if said else _by_default(asked, now, last))


def _by_default(asked: Ask, now: datetime, last: Record | None) -> datetime | None:
    day = asked.room.settings.today()
    if day >= now.date():
        return None
    at = datetime.combine(day, now.timetz())
    before = datetime.fromisoformat(last.history[-1].happened_at) if last else at
    return max(at, before)


def _moment(said: str) -> datetime:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise FieldError(
            "at",
            _(
                "“{said}” is no moment; write it as {example} (UTC).",
                said=said[:40],
                example="2015-11-24T18:30",
            ),
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def step_of(kind: str, form: FormData) -> steps.Step:
    """Read a step from a form.

    Raises
    ------
    FieldError
        A field does not do; it is named.
    """
    return READERS[kind](form)


def _decide(form: FormData) -> steps.Step:
    act = {"yes": True, "no": False}.get(field(form, "act"))
    if act is None:
        raise FieldError("act", _("Was it decided to act, or not to? One of both is needed."))
    chosen = tuple(dict.fromkeys(fields(form, "options"))) if act else ()
    return steps.Decide(act, field(form, "reason").strip(), chosen)


def _act(form: FormData) -> steps.Step:
    return steps.Act(*(field(form, name).strip() for name in ("text", "who", "measure")))


def _close(form: FormData) -> steps.Step:
    outcome = field(form, "outcome")
    if outcome not in OUTCOMES:
        raise FieldError("outcome", _("What became of it? Choose one; “not known” is one of them."))
    events = tuple(dict.fromkeys(field(form, "event_ids").replace(",", " ").split()))
    return steps.Close(outcome, field(form, "text").strip(), events)


def day_of(form: FormData, name: str) -> date:
    """Read a day, or say at its field that it is none."""
    said = field(form, name).strip()
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise FieldError(name, _("“{said}” is no day; write it as 2015-11-24.", said=said[:40])) from None


READERS: Mapping[str, Callable[[FormData], steps.Step]] = {
    "release": lambda form: steps.Release(),
    "issue": lambda form: steps.Issue(),
    "acknowledge": lambda form: steps.Acknowledge(),
    "decide": _decide,
    "act": _act,
    "close": _close,
    "extend": lambda form: steps.Extend(day_of(form, "deadline"), field(form, "reason").strip()),
    "escalate": lambda form: steps.Escalate(office(field(form, "to").strip()), field(form, "text").strip()),
    "withdraw": lambda form: steps.Withdraw(field(form, "reason").strip()),
    "note": lambda form: steps.Note(field(form, "text").strip()),
}
