"""The days of a warning for a calendar: until when it must be read, until when decided.

Enters: a record. Leaves: iCalendar. Called by ``toguna ledger show`` and the room.

References
----------
Desruisseaux (2009), iCalendar, RFC 5545: lines of at most 75 octets (3.1), text (3.3.11), events (3.6.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from toguna.core.language import Language
from toguna.warnings.outputs.gate import let_out
from toguna.warnings.states import Record

__all__ = ["calendar", "deadlines", "folded"]

OCTETS = 75
_ANSWERED = {"acknowledged": ("acknowledged", "decided", "acting"), "decided": ("decided", "acting")}


def calendar(record: Record, lang: str = "en") -> str:
    """Write the days that are still ahead of a warning; none when it was decided or is no longer open.

    Raises
    ------
    UsageError
        It was not issued, or is restricted and was not released.
    """
    return deadlines([record], lang)


def deadlines(records: Iterable[Record], lang: str = "en") -> str:
    """Write the days that are still ahead of several warnings.

    Raises
    ------
    UsageError
        One was not issued, or is restricted and was not released.
    """
    L, told = Language(lang), list(records)
    for record in told:
        let_out(record, "ICS")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Toguna//ledger//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *(line for record in told for line in _events(record, L)),
        "END:VCALENDAR",
    ]
    return "".join(folded(line) + "\r\n" for line in lines)


def _events(record: Record, L: Language) -> Iterator[str]:
    w = record.warning
    asked = (
        ("acknowledged", L("Acknowledge {id}", id=record.id), w.acknowledge_by),
        ("decided", L("Decide on {id}", id=record.id), w.deadline),
    )
    for state, title, day in asked:
        if record.is_open and record.state not in _ANSWERED[state]:
            yield from _event(record, L, (state, f"{title}: {w.headline[L.code]}"), day)


def _event(record: Record, L: Language, what: tuple[str, str], day: date) -> Iterator[str]:
    stamp = datetime.fromisoformat(record.history[-1].happened_at).astimezone(UTC)
    yield "BEGIN:VEVENT"
    yield f"UID:{record.id}-{what[0]}@toguna"
    yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{len(record.history)}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(what[1])}"
    yield f"DESCRIPTION:{_text(record.warning.text[L.code])}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_text(what[1])}"
    yield "TRIGGER:-P1D"
    yield "END:VALARM"
    yield "END:VEVENT"


def _text(value: str) -> str:
    r"""Escape a text: backslash, semicolon, comma; a new line is written as \n."""
    for sign in ("\\", ";", ","):
        value = value.replace(sign, "\\" + sign)
    return "\\n".join(value.splitlines())


def folded(line: str) -> str:
    """Fold a line to at most 75 octets; no letter is torn apart."""
    parts, now = [], b""
    for sign in line:
        octets = sign.encode()
        if len(now) + len(octets) > OCTETS:
            parts.append(now)
            now = b" "
        now += octets
    return b"\r\n".join([*parts, now]).decode()
