"""The warnings and lessons of an assessment: those of the ledger as of the day, and what the rules propose.

Enters: a `View`. Leaves: plain values for the situation. Called by `toguna.room.situation`. Names of those
who wrote stay in the ledger. Restricted warnings and drafts are left out: an assessment is passed on. Of the
ledger counts what happened by the day of the assessment, so that later entries change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from toguna.core.digest import digest_rows
from toguna.core.language import LANGUAGES, Language, in_every_language
from toguna.core.text import fold as fold_text
from toguna.core.text import slug
from toguna.room.warned import proposed
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.lessons import Lesson, fitting, lessons_of, situation_of
from toguna.warnings.moves import compared
from toguna.warnings.states import Record, fold
from toguna.warnings.words import OPEN

if TYPE_CHECKING:
    from toguna.room.view import Question, View
    from toguna.warnings.ledger.chain import Entry
    from toguna.warnings.types import Option, Warning

    Options = Mapping[str, tuple[Option, ...]]

__all__ = ["PROPOSAL", "areas_warned", "entries_by", "input_of", "proposal_id", "standing"]

PROPOSAL = "proposal"
_OVER = ("withdrawn", "superseded")


def entries_by(question: Question) -> list[Entry]:
    """Return the entries about a theatre that happened by the day of the assessment."""
    if question.home is None:
        return []
    last, name = question.as_of.isoformat(), question.theatre.name
    entries = Ledger(question.home).entries()
    return [e for e in entries if e.theatre == name and e.happened_at[:10] <= last]


def input_of(question: Question) -> list[dict[str, Any]]:
    """Digest the entries that an assessment saw; nothing when there are none."""
    seen = entries_by(question)
    if not seen:
        return []
    return [{"name": "ledger", "sha256": digest_rows({"hash": e.hash} for e in seen), "rows": len(seen)}]


def areas_warned(view: View) -> tuple[str, ...]:
    """Return the first-level areas that warnings name: proposed ones, and open ones of the ledger."""
    theatre = view.question.theatre
    records = fold(entries_by(view.question)).values()
    open_ = [r for r in records if r.issued_at and r.state in OPEN and r.warning.sensitivity != "restricted"]
    warnings = [*proposed(view), *(r.warning for r in open_)]
    known = theatre.names("adm1").canonical
    towns = {row["place"]: row["admin1"] for row in theatre.tables["places"].iter_rows(named=True)}
    said = {area.name for warning in warnings for area in warning.areas}
    return tuple(sorted({a for name in said if (a := known.get(fold_text(name)) or towns.get(name))}))


def standing(view: View, options: Options | None = None) -> dict[str, Any]:
    """Say which warnings stand, which the rules propose, and what was learnt.

    Parameters
    ----------
    view : View
    options : mapping, optional
        Name of an area -> what the plan of the assessment would do there; None = no plan was made.

    Returns
    -------
    dict
        ``warnings`` (issued ones of the ledger that are open or ended within the recent window, then
        proposals), ``warnings_restricted`` (issued ones that are not told), ``lessons``.
    """
    question = view.question
    entries = entries_by(question)
    records = fold(entries)
    issued = [r for r in records.values() if r.issued_at and r.state not in _OVER]
    since = question.windows.recent.start.isoformat()
    shown = [r for r in issued if r.state in OPEN or r.history[-1].happened_at[:10] >= since]
    told = [r for r in shown if r.warning.sensitivity != "restricted"]
    lessons = [lesson for lesson in lessons_of(entries) if _may_be_told(lesson, records)]
    fresh = [t.warning for t in compared(records, proposed(view, options)) if t.what == "new"]
    return {
        "warnings": [*(_issued(r, lessons) for r in told), *(_proposal(w, lessons, options) for w in fresh)],
        "warnings_restricted": len(shown) - len(told),
        "lessons": [_learnt(lesson, records) for lesson in lessons],
    }


def _may_be_told(lesson: Lesson, records: Mapping[str, Record]) -> bool:
    record = records.get(lesson.warning)
    return record is None or record.warning.sensitivity != "restricted"


def _learnt(lesson: Lesson, records: Mapping[str, Record]) -> dict[str, Any]:
    record = records.get(lesson.warning)
    plain = {name: value for name, value in lesson.as_dict().items() if name != "by"}
    return plain | {"headline": dict(record.warning.headline) if record else None}


def _issued(record: Record, lessons: Sequence[Lesson]) -> dict[str, Any]:
    made, came = record.decision, record.outcome
    return {
        **_row(record.id, record.state, record.warning, lessons),
        "options_note": None,
        "times": dict(record.times),
        "decision": None if made is None else {"act": made.act, "reason": made.reason, "at": made.at},
        "actions": [{"text": a.text, "who": a.who, "measure": a.measure, "at": a.at} for a in record.actions],
        "outcome": None if came is None else {"outcome": came.outcome, "text": came.text, "at": came.at},
    }


def proposal_id(warning: Warning) -> str:
    """Name what the rules propose, by kind and place or, without places, by organisation."""
    about = [a.name for a in warning.areas] or list(warning.actors) or ["all"]
    return f"warning/{warning.kind}/{slug(' '.join(about))}"


def _proposal(warning: Warning, lessons: Sequence[Lesson], options: Options | None) -> dict[str, Any]:
    row = _row(proposal_id(warning), PROPOSAL, warning, lessons)
    note = {"options_note": _noted(warning, options)}
    return {**row, **note, "times": {}, "decision": None, "actions": [], "outcome": None}


def _noted(warning: Warning, options: Options | None) -> dict[str, str] | None:
    """Say why a proposal has no option, or whose options it has when it names no area; else None."""
    if warning.options:
        named = dict.fromkeys(o.area for o in warning.options if o.area)
        if warning.areas or not named:
            return None
        return {
            code: Language(code)(
                "It names no area: the options are what the plan begins where most deaths are forecast, in "
                "{areas}.",
                areas=Language(code).join(named),
            )
            for code in LANGUAGES
        }
    if options is None:
        return in_every_language("No option was drawn up: no plan was made.")
    if not warning.areas:
        return in_every_language(
            "No option was drawn up: it names no area, and the plan begins nothing for the whole theatre."
        )
    return in_every_language("No option was drawn up: the plan begins nothing there.")


def _row(id: str, status: str, warning: Warning, lessons: Sequence[Lesson]) -> dict[str, Any]:
    plain = warning.as_dict()
    left_out = ("theatre", "areas", "basis", "corrects")
    basis = [{k: v for k, v in one.items() if k != "event_ids"} for one in plain["basis"]]
    fit = [f.lesson.id for f in fitting(lessons, situation_of(warning)) if f.lesson.warning != id]
    kept = {name: value for name, value in plain.items() if name not in left_out}
    areas = [area.name for area in warning.areas]
    return {"id": id, "status": status, **kept, "areas": areas, "basis": basis, "lessons": fit}
