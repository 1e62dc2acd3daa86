"""What the words of a warning mean, in plain words: level, and the three of the Common Alerting Protocol.

Enters: a language. Leaves: sentences by word. Called by the pages of warnings. Definitions follow OASIS,
Common Alerting Protocol 1.2 (2010), section 3.2.2; the protocol counts urgency in hours, these pages in
days.
"""

from __future__ import annotations

from toguna.core.language import Language

__all__ = ["MEANINGS", "meanings"]


def _levels(L: Language) -> dict[str, str]:
    return {
        "watch": L("look closer; nothing has to be decided yet"),
        "warning": L("prepare an answer and decide on it"),
        "alarm": L("decide now"),
    }


def _urgencies(L: Language) -> dict[str, str]:
    return {
        "Immediate": L("act at once"),
        "Expected": L("act within days"),
        "Future": L("act in the weeks to come"),
        "Past": L("no action is called for any more"),
        "Unknown": L("not known how soon"),
    }


def _severities(L: Language) -> dict[str, str]:
    return {
        "Extreme": L("extraordinary threat to lives"),
        "Severe": L("significant threat to lives"),
        "Moderate": L("possible threat to lives"),
        "Minor": L("little or no known threat to lives"),
        "Unknown": L("not known how grave"),
    }


def _certainties(L: Language) -> dict[str, str]:
    return {
        "Observed": L("it has happened or is going on"),
        "Likely": L("more likely than not"),
        "Possible": L("possible, not more likely than not"),
        "Unlikely": L("not expected to come"),
        "Unknown": L("not known how sure"),
    }


MEANINGS = {
    "level": _levels,
    "urgency": _urgencies,
    "severity": _severities,
    "certainty": _certainties,
}


def meanings(L: Language) -> dict[str, dict[str, str]]:
    """Return what each word of each vocabulary means."""
    return {name: say(L) for name, say in MEANINGS.items()}
