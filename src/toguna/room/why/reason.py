"""One node of an explanation, and what explanations look things up in. Called by every file here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toguna.core.language import Language
from toguna.room.briefing.scope import said

__all__ = ["Assessment", "Case", "Explain", "Reason", "line", "withheld_words"]

Assessment = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """One node: what it is, what it says, and what it rests on.

    Parameters
    ----------
    id : str
        Id of a figure, event, source; "" for a source line.
    kind : str
        headline, shift, claim, recurrence, similar, forecast, warning, plan, alike, area, window, response,
        actor, event, incident, line, data, viewpoint, finding.
    text : str
        What it says.
    parts : tuple of Reason
        What it rests on.
    """

    id: str
    kind: str
    text: str
    parts: tuple[Reason, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "text": self.text,
            "parts": [part.as_dict() for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Case:
    """What the walk looks things up in, the language it speaks, and the names of the organisations in it."""

    assessment: Assessment
    events: dict[str, dict[str, Any]]
    L: Language
    names: Mapping[str, str]

    def say(self, text: Any) -> str:
        """Return words that come by language."""
        return said(text, self.L)

    def number(self, value: Any, digits: int = 4) -> str:
        """Write a figure; "–" where there is none."""
        if value is None:
            return "–"
        if isinstance(value, int):
            return self.L.say(value)
        return self.L.number(float(value), digits) if isinstance(value, float) else str(value)


Explain = Callable[[Case, str], Reason]


def line(text: str, *parts: Reason) -> Reason:
    """Return a line without an id."""
    return Reason("", "line", text, parts)


def withheld_words(L: Language) -> str:
    """Say that rows are not shown."""
    return L("withheld: the terms of the source forbid passing its rows on")
