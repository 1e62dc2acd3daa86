"""``toguna lessons``: what was learnt, and which lessons fit a situation that comes up again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import Common, alone, verb
from toguna.cli.hands import HandFlags, hand_of, ledger_of
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import language_of
from toguna.core.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.warnings.lessons import Lesson, Situation
    from toguna.warnings.states import Record

__all__ = ["lessons"]

OfWarning = Annotated[str, typer.Option("--warning", metavar="ID", help="The warning it is about.")]
TheatreOf = Annotated[str, typer.Option("--theatre", metavar="NAME", help="Without a warning: its theatre.")]
KindOf = Annotated[str, typer.Option("--kind", metavar="WORD", help="Without a warning: what was warned of.")]
AreasOf = Annotated[
    list[str] | None,
    typer.Option("--area", metavar="NAME", help="Without a warning: where; may be repeated."),
]
ActorsOf = Annotated[
    list[str] | None,
    typer.Option("--actor", metavar="ID", help="Without a warning: which organisation; may be repeated."),
]


@dataclass(frozen=True, kw_only=True)
class SituationFlags(Common):
    """What a situation is: that of a warning, or said by hand."""

    warning: OfWarning = ""
    theatre: TheatreOf = ""
    kind: KindOf = ""
    area: AreasOf = None
    actor: ActorsOf = None


@dataclass(frozen=True, kw_only=True)
class LessonFlags(HandFlags):
    """Flags of a lesson that is written down."""

    warning: OfWarning = ""
    theatre: TheatreOf = ""
    kind: KindOf = ""
    area: AreasOf = None
    actor: ActorsOf = None


def _situation(flags: SituationFlags | LessonFlags) -> tuple[Situation, Record | None]:
    from toguna.warnings.lessons import Situation, situation_of
    from toguna.warnings.moves import records_of
    from toguna.warnings.words import KINDS, known_word

    if flags.warning:
        records = records_of(ledger_of(flags))
        if flags.warning not in records:
            raise UnknownNameError("warning", flags.warning, records)
        return situation_of(records[flags.warning].warning), records[flags.warning]
    if not flags.theatre or not (flags.kind or flags.area or flags.actor):
        raise UsageError("which situation? Say --warning ID, or --theatre with --kind, --area or --actor.")
    kind = known_word("kind", flags.kind, KINDS) if flags.kind else ""
    areas, actors = tuple(flags.area or ()), tuple(flags.actor or ())
    return Situation(flags.theatre, kind, areas, actors), None


def _lessons(flags: Common) -> list[Lesson]:
    from toguna.warnings.lessons import lessons_of

    return lessons_of(ledger_of(flags).entries())


def _list(flags: Common) -> None:
    found = _lessons(flags)
    if flags.json:
        print_json({"lessons": [one.as_dict() for one in found]})
        return
    L = language_of(flags)
    if not found:
        print(L("No lesson was written down yet."))
        return
    rows = [
        [x.id, _kind(x.situation.kind, L), ", ".join(x.situation.areas), x.warning, x.change] for x in found
    ]
    print_table((L("number"), L("kind"), L("where"), L("warning"), L("next time")), rows)


def _in_words(said: str, L: Language) -> str:
    """Say the word of the vocabulary that a decision or an outcome begins with, as the language has it."""
    from toguna.warnings.words import OUTCOMES

    head, colon, rest = said.partition(":")
    words = {"act": "decision:act", "do not act": "decision:not", **{o: f"outcome:{o}" for o in OUTCOMES}}
    return f"{L.word(words[head])}{L(':') if colon else ''}{rest}" if head in words else said


def _kind(kind: str, L: Language) -> str:
    return L.word(f"warning:{kind}") if kind else ""


@verb
def list_lessons(flags: Common) -> None:
    """List all lessons."""
    _list(flags)


@verb
def add(
    flags: LessonFlags,
    change: Annotated[str, typer.Option("--change", metavar="TEXT", help="What to do otherwise next time.")],
    appraisal: Annotated[
        str, typer.Option("--appraisal", metavar="TEXT", help="What is known about whether it worked.")
    ] = "",
) -> None:
    """Write down a lesson; decision, action and outcome come from the warning."""
    from toguna.warnings.lessons import lesson_body, lessons_of
    from toguna.warnings.moves import learn

    about, record = _situation(flags)
    body = lesson_body(about, change=change, appraisal=appraisal, record=record)
    entry = learn(ledger_of(flags), about.theatre, body, hand_of(flags.by, flags.at))
    if flags.json:
        print_json(lessons_of([entry])[0].as_dict())
    else:
        print(f"{entry.subject}: {change}")


@verb
def similar(flags: SituationFlags) -> None:
    """Show the lessons that fit a situation, with what they share."""
    from toguna.warnings.lessons import fitting

    about, _ = _situation(flags)
    found = fitting(_lessons(flags), about)
    if flags.json:
        told: dict[str, Any] = {"lessons": [fit.as_dict() for fit in found]}
        print_json(told)
        return
    L = language_of(flags)
    if not found:
        print(L("No lesson fits."))
    for fit in found:
        shared = L.join(L.word(f"shared:{name}") for name in fit.shared)
        print(f"{fit.lesson.id} · {L.number(fit.score, 2)} · {L('shares {what}', what=shared)}")
        for name in ("decision", "action", "outcome", "appraisal"):
            if said := getattr(fit.lesson, name):
                print(f"  {L.word(f'lesson:{name}')}{L(':')} {_in_words(said, L)}")
        print(f"  {L('next time')}{L(':')} {fit.lesson.change}")
    advise(
        L("Likeness is by kind, place and organisation; whether it applies is for you to say."),
        quiet=flags.quiet,
    )


@verb
def top(flags: Common, ctx: typer.Context) -> None:
    """What was learnt, and what of it fits again."""
    if alone(flags, ctx):
        _list(flags)


lessons = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
lessons.command("list")(list_lessons)
lessons.command()(add)
lessons.command()(similar)
