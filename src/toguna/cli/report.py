"""Print results, advice and errors, each on its stream.

Results go to stdout (a table or JSON), everything else to stderr. Called by every verb; the only
place of the program that catches what nobody expected.
"""

from __future__ import annotations

import codecs
import json
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from toguna.core.errors import TogunaError

if TYPE_CHECKING:
    from toguna.core.findings import Finding

__all__ = [
    "CANNOT",
    "FINDINGS",
    "advise",
    "complain",
    "leave",
    "print_findings",
    "print_json",
    "print_table",
    "reporting",
]

FINDINGS, CANNOT = 1, 3
_REPORT = "This is a fault of Toguna. Run again with --debug and report what it prints."


def print_json(value: Any) -> None:
    """Print a result as JSON."""
    plain = codecs.lookup(sys.stdout.encoding or "utf-8").name != "utf-8"
    print(json.dumps(value, ensure_ascii=plain, indent=1, default=str))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows under column names: ruled on a terminal, aligned plain text elsewhere."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _ruled(columns, cells)
        return
    widths = [max(len(line[i]) for line in [list(columns), *cells]) for i in range(len(columns))]
    for line in [list(columns), *cells]:
        padded = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join(padded).rstrip())


def _ruled(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns, box=box.SIMPLE_HEAD)
    for line in cells:
        table.add_row(*[escape(cell) for cell in line])
    Console().print(table)


def advise(text: str, *, quiet: bool = False) -> None:
    """Say something useful on stderr."""
    if not quiet:
        print(text, file=sys.stderr)


def print_findings(findings: Sequence[Finding], *, quiet: bool) -> None:
    """Say findings on stderr: the first of each code in full, the others as a count."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
        if counts[finding.code] == 1 and not (quiet and finding.severity == "note"):
            print(f"{finding.severity}: {finding.sentence()}", file=sys.stderr)
    for code, n in counts.items():
        if n > 1 and not quiet:
            print(f"{n - 1} more [{code}]; --json lists them all", file=sys.stderr)


def leave(findings: Sequence[Finding]) -> NoReturn:
    """Leave with 1 when a finding is a failure or a stop, else with 0."""
    grave = any(finding.severity != "note" for finding in findings)
    raise typer.Exit(FINDINGS if grave else 0)


def complain(message: str, *, kind: str, as_json: bool, **more: Any) -> None:
    """Print one error: plain on stderr, or as JSON on stdout."""
    if as_json:
        print_json({"error": {"kind": kind, "message": message, "suggestions": [], **more}})
    else:
        print(f"error: {message}", file=sys.stderr)


@contextmanager
def reporting(*, as_json: bool, debug: bool, lang: str = "en") -> Iterator[None]:
    """Turn what is raised inside into one clean message and an exit code.

    A message is said in `lang` where the error knows it.
    """
    try:
        yield
    except TogunaError as error:
        said = getattr(error, "said", {}).get(lang, str(error))
        more: dict[str, Any] = {"suggestions": list(getattr(error, "suggestions", ()))}
        more |= {name: getattr(error, name) for name in ("field", "now") if hasattr(error, name)}
        complain(said, kind=type(error).__name__, as_json=as_json, **more)
        raise typer.Exit(error.exit_code) from None
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        complain(f"{error.strerror or error}{where}", kind="OSError", as_json=as_json)
        raise typer.Exit(CANNOT) from None
    except Exception as error:
        if debug:
            traceback.print_exc()
        complain(f"{type(error).__name__}: {error}. {_REPORT}", kind="Unexpected", as_json=as_json)
        raise typer.Exit(CANNOT) from None
