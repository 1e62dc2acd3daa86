"""A warning as the text of a mail. Called by ``toguna ledger show``."""

from __future__ import annotations

import textwrap

from toguna.core.language import Language
from toguna.warnings.outputs.gate import let_out
from toguna.warnings.outputs.words import facts, options
from toguna.warnings.states import Record

__all__ = ["mail"]

WIDTH = 76


def mail(record: Record, lang: str = "en") -> str:
    """Write a warning as plain text with a subject line, wrapped at 76 characters.

    Raises
    ------
    UsageError
        It was not issued, or is restricted and was not released.
    """
    let_out(record, "mail")
    L, w = Language(lang), record.warning
    subject = " ".join(f"{L('Subject')}: [{record.id}] {w.headline[lang]}".split())
    parts = [
        subject,
        _wrapped(w.text[lang]),
        "\n".join(f"{name}: {value}" for name, value in facts(record, L)),
        L("What could be done") + "\n" + "\n".join(_wrapped(o, "- ") for o in options(record, L)),
        _wrapped(L("Please say that you read it, and what you decide, also when it is not to act.")),
        L("Rests on") + "\n" + "\n".join(f"- {b.id} ({b.as_of})" for b in w.basis),
    ]
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str, first: str = "") -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
