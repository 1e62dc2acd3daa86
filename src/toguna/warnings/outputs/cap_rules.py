"""The rules of CAP 1.2, written down: order and number of elements, vocabularies, moments, shapes.

`RULES` names each with the section of the standard that it is from. Of the published schema only the tests
make use, through a package that carries it: its text may not be copied into this one.

Enters: XML of anybody. Leaves: what is wrong with it, one line each. Called by ``toguna ledger show`` on what
it is about to print, and by the tests. A document with a DOCTYPE is refused unread.

References
----------
OASIS (2010), Common Alerting Protocol Version 1.2, sections 3.2 (data dictionary), 3.3 (implementation notes)
and 3.4 (XML schema).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from toguna.warnings.outputs.cap import NAMESPACE
from toguna.warnings.words import CERTAINTIES, SEVERITIES, URGENCIES

__all__ = ["RULES", "faults"]

RULES: dict[str, tuple[str, str]] = {
    "xml": ("3.4", "well-formed XML, without a DOCTYPE"),
    "root": ("3.4", "the root is alert, in the namespace of CAP 1.2"),
    "known": ("3.4", "no elements but those of the schema; signatures at the end of alert"),
    "order": ("3.4", "elements in the order of the schema"),
    "number": ("3.2", "as many of each element as the dictionary says"),
    "plain": ("3.4", "no elements inside text"),
    "empty": ("3.2", "no element is empty"),
    "word": ("3.2.1, 3.2.2", "words of the vocabularies, spelt as they are"),
    "moment": ("3.3.2", "YYYY-MM-DDThh:mm:ss with a numeric offset, -00:00 for UTC, no letters for zones"),
    "name": ("3.2.1", "identifier and sender without spaces, commas, < and &"),
    "restriction": ("3.2.1", "scope Restricted says the restriction"),
    "addresses": ("3.2.1", "scope Private names the addressees"),
    "references": ("3.2.1", "an update, cancellation, acknowledgement or error names what it is about"),
    "triplet": ("3.2.1", "each reference is sender,identifier,sent"),
    "language": ("3.2.2", "a language code of RFC 3066"),
    "size": ("3.2.3", "the size of a resource is a whole number of bytes"),
    "polygon": ("3.2.4", "four points of WGS 84 or more, the last being the first"),
    "circle": ("3.2.4", "a point of WGS 84 and a radius in kilometres"),
    "altitude": ("3.2.4", "altitude and ceiling are numbers, in feet"),
    "ceiling": ("3.2.4", "no ceiling without an altitude"),
}
"""Rule -> section of the standard, and what it asks for."""

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


Fault = tuple[str, str]
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"


def faults(xml: str) -> list[str]:
    """Say what of a document is against the rules of CAP 1.2; nothing when it keeps them.

    Each fault names its rule and the section of the standard.
    """
    return [f"{said} [{rule}: CAP 1.2, {RULES[rule][0]}]" for rule, said in _faults(xml)]


def _faults(xml: str) -> Iterator[Fault]:
    if "<!DOCTYPE" in xml:
        yield "xml", "a DOCTYPE, which CAP has none of"
        return
    try:
        root = ET.fromstring(xml.encode())
    except ET.ParseError as error:
        yield "xml", f"no XML: {error}"
        return
    if root.tag != f"{{{NAMESPACE}}}alert":
        yield "root", f"root {root.tag}; expected alert in {NAMESPACE}"
        return
    yield from _element(root)
    yield from _scope(root)
    yield from _references(root)


def _bare(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def _element(element: ET.Element) -> Iterator[Fault]:
    name = _bare(element)
    if name in _ORDERS:
        yield from _order(element, _ORDERS[name])
        for child in element:
            if not child.tag.startswith(_SIGNATURE):
                yield from _element(child)
        if name == "area" and "ceiling" in map(_bare, element) and "altitude" not in map(_bare, element):
            yield "ceiling", "area: a ceiling without an altitude"
        return
    text = element.text or ""
    if len(element):
        yield "plain", f"{name}: elements inside text"
    if not text.strip():
        yield "empty", f"{name}: empty"
    elif name in _WORDS and text not in _WORDS[name]:
        yield "word", f"{name}: {text!r}; expected one of {', '.join(_WORDS[name])}"
    elif name in _MOMENTS and not MOMENT.fullmatch(text):
        yield "moment", f"{name}: {text!r}; expected YYYY-MM-DDThh:mm:ss, an offset such as -00:00, never Z"
    elif name in _SHAPES and not _SHAPES[name][1](text):
        yield _SHAPES[name][0], f"{name}: {text[:60]!r} is not of the form that CAP asks for"


def _order(element: ET.Element, rule: str) -> Iterator[Fault]:
    """Hold the children against a sequence of "name least most"."""
    sequence = [part.split() for part in rule.split(", ")]
    names = [name for name, _, _ in sequence]
    found = [_bare(child) for child in element]
    while rule == ALERT and found and found[-1].startswith(_SIGNATURE):
        found.pop()
    for name in found:
        if name not in names:
            yield "known", f"{_bare(element)}: unknown element {name}"
    known = [names.index(name) for name in found if name in names]
    if known != sorted(known):
        yield "order", f"{_bare(element)}: elements out of order: {', '.join(found)}"
    for name, least, most in sequence:
        n = found.count(name)
        if n < int(least) or (most != "*" and n > int(most)):
            yield "number", f"{_bare(element)}: {n} of {name}; expected {least} to {most}"


def _text(root: ET.Element, name: str) -> str:
    return root.findtext(f"{{{NAMESPACE}}}{name}") or ""


def _scope(root: ET.Element) -> Iterator[Fault]:
    scope = _text(root, "scope")
    for needed, name in (("Restricted", "restriction"), ("Private", "addresses")):
        if scope == needed and not _text(root, name):
            yield name, f"scope {needed} without {name}"


def _references(root: ET.Element) -> Iterator[Fault]:
    if _text(root, "msgType") in ("Update", "Cancel", "Ack", "Error") and not _text(root, "references"):
        yield "references", f"msgType {_text(root, 'msgType')} without references"
    for triplet in _text(root, "references").split():
        parts = triplet.split(",")
        if len(parts) != 3 or not MOMENT.fullmatch(parts[2]):
            yield "triplet", f"references: {triplet!r}; expected sender,identifier,sent"


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


def _number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text))


_SHAPES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "identifier": ("name", _plain_name),
    "sender": ("name", _plain_name),
    "polygon": ("polygon", _polygon),
    "circle": ("circle", _circle),
    "language": ("language", lambda text: bool(_LANGUAGE.fullmatch(text))),
    "size": ("size", str.isdecimal),
    "altitude": ("altitude", _number),
    "ceiling": ("altitude", _number),
}
"""Element -> rule of its form, and whether a text keeps it."""
