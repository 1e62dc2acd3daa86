"""Plans of what was collected: made from a forecast of their own, told as plain values.

Enters: what was collected for a question, what is asked of a plan. Leaves: a `Plan`, or why there is none.
Called by the verb `plan` and by `toguna.room.situation`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from toguna.core.digest import digest_rows
from toguna.core.errors import DataError, NoAnswerError
from toguna.core.language import LANGUAGES, Language, in_every_language
from toguna.core.meanings import meaning
from toguna.forecasts.outlook.outlook import Asked, Outlook, Sources, outlook
from toguna.forecasts.outlook.span import Span
from toguna.forecasts.publish import refused
from toguna.responses.evidence import Catalogue, known_by, load_catalogue
from toguna.responses.plan.assemble import Ask, months_needed, setting
from toguna.responses.plan.needs import figures_of
from toguna.responses.plan.plan import Plan, make_plan
from toguna.room.ahead.ahead import Ahead
from toguna.room.standing import areas_warned
from toguna.room.view import View, tested

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toguna.core.findings import Finding
    from toguna.room.view import Collected, Question

__all__ = ["against_it", "plan_of", "planned_with", "plans", "told", "warned_in"]

LEVEL, TARGET, DRAWS = "admin1", "deaths", 1000
MOST_MONTHS = 36


def plan_of(known: Collected, question: Question, ask: Ask, *, thorough: bool = True) -> Plan:
    """Make a plan for the theatre of a question.

    The forecast it rests on is held against the publish guard, as an assessment holds its own: what is
    withheld is used only when asked for by name, and the plan then carries why.

    Raises
    ------
    NoAnswerError
        Nothing can be forecast here, the forecast is withheld, or limits, rules and demands cannot all hold.
    """
    found = _forecast(known, question, ask)
    if found.span is None or not any((m.level, m.target) == (LEVEL, TARGET) for m in found.made):
        raise NoAnswerError(
            in_every_language(
                "There is no plan: no deaths by area can be forecast here, so nothing says where harm may "
                "come."
            )
        )
    against = refused(found, known.gathered.accounts).get(f"{LEVEL}/{TARGET}", ())
    if against and not ask.despite:
        raise NoAnswerError(_withheld(against))
    made = found.of(LEVEL, TARGET)
    posed = setting(question.theatre, made.forecast, _catalogue(question), ask, as_of=question.as_of)
    inside = [u for u, unit in enumerate(made.forecast.units) if not unit.endswith("/")]
    planned = make_plan(posed, made.known[inside, -12:].sum(axis=1), thorough=thorough)
    return replace(planned, withheld=against)


def warned_in(known: Collected, question: Question) -> tuple[str, ...]:
    """Return the areas that warnings name, of what was collected; false alarms are not counted for it."""
    ahead = Ahead(known, question.theatre, question.windows.recent, question.seed)
    return areas_warned(View(question, known, tested(question, known, most_worlds=0), [], ahead))


def _withheld(against: Sequence[Finding]) -> dict[str, str]:
    """Say in each language why a plan would rest on what must not be published."""
    told = in_every_language(
        "There is no plan: the forecast of deaths by area, on which it would rest, is withheld."
    )
    return {code: f"{sentence} {against_it(against, Language(code))}" for code, sentence in told.items()}


def against_it(findings: Sequence[Finding], lang: Language) -> str:
    """Say what stands against a forecast; what was found is written in English, and told there only."""
    said = []
    for finding in findings:
        told = meaning(finding.code, lang.code)
        means = told.means if told else finding.code
        more = lang("{means} Found: {found}.", means=means, found=finding.found)
        said.append(more if lang.code == "en" else means)
    return " ".join(said)


def _forecast(known: Collected, question: Question, ask: Ask) -> Outlook:
    """Forecast as far as the plan reaches; once more where the record ends earlier than the calendar."""
    sources = Sources(known.reach, known.completeness)

    def look(months: int) -> Outlook:
        asked = Asked(LEVEL, (TARGET,), min(months, MOST_MONTHS), DRAWS)
        return outlook(
            known.events, question.theatre, as_of=question.as_of, seed=ask.seed, asked=asked, sources=sources
        )

    before = (question.as_of.year - 1980) * 12 + question.as_of.month - 1
    found = look(months_needed(question.as_of, before, ask.quarters))
    span: Span | None = found.span
    if span is not None and span.last < before:
        found = look(months_needed(question.as_of, span.last, ask.quarters))
    return found


def told(plan: Plan) -> dict[str, Any]:
    """Return a plan as plain values, with the names of the measures it mentions."""
    values = plan.as_dict()
    measures = plan.setting.measures
    names = {id: measure.name for id, measure in measures.items()}
    values["items"] = [{**item, "name": names[item["measure"]]} for item in values["items"]]
    values["names"] = names
    return values


def plans(view: View) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the plans of an assessment, and notes that say why there is none.

    None is made from a forecast that is withheld: reasons of a plan tell the deaths that are forecast.
    """
    question = view.question
    try:
        if view.ahead is not None and f"{LEVEL}/{TARGET}" in view.ahead.refused:
            raise NoAnswerError(
                in_every_language(
                    "There is no plan: the forecast of deaths by area, on which it would rest, is withheld."
                )
            )
        found = plan_of(
            view.collected, question, Ask(seed=question.seed, warned=areas_warned(view)), thorough=False
        )
    except DataError as error:
        why = error.said if isinstance(error, NoAnswerError) else dict.fromkeys(LANGUAGES, str(error))
        told_why = {code: Language(code)("No plan could be made: {why}", why=why[code]) for code in LANGUAGES}
        return [], {"plan": told_why}
    return [told(found)], {}


def planned_with(question: Question) -> list[dict[str, Any]]:
    """Digest what a plan is made with beside events, as known by the day: needs, measures, evidence.

    Costs and measures carry no dates and are read whole.
    """
    catalogue = _catalogue(question)
    effects = [e.as_dict() for e in known_by(catalogue.effects, question.as_of)]
    visible = {
        "drivers": figures_of(question.theatre, question.as_of),
        "measures": [m.as_dict() for m in catalogue.measures.values()],
        "evidence": effects,
    }
    return [{"name": n, "sha256": digest_rows(rows), "rows": len(rows)} for n, rows in visible.items()]


def _catalogue(question: Question) -> Catalogue:
    home = question.home
    return load_catalogue([question.theatre.folder, home.path if home else None])
