"""``POST /t/THEATRE/warnings/ID/STEP``: steps on a warning, each with the right it needs.

Whoever is second is told what the first did (409), and finds what they typed again; a field that does not
do is said at the field (400). Whatever is refused leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from toguna.accounts.rights import Right
from toguna.core.errors import ConflictError, FieldError, UsageError
from toguna.core.language import in_every_language as _
from toguna.room.web import told
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.moving import READERS, hand, paths_of, step_of
from toguna.room.web.pages.warning import Tried, catalogue_of, show
from toguna.room.web.readers import ledger_of, reading
from toguna.room.web.security.forms import Posted, field
from toguna.warnings import steps
from toguna.warnings.moves import move
from toguna.warnings.states import Record

__all__ = ["refuse_stepped", "router", "typed"]

router = APIRouter(include_in_schema=False)
_NEVER = "0"  # a form without a version was never shown by a page: it is told what there is


def typed(form: FormData) -> dict[str, list[str]]:
    """Return what a form brought, but for the field against forgery."""
    return {k: [v for v in form.getlist(k) if isinstance(v, str)] for k in form if k != "csrf"}


def refuse_stepped(asked: Ask) -> None:
    """Refuse to write into the past.

    Raises
    ------
    FieldError
        The reader stepped the room back.
    """
    if asked.stepped:
        raise FieldError(
            "as_of", _("You stepped the room back: nothing can be written there. Go back to today.")
        )


def take(asked: Ask, id: str, kind: str, form: FormData) -> Response:
    """Take a step, or say why not with everything that was typed."""
    record, seen = reading(asked).one(id), field(form, "version")
    tried = Tried(kind, typed(form))
    try:
        refuse_stepped(asked)
        step = step_of(kind, form)
        _hold(asked, record, step)
        move(ledger_of(asked), id, step, hand(asked, form, record), seen=seen or _NEVER)
    except ConflictError as error:
        meanwhile = told.since(reading(asked).one(id), seen, asked.lang)
        wrong = replace(tried, wrong=error.said[asked.lang.code], since=tuple(meanwhile))
        return show(asked, id, wrong, status=409)
    except FieldError as error:
        wrong = replace(tried, field=error.field, wrong=error.said[asked.lang.code])
        return show(asked, id, wrong, status=400)
    except UsageError as error:
        return show(asked, id, replace(tried, wrong=str(error)), status=400)
    return RedirectResponse(asked.link(f"warnings/{id}", done=kind), status_code=303)


def _hold(asked: Ask, record: Record, step: steps.Step) -> None:
    """Hold ids and days against what there is: the ledger itself takes any."""
    if isinstance(step, steps.Extend) and step.deadline < record.warning.acknowledge_by:
        raise FieldError(
            "deadline",
            _(
                "The deadline lies before the day to acknowledge by, {day}.",
                day=record.warning.acknowledge_by,
            ),
        )
    if isinstance(step, steps.Act) and step.measure and step.measure not in catalogue_of(asked).measures:
        raise FieldError("measure", _("There is no measure “{id}”.", id=step.measure[:80]))
    if isinstance(step, steps.Decide):
        offered = {option.measure for option in record.warning.options}
        for one in step.options:
            if one not in offered:
                raise FieldError("options", _("There is no measure “{id}”.", id=one[:80]))
    if isinstance(step, steps.Close):
        _known_events(asked, step.event_ids)


def _known_events(asked: Ask, ids: tuple[str, ...]) -> None:
    built = asked.room.desk.built(asked.theatre.name, asked.as_of) if ids else None
    if built is None:
        return
    there = set(built.events["event_id"].to_list())
    for id in ids:
        if id not in there:
            raise FieldError("event_ids", _("There is no event “{id}” in the assessment.", id=id[:80]))


def _handler(kind: str, right: Right) -> Callable[..., Response]:
    @needs(right)
    def handler(asked: Asked, id: str, form: Posted) -> Response:
        return take(asked, id, kind, form)

    handler.__name__ = f"take_{kind}"
    handler.__doc__ = f"Take the step {kind}."
    return handler


for _kind in READERS:
    for _right, _name in paths_of(_kind).items():
        _path = f"/t/{{theatre}}/warnings/{{id}}/{_name}"
        router.add_api_route(_path, _handler(_kind, _right), methods=["POST"])
