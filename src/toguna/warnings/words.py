"""The words of a warning: those of CAP 1.2 where it has them, ours where it has none.

Read by every file of `toguna.warnings`. CAP: OASIS, Common Alerting Protocol 1.2 (2010), section 3.2.2.
"""

from __future__ import annotations

from collections.abc import Iterable

from toguna.core.errors import UnknownNameError

__all__ = [
    "CERTAINTIES", "CLOSED", "KINDS", "LEVELS", "OPEN", "OUTCOMES", "SENSITIVITIES", "SEVERITIES", "STATES",
    "URGENCIES", "known_word",
]  # fmt: skip

URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

LEVELS = ("watch", "warning", "alarm")
"""How loud it is, from "look closer" to "decide now"."""

KINDS = ("surge", "front", "spread", "reach", "method", "recurrence", "forecast", "other")
"""What is warned of."""

SENSITIVITIES = ("open", "addressees", "restricted")
"""Who may read it: anybody; those it is addressed to; those it is addressed to, after a second person
released it. In CAP: Public, Private, Restricted."""

STATES = (
    "draft", "issued", "acknowledged", "decided", "acting", "closed", "withdrawn", "superseded",
)  # fmt: skip
OPEN = STATES[:5]
CLOSED = STATES[5:]

OUTCOMES = ("came", "did-not-come", "averted-unproven", "not-known")
"""What became of what was warned of; nothing here says that a measure averted it."""


def known_word(kind: str, word: str, known: Iterable[str]) -> str:
    """Return the word as the vocabulary spells it, or say which there are.

    Raises
    ------
    UnknownNameError
        No such word, whatever the case of its letters.
    """
    spelt = {name.casefold(): name for name in known}
    found = spelt.get(str(word).casefold())
    if found is None:
        raise UnknownNameError(kind, str(word), spelt.values())
    return found
