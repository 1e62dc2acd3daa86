"""What is asked, and whether what was typed answers it: the questions of the form of the source `reports`.

Enters: fields as typed. Leaves: `Reading`: answers by name of the question, what is wrong at which field, and
places to choose from. Called by the pages of reporting and review. Words and choices are those of the form
that ``toguna reports form`` writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from toguna.core.language import Language
from toguna.room.reporting.places import Gazetteer, Place
from toguna.room.reporting.typed import clean, masked_for
from toguna.room.reporting.whereabouts import where
from toguna.sources.reports.form import choices, questions

__all__ = ["ASKED", "GRADES", "NUMBERS", "TEXTS", "Reading", "Rules", "as_typed", "read", "settled_later"]

TEXTS = {"place": 120, "perpetrators": 300, "description": 4000}
NUMBERS = ("killed", "killed_low", "killed_high", "killed_civilians", "wounded", "abducted")
GRADES = ("reliability", "credibility")
_KNOWN_OR_NOT = ("killed", "wounded", "perpetrators")
"""Questions that must be answered or ticked as not known: a blank might be an oversight, 0 is a number."""
_OWN = ("start", "end", "today", "reporter_code")
_EARLIEST = date(1980, 1, 1)
_MOST_SIGNS, _FAR = (
    120,
    4,
)  # of answers that are not texts; spaces and signs that are taken out may come on top
_MOST_PEOPLE = 100_000
ASKED = tuple(q.name for q in questions() if q.name not in _OWN)


@dataclass(frozen=True)
class Rules:
    """What a reading must know.

    Parameters
    ----------
    lang : Language
        To say what is wrong in.
    today : date
        Day of the room: nothing that is reported happened after it.
    gazetteer : Gazetteer
        Places of the theatre.
    reporter : tuple of str
        Names of whoever reports, masked wherever they stand; none when somebody else corrects.
    graded : bool
        Whether grades are asked for, as a reviewer is.
    """

    lang: Language
    today: date
    gazetteer: Gazetteer
    reporter: tuple[str, ...] = ()
    graded: bool = False


@dataclass
class Reading:
    """What was understood.

    Parameters
    ----------
    typed : dict of str to str
        Fields as they came, to be shown again.
    given : dict of str to str
        The same without those that are far too long to be read at all.
    answers : dict of str to str
        By name of the question; what was left open is not in it.
    wrong : dict of str to str
        By field: what is wrong, in the reader's language. With any, the answers are not whole.
    candidates : list of Place
        Places that may be meant.
    masked : int
        Texts in which a number, an address or a name was masked.
    """

    typed: dict[str, str]
    given: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    candidates: list[Place] = field(default_factory=list)
    masked: int = 0


def read(typed: Mapping[str, Any], rules: Rules) -> Reading:
    """Read what was typed; every field is looked at, so that all faults are told at once."""
    found = Reading({k: v for k, v in typed.items() if isinstance(v, str)})
    too_long = _given(found, rules.lang)
    _when(found, rules)
    _texts(found, rules)
    where(found, rules.gazetteer, rules.lang)
    _choices(found, rules)
    _numbers(found, rules)
    _known(found, rules.lang)
    if not found.answers.get("event_type") and "event_type" not in found.wrong:
        found.wrong["event_type"] = rules.lang("Choose what happened.")
    if found.answers.get("consent") != "yes":
        found.answers.pop("consent", None)
        found.wrong["consent"] = rules.lang(
            "Without a yes to this, the report may not be used and is not sent."
        )
    found.wrong |= too_long
    return found


def _given(found: Reading, L: Language) -> dict[str, str]:
    """Leave out what is far too long to be read at all; return what is to be said of it."""
    said = {}
    for name, text in found.typed.items():
        most = TEXTS.get(name, _MOST_SIGNS)
        if len(text) <= _FAR * most:
            found.given[name] = text
        elif name in (*ASKED, "lat", "lon"):
            said[name] = L("At most {most} signs; yours has {n}. Shorten it.", most=most, n=len(text))
    return said


def _when(found: Reading, rules: Rules) -> None:
    L, text = rules.lang, clean(found.given.get("incident_date", ""))
    day = _day(text)
    if day is None:
        said = (
            L("Give the day as year-month-day, as in 2015-11-20.") if text else L("Say on which day it was.")
        )
        found.wrong["incident_date"] = said
    elif day > rules.today:
        found.wrong["incident_date"] = L("This day has not come yet: today is {today}.", today=rules.today)
    elif day < _EARLIEST:
        found.wrong["incident_date"] = L("This is before {first}; check the year.", first=_EARLIEST)
    else:
        found.answers["incident_date"] = day.isoformat()
    hour = clean(found.given.get("incident_time", "")).lower().replace(" ", "").replace("h", ":")
    if hour:
        try:
            found.answers["incident_time"] = time.fromisoformat(hour).strftime("%H:%M")
        except ValueError:
            found.wrong["incident_time"] = L(
                "Give the time as hours and minutes, as in 17:30, or leave it out."
            )


def _day(text: str) -> date | None:
    """Read a day as browsers send it, or as one types it in French where they offer no calendar."""
    parts = text.replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 3 and all(p.isascii() and p.isdecimal() and len(p) <= 4 for p in parts):
        year, month, day = parts if len(parts[0]) == 4 else reversed(parts)
        try:
            return date(int(year), int(month), int(day)) if len(year) == 4 else None
        except ValueError:
            return None
    return None


def _texts(found: Reading, rules: Rules) -> None:
    for name, most in TEXTS.items():
        text = clean(found.given.get(name, ""), lines=name == "description")
        if len(text) > most:
            found.wrong[name] = rules.lang(
                "At most {most} signs; yours has {n}. Shorten it.", most=most, n=len(text)
            )
            continue
        said = masked_for(text, rules.reporter)
        found.masked += said != text
        if said:
            found.answers[name] = said
    if not found.answers.get("description") and "description" not in found.wrong:
        found.wrong["description"] = rules.lang("Say in a few words what happened, without names.")


def _choices(found: Reading, rules: Rules) -> None:
    for question in questions():
        if not question.list or question.name in ("place_known", *(() if rules.graded else GRADES)):
            continue
        text = clean(found.given.get(question.name, ""))
        if text in choices()[question.list]:
            found.answers[question.name] = text
        elif text:
            found.wrong[question.name] = rules.lang("Choose one of the answers listed.")
        elif question.name in (*GRADES, "sensitivity"):
            found.wrong[question.name] = rules.lang(
                "Choose one of the answers: a blank would count as the worst."
            )


def _numbers(found: Reading, rules: Rules) -> None:
    L, told = rules.lang, dict[str, int]()
    for name in NUMBERS:
        text = clean(found.given.get(name, "")).replace(" ", "")
        if not text or _is_unknown(found, name):
            continue
        if not text.isdecimal() or len(text) > 7 or int(text) > _MOST_PEOPLE:
            found.wrong[name] = L("Give a whole number from 0 to {most}.", most=_MOST_PEOPLE)
        else:
            told[name] = int(text)
    low, best, high = (told.get(name) for name in ("killed_low", "killed", "killed_high"))
    known = [n for n in (low, best, high) if n is not None]
    if known != sorted(known):
        found.wrong.setdefault(
            "killed_low", L("The least must not be above the best figure, nor the best above the most.")
        )
    most = next((n for n in (high, best) if n is not None), None)
    civilians = told.get("killed_civilians")
    if civilians is not None and most is not None and civilians > most:
        found.wrong.setdefault(
            "killed_civilians", L("More civilians than people killed: correct one of the two.")
        )
    found.answers |= {name: str(n) for name, n in told.items()}


def _is_unknown(found: Reading, name: str) -> bool:
    return found.given.get(f"{name}_unknown") == "yes"


def _known(found: Reading, L: Language) -> None:
    """Ask for an answer or for the tick "not known", and for one of them only."""
    for name in _KNOWN_OR_NOT:
        typed, unknown = bool(found.given.get(name, "").strip()), _is_unknown(found, name)
        if typed and unknown:
            found.wrong.setdefault(name, L("You gave an answer and ticked “not known”: keep one of the two."))
        elif not typed and not unknown:
            said = {
                "killed": L("Give the number, 0 if nobody was killed, or tick “not known”."),
                "wounded": L("Give the number, 0 if nobody was wounded, or tick “not known”."),
                "perpetrators": L("Name the group or force, or tick “not known”."),
            }
            found.wrong.setdefault(name, said[name])


def settled_later(found: Reading, rules: Rules) -> dict[str, str]:
    """Return answers of a report that cannot be asked back: what is wrong stands as typed, for the reviewer.

    A report that waited on a telephone was sealed there: its sender no longer sees it and cannot correct it.
    """
    answers = dict(found.answers)
    for name in found.wrong:
        most = TEXTS.get(name, _MOST_SIGNS)
        text = clean(found.typed.get(name, "")[: _FAR * most], lines=name == "description")[:most]
        if text and name in ASKED and name not in answers:
            answers[name] = masked_for(text, rules.reporter)
    return answers


def as_typed(answers: Mapping[str, str]) -> dict[str, str]:
    """Say answers as fields of the form, to be shown and corrected."""
    lat, _, lon = answers.get("point", "").partition(" ")
    typed = {name: text for name, text in answers.items() if name != "point"} | {"lat": lat, "lon": lon}
    return typed | {f"{name}_unknown": "yes" for name in _KNOWN_OR_NOT if not answers.get(name)}
