"""The situation: one plain dict that pages, data files and `why` all read.

Enters: a `View` of `toguna.room.view`. Leaves: the assessment, as written to assessment.json and
described by assessment.schema.json. Nothing in it depends on where files lie or, but for
``run.generated_at``, on when it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from importlib import resources
from typing import TYPE_CHECKING, Any

from toguna import __version__
from toguna.actors.genealogy import genealogy, to_dict
from toguna.actors.responsibility import accounts
from toguna.core.digest import digest
from toguna.core.language import LANGUAGES, Language
from toguna.events.gather import AS_PUBLISHED
from toguna.events.revisions import Revision, revisions
from toguna.forecasts.outlook.words import silence
from toguna.room import incidents
from toguna.room.disclosure import classed
from toguna.room.doing import Doing, doing
from toguna.room.headline import headline
from toguna.room.inputs import inputs_of
from toguna.room.months import months
from toguna.room.planning import planned_with, plans
from toguna.room.reports_notes import reports_notes
from toguna.room.standing import input_of, standing
from toguna.room.taught.kept import taught
from toguna.room.withheld import without_cells
from toguna.sources.chronology import SOURCE as CHRONOLOGY
from toguna.warnings.options import options_of

if TYPE_CHECKING:
    from toguna.room.view import View
    from toguna.shifts.population import Population

__all__ = ["changed", "schema", "situation"]


def schema() -> dict[str, Any]:
    """Return the JSON schema of an assessment."""
    import json

    text = resources.files("toguna.room").joinpath("assessment.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _run(view: View, inputs: list[dict[str, Any]], *, generated_at: str) -> dict[str, Any]:
    question = view.question
    parameters = {
        "theatre": question.theatre.name,
        "as_of": question.as_of,
        "windows": question.windows.as_dict(),
        "sources": list(question.sources) if question.sources is not None else None,
        "viewpoint": question.viewpoint.as_dict(),
    }
    parameters["as_of"] = question.as_of.isoformat()
    stamp = {"inputs": inputs, "parameters": parameters, "seed": question.seed, "code_version": __version__}
    return {"digest": digest(stamp), "generated_at": generated_at, **stamp}


def _actors(view: View, nodes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    registry, on = view.collected.registry, view.question.as_of
    status = {node["id"]: node.get("status") for node in nodes}
    blamed = (
        view.events.select("incident_id", who="perpetrators")
        .explode("who")
        .drop_nulls()
        .unique()["who"]
        .to_list()
    )
    return [
        {
            **actor.as_dict(),
            "family": registry.family(actor.id, on),
            "status": status.get(actor.id),
            "n_events": blamed.count(actor.id),
        }
        for actor in registry.actors.values()
    ]


def _areas(view: View) -> list[dict[str, Any]]:
    """Add to every area the events of both windows that its status rests on."""
    detection, windows = view.detection, view.question.windows
    if not detection.populations:
        return detection.areas
    inside = detection.populations[0].history.between(windows.reference.start, windows.recent.end)

    def ids(level: str, name: str) -> list[str]:
        coded = inside.coded[level]
        if name not in coded.names:
            return []
        return [str(i) for i in inside.ids[coded.codes == coded.names.index(name)]]

    return [{**area, "event_ids": ids(area["level"], area["name"])} for area in detection.areas]


def _data(view: View) -> list[dict[str, Any]]:
    return [account.as_dict() for account in view.collected.gathered.accounts]


def _incidents(view: View) -> dict[str, Any]:
    held = [a.source for a in view.collected.gathered.accounts if not a.redistribute]
    return incidents.told(view.collected.linked, view.events, held, view.question.viewpoint)


def changed(view: View) -> list[Revision]:
    """Say what newer releases changed in the events of the theatre; of sources with classed reports nothing.

    A sum over a few changed reports would tell the figures of those that may not leave the house.
    """
    question = view.question
    silent = {k.source for k in view.collected.kept_back} | classed(view.collected.gathered)
    names = {
        a.source.partition(":")[0] for a in view.collected.gathered.accounts if a.vintage == AS_PUBLISHED
    }
    if question.home is None:
        return []
    found = (
        revisions(question.home, name, as_of=question.as_of, theatre=question.theatre)
        for name in sorted(names - {CHRONOLOGY.name})
    )
    return [revision for each in found for revision in each if revision.source not in silent]


def situation(view: View, *, generated_at: str) -> dict[str, Any]:
    """Say everything that was found, once, in plain values.

    Parameters
    ----------
    view : View
        A question and what was found for it.
    generated_at : str
        When it was made; the only value that differs between two runs on the same data.

    Returns
    -------
    dict
        See `schema`.
    """
    question, registry = view.question, view.collected.registry
    theatre, windows = question.theatre, question.windows
    family_tree = to_dict(genealogy(registry, on=question.as_of, since=windows.recent.start))
    ahead = _ahead(view)
    done = doing(question, view.collected, forecast=_harm_by_area(ahead["forecasts"]))
    measures = [m.as_dict() for m in done.responses]
    detection, replay = view.detection, taught(question)
    made, no_plan = plans(view)
    inputs = inputs_of(question, view.collected, measures) + planned_with(question)
    inputs += input_of(question) + _replayed(replay)
    found: dict[str, Any] = {
        "theatre": {"name": theatre.name, "title": theatre.title, "countries": list(theatre.countries)},
        "as_of": question.as_of.isoformat(),
        "windows": windows.as_dict(),
        "run": _run(view, inputs, generated_at=generated_at),
        "data": _data(view),
        "actors": _actors(view, family_tree["nodes"]),
        "genealogy": {**family_tree, "since": windows.recent.start.isoformat()},
        "responsibility": accounts(view.told, registry),
        "shifts": [s.as_dict() for s in detection.tested if s.alarm],
        "tested": [s.as_dict() for s in detection.tested if not s.alarm],
        "false_alarms": detection.false_alarms,
        "claims": view.claims,
        "areas": _areas(view),
        "responses": _timed(done, measures),
        **done.as_dict(),
        "findings": without_cells(view.collected.findings, _data(view)),
        "incidents": _incidents(view),
        "months": months(view),
        "completeness": {s: c.as_dict() for s, c in view.collected.completeness.items()},
        "revisions": [revision.counts() for revision in changed(view)],
        "events_counted": view.counted.height,
        "notes": _notes(view) | no_plan,
        **ahead,
        "replay": replay,
        **standing(view, options_of(made[0]["items"], made[0]["unit"]) if made else None),
        "plans": made,
    }
    found["headline"] = headline(found, view.told, theatre)
    return found


def _replayed(replay: dict[str, Any]) -> list[dict[str, Any]]:
    """List the replay that is shown among the inputs."""
    if replay["state"] != "shown":
        return []
    return [{"name": "replay", "sha256": replay["digest"], "rows": len(replay["looks"])}]


def _timed(done: Doing, measures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put beside each measure where it is held against violence, and what came before it."""
    timed = {t.id: t for t in done.timing.timed}
    return [
        {
            **m,
            "area": done.where[m["id"]],
            "when": timed[m["id"]].when if m["id"] in timed else None,
            "before": [asdict(b) for b in timed[m["id"]].before] if m["id"] in timed else [],
            "next_attack": timed[m["id"]].next_attack if m["id"] in timed else None,
        }
        for m in measures
    ]


def _harm_by_area(forecasts: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Add up the attacks on civilians forecast by first-level area, over all months ahead."""
    found: dict[str, float] = {}
    for row in forecasts:
        if row["level"] == "admin1" and row["target"] == "attacks_civilians":
            area = row["unit"].rpartition("/")[2]
            found[area] = found.get(area, 0.0) + row["mean"]
    return {area: mean for area, mean in found.items() if area}


def _ahead(view: View) -> dict[str, Any]:
    """Say what may come, as far as the past says."""
    if view.ahead is None:
        empty = ("recurrence", "similar", "forecasts", "forecast_records")
        return {"similar_record": None} | {name: [] for name in empty}
    return view.ahead.as_dict()


def _notes(view: View) -> dict[str, Any]:
    """Say what a reader must know about the data as a whole."""
    quarantined = view.collected.gathered.quarantined.height
    within = view.events.height - view.told.height
    notes: dict[str, Any] = {"quarantined": quarantined, "within_wider_events": within}
    for p in view.detection.populations:
        for what, n in (("left-out", p.left_out), ("unlisted", p.unlisted)):
            if n:
                notes[f"{what}/{p.source}/{p.subject}"] = _outside(what, n, p)
    if view.ahead is not None:
        notes |= {f"recurrence/{id}": said for id, said in view.ahead.chances.silent.items()}
        notes |= {f"forecast/{target}": said for target, said in silence(view.ahead.outlook).items()}
    return notes | reports_notes(view.collected.kept_back, view.counted, view.question.windows)


def _outside(what: str, n: int, p: Population) -> dict[str, str]:
    """Say how many events of a population could not be tested, and why."""
    said = {}
    for code in LANGUAGES:
        L = Language(code)
        values = {"source": p.source, "label": p.label[code]}
        if what == "unlisted":
            said[code] = L.plural(
                "{n} event of {source} in the two windows names an organisation that the registry does not "
                "list; it is not counted among {label}.",
                "{n} events of {source} in the two windows name organisations that the registry does not "
                "list; they are not counted among {label}.",
                n,
                **values,
            )
        else:
            said[code] = L.plural(
                "{n} event of {source} among {label} is placed or dated too vaguely to be tested.",
                "{n} events of {source} among {label} are placed or dated too vaguely to be tested.",
                n,
                **values,
            )
    return said
