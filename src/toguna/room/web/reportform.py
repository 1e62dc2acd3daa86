"""The questions of the form as a page shows them: labels, choices, what was typed, what is wrong.

Enters: a `Reading` or nothing, a language. Leaves: groups of `Shown`. Called by the pages of reporting and
review; labels and choices are those of the form of the source `reports`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from toguna.actors.registry import Registry
from toguna.core.language import Language
from toguna.room.reporting.places import Gazetteer
from toguna.room.reporting.questionnaire import GRADES
from toguna.room.web.ask import Ask
from toguna.sources.reports.form import Question, choices, questions
from toguna.store.theatre import Theatre

__all__ = ["Group", "Shown", "actor_names", "gazetteer_of", "groups", "label_of", "say_answer"]

_GROUPS = (
    ("when", ("incident_date", "date_known", "incident_time")),
    ("where", ("place", "region", "lat", "lon", "place_known")),
    ("what", ("event_type", "tactic", "target", "setting")),
    ("who", ("perpetrators",)),
    ("people", ("killed", "killed_low", "killed_high", "killed_civilians", "wounded", "abducted")),
    ("words", ("description", "how_known")),
    ("care", ("sensitivity", "consent")),
)
_UNKNOWN = ("killed", "wounded", "perpetrators")
_GAZETTEERS: dict[str, Gazetteer] = {}


@dataclass(frozen=True)
class Shown:
    """One question: name, kind of field, label, hint, choices (value, label), what was typed, what is wrong.

    Parameters
    ----------
    unknown : bool or None
        Whether "not known" is ticked; None where it cannot be.
    """

    name: str
    kind: str
    label: str
    hint: str
    options: tuple[tuple[str, str], ...]
    value: str
    wrong: str
    required: bool
    unknown: bool | None = None


@dataclass(frozen=True)
class Group:
    """Questions under one heading."""

    name: str
    title: str
    fields: tuple[Shown, ...]


def gazetteer_of(asked: Ask) -> Gazetteer:
    """Return the places of the theatre, read once."""
    name = str(asked.theatre.folder)
    if name not in _GAZETTEERS:
        _GAZETTEERS[name] = Gazetteer(asked.theatre)
    return _GAZETTEERS[name]


def actor_names(theatre: Theatre, asked: Ask) -> list[str]:
    """Return the names of organisations known on the day of the room, to choose from while typing."""
    registry = Registry.build(theatre, as_of=asked.room.settings.today())
    return sorted({actor.title(asked.lang.code) for actor in registry.actors.values()})


def groups(
    L: Language, typed: Mapping[str, str], wrong: Mapping[str, str], *, regions: tuple[str, ...], graded: bool
) -> list[Group]:
    """Return the form; `graded` adds the grades that a reviewer gives."""
    titles = {
        "when": L("When"),
        "where": L("Where"),
        "what": L("What"),
        "who": L("By whom"),
        "people": L("How many people"),
        "words": L("In your words"),
        "care": L("Care"),
        "grades": L("Grades"),
    }
    asked = {q.name: q for q in questions()}
    listed = (*_GROUPS, ("grades", GRADES)) if graded else _GROUPS
    return [
        Group(name, titles[name], tuple(_shown(n, asked.get(n), (L, typed, wrong), regions) for n in names))
        for name, names in listed
    ]


def _shown(
    name: str,
    question: Question | None,
    told: tuple[Language, Mapping[str, str], Mapping[str, str]],
    regions: tuple[str, ...],
) -> Shown:
    L, typed, wrong = told
    if question is None:  # latitude and longitude: one question of the form, two fields of a page
        label = L("Latitude") if name == "lat" else L("Longitude")
        return Shown(name, "degrees", label, "", (), typed.get(name, ""), wrong.get(name, ""), required=False)
    options = tuple(
        (n, L.typeset(label[L.code])) for n, (_, label) in choices().get(question.list, {}).items()
    )
    if name == "region":
        options = tuple((region, region) for region in regions)
    required = question.required or name in ("description", *_UNKNOWN)
    return Shown(
        name,
        _kind(name, question),
        L.typeset(question.label[L.code]),
        L.typeset(question.hint[L.code]),
        options,
        typed.get(name, ""),
        wrong.get(name, ""),
        required,
        typed.get(f"{name}_unknown") == "yes" if name in _UNKNOWN else None,
    )


def _kind(name: str, question: Question) -> str:
    if name == "consent":
        return "tick"
    if name in ("sensitivity", "how_known", "date_known", "place_known"):
        return "radio"
    if question.list or name == "region":
        return "select"
    return {"description": "words", "place": "place", "perpetrators": "actor"}.get(name, question.type)


def label_of(name: str, L: Language) -> str:
    """Name a question in a table."""
    found = next((q.label[L.code] for q in questions() if q.name == name), "")
    return L.typeset(found) or name


def say_answer(name: str, text: str, L: Language) -> str:
    """Say an answer in words; what is no day of the calendar is said as it was typed."""
    if name == "incident_date":
        try:
            return L.short_date(date.fromisoformat(text))
        except ValueError:
            return text
    listed = next((q.list for q in questions() if q.name == name), "")
    known = choices().get(listed, {}).get(text)
    return L.typeset(known[1][L.code]) if known else text
