"""The sentences that all outputs share. Called by the files beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from toguna.core.language import LANGUAGES, Language
from toguna.warnings.states import Record
from toguna.warnings.types import Option

__all__ = ["OFFICES", "facts", "office", "offices", "options", "state"]

OFFICES = {
    "early warning desk": "office:warning",
    "prevention desk": "office:prevention",
    "head of office": "office:head",
}
"""Offices that our own rules name -> their word; what a team calls its own stays as it is."""


def facts(record: Record, L: Language) -> list[tuple[str, str]]:
    """Say what a warning is, as terms and what they are."""
    w = record.warning
    return [
        (L("Number"), record.id),
        (L("Level"), L.word(f"level:{w.level}")),
        (L("Where"), L.join(a.name for a in w.areas) if w.areas else L("no area named")),
        (L("Period"), L("{start} to {end}", start=w.start, end=w.end)),
        (L("Urgency, severity, certainty"), ", ".join(_cap(record, L))),
        (L("State"), state(record, L)),
        (L("Owner"), offices([w.owner], L)),
        (L("For"), offices(w.addressees, L) or L("not stated")),
        (L("Acknowledge by"), L.say(w.acknowledge_by)),
        (L("Decide by"), L.say(w.deadline)),
    ]


def _cap(record: Record, L: Language) -> Iterator[str]:
    w = record.warning
    for word in (w.urgency, w.severity, w.certainty):
        yield L.word(f"cap:{word}")


def offices(names: Iterable[str], L: Language) -> str:
    """Name offices, those of our own rules in the language."""
    return ", ".join(L.word(OFFICES[name]) if name in OFFICES else name for name in names)


def office(said: str) -> str:
    """Return the office that a name means, whatever its language; any other name stays as it is."""
    for name, word in OFFICES.items():
        if said.casefold() in {name, *(Language(code).word(word).casefold() for code in LANGUAGES)}:
            return name
    return said


def state(record: Record, L: Language) -> str:
    """Say in which state a warning is, and since when."""
    last = record.times.get(record.state, "")
    said = L.word(f"state:{record.state}")
    return f"{said} ({L.say(date.fromisoformat(last[:10]))})" if last else said


def options(record: Record, L: Language) -> list[str]:
    """Say what could be done; that nothing was drawn up is said too."""
    found = record.warning.options
    if not found:
        return [L("No option was drawn up: there is no plan for this warning yet.")]
    return [_option(one, L) for one in found]


def _option(option: Option, L: Language) -> str:
    cost = (
        L("cost not known")
        if option.cost is None
        else L("cost {cost} {unit}", cost=L.number(option.cost, 2), unit=option.unit).strip()
    )
    evidence = (
        L("evidence: {rows}", rows=", ".join(option.evidence)) if option.evidence else L("no evidence found")
    )
    return f"{option.text[L.code]} ({cost}; {evidence})"
