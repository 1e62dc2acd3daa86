"""A warning in at most 160 characters of the GSM alphabet: what, where, until when, and its number.

Enters: a record. Leaves: one line. Called by ``toguna ledger show``.
"""

from __future__ import annotations

from toguna.core.language import Language
from toguna.warnings.outputs.gate import let_out
from toguna.warnings.outputs.gsm import septets, spelt
from toguna.warnings.states import Record

__all__ = ["MOST", "sms"]

MOST = 160


def sms(record: Record, lang: str = "en") -> str:
    """Write a warning as one SMS.

    Areas fall away from the end, counted ("+2"), until it fits; then the last one is cut. The number of the
    warning, the level and the day to decide by are never cut.

    Raises
    ------
    UsageError
        It was not issued, or is restricted and was not released.
    """
    let_out(record, "SMS")
    L, w = Language(lang), record.warning
    names = [area.name for area in w.areas] or [w.theatre]
    for shown in range(len(names), 0, -1):
        more = f" +{len(names) - shown}" if shown < len(names) else ""
        text = _line(record, L, ", ".join(names[:shown]) + more)
        if septets(text) <= MOST:
            return text
    return _cut(record, L, names)


def _line(record: Record, L: Language, where: str, what: str | None = None) -> str:
    w = record.warning
    return spelt(
        L(
            "{level} {id}: {what} ({where}). Decide by {day}.",
            level=L.word(f"level:{w.level}").upper(),
            id=record.id,
            what=L.word(f"warning:{w.kind}") if what is None else what,
            where=where,
            day=L.short_date(w.deadline),
        )
    )


def _cut(record: Record, L: Language, names: list[str]) -> str:
    """Cut the first area, whatever its length; without it the line always fits."""
    room = MOST - septets(_line(record, L, ""))
    kept = ""
    for sign in spelt(names[0]):
        if septets(kept + sign) > room - 4:
            break
        kept += sign
    return _line(record, L, kept.rstrip() + "...")
