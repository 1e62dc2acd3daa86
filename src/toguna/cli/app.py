"""Put the verbs together and run them.

Enters: words. Leaves: an exit code. Imports Typer and the verb files only; what a verb needs it
imports when it runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
import typer.main

from toguna import __version__
from toguna.cli.actors import actors
from toguna.cli.appraise import appraise
from toguna.cli.assess import assess
from toguna.cli.audit import audit
from toguna.cli.backup import backup, restore
from toguna.cli.brief import brief
from toguna.cli.check import check
from toguna.cli.claims import claims
from toguna.cli.export import export
from toguna.cli.fetch import fetch
from toguna.cli.forecast import forecast
from toguna.cli.ingest import ingest
from toguna.cli.init import init
from toguna.cli.ledger import ledger
from toguna.cli.lessons import lessons
from toguna.cli.links import links
from toguna.cli.mapping import mapping
from toguna.cli.plan import plan
from toguna.cli.read import read
from toguna.cli.recurrence import recurrence
from toguna.cli.replay import replay
from toguna.cli.report import CANNOT, complain
from toguna.cli.reports import reports
from toguna.cli.responses import responses
from toguna.cli.retain import retain
from toguna.cli.revisions import revisions
from toguna.cli.score import score
from toguna.cli.serve import serve
from toguna.cli.shifts import shifts
from toguna.cli.similar import similar
from toguna.cli.sources import sources
from toguna.cli.theatre import theatre
from toguna.cli.user import user
from toguna.cli.warn import warn
from toguna.cli.why import why

__all__ = ["app", "run"]

USAGE, INTERRUPTED, BROKEN_PIPE = 2, 130, 141

app = typer.Typer(
    name="toguna",
    help="From incident reports to a sourced strategic assessment.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(init)
app.command()(mapping)
app.command()(ingest)
app.command()(fetch)
app.command()(check)
app.command()(read)
app.command()(revisions)
app.add_typer(theatre, name="theatre")
app.add_typer(actors, name="actors")
app.add_typer(links, name="links")
app.command()(shifts)
app.command()(claims)
app.command()(similar)
app.command()(recurrence)
app.command()(forecast)
app.command()(plan)
app.command()(score)
app.add_typer(responses, name="responses")
app.command()(replay)
app.command()(appraise)
app.command()(warn)
app.add_typer(ledger, name="ledger")
app.add_typer(lessons, name="lessons")
app.command()(assess)
app.command()(brief)
app.command()(serve)
app.add_typer(user, name="user")
app.add_typer(audit, name="audit")
app.command()(backup)
app.command()(restore)
app.command()(retain)
app.command()(why)
app.command()(export)
app.add_typer(reports, name="reports")
app.add_typer(sources, name="sources")


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"toguna {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _help(words: list[str]) -> str | None:
    """Return the help a line asks for, without parsing it; None when it asks for none.

    Parsing coerces even ``--help`` through pydantic, whose import alone takes longer than the rest.
    """
    asked = words[: words.index("--")] if "--" in words else words
    if "--help" not in asked:
        return None
    command = typer.main.get_command(app)
    context = command.context_class(command, info_name="toguna")
    for word in asked[: asked.index("--help")]:
        verbs = getattr(command, "commands", None)
        if verbs is None:
            break
        if word not in verbs:
            return None
        command = verbs[word]
        context = command.context_class(command, info_name=word, parent=context)
    return str(command.get_help(context))


def _one_flag_each(words: list[str]) -> list[str]:
    """Let ``--source A B`` mean ``--source A --source B``: no verb with this flag takes bare words."""
    out: list[str] = []
    for word in words:
        bare = not word.startswith("-")
        more = bare and len(out) > 1 and out[-2] == "--source" and not out[-1].startswith("-")
        out += ["--source", word] if more else [word]
    return out


def run(words: list[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    words = _one_flag_each(sys.argv[1:] if words is None else words)
    _mend_streams()
    try:
        said = _help(words)
        if said is not None:
            print(said)
            sys.stdout.flush()
            return 0
        code = app(words, prog_name="toguna", standalone_mode=False)
        sys.stdout.flush()
    except typer.Exit as leaving:
        return int(leaving.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`toguna ... | head`): what Python still holds must go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:
        return _misused(error, as_json="--json" in words)
    if code == INTERRUPTED:  # what Typer makes of Ctrl-C
        print("interrupted", file=sys.stderr)
    return int(code or 0)


def _mend_streams() -> None:
    """Let no terminal stop a verb: one that is closed takes nothing, a poor one takes escapes for letters."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (open to the end)
        elif isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _misused(error: Exception, *, as_json: bool) -> int:
    """Say what Typer found wrong; its own exceptions carry `format_message`."""
    said = getattr(error, "format_message", None)
    if said is None:
        complain(f"{type(error).__name__}: {error}.", kind="Unexpected", as_json=as_json)
        return CANNOT
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error)
        return USAGE
    near = list(getattr(error, "possibilities", None) or ())
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    text = said().split(" (Possible")[0] + hint
    complain(text, kind="UsageError", as_json=as_json, suggestions=near)
    if context is not None and not as_json:
        print(f"Try '{context.command_path} --help'.", file=sys.stderr)
    return USAGE
