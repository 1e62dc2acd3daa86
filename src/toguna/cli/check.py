"""``toguna check``: everything that is wrong with the data of a theatre at a date."""

from __future__ import annotations

from toguna.cli.flags import ViewFlags, verb
from toguna.cli.report import leave, print_json, print_table
from toguna.cli.view import progress_of, question_of, say_viewpoint

__all__ = ["check"]


@verb
def check(flags: ViewFlags) -> None:
    """List what is wrong or odd in the data."""
    from toguna.core.findings import tally
    from toguna.room.view import collect

    question = question_of(flags)
    collected = collect(question, progress=progress_of(flags))
    findings = collected.findings
    accounts = [account.as_dict() for account in collected.gathered.accounts]
    if flags.json:
        print_json(
            {
                "viewpoint": question.viewpoint.as_dict(),
                "data": accounts,
                "findings": [f.as_dict() for f in findings],
                "tally": tally(findings),
            }
        )
    else:
        columns = ("source", "version", "read", "accepted", "quarantined", "superseded", "events")
        print_table(columns, [[account[c] for c in columns] for account in accounts])
        for finding in findings:
            print(f"{finding.severity}: {finding.sentence()}")
        say_viewpoint(flags)
    leave(findings)
