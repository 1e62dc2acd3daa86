"""A draft as a card of the page: its fields with what was read, how sure it is, what else it could be.

Enters: a draft, what a reviewer typed, what is wrong. Leaves: `Card` values. Called by the page of one text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from toguna.actors.registry import Registry
from toguna.core.language import Language
from toguna.core.text import fold
from toguna.room.texts.fields import FORM, FormField, actors_named, proposed
from toguna.room.texts.shelf import INCIDENT, Draft
from toguna.room.web.reportform import Shown, groups, label_of
from toguna.sources.reports.form import choices, questions

__all__ = ["GRADED", "Card", "Line", "Typed", "cards_of", "grades_of", "surely"]

GRADED = ("reliability", "credibility", "sensitivity")

_SURE, _LIKELY = 0.9, 0.7
Told = tuple[Language, Registry, tuple[str, ...]]
"""Language, registry, and regions to choose from."""
_SEVERAL = ("perpetrators", "claimed_by")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into one card and refused: fields, what is wrong by field, places to choose from."""

    number: int
    given: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    candidates: Iterable[Any] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a card.

    Parameters
    ----------
    sure : str
        How sure the reader is, in words and as a figure; "" for what the text does not tell.
    others : tuple of str
        What else it could be; `earlier` = figures the text itself calls superseded.
    options : tuple of (str, str)
        Choices of a list: value, label.
    """

    name: str
    kind: str
    group: str
    label: str
    value: str
    sure: str = ""
    rule: str = ""
    others: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One draft: `told` lines that the text tells, `untold` lines that it leaves open."""

    draft: Draft
    title: str
    sure: str
    told: tuple[Line, ...]
    untold: tuple[Line, ...]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    candidates: tuple[Any, ...]


def grades_of(L: Language, typed: Mapping[str, str]) -> list[Shown]:
    """Return the questions by which a source and a text are graded."""
    asked = groups(L, typed, {}, regions=(), graded=True)
    return [f for g in asked for f in g.fields if f.name in GRADED]


def surely(chance: float, L: Language) -> str:
    """Say a confidence in words and as a figure.

    Examples
    --------
    >>> surely(0.93, Language("en"))
    'almost sure, 93%'
    """
    said = (
        L("almost sure, {figure}")
        if chance >= _SURE
        else L("likely, {figure}")
        if chance >= _LIKELY
        else L("unsure, {figure}")
    )
    return said.format(figure=L.percent(chance))


def cards_of(drafts: Iterable[Draft], typed: Typed | None, told: Told) -> list[Card]:
    """Make the cards of drafts."""
    return [_card(d, typed if typed and typed.number == d.number else None, told) for d in drafts]


def _card(draft: Draft, typed: Typed | None, told: Told) -> Card:
    L, registry, _ = told
    wrong = typed.wrong if typed else {}
    lines = _incident(draft, typed, told) if draft.kind == INCIDENT else _other(draft, typed, told)
    shown = [line for line in lines if line.sure or line.wrong or (typed and line.value)]
    return Card(
        draft,
        _title(draft, L, registry),
        surely(draft.told["confidence"], L),
        tuple(shown),
        tuple(line for line in lines if line not in shown),
        typed.given if typed else {},
        wrong,
        tuple(typed.candidates) if typed else (),
    )


def _title(draft: Draft, L: Language, registry: Registry) -> str:
    if draft.kind != INCIDENT:
        kind = L.word(draft.told["kind"])
        if "a" not in draft.told["fields"]:
            return kind
        a, b = (actors_named(str(draft.field(n)["value"]), registry, L.code) for n in ("a", "b"))
        return f"{kind}{L(':')} {a}, {b}"
    said = proposed(draft) | {k: v for k, v in draft.decided.items() if v}
    try:
        day = L.date(date.fromisoformat(said["incident_date"]))
    except ValueError:
        day = L("day not told")
    return f"{said['place'] or L('place not told')}, {day}"


def _incident(draft: Draft, typed: Typed | None, told: Told) -> list[Line]:
    L, registry, regions = told
    values = proposed(draft) | dict(draft.decided)
    for name in _SEVERAL:
        values[name] = actors_named(values[name], registry, L.code)
    if typed:
        values |= {f.name: typed.given.get(f.name, "") for f in FORM}
    wrong = dict(typed.wrong) if typed else {}
    if "lat" in wrong:
        wrong.setdefault("place", wrong["lat"])
    return [_line(f, draft, (values[f.name], wrong.get(f.name, "")), (L, registry, regions)) for f in FORM]


def _line(f: FormField, draft: Draft, now: tuple[str, str], told: Told) -> Line:
    L, registry, regions = told
    own, (value, wrong) = draft.field(f.told), now
    if f.name == "incident_end" and not value:
        own = {}
    label = {
        "incident_end": L("Last day"),
        "claimed_by": L("Claimed by (+ joint, | rival)"),
        "killed_forces": L("Of them soldiers and police"),
        "killed_attackers": L("Of them attackers"),
    }.get(f.name) or label_of(f.name, L)
    others = [str(a) for a in own.get("alternatives", ()) if not _same(str(a), str(own["value"]))]
    if f.kind == "actors":
        others = [actors_named(a, registry, L.code) for a in others]
    return Line(
        f.name, f.kind, f.group, label, value,
        sure=surely(own["confidence"], L) if own else "",
        rule=str(own.get("rule", "")),
        others=tuple(dict.fromkeys(others)),
        earlier=tuple(str(n) for n in own.get("history", ())),
        options=_options(f, regions, L),
        wrong=wrong,
    )  # fmt: skip


def _same(other: str, value: str) -> bool:
    """Whether an alternative names the same: "X (MLI)" beside "X" helps nobody choose."""
    return fold(other.split(" (", maxsplit=1)[0]) == fold(value)


def _options(f: FormField, regions: tuple[str, ...], L: Language) -> tuple[tuple[str, str], ...]:
    if f.kind == "region":
        return tuple((region, region) for region in regions)
    listed = next((q.list for q in questions() if q.name == f.name), "")
    return tuple((n, L.typeset(label[L.code])) for n, (_, label) in choices().get(listed, {}).items())


def _other(draft: Draft, typed: Typed | None, told: Told) -> list[Line]:
    """Return the lines of a relation or of a measure: organisations, or what is told of it."""
    L, registry, _ = told
    names = {
        "a": L("organisation"), "b": L("other organisation"), "place": L("Where"), "actor": L("By whom"),
        "days": L("days"), "date_start": L("Day"), "official": L("Public office"),
    }  # fmt: skip
    given = typed.given if typed else draft.decided
    found = []
    for name, own in draft.told["fields"].items():
        value = str(own["value"])
        if name in ("a", "b"):
            value = actors_named(value, registry, L.code)
        others = tuple(actors_named(str(a), registry, L.code) for a in own.get("alternatives", ()))
        group = "tie" if "a" in draft.told["fields"] else "measure"
        found.append(
            Line(name, "text", group, names.get(name, name), given.get(name, value),
                 surely(own["confidence"], L), own["rule"], others,
                 wrong=typed.wrong.get(name, "") if typed else "")
        )  # fmt: skip
    return found
