"""``toguna ledger verify`` and ``anchor``: does the record hold, and what to keep elsewhere to prove it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import Common, verb
from toguna.cli.hands import HandFlags, hand_of, ledger_of
from toguna.cli.report import leave, print_findings, print_json
from toguna.cli.view import lang_of
from toguna.core.errors import DataError

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.store.head import Head
    from toguna.warnings.verify import Verdict

AnchorFile = Annotated[
    Path | None, typer.Option("--anchor", metavar="FILE", help="An anchor that was kept elsewhere.")
]

__all__ = ["AnchorFile", "anchor", "anchor_in", "resume", "verify", "write_anchor"]


@verb
def verify(
    flags: Common,
    against: AnchorFile = None,
) -> None:
    """Check every entry of the ledger, and name the first bad one.

    Any edit, deletion, insertion or other order made outside the program, and an end that was cut off.
    """
    from toguna.core.language import Language
    from toguna.warnings.verify import verify as look

    verdict = look(ledger_of(flags), anchor_in(against))
    if flags.json:
        print_json(verdict.as_dict())
    else:
        print(_said(verdict, Language(lang_of(flags))))
        print_findings(verdict.findings, quiet=flags.quiet)
    leave(verdict.findings)


def anchor_in(path: Path | None) -> Head | None:
    """Read an anchor that was kept elsewhere."""
    from toguna.store.head import read_head

    head = read_head(path) if path else None
    if path and head is None:
        raise DataError(f"there is no anchor {path}.")
    return head


def _said(verdict: Verdict, L: Language) -> str:
    """Say in one line whether it holds, and from where; a break is always among it."""
    if not verdict.sound:
        said = L("The ledger does NOT hold: {n} entries.", n=verdict.entries)
        first = verdict.first_bad
        return said if first is None else f"{said} {L('First bad entry: {number}.', number=first)}"
    if verdict.breaks:
        return " ".join(
            [
                L("The ledger holds from entry {number} on, not before.", number=verdict.breaks[-1]["seq"]),
                *(_break(one, L) for one in verdict.breaks),
            ]
        )
    said = L("The ledger holds: {n} entries, last hash {hash}.", n=verdict.entries, hash=verdict.hash)
    if verdict.anchored is None:
        return said
    return f"{said} {L('It goes through the anchor at entry {number}.', number=verdict.anchored)}"


def _break(one: Mapping[str, Any], L: Language) -> str:
    where = L("the head") if one["first_bad"] is None else L("entry {number}", number=one["first_bad"])
    return L(
        "Broken at {where}; resumed with entry {seq} by {by} on {day}: {reason}",
        where=where,
        seq=one["seq"],
        by=one["by"],
        day=date.fromisoformat(one["at"][:10]),
        reason=one["reason"],
    )


@verb
def resume(
    flags: HandFlags,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="What was found out about the break; kept.")
    ],
    against: AnchorFile = None,
) -> None:
    """Go on behind a break of the ledger that no copy can mend; the break stays on record.

    Nothing is repaired or deleted: entries that are not as they were written are set aside by number, all
    is sealed as it is, and verify tells of the break each time.
    """
    from toguna.core.language import Language
    from toguna.warnings.resume import resume as go_on

    made = go_on(ledger_of(flags), hand_of(flags.by, flags.at), reason=reason, anchor=anchor_in(against))
    if flags.json:
        print_json(made.as_dict())
        return
    L, body = Language(lang_of(flags)), made.body
    print(_break({"seq": made.seq, "by": made.by, "at": made.recorded_at, **body}, L))
    aside = ", ".join(map(str, body["set_aside"])) or L("none")
    print(L("Set aside: {numbers}.", numbers=aside))
    if body["lost"]:
        print(L("Gone: entries {first} to {last}.", first=body["lost"][0], last=body["lost"][1]))


@verb
def anchor(
    flags: Common,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it here.")] = None,
) -> None:
    """Write down how far the ledger goes: keep it where nobody who can write here can reach.

    Even who holds the key cannot rewrite the ledger up to an anchor unseen.
    """
    write_anchor(ledger_of(flags).head_path, out)


def write_anchor(head_path: Path, out: Path | None) -> None:
    """Write the head of a chain where it is wanted, or print it."""
    from toguna.store.head import read_head, write_head

    head = read_head(head_path)
    if head is None:
        raise DataError(f"there is no {head_path}: nothing was written yet that could be anchored.")
    if out is None:
        print(head.as_text(), end="")
        return
    write_head(out, head)
    print(out)
