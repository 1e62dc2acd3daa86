"""A warning as a CAP 1.2 alert.

Enters: a record. Leaves: XML, in the order of elements that the schema demands. Called by `toguna.cli`.
Our words that CAP has no element for (level, options, what it rests on) stand in `parameter`.

References
----------
OASIS (2010), Common Alerting Protocol Version 1.2. https://docs.oasis-open.org/emergency/cap/v1.2/
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from xml.etree import ElementTree as ET

from toguna.core.language import LANGUAGES, Language
from toguna.core.text import slug
from toguna.warnings.ledger.chain import Entry
from toguna.warnings.outputs.gate import let_out
from toguna.warnings.outputs.words import options
from toguna.warnings.states import Record
from toguna.warnings.types import Area

__all__ = ["NAMESPACE", "cap"]

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_SCOPES = {"open": "Public", "addressees": "Private", "restricted": "Restricted"}
_RESPONSES = {"watch": "Assess", "warning": "Prepare", "alarm": "Execute"}
_TELLING = ("issue", "update", "withdraw")


def cap(record: Record, *, sender: str = "", exercise: bool = False) -> str:
    """Write a warning as a CAP 1.2 alert.

    Parameters
    ----------
    record : Record
    sender : str
        Unique name of the sender, best made of an Internet domain; "" = of the owner and the theatre.
    exercise : bool
        Whether it is to be marked as an exercise.

    Returns
    -------
    str
        XML with two `info` blocks, English and French.

    Raises
    ------
    UsageError
        It is restricted and was not released.
    """
    let_out(record, "CAP", drafts=True)
    sender = slug(sender) if sender and not sender.isascii() else sender
    sender = "".join(sender.split()) or f"{slug(record.warning.owner)}.{record.warning.theatre}.toguna"
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_name("alert"))
    for name, text in _head(record, sender, exercise=exercise):
        _add(root, name, text)
    for code in LANGUAGES:
        _info(root, record, Language(code))
    ET.indent(root, space=" ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _head(record: Record, sender: str, *, exercise: bool) -> Iterator[tuple[str, str]]:
    told = _messages(record)
    last = told[-1] if told else record.history[-1]
    draft = record.issued_at is None
    yield "identifier", _identifier(record, last)
    yield "sender", sender
    yield "sent", _moment(last.happened_at)
    yield "status", "Draft" if draft else "Exercise" if exercise else "Actual"
    yield "msgType", _kind(record, told)
    yield "scope", _SCOPES[record.warning.sensitivity]
    if record.warning.sensitivity == "restricted":
        yield "restriction", "Only for those it is addressed to; not to be passed on."
    if record.warning.sensitivity != "open":
        yield "addresses", " ".join(f'"{a}"' for a in record.warning.addressees) or '"not stated"'
    if earlier := told[:-1]:
        yield "references", " ".join(_reference(record, sender, e) for e in earlier)


def _messages(record: Record) -> list[Entry]:
    """Return the entries that are messages to others: the issue, and what changed after it."""
    if record.issued_at is None:
        return []
    issued = next(k for k, e in enumerate(record.history) if e.kind == "issue")
    return [e for e in record.history[issued:] if e.kind in _TELLING]


def _kind(record: Record, told: list[Entry]) -> str:
    if told and told[-1].kind == "withdraw":
        return "Cancel"
    return "Update" if len(told) > 1 else "Alert"


def _identifier(record: Record, entry: Entry) -> str:
    return f"toguna.{slug(record.id)}.{entry.seq}"


def _reference(record: Record, sender: str, entry: Entry) -> str:
    return f"{sender},{_identifier(record, entry)},{_moment(entry.happened_at)}"


def _moment(text: str) -> str:
    """Write a moment as CAP wants it: no letters for zones, and -00:00 for UTC."""
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + "-00:00"


def _day(day: date, at: time = time(0)) -> str:
    return _moment(datetime.combine(day, at, UTC).isoformat())


def _info(root: ET.Element, record: Record, L: Language) -> None:
    w = record.warning
    info = ET.SubElement(root, _name("info"))
    _add(info, "language", "en-GB" if L.code == "en" else "fr-FR")
    _add(info, "category", "Security")
    _add(info, "event", L.word(f"warning:{w.kind}"))
    _add(info, "responseType", _RESPONSES[w.level])
    for name in ("urgency", "severity", "certainty"):
        _add(info, name, getattr(w, name))
    _add(info, "effective", _day(w.start))
    _add(info, "expires", _day(w.end, time(23, 59, 59)))
    _add(info, "senderName", w.owner)
    _add(info, "headline", w.headline[L.code])
    _add(info, "description", w.text[L.code])
    _add(info, "instruction", " ".join(options(record, L)))
    for name, value in _parameters(record):
        one = ET.SubElement(info, _name("parameter"))
        _add(one, "valueName", name)
        _add(one, "value", value)
    for place in w.areas or (Area(w.theatre),):
        _area(info, place)


def _parameters(record: Record) -> Iterator[tuple[str, str]]:
    w = record.warning
    yield "toguna:level", w.level
    yield "toguna:state", record.state
    yield "toguna:acknowledge-by", w.acknowledge_by.isoformat()
    yield "toguna:decide-by", w.deadline.isoformat()
    for basis in w.basis:
        yield "toguna:basis", f"{basis.id} as of {basis.as_of} ({basis.rule or basis.origin})"


def _area(info: ET.Element, place: Area) -> None:
    area = ET.SubElement(info, _name("area"))
    _add(area, "areaDesc", place.name)
    for ring in place.polygons:
        _add(area, "polygon", " ".join(f"{lat},{lon}" for lat, lon in ring))
    if place.circle:
        lat, lon, km = place.circle
        _add(area, "circle", f"{lat},{lon} {km}")


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, _name(tag)).text = "".join(c for c in text if c.isprintable() or c in "\n\t")
