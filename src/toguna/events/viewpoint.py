"""The rule by which many tellings of the same events become one account of them.

Enters: a name. Leaves: a `Viewpoint`. Called by `toguna.events.gather`, `toguna.room` and the command line.

The archive keeps whatever sources published. Which telling counts is an opinion, so it has a name, it is
written in every output, and with another one everything can be built again from the same archive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from toguna.core.errors import UnknownNameError
from toguna.core.language import Language

__all__ = ["STANDARD", "VIEWPOINTS", "Viewpoint", "sentence", "viewpoint"]


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A named rule.

    Parameters
    ----------
    name : str
        What it is asked for by.
    releases : {"annual-first", "newest-wins"}
        Which telling of an event counts when a source publishes preliminary releases beside final ones.
        "annual-first": the final release, for the time that it covers; preliminary ones add the months after
        it. "newest-wins": whatever was published last, preliminary or not.
    incidents : {"once", "apart"}
        Whether an incident told by several sources counts once, or once in each of them.
    spread : {"none", "days", "days-and-places"}
        What becomes of events with a vague date or place: they stay where the source put them, or are spread
        over the days, and over the places, that they may have happened in.

    Examples
    --------
    >>> viewpoint("standard").releases
    'annual-first'
    """

    name: str
    releases: Literal["annual-first", "newest-wins"] = "annual-first"
    incidents: Literal["once", "apart"] = "once"
    spread: Literal["none", "days", "days-and-places"] = "none"

    def as_dict(self) -> dict[str, str]:
        """Return plain values for JSON."""
        return asdict(self)


STANDARD = Viewpoint("standard")

VIEWPOINTS: dict[str, Viewpoint] = {
    v.name: v
    for v in (
        STANDARD,
        Viewpoint("newest", releases="newest-wins"),
        Viewpoint("as-told", incidents="apart"),
        Viewpoint("spread-days", spread="days"),
        Viewpoint("spread", spread="days-and-places"),
    )
}


def viewpoint(name: str) -> Viewpoint:
    """Return a viewpoint by its name.

    Raises
    ------
    UnknownNameError
        There is none of this name.
    """
    if name not in VIEWPOINTS:
        raise UnknownNameError("viewpoint", name, VIEWPOINTS)
    return VIEWPOINTS[name]


def sentence(told: Viewpoint | Mapping[str, Any], lang: Language) -> str:
    """Say in words which rule was used; `told` may be what an assessment keeps of it."""
    rule = told.as_dict() if isinstance(told, Viewpoint) else told
    releases = {
        "annual-first": lang(
            "where a source publishes preliminary and final releases, the final one counts for the time it "
            "covers"
        ),
        "newest-wins": lang("of all releases of a source, the telling published last counts"),
    }
    incidents = {
        "once": lang("an incident told by several sources counts once"),
        "apart": lang("sources stand apart and are not added"),
    }
    spread = {
        "none": lang("vague events stay where their source put them"),
        "days": lang("events with a vague date are spread over the days they may have happened on"),
        "days-and-places": lang(
            "events with a vague date or place are spread over the days and places they may have happened in"
        ),
    }
    return lang(
        "Viewpoint “{name}”: {releases}; {incidents}; {spread}.",
        name=rule["name"],
        releases=releases[rule["releases"]],
        incidents=incidents[rule["incidents"]],
        spread=spread[rule["spread"]],
    )
