"""Say when a change of tempo may be a change of reporting, and what other sources show.

Tests of place and mix are conditional on the number of events and need no such word. Enters: the
shifts of a run. Leaves: the same, where a shift of tempo rests on a source whose coverage is uneven
with the caveat in its sentence and the same test in the other sources beside it. Called by
`toguna.shifts.detect`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toguna.core.figures import figure
from toguna.core.language import LANGUAGES, Language, Word
from toguna.core.types import Shift
from toguna.store.theatre import Theatre

__all__ = ["uneven_sources", "with_caveats"]


def uneven_sources(theatre: Theatre) -> frozenset[str]:
    """Name the sources whose coverage a theatre calls uneven."""
    stated = theatre.settings.get("chronology", {})
    return frozenset({"chronology"} if stated.get("coverage") == "uneven" else ())


def _same_elsewhere(shift: Shift, shifts: Sequence[Shift]) -> list[Shift]:
    """Return the same test on the other sources: ids differ in their second part only."""
    parts = shift.id.split("/")
    return [
        s
        for s in shifts
        if s.source != shift.source and s.id.split("/")[2:] == parts[2:] and s.id[:6] == "tempo/"
    ]


def _sentence(L: Language, said: str, elsewhere: Sequence[Shift]) -> str:
    words = [
        said,
        L("Seen in a source of uneven coverage: part of it may be a change of reporting."),
    ]
    for other in elsewhere:
        outcome = L("an alarm too") if other.alarm else L("no alarm")
        words.append(
            L(
                "Cross-check, {source}: {outcome} ({value} {unit}; p {p}).",
                source=Word(other.source),
                outcome=outcome,
                value=figure(L, other.effect.value),
                unit=L.word(other.effect.unit),
                p=L.p_value(other.p),
            )
        )
    return " ".join(words)


def with_caveats(shifts: Sequence[Shift], theatre: Theatre) -> list[Shift]:
    """Add the caveat and the cross-check to every shift of tempo that needs them."""
    uneven = uneven_sources(theatre)
    out = []
    for shift in shifts:
        if shift.dimension != "tempo" or shift.source not in uneven:
            out.append(shift)
            continue
        elsewhere = _same_elsewhere(shift, shifts)
        check = {
            s.source: {"shift": s.id, "alarm": s.alarm, "value": s.effect.value, "p": s.p} for s in elsewhere
        }
        text = {code: _sentence(Language(code), shift.text[code], elsewhere) for code in LANGUAGES}
        numbers = {**shift.numbers, "coverage": "uneven", "cross_check": check}
        out.append(replace(shift, numbers=numbers, text=text))
    return out
