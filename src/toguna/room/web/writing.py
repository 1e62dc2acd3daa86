"""A warning written in the room: what its form holds, and the warning that a filled one makes.

Enters: a form. Leaves: a `Warning`, or a `FieldError` at the field that does not do. Called by
`toguna.room.web.pages.warning_write`. What was found by rules stays under the words that an analyst gives it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from starlette.datastructures import FormData

from toguna.core.digest import digest
from toguna.core.errors import FieldError
from toguna.core.language import LANGUAGES, Language
from toguna.core.language import in_every_language as _
from toguna.core.text import fold
from toguna.room.briefing.scope import names_of
from toguna.room.warned import LEVEL, outlines
from toguna.room.web.ask import Ask
from toguna.room.web.moving import day_of
from toguna.room.web.security.forms import field, fields
from toguna.warnings.options import options_of
from toguna.warnings.outputs.words import office, offices
from toguna.warnings.rules import Desk
from toguna.warnings.types import Area, Basis, Option, Warning
from toguna.warnings.words import CERTAINTIES, KINDS, LEVELS, SENSITIVITIES, SEVERITIES, URGENCIES

__all__ = ["VOCABULARIES", "Blank", "filled", "title_of", "warning_of"]

VOCABULARIES = {
    "kind": KINDS,
    "level": LEVELS,
    "urgency": URGENCIES,
    "severity": SEVERITIES,
    "certainty": CERTAINTIES,
    "sensitivity": SENSITIVITIES,
}
LONGEST, SHORT, MOST_NAMES = 4000, 300, 40


@dataclass(frozen=True)
class Blank:
    """What the form offers.

    Parameters
    ----------
    areas : list of str
        Areas of the first level.
    places : list of str
        Other places whose outlines are known.
    actors : list of (str, str)
        Ids and names of organisations.
    planned : bool
        Whether a plan of the day stands ready to take options from.
    """

    areas: list[str]
    places: list[str]
    actors: list[tuple[str, str]]
    planned: bool

    @classmethod
    def of(cls, asked: Ask) -> Blank:
        """Return what the theatre and the assessment of the day offer."""
        areas = sorted(area.name for area in asked.theatre.areas(LEVEL))
        known = outlines(asked.theatre)
        names = names_of(asked.built.assessment, asked.lang)
        actors = sorted(names.items(), key=lambda named: fold(named[1]))
        return cls(areas, sorted(set(known) - set(areas)), actors, bool(asked.built.assessment["plans"]))


def filled(w: Warning | None, asked: Ask, blank: Blank, desk: Desk) -> dict[str, list[str]]:
    """Return the fields of the form as they stand before anybody types: those of `w`, or of an empty one."""
    if w is None:
        day = asked.today
        days = {"start": day, "end": day + timedelta(days=90)}
        days |= {"acknowledge_by": day + timedelta(days=3), "deadline": day + timedelta(days=7)}
        words = {"kind": "other", "level": "warning", "sensitivity": desk.sensitivity}
        told: dict[str, Any] = words | dict.fromkeys(("urgency", "severity", "certainty"), "Unknown")
        told |= _answering(desk, asked.lang)
        told |= {"options": "plan" if blank.planned else "none"}
        return {k: [str(v)] for k, v in (told | days).items()} | {"areas": [], "actors": []}
    plain = {name: str(getattr(w, name)) for name in (*VOCABULARIES, *_DAYS)}
    plain |= {f"{name}_{code}": getattr(w, name)[code] for name in ("headline", "text") for code in LANGUAGES}
    plain |= _answering(w, asked.lang) | {"options": "keep"}
    named = [a.name for a in w.areas]
    plain["places"] = ", ".join(n for n in named if n not in blank.areas)
    plain["rests_on"] = "\n".join(b.id for b in w.basis if b.origin == "analyst" and b.id != "analyst")
    lists = {"areas": [n for n in named if n in blank.areas], "actors": list(w.actors)}
    return {name: [value] for name, value in plain.items()} | lists


def _answering(who: Desk | Warning, L: Language) -> dict[str, str]:
    """Name those who answer, offices of our own rules in the reader's language; `office` reads them back."""
    return {
        "owner": offices([who.owner], L),
        "addressees": offices(who.addressees, L),
        "escalate_to": offices([who.escalate_to], L),
    }


_DAYS = ("start", "end", "acknowledge_by", "deadline")


def warning_of(
    form: FormData, asked: Ask, before: Warning | None = None, *, known: Callable[[str], bool]
) -> Warning:
    """Make the warning that a form says.

    Parameters
    ----------
    known : callable
        Whether the assessment of the day has a finding of that id.
    before : Warning, optional
        What it puts other words to: outlines, options and findings that the form does not touch are kept.

    Raises
    ------
    FieldError
        A field does not do; it is named.
    """
    words: dict[str, Any] = {name: _word(form, name) for name in VOCABULARIES}
    days: dict[str, Any] = {name: day_of(form, name) for name in _DAYS}
    _in_order(days)
    said: dict[str, Any] = {
        name: _said(form, name, LONGEST if name == "text" else SHORT) for name in ("headline", "text")
    }
    areas = _areas(form, asked, before)
    return Warning(
        theatre=asked.theatre.name,
        **words,
        **days,
        **said,
        areas=areas,
        actors=_actors(form, asked, before),
        basis=_basis(_rests_on(form, before, known), asked, said, before),
        owner=_office(form),
        addressees=tuple(map(office, _names(form, "addressees"))),
        escalate_to=office(" ".join(field(form, "escalate_to").split())[:SHORT]),
        options=_options(form, asked, areas, before),
        corrects=before.corrects if before else "",
    )


def _word(form: FormData, name: str) -> str:
    found = field(form, name)
    if found not in VOCABULARIES[name]:
        raise FieldError(name, _("Choose one of the words."))
    return found


def _in_order(days: dict[str, date]) -> None:
    if days["end"] < days["start"]:
        raise FieldError("end", _("The period ends before it starts."))
    if days["deadline"] < days["acknowledge_by"]:
        raise FieldError(
            "deadline",
            _("The deadline lies before the day to acknowledge by, {day}.", day=days["acknowledge_by"]),
        )


def _said(form: FormData, name: str, most: int) -> dict[str, str]:
    """Read words in both languages: who answers a warning may read only one of them."""
    told = {}
    for code in LANGUAGES:
        text = field(form, f"{name}_{code}").strip()
        if not text:
            raise FieldError(
                f"{name}_{code}", _("A warning speaks English and French; these words are missing.")
            )
        if len(text) > most:
            raise FieldError(
                f"{name}_{code}", _("{n} characters; {most} are the most.", n=len(text), most=most)
            )
        told[code] = text
    return told


def _names(form: FormData, name: str) -> tuple[str, ...]:
    found = [" ".join(part.split()) for part in field(form, name).replace("\n", ",").split(",")]
    kept = tuple(dict.fromkeys(part for part in found if part))
    if len(kept) > MOST_NAMES or any(len(part) > SHORT or not part.isprintable() for part in kept):
        raise FieldError(name, _("At most {n} names, with commas between.", n=MOST_NAMES))
    return kept


def _office(form: FormData) -> str:
    found = " ".join(field(form, "owner").split())
    if not found or len(found) > SHORT or not found.isprintable():
        raise FieldError("owner", _("A warning needs an owner: the office or person that answers for it."))
    return office(found)


def _areas(form: FormData, asked: Ask, before: Warning | None) -> tuple[Area, ...]:
    """Return areas with their outlines; a place that is not known has its name only."""
    known = outlines(asked.theatre) | ({a.name: a for a in before.areas} if before else {})
    offered = {area.name for area in asked.theatre.areas(LEVEL)}
    ticked = list(dict.fromkeys(fields(form, "areas")))
    for name in ticked:
        if name not in offered:
            raise FieldError("areas", _("There is no area “{name}” in this theatre.", name=name[:80]))
    names = dict.fromkeys([*ticked, *_names(form, "places")])
    return tuple(known.get(name, Area(name)) for name in names)


def _actors(form: FormData, asked: Ask, before: Warning | None) -> tuple[str, ...]:
    known = {a["id"] for a in asked.built.assessment["actors"]} | set(before.actors if before else ())
    found = tuple(dict.fromkeys(fields(form, "actors")))
    for id in found:
        if id not in known:
            raise FieldError("actors", _("There is no organisation “{id}”.", id=id[:80]))
    return found


def _rests_on(form: FormData, before: Warning | None, known: Callable[[str], bool]) -> list[str]:
    held = {b.id for b in before.basis} if before else set()
    ids = list(dict.fromkeys(field(form, "rests_on").split()))[:MOST_NAMES]
    for id in ids:
        if id not in held and not known(id):
            raise FieldError("rests_on", _("There is no finding “{id}” in the assessment.", id=id[:80]))
    return ids


def _basis(
    ids: list[str], asked: Ask, said: dict[str, dict[str, str]], before: Warning | None
) -> tuple[Basis, ...]:
    """Keep what rules found; beside it stands what the analyst names, or the analyst's own judgement."""
    found = tuple(b for b in before.basis if b.origin != "analyst") if before else ()
    named = ids or ([] if found else ["analyst"])
    day = asked.today.isoformat()
    return (*found, *(Basis("analyst", id, digest({"id": id, **said}), day) for id in named))


def _options(
    form: FormData, asked: Ask, areas: tuple[Area, ...], before: Warning | None
) -> tuple[Option, ...]:
    how, plans = field(form, "options"), asked.built.assessment["plans"]
    if how == "keep" and before:
        return before.options
    if how != "plan" or not plans:
        return ()
    found = options_of(plans[0]["items"], plans[0]["unit"])
    return tuple(option for name in [a.name for a in areas] or [""] for option in found.get(name, ()))


def title_of(L: Language, mode: str) -> str:
    """Name what the form is for."""
    return {
        "new": L("Write a warning by hand"),
        "edit": L("Change its words"),
        "correct": L("Write a correction in its place"),
    }[mode]
