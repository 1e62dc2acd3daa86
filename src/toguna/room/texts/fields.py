"""The fields of a draft incident as a form, and the form as answers of a field report.

Enters: a draft; what a reviewer typed. Leaves: the form's values as they were proposed, and answers in the
words of the source `reports`, checked by the rules of every report. Called by the page of reading and
`decide`.

Answers that the form of reports does not ask for (`_OWN`) are told by drafts alone: the last day, the dead of
the attackers and of forces, claims of responsibility, the address of the source, the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from toguna.actors.registry import Registry
from toguna.core.language import LANGUAGES, Language
from toguna.reading.titles import titles
from toguna.room.reporting.questionnaire import Reading, Rules, read
from toguna.room.reporting.typed import clean, masked_for
from toguna.room.texts.shelf import Draft, TextRead
from toguna.sources.reports.form import TOLD_BY_TEXTS

__all__ = [
    "FORM", "FormField", "actors_named", "actors_typed", "answers_of", "corrections", "proposed",
    "told_by_text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form: its name there, the draft's field, its kind, the group that colours it."""

    name: str
    told: str
    kind: str
    group: str


FORM = tuple(
    FormField(*row)
    for row in (
        ("incident_date", "date_start", "date", "when"),
        ("incident_end", "date_end", "date", "when"),
        ("date_known", "date_precision", "choice", "when"),
        ("place", "place", "place", "where"),
        ("region", "admin1", "region", "where"),
        ("event_type", "event_type", "choice", "what"),
        ("tactic", "tactic", "choice", "what"),
        ("target", "target_class", "choice", "what"),
        ("setting", "setting", "choice", "what"),
        ("perpetrators", "perpetrator", "actors", "who"),
        ("claimed_by", "claimed_by", "actors", "who"),
        ("killed_low", "killed_low", "number", "toll"),
        ("killed", "killed_best", "number", "toll"),
        ("killed_high", "killed_high", "number", "toll"),
        ("killed_civilians", "killed_civilians", "number", "toll"),
        ("killed_forces", "killed_forces", "number", "toll"),
        ("killed_attackers", "killed_attackers", "number", "toll"),
        ("wounded", "wounded", "number", "toll"),
        ("abducted", "hostages", "number", "toll"),
    )
)
"""The form in its order. `killed` counts everybody, as in the tables; claims join claimants with '+', rival
claims with '|'."""

_OWN = (*TOLD_BY_TEXTS.values(), "read_by")
_MOST_PEOPLE, _MOST_NAMES, _MOST_REMARK = 100_000, 300, 1000
_EXACTNESS = {"day": "day", "week": "week", "month": "month", "year": "month"}
_JOINED = re.compile(r"\s*([;+|])\s*")
_FORCES = {True: "killed_international", False: "killed_security"}


def told_by_text(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers of a report that the form of reports does not ask for, to be kept in corrections."""
    return {name: answers[name] for name in _OWN if name in answers}


def actors_named(text: str, registry: Registry, lang: str) -> str:
    """Say ids of organisations ("A+B|C") by their names ("Name A + Name B | Name C")."""
    parts = _JOINED.split(text)
    said = [
        f" {part} " if part in "+|" else "; " if part == ";" else _titled(part, registry, lang)
        for part in parts
        if part
    ]
    return "".join(said).strip()


def _titled(part: str, registry: Registry, lang: str) -> str:
    actor = registry.actors.get(part)
    return actor.title(lang) if actor else titles().get(part, {}).get(lang, part)


def actors_typed(text: str, registry: Registry) -> str:
    """Return ids for the names that registry or reader know for certain; others stay as they were typed."""
    shown = {name: id for id, names in titles().items() for name in names.values()}
    shown |= {actor.title(code): id for id, actor in registry.actors.items() for code in LANGUAGES}
    parts = (part.strip() for part in _JOINED.split(clean(text)))
    return "".join(part if part in ";+|" else _id(part, registry, shown) for part in parts if part)


def _id(name: str, registry: Registry, shown: Mapping[str, str]) -> str:
    """Return the id of a name: of a title as it is shown on the page, else of any name that is certain."""
    match = registry.resolve(name)
    return shown.get(name) or (match.actor_id if match.certain and match.actor_id else name)


def proposed(draft: Draft) -> dict[str, str]:
    """Return the form as the reader would fill it in; what the text does not tell is ""."""
    told = {f.name: _plain(draft.field(f.told).get("value")) for f in FORM}
    told["date_known"] = _EXACTNESS.get(told["date_known"], "month" if told["date_known"] else "")
    if told["incident_end"] == told["incident_date"]:
        told["incident_end"] = ""
    if not told["place"]:
        told["place"] = _plain(draft.field("admin2").get("value")) or told["region"]
    return told


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def corrections(draft: Draft, given: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what was changed: by field of the form, as proposed and as given."""
    before = proposed(draft)
    return {
        f.name: [before[f.name], given.get(f.name, "")]
        for f in FORM
        if before[f.name] != given.get(f.name, "")
    }


def answers_of(
    text: TextRead, draft: Draft, given: Mapping[str, str], rules: Rules
) -> tuple[Reading, dict[str, str]]:
    """Read what a reviewer typed; return the reading, and the form as it was understood (actors by id).

    Parameters
    ----------
    given : dict of str to str
        Fields of `FORM`, `remark`, the grades, and `place_choice` where a place was asked back.
    rules : Rules
        As for every report that is reviewed; its `wrong` holds what is wrong in fields of drafts alone too.
    """
    said = {f.name: clean(given.get(f.name, "")) for f in FORM}
    found = read(_typed(text, draft, said, given, rules.lang), rules)
    for name in ("perpetrators", "claimed_by"):
        if len(said[name]) > _MOST_NAMES:
            found.wrong[name] = rules.lang(
                "At most {most} signs; yours has {n}. Shorten it.", most=_MOST_NAMES, n=len(said[name])
            )
    if said["claimed_by"]:
        found.answers["claimed_by"] = masked_for(said["claimed_by"], ())
    _last_day(found, said, rules)
    _own_numbers(found, said, rules.lang)
    found.answers |= {"read_by": text.reader} | ({"text_address": text.address} if text.address else {})
    return found, said


def _typed(
    text: TextRead, draft: Draft, said: Mapping[str, str], given: Mapping[str, str], L: Language
) -> dict[str, str]:
    """Fill in the form of reports: what a text leaves open is not known, and its words are not told."""
    typed = {name: value for name, value in said.items() if value}
    typed |= {f"{n}_unknown": "yes" for n in ("killed", "wounded", "perpetrators") if n not in typed}
    before = proposed(draft)
    where = {n: draft.field(n).get("value") for n in ("latitude", "longitude")}
    if None not in where.values() and all(said[n] == before[n] for n in ("place", "region")):
        typed.pop("region", None)  # the point says it, and outlines decide
        typed |= {"lat": str(where["latitude"]), "lon": str(where["longitude"])}
        typed["place_known"] = _nearness(draft)
    elif said["place"] == said["region"]:
        typed["place_known"] = "region"
    named = text.title or text.source
    remark = clean(given.get("remark", ""), lines=True)[:_MOST_REMARK]
    mark = L(
        "Read by machine ({reader}) in “{title}”, reviewed by a person.", reader=text.reader, title=named
    )
    typed |= {
        "description": f"{mark}\n{remark}".strip(),
        "how_known": "media",
        "consent": "yes",
        "place_choice": given.get("place_choice", ""),
    }
    grades = {n: given.get(n, "") or getattr(text, n) for n in ("reliability", "credibility", "sensitivity")}
    return typed | grades


def _nearness(draft: Draft) -> str:
    """Say how exact a point is: of an area it is the seat, of a place that was named in passing near it."""
    place, region = draft.field("place"), draft.field("admin1")
    if not place:
        return "region"
    if "vague" not in place["features"]:
        return "exact"
    return "region" if place["value"] == region.get("value") else "near"


def _last_day(found: Reading, said: Mapping[str, str], rules: Rules) -> None:
    if not said["incident_end"]:
        return
    try:
        last = date.fromisoformat(said["incident_end"])
    except ValueError:
        found.wrong["incident_end"] = rules.lang("Give the day as year-month-day, as in 2015-11-20.")
        return
    first = found.answers.get("incident_date", "")
    if last > rules.today or (first and last.isoformat() < first):
        found.wrong["incident_end"] = rules.lang("The last day lies before the first, or has not come yet.")
    else:
        found.answers["incident_end"] = last.isoformat()


def _own_numbers(found: Reading, said: Mapping[str, str], L: Language) -> None:
    most = int(found.answers.get("killed_high") or found.answers.get("killed") or _MOST_PEOPLE)
    for name in ("killed_attackers", "killed_forces"):
        text = said[name].replace(" ", "")
        if not text:
            continue
        if not (text.isascii() and text.isdecimal()) or len(text) > 7 or int(text) > _MOST_PEOPLE:
            found.wrong[name] = L("Give a whole number from 0 to {most}.", most=_MOST_PEOPLE)
        elif int(text) > most:
            found.wrong[name] = L("More than all who were killed: correct one of the two.")
        else:
            international = found.answers.get("target") == "international_forces"
            found.answers[_FORCES[international] if name == "killed_forces" else name] = str(int(text))
