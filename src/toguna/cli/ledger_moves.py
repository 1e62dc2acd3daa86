"""The steps of ``toguna ledger``: raise by hand, and move a warning from draft to closed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toguna.cli.flags import verb
from toguna.cli.hands import HandFlags, Id, hand_of, ledger_of
from toguna.cli.report import advise, print_json
from toguna.cli.view import language_of
from toguna.core.errors import UsageError

if TYPE_CHECKING:
    from toguna.warnings.states import Record
    from toguna.warnings.steps import Step

__all__ = ["MOVES"]

TextFlag = Annotated[str, typer.Option("--text", metavar="TEXT", help="What was done or found.")]
Many = list[str] | None
TomlFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="A warning as TOML; see docs/howto/warnings.md.")
]


@dataclass(frozen=True, kw_only=True)
class MoveFlags(HandFlags):
    """Flags of a step on a warning that is there."""

    seen: Annotated[
        str | None,
        typer.Option(
            "--seen",
            metavar="VERSION",
            help="Version that was read; the step is refused if it changed since.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class ReasonFlags(MoveFlags):
    """Flags of a step that needs its reason."""

    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the step.")]


def _moved(flags: MoveFlags, id: str, step: Step) -> None:
    from toguna.warnings.moves import move

    _told(flags, move(ledger_of(flags), id, step, hand_of(flags.by, flags.at), seen=flags.seen))


def _told(flags: HandFlags, record: Record) -> None:
    if flags.json:
        print_json(record.as_dict())
        return
    L = language_of(flags)
    print(
        L(
            "{id} is {state}: {headline}",
            id=record.id,
            state=L.word(f"state:{record.state}"),
            headline=record.warning.headline[L.code],
        )
    )
    state = record.state if record.state != "draft" or record.released else "restricted"
    if state in _NEXT:
        verb, rest = _NEXT[state]
        command = f"toguna {verb} {record.id} {rest}".rstrip()
        advise(L("Next: {command}", command=command), quiet=flags.quiet)


_NEXT = {
    "restricted": ("ledger release", "--by ANOTHER"),
    "draft": ("ledger issue", "--by NAME"),
    "issued": ("ledger ack", "--by NAME"),
    "acknowledged": ("ledger decide", "--act|--no-act --reason TEXT --by NAME"),
    "decided": ("ledger act", "--text TEXT --by NAME"),
    "acting": ("ledger close", "--outcome WORD --by NAME"),
    "closed": ("lessons add --warning", "--change TEXT --by NAME"),
}
"""State -> the verb that comes next, and its flags; a restricted draft waits for a second person."""


@verb
def add(flags: HandFlags, file: TomlFile) -> None:
    """Raise a warning by hand, as a draft."""
    from toguna.warnings.by_hand import read_warning
    from toguna.warnings.moves import raise_one

    _told(flags, raise_one(ledger_of(flags), read_warning(file), hand_of(flags.by, flags.at)))


@verb
def correct(flags: HandFlags, id: Id, file: TomlFile) -> None:
    """Raise the correction of a warning; the old one is superseded when the new one is issued."""
    from toguna.warnings.by_hand import read_warning
    from toguna.warnings.moves import correct as raise_correction

    warning = read_warning(file)
    _told(flags, raise_correction(ledger_of(flags), id, warning, hand_of(flags.by, flags.at)))


@verb
def release(flags: MoveFlags, id: Id) -> None:
    """Release a restricted warning; a second person does."""
    from toguna.warnings.steps import Release

    _moved(flags, id, Release())


@verb
def issue(flags: MoveFlags, id: Id) -> None:
    """Issue a draft: from now on it waits for an answer."""
    from toguna.warnings.steps import Issue

    _moved(flags, id, Issue())


@verb
def ack(flags: MoveFlags, id: Id) -> None:
    """Acknowledge: somebody it is for has read it."""
    from toguna.warnings.steps import Acknowledge

    _moved(flags, id, Acknowledge())


@verb
def decide(
    flags: ReasonFlags,
    id: Id,
    act: Annotated[
        bool | None,
        typer.Option("--act/--no-act", help="Whether something will be done. One of both is needed."),
    ] = None,
    option: Annotated[
        Many, typer.Option("--option", metavar="MEASURE", help="A measure chosen; may be repeated.")
    ] = None,
) -> None:
    """Record the decision, also the one not to act, with its reason."""
    if act is None:
        raise UsageError("was it decided to act? Say --act or --no-act.")
    from toguna.warnings.steps import Decide

    _moved(flags, id, Decide(act, flags.reason, tuple(option or ())))


@verb
def act(
    flags: MoveFlags,
    id: Id,
    text: TextFlag,
    who: Annotated[str, typer.Option("--who", metavar="OFFICE", help="Which office does it.")] = "",
    measure: Annotated[str, typer.Option("--measure", metavar="ID", help="Measure of the catalogue.")] = "",
) -> None:
    """Record what is being done."""
    from toguna.warnings.steps import Act

    _moved(flags, id, Act(text, who, measure))


@verb
def close(
    flags: MoveFlags,
    id: Id,
    outcome: Annotated[
        str,
        typer.Option("--outcome", metavar="WORD", help="came, did-not-come, averted-unproven or not-known."),
    ],
    text: TextFlag = "",
    event: Annotated[
        Many, typer.Option("--event", metavar="ID", help="An event that shows it; may be repeated.")
    ] = None,
) -> None:
    """Close a warning with what became of it; closing again corrects that."""
    from toguna.warnings.steps import Close

    _moved(flags, id, Close(outcome, text, tuple(event or ())))


@verb
def withdraw(flags: ReasonFlags, id: Id) -> None:
    """Withdraw a warning that should not have been given."""
    from toguna.warnings.steps import Withdraw

    _moved(flags, id, Withdraw(flags.reason))


@verb
def extend(
    flags: ReasonFlags,
    id: Id,
    deadline: Annotated[str, typer.Option("--deadline", metavar="DATE", help="New day to decide by.")],
) -> None:
    """Move the deadline; the old one stays on record."""
    from toguna.core.dates import parse_date
    from toguna.warnings.steps import Extend

    _moved(flags, id, Extend(parse_date(deadline), flags.reason))


@verb
def note(flags: MoveFlags, id: Id, text: TextFlag) -> None:
    """Add a remark to a warning, also to one that is closed."""
    from toguna.warnings.steps import Note

    _moved(flags, id, Note(text))


@verb
def escalate(
    flags: MoveFlags,
    id: Id,
    to: Annotated[
        str, typer.Option("--to", metavar="OFFICE", help="Who was told. Default: whoever stands above.")
    ] = "",
    text: TextFlag = "",
) -> None:
    """Record that whoever stands above was told of an answer that is overdue."""
    from toguna.warnings.steps import Escalate

    _moved(flags, id, Escalate(to, text))


MOVES = (add, correct, release, issue, ack, decide, act, close, withdraw, extend, escalate, note)
