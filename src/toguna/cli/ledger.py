"""``toguna ledger``: warnings from draft to outcome, and whether their record holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toguna.cli.flags import Common, alone, verb
from toguna.cli.hands import HandFlags, Id, hand_of, ledger_of
from toguna.cli.ledger_check import anchor, resume, verify
from toguna.cli.ledger_moves import MOVES
from toguna.cli.ledger_rehearse import rehearse
from toguna.cli.ledger_report import report
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import lang_of, language_of
from toguna.core.errors import DataError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.warnings.states import Record

__all__ = ["ledger"]

FORMATS = ("text", "cap", "html", "email", "sms", "ics", "hxl")


def _records(flags: Common) -> dict[str, Record]:
    from toguna.warnings.moves import records_of

    return records_of(ledger_of(flags))


def _list(flags: Common, *, everything: bool) -> None:
    from toguna.warnings.states import fold

    L, entries = language_of(flags), ledger_of(flags).entries()
    shown = [r for r in fold(entries).values() if r.is_open or everything]
    if flags.json:
        print_json({"warnings": [r.as_dict() for r in shown]})
        return
    rows = [[r.id, *_words(r, L), r.warning.deadline, r.warning.headline[L.code]] for r in shown]
    if rows:
        print_table((L("number"), L("state"), L("level"), L("decide by"), L("what")), rows)
    else:
        print(L("No warning.") if everything else L("No warning is open."))
    if any(entry.kind == "resume" for entry in entries):
        print(
            L("This ledger was broken once and goes on behind the break: toguna ledger verify tells where.")
        )
    advise(L("Next: toguna ledger show ID; toguna ledger due"), quiet=flags.quiet)


def _words(record: Record, L: Language) -> tuple[str, str]:
    return L.word(f"state:{record.state}"), L.word(f"level:{record.warning.level}")


@verb
def list_warnings(
    flags: Common,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
) -> None:
    """List the open warnings."""
    _list(flags, everything=everything)


@verb
def show(
    flags: Common,
    id: Id,
    *,
    format: Annotated[
        str, typer.Option("--format", metavar="NAME", help="text, cap, html, email, sms, ics or hxl.")
    ] = "text",
    sender: Annotated[
        str, typer.Option("--sender", metavar="NAME", help="Sender in CAP: best a domain of yours.")
    ] = "",
    exercise: Annotated[bool, typer.Option("--exercise", help="Mark the CAP alert as an exercise.")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it here.")] = None,
) -> None:
    """Show a warning, or write it in a form for others."""
    lang = lang_of(flags)
    record = _record(flags, id)
    if format not in FORMATS:
        raise UnknownNameError("format", format, FORMATS)
    if flags.json and format == "text":
        print_json(record.as_dict())
        return
    said = _cap(record, sender, exercise=exercise) if format == "cap" else _written(record, format, lang)
    if out is None:
        print(said, end="" if said.endswith("\n") else "\n")
        return
    from toguna.sources.shelf import write_atomically

    write_atomically(out, said.encode())
    print(out)


def _record(flags: Common, id: str) -> Record:
    records = _records(flags)
    if id not in records:
        raise UnknownNameError("warning", id, records)
    return records[id]


def _cap(record: Record, sender: str, *, exercise: bool) -> str:
    from toguna.warnings.outputs.cap import cap
    from toguna.warnings.outputs.cap_rules import faults

    xml = cap(record, sender=sender, exercise=exercise)
    wrong = faults(xml)
    if wrong:
        raise DataError(f"{record.id} makes no valid CAP 1.2: {'; '.join(wrong[:3])}.")
    return xml


def _written(record: Record, format: str, lang: str) -> str:
    if format == "text":
        return _text(record, lang)
    if format == "hxl":
        from toguna.warnings.outputs.hxl import hxl

        return hxl([record])
    from toguna.warnings.outputs import calendar, mail, page, sms

    ways = {"html": page.page, "email": mail.mail, "sms": sms.sms, "ics": calendar.calendar}
    return ways[format](record, lang)


def _text(record: Record, lang: str) -> str:
    """Show a warning in the house, with everything that happened to it."""
    from toguna.core.language import Language
    from toguna.warnings.outputs.words import facts, options

    L, w = Language(lang), record.warning
    lines = [w.headline[lang], "", w.text[lang], ""]
    lines += [f"{name}{L(':')} {value}" for name, value in facts(record, L)]
    lines += ["", L("What could be done"), *(f"- {one}" for one in options(record, L))]
    lines += ["", L("Rests on"), *(f"- {b.id} ({b.as_of}, {b.rule or b.origin})" for b in w.basis)]
    lines += [
        "",
        *(f"{e.seq:>4}  {e.happened_at}  {L.word(f'step:{e.kind}')}  {e.by}" for e in record.history),
    ]
    lines += ["", L("Version: {version}", version=record.version)]
    return "\n".join(lines) + "\n"


@verb
def due(
    flags: Common,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The day. Default: today.")] = "",
    ahead: Annotated[
        int, typer.Option("--ahead", min=0, metavar="DAYS", help="Also what is due so soon.")
    ] = 3,
) -> None:
    """List answers that are owed: overdue ones go to whoever stands above."""
    from datetime import date

    from toguna.core.dates import parse_date
    from toguna.warnings.due import due as owed
    from toguna.warnings.outputs.words import offices

    day = parse_date(on) if on else date.today()
    found = owed(_records(flags).values(), day, ahead=ahead)
    if flags.json:
        print_json({"on": day.isoformat(), "due": [one.as_dict() for one in found]})
        return
    L = language_of(flags)
    if not found:
        print(L("Nothing is due."))
        return
    rows = [
        [
            d.id,
            L.word(f"level:{d.level}"),
            L.word(f"step:{d.what}"),
            d.by,
            d.days_over if d.escalated else "",
            offices(d.tell.split(", "), L),
        ]
        for d in found
    ]
    columns = (L("number"), L("level"), L("what"), L("by day"), L("days over"), L("tell"))
    print_table(columns, rows)
    advise(L("Told whoever stands above? toguna ledger escalate ID --by NAME"), quiet=flags.quiet)


@verb
def send(
    flags: HandFlags,
    id: Id,
    to: Annotated[str, typer.Option("--to", metavar="URL", help="Address; https, or http on this machine.")],
    secret: Annotated[
        Path, typer.Option("--secret", metavar="FILE", help="File with the secret shared with the receiver.")
    ],
) -> None:
    """Post a warning to an address, signed; it is tried again with growing waits."""
    import httpx

    from toguna.warnings.moves import move
    from toguna.warnings.outputs.webhook import post
    from toguna.warnings.steps import Sent

    if not secret.is_file():
        raise UsageError(f"there is no file {secret} with the secret.")
    with httpx.Client() as http:
        sent = post(_record(flags, id), to, secret.read_bytes().strip(), http=http)
    step = Sent("webhook", sent.host, sent.status, sent.key, sent.tries)
    move(ledger_of(flags), id, step, hand_of(flags.by, flags.at))
    if flags.json:
        print_json(step.body)
    else:
        L = language_of(flags)
        print(
            L(
                "{id} was taken by {host} (status {status}, try {tries}, key {key})",
                id=id,
                host=sent.host,
                status=str(sent.status),
                tries=sent.tries,
                key=sent.key,
            )
        )


@verb
def top(flags: Common, ctx: typer.Context) -> None:
    """Warnings from draft to outcome, and whether their record holds."""
    if alone(flags, ctx):
        _list(flags, everything=False)


ledger = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
ledger.command("list")(list_warnings)
for move in (show, *MOVES, due, send, verify, anchor, resume, report, rehearse):
    ledger.command()(move)
