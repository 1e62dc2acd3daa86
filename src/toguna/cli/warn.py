"""``toguna warn``: which warnings the stated rules make of what was found, and put them into the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import ViewFlags, verb
from toguna.cli.hands import At, hand_of, ledger_of
from toguna.cli.report import advise, print_json
from toguna.cli.view import language_of, view_of
from toguna.core.errors import UsageError

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.warnings.moves import Taken
    from toguna.warnings.types import Warning

__all__ = ["warn"]


@verb
def warn(
    flags: ViewFlags,
    *,
    draft: Annotated[bool, typer.Option("--draft", help="Put them into the ledger as drafts.")] = False,
    issue: Annotated[bool, typer.Option("--issue", help="Put them into the ledger and issue them.")] = False,
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="Who does this, with --draft or --issue.")
    ] = "",
    at: At = None,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="FILE", help="A plan or assessment.json: its items become options."),
    ] = None,
) -> None:
    """Propose warnings from what changed and what may come.

    The rules stand in a file and are told with each warning, as is how often they cry wolf. What is open
    already is updated, never doubled. Nothing is issued unless you say so.
    """
    from toguna.room.warned import proposed
    from toguna.warnings.options import read_options

    if (draft or issue) and not by.strip():
        raise UsageError("who does this? Say --by NAME.")
    options = read_options(plan) if plan else None
    view = view_of(flags)
    warnings = proposed(view, options)
    day = view.question.as_of
    past = day < datetime.now(UTC).date()
    when = at or (day.isoformat() if past else None)
    taken = _kept(flags, warnings, by, when, issue=issue) if draft or issue else _seen(flags, warnings)
    told = [{"status": t.what, "id": t.id or None, "warning": t.warning.as_dict()} for t in taken]
    if flags.json:
        print_json({"theatre": view.question.theatre.name, "as_of": day.isoformat(), "warnings": told})
        return
    L = language_of(flags)
    _say(taken, L)
    if not (draft or issue):
        advise(L("Proposals only. Next: toguna warn ... --draft --by NAME, or --issue"), quiet=flags.quiet)
    elif past and not at:
        advise(
            L("Recorded as done on {day}; the moment of recording stands beside it.", day=day),
            quiet=flags.quiet,
        )


def _seen(flags: ViewFlags, warnings: list[Warning]) -> list[Taken]:
    """Say what each would be beside what the home holds, writing nothing."""
    from toguna.warnings.moves import compared, records_of

    return compared(records_of(ledger_of(flags)), warnings)


def _kept(flags: ViewFlags, warnings: list[Warning], by: str, at: str | None, *, issue: bool) -> list[Taken]:
    from toguna.warnings.moves import move, raise_all, records_of
    from toguna.warnings.steps import Issue

    ledger, hand = ledger_of(flags), hand_of(by, at)
    taken = raise_all(ledger, warnings, hand)
    if not issue:
        return taken
    for one in taken:
        record = records_of(ledger)[one.id]
        if record.state == "draft" and record.released:
            move(ledger, one.id, Issue(), hand)
        elif record.state == "draft":
            command = f"toguna ledger release {one.id} --by ANOTHER"
            advise(
                language_of(flags)(
                    "{id} is restricted and stays a draft: {command}", id=one.id, command=command
                )
            )
    return taken


def _say(taken: list[Taken], L: Language) -> None:
    if not taken:
        print(L("No rule fits what was found: no warning is proposed."))
    for one in taken:
        w: Any = one.warning
        status = L.word(f"proposal:{one.what}")
        print(f"{status}{' ' + one.id if one.id else ''} · {w.headline[L.code]}")
        print(f"  {w.text[L.code]}")
        words = ", ".join(L.word(f"cap:{word}") for word in (w.urgency, w.severity, w.certainty))
        rules = ", ".join(sorted({b.rule for b in w.basis}))
        said = L("{words}; decide by {day}; rules: {rules}", words=words, day=w.deadline, rules=rules)
        print(f"  {said}")
