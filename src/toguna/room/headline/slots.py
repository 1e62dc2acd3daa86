"""Five sentences for a minister: where, how, who, how much, and what was done.

Enters: an assessment without its headline, the counted events, the theatre. Leaves: five entries
{id, text, number, uncertainty, why}, in English and French. Called by `toguna.room.situation`.

The slots are fixed. In a slot of shifts, the alarm is said whose dimension stands first in the slot
and, within it, has the smallest p; when there is none the sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from toguna.core.figures import figure, odds
from toguna.core.language import Language, Word
from toguna.room.headline import how_much, response, who
from toguna.room.headline.scene import Scene, scene_of
from toguna.room.headline.wording import both, chance, marks, sentence, span
from toguna.store.theatre import Theatre

__all__ = ["headline"]

PLACE = ("spread", "fronts", "reach")
MANNER = ("tactics", "targets", "settings")
MOST_AREAS = 4
UNTESTED: dict[str, Callable[[Language], str]] = {
    "where": lambda lang: lang(
        "Whether the violence moved to other areas could not be tested: too few events."
    ),
    "how": lambda lang: lang(
        "Whether tactics, targets or settings changed could not be tested: too few events say so."
    ),
}


def headline(found: Mapping[str, Any], events: pl.DataFrame, theatre: Theatre) -> list[dict[str, Any]]:
    """Say the five sentences of page one."""
    scene = scene_of(found, events, theatre)
    return [
        _where(scene),
        _how(scene),
        who.say(scene),
        how_much.say(scene),
        response.say(scene),
    ]


def _first_alarm(scene: Scene, dimensions: Sequence[str]) -> dict[str, Any] | None:
    alarms = [s for s in scene.found["shifts"] if s["dimension"] in dimensions]
    own = f"/{scene.source}/{scene.subject_id}/"

    def rank(shift: dict[str, Any]) -> tuple[Any, ...]:
        p = shift["p"] if shift["p"] is not None else 1.0
        centre = shift["id"].endswith("/centre")
        return own not in shift["id"], dimensions.index(shift["dimension"]), not centre, p, shift["id"]

    return min(alarms, key=rank, default=None)


def _doubt(lang: Language, shift: dict[str, Any]) -> str:
    rate = shift["false_alarms_per_year"]
    said = [span(lang, shift["effect"]), chance(lang, shift["p"], shift["q"])]
    if rate is not None:
        said.append(lang("{rate} false alarms a year expected at this threshold", rate=figure(lang, rate)))
    return "; ".join(said)


def _elsewhere(scene: Scene, lang: Language, shift: dict[str, Any]) -> str:
    """Say what the same test gives on the other sources."""
    parts = shift["id"].split("/")
    said = [
        lang(
            "Cross-check, {source}: {outcome} ({value} {unit}; p {p}).",
            source=Word(other["source"]),
            outcome=lang("an alarm too") if other["alarm"] else lang("no alarm"),
            value=figure(lang, other["effect"]["value"]),
            unit=Word(other["effect"]["unit"]),
            p=lang.p_value(other["p"]),
        )
        for other in (*scene.found["shifts"], *scene.found["tested"])
        if other["source"] != shift["source"]
        and other["p"] is not None
        and other["id"].split("/") == [parts[0], other["source"], *parts[2:]]
    ]
    return " ".join(said)


def _from_shift(
    id: str, shift: dict[str, Any], *, more: dict[str, str], why: Sequence[str] = ()
) -> dict[str, Any]:
    text = {code: f"{said} {more.get(code, '')}".strip() for code, said in shift["text"].items()}
    doubt = both(lambda lang: _doubt(lang, shift))
    value = shift["effect"]["value"]
    return sentence(id, text, number=value, uncertainty=doubt, why=[shift["id"], *why])


def _untested(id: str) -> dict[str, Any]:
    few = both(lambda lang: lang("no test, so neither interval nor p can be given"))
    return sentence(id, both(UNTESTED[id]), number=None, uncertainty=few, why=[])


def _nothing(scene: Scene, id: str, dimensions: Sequence[str], message: str) -> dict[str, Any]:
    """Say that no test of a slot passed the threshold, or that none could be run."""
    tested = [s for s in scene.found["tested"] if s["dimension"] in dimensions and s["p"] is not None]
    if not tested:
        return _untested(id)
    least = min(tested, key=lambda s: (s["p"], s["id"]))

    def doubt(lang: Language) -> str:
        rarity, shown = odds(lang, least["p"]), marks(lang, least["p"], least["q"])
        return lang.plural(
            "{n} test; chance alone would give as much {odds} ({marks})",
            "{n} tests; chance alone would give as much as the strongest {odds}, and many tests were "
            "made ({marks})",
            len(tested),
            odds=rarity,
            marks=shown,
        )

    return sentence(
        id, both(lambda lang: lang(message)), number=len(tested), uncertainty=both(doubt), why=[least["id"]]
    )


def _new_areas(scene: Scene) -> list[dict[str, Any]]:
    areas = [a for a in scene.found["areas"] if a["status"] in ("new", "re-activated")]
    levels = sorted({a["level"] for a in areas})
    named = [a for a in areas if a["level"] == (levels[0] if levels else "")]
    return sorted(named, key=lambda a: (-a["recent"], a["name"]))


def _where(scene: Scene) -> dict[str, Any]:
    areas = _new_areas(scene)
    shift = _first_alarm(scene, PLACE)
    if shift is None:
        return _nothing(scene, "where", PLACE, "The violence did not measurably move to other areas.")

    def fronts(lang: Language) -> str:
        names = [f"{a['name']} ({lang.say(a['recent'])})" for a in areas[:MOST_AREAS]]
        return lang.plural(
            "{n} area without such an event in the reference window was struck: {names}.",
            "{n} areas without such an event in the reference window were struck, first of all {names}.",
            len(areas),
            names=lang.join(names),
        )

    more = both(lambda lang: f"{fronts(lang) if areas else ''} {_elsewhere(scene, lang, shift)}".strip())
    why = [f"area/{a['level']}/{a['name']}" for a in areas]
    return _from_shift("where", shift, more=more, why=why)


def _how(scene: Scene) -> dict[str, Any]:
    shift = _first_alarm(scene, MANNER)
    if shift is None:
        return _nothing(scene, "how", MANNER, "Tactics, targets and settings did not measurably change.")
    return _from_shift("how", shift, more=both(lambda lang: _elsewhere(scene, lang, shift)))
