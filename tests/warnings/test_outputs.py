"""What leaves the house keeps the rules of its form, in both languages, and respects who may read it."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import DAY, WHOLE, hand, led_to, ledger, warning

from toguna.core.errors import UsageError
from toguna.warnings.moves import carry, records_of
from toguna.warnings.outputs.calendar import OCTETS, calendar, folded
from toguna.warnings.outputs.cap import NAMESPACE, cap
from toguna.warnings.outputs.cap_rules import faults
from toguna.warnings.outputs.gsm import septets, spelt
from toguna.warnings.outputs.hxl import hxl
from toguna.warnings.outputs.mail import mail
from toguna.warnings.outputs.page import page
from toguna.warnings.outputs.sms import MOST, sms
from toguna.warnings.types import Area, Option, Warning

NASTY = '<script>alert("x")</script> & =1+1'


def text_of(xml: str, path: str) -> list[str]:
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    return [e.text or "" for e in ET.fromstring(xml).findall(steps)]


def test_cap_keeps_the_rules_and_says_everything_twice(tmp_path: Path) -> None:
    xml = cap(led_to(ledger(tmp_path), "issue"), sender="toguna@example.org")
    assert faults(xml) == []
    assert text_of(xml, "info/language") == ["en-GB", "fr-FR"]
    assert text_of(xml, "info/area/polygon") == ["12.0,-8.0 12.0,-7.0 13.0,-7.0 12.0,-8.0"] * 2
    assert text_of(xml, "sent") == ["2015-11-25T12:00:00-00:00"]
    assert text_of(xml, "status") + text_of(xml, "msgType") == ["Actual", "Alert"]
    assert text_of(xml, "scope") == ["Private"]
    assert "No option was drawn up" in text_of(xml, "info/instruction")[0]
    assert text_of(xml, "info/headline") == [*warning().headline.values()]


def test_cap_follows_a_warning(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    draft = cap(led_to(book))
    assert text_of(draft, "status") == ["Draft"]
    record = carry(book, "fictia-0001", "issue", {}, hand(day=1))
    first = text_of(cap(record), "identifier")[0]
    louder = warning(level="alarm", certainty="Likely")
    record = carry(book, "fictia-0001", "update", {"warning": louder.as_dict()}, hand(day=2))
    update = cap(record)
    assert text_of(update, "msgType") == ["Update"]
    assert f",{first},2015-11-25T12:00:00-00:00" in text_of(update, "references")[0]
    record = carry(book, "fictia-0001", "withdraw", {"reason": "x"}, hand(day=3))
    cancel = cap(record, exercise=True)
    assert text_of(cancel, "msgType") + text_of(cancel, "status") == ["Cancel", "Exercise"]
    assert len(text_of(cancel, "references")[0].split()) == 2
    assert [faults(xml) for xml in (draft, update, cancel)] == [[], [], []]


BAD = [
    ("<sent>2015-11-25T12:00:00-00:00</sent>", "<sent>2015-11-25T12:00:00Z</sent>", "never Z"),
    ("<sent>2015-11-25T12:00:00-00:00</sent>", "<sent>2015-11-25 12:00</sent>", "sent:"),
    ("<urgency>Immediate</urgency>", "<urgency>immediate</urgency>", "urgency:"),
    ("<urgency>Immediate</urgency>", "", "0 of urgency"),
    ("<category>Security</category>", "<category>War</category>", "category:"),
    ("<scope>Private</scope>", "<scope>Restricted</scope>", "without restriction"),
    ("<msgType>Alert</msgType>", "<msgType>Update</msgType>", "without references"),
    ("13.0,-7.0 12.0,-8.0", "13.0,-7.0 12.0,-9.0", "polygon:"),
    ("12.0,-8.0 12.0,-7.0", "112.0,-8.0 12.0,-7.0", "polygon:"),
    ("<language>en-GB</language>", "<language>en_GB</language>", "language:"),
    ("<status>Actual</status>", "<status>Actual</status><status>Actual</status>", "2 of status"),
    ("<identifier>", "<identifier>a b", "identifier:"),
    ("<event>", "<evt>1</evt><event>", "unknown element evt"),
    (NAMESPACE, "urn:oasis:names:tc:emergency:cap:1.1", "expected alert"),
    ("<alert", "<!DOCTYPE x [<!ENTITY a 'b'>]><alert", "DOCTYPE"),
    ("</alert>", "", "no XML"),
]


@pytest.mark.parametrize(("good", "bad", "said"), BAD, ids=[b[2] + str(k) for k, b in enumerate(BAD)])
def test_the_rules_of_cap_see_what_is_wrong(good: str, bad: str, said: str, tmp_path: Path) -> None:
    xml = cap(led_to(ledger(tmp_path), "issue"))
    assert good in xml
    assert any(said in fault for fault in faults(xml.replace(good, bad)))


def test_elements_out_of_order_are_seen(tmp_path: Path) -> None:
    xml = cap(led_to(ledger(tmp_path), "issue"))
    swapped = re.sub(r"(<urgency>.*</urgency>)(\s*)(<severity>.*</severity>)", r"\3\2\1", xml)
    assert swapped != xml
    assert any("out of order" in fault for fault in faults(swapped))


@given(st.text(max_size=200))
def test_an_sms_is_written_with_letters_of_gsm(text: str) -> None:
    said = spelt(text)
    assert septets(said) >= len(said)
    assert spelt(said) == said


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_sms_has_160_characters_at_most(lang: str, tmp_path: Path) -> None:
    many = tuple(Area(f"Région de l’Œst {k} (forêt)") for k in range(30))
    one_long = (Area("Ménaka-{" + "x" * 300),)
    for k, areas in enumerate(((), many, one_long, (Area("Ségou"),))):
        record = led_to(ledger(tmp_path / str(k)), "issue", made=warning(areas=areas))
        said = sms(record, lang)
        assert septets(said) <= MOST
        assert spelt(said) == said
        assert record.id in said
        assert "2015" in said
    assert "Ségou" in said
    assert said.startswith("ALERTE" if lang == "fr" else "WARNING")


def test_a_calendar_is_folded_escaped_and_knows_what_is_done(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    long = warning(text={"en": "a;b,c\\d\nnext " + "é" * 200, "fr": "x"})
    said = calendar(led_to(book, "issue", made=long))
    assert all(len(line.encode()) <= OCTETS for line in said.split("\r\n"))
    assert "\n" not in said.replace("\r\n", "")
    whole = said.replace("\r\n ", "")
    assert "DESCRIPTION:a\\;b\\,c\\\\d\\nnext ééé" in whole
    assert re.findall(r"DTSTART;VALUE=DATE:(\d+)", whole) == ["20151127", "20151208"]
    assert whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT") == 2
    record = carry(book, "fictia-0001", "acknowledge", {}, hand(day=2))
    assert re.findall(r"DTSTART;VALUE=DATE:(\d+)", calendar(record)) == ["20151208"]


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=300))
def test_folding_loses_nothing(text: str) -> None:
    lines = folded(text).encode().split(b"\r\n")
    assert all(len(line) <= OCTETS for line in lines)
    assert folded(text).replace("\r\n ", "") == text


def test_a_table_for_spreadsheets_is_no_formula(tmp_path: Path) -> None:
    made = warning(areas=(Area("=cmd()"), Area("Sudania")), owner="+desk")
    rows = list(csv.reader(io.StringIO(hxl([led_to(ledger(tmp_path), "issue", made=made)]))))
    assert rows[1][0] == "#meta+id"
    assert all(tag.startswith("#") for tag in rows[1])
    assert [row[2] for row in rows[2:]] == ["'=cmd()", "Sudania"]
    assert rows[2][14] == "'+desk"


class Tags(HTMLParser):
    """Collects tags."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)


def test_nasty_words_stay_words(tmp_path: Path) -> None:
    said = {"en": NASTY, "fr": NASTY}
    made = warning(headline=said, text=said, owner=NASTY, areas=(Area(NASTY),), addressees=(NASTY,))
    record = led_to(ledger(tmp_path), "issue", made=made)
    tags = Tags()
    tags.feed(page(record))
    assert "script" not in tags.seen
    assert faults(cap(record)) == []
    assert text_of(cap(record), "info/area/areaDesc") == [NASTY] * 2
    assert "\n" not in mail(record).split("\n\n")[0]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_mail_says_what_could_be_done(lang: str, tmp_path: Path) -> None:
    options = (
        Option("M01", {"en": "Mediation", "fr": "Médiation"}, 0.2, "share", ("E1",)),
        Option.of({"text": "Patrols"}),
    )
    said = mail(led_to(ledger(tmp_path), "issue", made=warning(options=options)), lang)
    assert said.startswith({"en": "Subject: [fictia-0001]", "fr": "Objet: [fictia-0001]"}[lang])
    assert all(
        len(line) <= 76 for line in said.splitlines() if not line.startswith(("Subject", "Objet", "- "))
    )
    both = {
        "en": ("cost 0.2 share; evidence: E1", "no evidence found"),
        "fr": ("coût 0,2 share", "aucun élément probant"),
    }
    for words in both[lang]:
        assert words in " ".join(said.split())


WAYS = {"CAP": cap, "SMS": sms, "mail": mail, "HTML": page, "ICS": calendar, "HXL": lambda r: hxl([r])}


@pytest.mark.parametrize("way", WAYS)
def test_restricted_words_do_not_leave_unreleased(way: str, tmp_path: Path) -> None:
    book = ledger(tmp_path)
    record = led_to(book, "release", "issue", made=warning(sensitivity="restricted"))
    assert WAYS[way](record)
    fresh = warning(sensitivity="restricted", level="alarm").as_dict()
    record = carry(book, record.id, "update", {"warning": fresh}, hand(day=4))
    with pytest.raises(UsageError, match=f"restricted.*may not leave as {way}"):
        WAYS[way](record)
    assert "restriction" in cap(carry(book, record.id, "release", {}, hand("third", day=5)))


@pytest.mark.parametrize("way", [way for way in WAYS if way != "CAP"])
def test_a_draft_does_not_leave(way: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="never issued"):
        WAYS[way](led_to(ledger(tmp_path)))


def test_a_warning_comes_back_as_it_was_written(tmp_path: Path) -> None:
    made = warning(options=(Option("M1", {"en": "x", "fr": "y"}, 1.0, "EUR", ("E",)),), actors=("A",))
    assert Warning.of(made.as_dict()) == made
    book = ledger(tmp_path)
    led_to(book, *WHOLE, made=made)
    assert records_of(book)["fictia-0001"].warning == made


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": "loud"}, "unknown level"),
        ({"urgency": "Soon"}, "unknown urgency"),
        ({"end": DAY - timedelta(days=1)}, "before it starts"),
        ({"deadline": DAY}, "lies before the day"),
        ({"owner": " "}, "owner"),
        ({"text": {"en": "only"}}, "'fr'"),
        ({"text": {"en": "x" * 5000, "fr": "x"}}, "4000"),
    ],
)
def test_a_warning_that_cannot_be_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        warning(**change)
