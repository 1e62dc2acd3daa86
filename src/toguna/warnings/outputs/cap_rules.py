"""The rules of CAP 1.2, written down: order and number of elements, vocabularies, moments, shapes.

Enters: XML of anybody. Leaves: what is wrong with it, one line each. Called by ``toguna ledger show`` on what
it is about to print, and by the tests. A document with a DOCTYPE is refused unread.

References
----------
OASIS (2010), Common Alerting Protocol Version 1.2, sections 3.2 (data dictionary) and 3.4 (XML schema).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from toguna.warnings.outputs.cap import NAMESPACE
from toguna.warnings.words import CERTAINTIES, SEVERITIES, URGENCIES

__all__ = ["faults"]

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

ALERT = (
    "identifier 1 1, sender 1 1, sent 1 1, status 1 1, msgType 1 1, source 0 1, scope 1 1, restriction 0 1, "
    "addresses 0 1, code 0 *, note 0 1, references 0 1, incidents 0 1, info 0 *"
)
INFO = (
    "language 0 1, category 1 *, event 1 1, responseType 0 *, urgency 1 1, severity 1 1, certainty 1 1, "
    "audience 0 1, eventCode 0 *, effective 0 1, onset 0 1, expires 0 1, senderName 0 1, headline 0 1, "
    "description 0 1, instruction 0 1, web 0 1, contact 0 1, parameter 0 *, resource 0 *, area 0 *"
)
AREA = "areaDesc 1 1, polygon 0 *, circle 0 *, geocode 0 *, altitude 0 1, ceiling 0 1"
PAIR = "valueName 1 1, value 1 1"
RESOURCE = "resourceDesc 1 1, mimeType 1 1, size 0 1, uri 0 1, derefUri 0 1, digest 0 1"
_ORDERS = {
    "alert": ALERT, "info": INFO, "area": AREA, "resource": RESOURCE, "parameter": PAIR, "eventCode": PAIR,
    "geocode": PAIR,
}  # fmt: skip
_WORDS = {
    "status": ("Actual", "Exercise", "System", "Test", "Draft"),
    "msgType": ("Alert", "Update", "Cancel", "Ack", "Error"),
    "scope": ("Public", "Restricted", "Private"),
    "category": (
        "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE",
        "Other",
    ),
    "responseType": (
        "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None",
    ),
    "urgency": URGENCIES, "severity": SEVERITIES, "certainty": CERTAINTIES,
}  # fmt: skip
_MOMENTS = ("sent", "effective", "onset", "expires")


def faults(xml: str) -> list[str]:
    """Say what of a document is against the rules of CAP 1.2; nothing when it keeps them."""
    if "<!DOCTYPE" in xml:
        return ["a DOCTYPE, which CAP has none of"]
    try:
        root = ET.fromstring(xml.encode())
    except ET.ParseError as error:
        return [f"no XML: {error}"]
    if root.tag != f"{{{NAMESPACE}}}alert":
        return [f"root {root.tag}; expected alert in {NAMESPACE}"]
    return [*_element(root), *_scope(root), *_references(root)]


def _bare(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def _element(element: ET.Element) -> Iterator[str]:
    name = _bare(element)
    if name in _ORDERS:
        yield from _order(element, _ORDERS[name])
        for child in element:
            yield from _element(child)
        return
    text = element.text or ""
    if len(element):
        yield f"{name}: elements inside text"
    if not text.strip():
        yield f"{name}: empty"
    elif name in _WORDS and text not in _WORDS[name]:
        yield f"{name}: {text!r}; expected one of {', '.join(_WORDS[name])}"
    elif name in _MOMENTS and not MOMENT.fullmatch(text):
        yield f"{name}: {text!r}; expected YYYY-MM-DDThh:mm:ss with an offset such as -00:00, never Z"
    elif name in _SHAPES and not _SHAPES[name](text):
        yield f"{name}: {text[:60]!r} is not of the form that CAP asks for"


def _order(element: ET.Element, rule: str) -> Iterator[str]:
    """Hold the children against a sequence of "name least most"."""
    sequence = [part.split() for part in rule.split(", ")]
    names = [name for name, _, _ in sequence]
    found = [_bare(child) for child in element]
    for name in found:
        if name not in names:
            yield f"{_bare(element)}: unknown element {name}"
    known = [names.index(name) for name in found if name in names]
    if known != sorted(known):
        yield f"{_bare(element)}: elements out of order: {', '.join(found)}"
    for name, least, most in sequence:
        n = found.count(name)
        if n < int(least) or (most != "*" and n > int(most)):
            yield f"{_bare(element)}: {n} of {name}; expected {least} to {most}"


def _text(root: ET.Element, name: str) -> str:
    return root.findtext(f"{{{NAMESPACE}}}{name}") or ""


def _scope(root: ET.Element) -> Iterator[str]:
    scope = _text(root, "scope")
    for needed, name in (("Restricted", "restriction"), ("Private", "addresses")):
        if scope == needed and not _text(root, name):
            yield f"scope {needed} without {name}"


def _references(root: ET.Element) -> Iterator[str]:
    if _text(root, "msgType") in ("Update", "Cancel", "Ack", "Error") and not _text(root, "references"):
        yield f"msgType {_text(root, 'msgType')} without references"
    for triplet in _text(root, "references").split():
        parts = triplet.split(",")
        if len(parts) != 3 or not MOMENT.fullmatch(parts[2]):
            yield f"references: {triplet!r}; expected sender,identifier,sent"


def _plain_name(text: str) -> bool:
    return not re.search(r"[\s,<&]", text)


def _point(text: str) -> bool:
    lat, comma, lon = text.partition(",")
    if not comma or not _NUMBER.fullmatch(lat) or not _NUMBER.fullmatch(lon):
        return False
    return abs(float(lat)) <= 90 and abs(float(lon)) <= 180


def _polygon(text: str) -> bool:
    points = text.split(" ")
    return len(points) >= 4 and points[0] == points[-1] and all(map(_point, points))


def _circle(text: str) -> bool:
    point, _, radius = text.partition(" ")
    return _point(point) and bool(_NUMBER.fullmatch(radius)) and float(radius) >= 0


_SHAPES: dict[str, Callable[[str], bool]] = {
    "identifier": _plain_name,
    "sender": _plain_name,
    "polygon": _polygon,
    "circle": _circle,
    "language": lambda text: bool(_LANGUAGE.fullmatch(text)),
}
