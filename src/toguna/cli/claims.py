"""``toguna claims``: what analysts said, held against the data as of a date."""

from __future__ import annotations

from toguna.cli.flags import ViewFlags, verb
from toguna.cli.report import print_json, print_table
from toguna.cli.view import lang_of, say_viewpoint, view_of

__all__ = ["claims"]


@verb
def claims(flags: ViewFlags) -> None:
    """Hold what analysts said against the data.

    Each statement is supported, contradicted, mixed or not testable, with numbers.
    """
    lang = lang_of(flags)
    found = view_of(flags).claims
    if flags.json:
        print_json(found)
        return
    rows = [(claim["verdict"], claim["id"], claim["statement"][lang], claim["text"][lang]) for claim in found]
    print_table(("verdict", "id", "statement", "what the data say"), rows)
    say_viewpoint(flags)
