"""Which events the pictures show: one source, one population, two windows.

Enters the assessment, the events and the theatre; leaves a `Scope`: the theatre's first population, from
the source with the most recent events, as in the headline. Called by `files`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from toguna.core.dates import Window
from toguna.core.language import Language
from toguna.shifts.population import main_source, subjects
from toguna.shifts.sample import select
from toguna.store.theatre import Theatre

__all__ = ["Scope", "every_shift", "find_shifts", "names_of", "said", "scope_of"]


@dataclass(frozen=True)
class Scope:
    """The events shown and what they are called.

    Parameters
    ----------
    source, subject : str
        Source of the events; id of the population ("" = all of them).
    label : dict
        Name of the population by language.
    labels : dict
        Names of all populations of the theatre, by id and language.
    reference, recent : Window
        The two windows.
    before, now : DataFrame
        Counted events of each window, sorted by day.
    """

    source: str
    subject: str
    label: dict[str, str]
    labels: dict[str, dict[str, str]]
    reference: Window
    recent: Window
    before: pl.DataFrame
    now: pl.DataFrame

    @property
    def both(self) -> pl.DataFrame:
        """Events of both windows."""
        return pl.concat([self.before, self.now])


def said(value: Any, lang: Language) -> str:
    """Return the words of a value that is text, or text by language."""
    if isinstance(value, Mapping):
        value = value.get(lang.code) or value.get("en")
    return "" if value is None else lang.typeset(str(value))


def names_of(assessment: Mapping[str, Any], lang: Language) -> dict[str, str]:
    """Name the actors by id, in the language where the theatre has a name for it."""
    return {
        a["id"]: str((a.get("names") or {}).get(lang.code) or a["name"]) for a in assessment.get("actors", [])
    }


def every_shift(assessment: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the alarms, then everything else that was tested."""
    alarms = list(assessment.get("shifts", []))
    known = {s["id"] for s in alarms}
    return alarms + [s for s in assessment.get("tested", []) if s["id"] not in known]


def find_shifts(
    assessment: Mapping[str, Any], scope: Scope, dimension: str, *, has: str
) -> list[dict[str, Any]]:
    """Return the shifts of a dimension for the events shown, alarms first.

    Parameters
    ----------
    assessment : mapping
        As written to assessment.json.
    scope : Scope
        The events shown; shifts of other sources and populations are not returned.
    dimension : str
        "spread", "tempo" ...
    has : str
        Key that the numbers of the shift must have.
    """
    start = f"{dimension}/{scope.source}/{scope.subject}/"
    return [s for s in every_shift(assessment) if s["id"].startswith(start) and has in s.get("numbers", {})]


def scope_of(assessment: Mapping[str, Any], events: pl.DataFrame, theatre: Theatre) -> Scope:
    """Choose the events to show."""
    reference, recent = (_window(assessment["windows"][k]) for k in ("reference", "recent"))
    named = subjects(theatre)
    subject: Mapping[str, Any] = named[0]
    counted = events.filter(pl.col("within").is_null())
    source = main_source(counted, recent) or ""
    counted = counted.filter(pl.col("source") == source)
    kinds = {a["id"]: str(a.get("kind") or "unknown") for a in assessment.get("actors", [])}
    chosen = select(counted, subject, kinds)
    return Scope(
        source,
        str(subject["id"]),
        dict(subject.get("label", {})),
        {str(s["id"]): dict(s.get("label", {})) for s in named},
        reference,
        recent,
        _between(chosen, reference),
        _between(chosen, recent),
    )


def _window(span: Mapping[str, str]) -> Window:
    return Window(date.fromisoformat(span["start"]), date.fromisoformat(span["end"]))


def _between(events: pl.DataFrame, window: Window) -> pl.DataFrame:
    return events.filter(pl.col("date_start").is_between(window.start, window.end)).sort(
        "date_start", "event_id"
    )
