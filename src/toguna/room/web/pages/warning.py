"""``/t/THEATRE/warnings/ID``: one warning of the ledger, what happened to it, what may be done now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.core.language import LANGUAGES
from toguna.responses.evidence import load_catalogue
from toguna.responses.evidence.catalogue import Catalogue
from toguna.room.briefing.scope import names_of
from toguna.room.web import answer, told
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.capwords import meanings
from toguna.room.web.moving import path_for, takeable
from toguna.room.web.readers import Reading, note_read, reading
from toguna.warnings.due import owed_by
from toguna.warnings.lessons import Fit, fitting, situation_of
from toguna.warnings.outputs.words import offices
from toguna.warnings.states import Record
from toguna.warnings.words import OUTCOMES

__all__ = ["Tried", "catalogue_of", "router", "show"]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Tried:
    """A step that was refused, so that nothing typed is lost.

    Parameters
    ----------
    step : str
        Its name.
    typed : mapping of str to list of str
        Fields of the form.
    field : str
        The field that does not do; "" when it is none of the form.
    wrong : str
        What is wrong with it.
    since : tuple
        What others did since it was read; see `toguna.room.web.told.since`.
    """

    step: str
    typed: Mapping[str, list[str]]
    field: str = ""
    wrong: str = ""
    since: tuple[dict[str, Any], ...] = ()


def catalogue_of(asked: Ask) -> Catalogue:
    """Return the measures, with the evidence and costs that users added."""
    return load_catalogue([asked.theatre.folder, asked.room.settings.home.path])


@router.get("/t/{theatre}/warnings/{id}")
@needs(Right.READ)
def warning(asked: Asked, id: str) -> Response:
    """Show one warning."""
    return show(asked, id)


def show(asked: Ask, id: str, tried: Tried | None = None, *, status: int = 200) -> Response:
    """Set the page of a warning; after a refusal with what was typed."""
    read = reading(asked)
    record = read.one(id)
    note_read(asked, record)
    catalogue, L = catalogue_of(asked), asked.lang
    doable = takeable(asked, record)
    return answer.page(
        asked,
        "warning.html.j2",
        status=status,
        record=record,
        w_=record.warning,
        other_code=next(code for code in LANGUAGES if code != L.code),
        means=meanings(L),
        offices=lambda names: offices(names, L),
        owed=owed_by(record, asked.today) if record.is_open else None,
        options=told.options(record, catalogue.measures, L),
        choosable=_choosable(record, catalogue),
        history=told.history(record, L),
        day=lambda said: L.short_date(date.fromisoformat(said)),
        names_of_actors=_names(asked),
        fits=_fits(read, record),
        own_lessons=[one for one in read.lessons if one.warning == record.id],
        corrects=record.warning.corrects if record.warning.corrects in read.records else "",
        corrected_by=[r.id for r in read.records.values() if r.warning.corrects == record.id],
        doable=doable,
        path_for=lambda step: path_for(asked, step),
        writable=record.is_open and asked.may(Right.WARN) and not asked.stepped,
        lendable=asked.may(Right.EXPORT) and record.released and record.issued_at is not None,
        measures=catalogue.measures,
        outcomes=OUTCOMES,
        tried=tried,
        offered=[*doable, *([tried.step] if tried and tried.step not in doable else [])],
        past=asked.room.settings.today() < asked.room.settings.clock().date(),
        done=asked.request.query_params.get("done", ""),
    )


def _names(asked: Ask) -> Mapping[str, str]:
    """Return names of organisations, as far as an assessment of the day stands ready."""
    built = asked.room.desk.built(asked.theatre.name, asked.as_of)
    return names_of(built.assessment, asked.lang) if built else {}


def _choosable(record: Record, catalogue: Catalogue) -> dict[str, list[str]]:
    """Return the measures that a decision may choose, each with the areas it was drawn up for."""
    found: dict[str, list[str]] = {}
    for option in record.warning.options:
        if option.measure:
            found.setdefault(option.measure, []).extend([option.area] if option.area else [])
    return found


def _fits(read: Reading, record: Record) -> list[Fit]:
    others = [one for one in read.lessons if one.warning != record.id]
    return fitting(others, situation_of(record.warning))
