"""``toguna assess``: the whole chain, from incident reports to a briefing in a folder."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from toguna.cli.flags import ViewFlags, verb
from toguna.cli.report import advise, print_json
from toguna.cli.view import advise_on_date, home_of, lang_of, progress_of, question_of, say_viewpoint
from toguna.core.errors import StoreError

__all__ = ["assess"]


@verb
def assess(
    flags: ViewFlags,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder to write. Default: out/THEATRE-DATE.")
    ] = None,
    render: Annotated[
        bool, typer.Option("--render/--no-render", help="Write HTML and PDF, or only assessment and data.")
    ] = True,
) -> None:
    """Assess a theatre at a date, and write the briefing.

    The folder holds briefing.{en,fr}.{html,pdf,docx}, assessment.json and data/.
    """
    from toguna.room.assess import assess as run
    from toguna.room.folder import read_events, refuse_foreign
    from toguna.room.runs import record

    lang = lang_of(flags)
    question = question_of(flags)
    folder = out or Path("out") / f"{question.theatre.name}-{question.as_of}"
    refuse_foreign(folder)
    assessment = run(question, out=folder, render=render, progress=progress_of(flags))
    advise_on_date(read_events(folder), question, flags)
    try:
        record(home_of(flags).register, assessment, folder)
    except StoreError as error:
        advise(f"The run is not on record: {error}", quiet=flags.quiet)
    if flags.json:
        headline = [sentence["text"][lang] for sentence in assessment["headline"]]
        print_json({"out": str(folder), "run": assessment["run"], "headline": headline})
        return
    for sentence in assessment["headline"]:
        print(f"- {sentence['text'][lang]} [{sentence['id']}]")
        print(f"  {sentence['uncertainty'][lang]}")
    for line in _answers(assessment, lang):
        print(line)
    say_viewpoint(flags)
    print(f"briefing: {folder / f'briefing.{lang}.html' if render else folder / 'assessment.json'}")
    counts = Counter(finding["code"] for finding in assessment["findings"])
    if counts:
        said = ", ".join(f"{n} {code}" for code, n in counts.most_common())
        advise(f"findings: {said}. See: toguna check", quiet=flags.quiet)


def _answers(assessment: dict[str, Any], lang: str) -> list[str]:
    """Say which warnings are proposed, and where a plan would spend."""
    from toguna.core.language import Language

    L, told = Language(lang), [""]
    for warning in assessment["warnings"]:
        if warning["status"] == "proposal" and warning["level"] != "watch":
            due = L("Proposed: decide by {day}.", day=date.fromisoformat(warning["deadline"]))
            told.append(f"- {warning['headline'][lang]}. {due} [{warning['id']}]")
    for plan in assessment["plans"]:
        spent: Counter[str] = Counter()
        for item in plan["items"]:
            spent[item["area"]] += item["cost"]
        said = L("A plan for a budget of {budget} {unit}, by area",
                 budget=L.number(plan["budget"]), unit=L.word(plan["unit"]))  # fmt: skip
        areas = ", ".join(f"{area} {L.number(cost)}" for area, cost in spent.most_common())
        told.append(f"- {said}{L(':')} {areas} [{plan['id']}]")
    return told if len(told) > 1 else []
