"""From a proposal to a lesson, and a report of it, through the command line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from toguna.forecasts.recurrence import recur, rolling
from toguna.forecasts.recurrence.selfexciting import Effort

AS_OF = "2015-11-24"

HAND_WRITTEN = """
theatre = "mali"
kind = "other"
level = "watch"
areas = ["Gao", { name = "Ansongo", level = "place", circle = [15.66, 0.5, 25.0] }]
start = 2015-11-24
end = 2016-02-24
acknowledge_by = 2015-11-30
deadline = 2015-12-15
sensitivity = "restricted"
[headline]
en = "Tension at the cattle market"
fr = "Tensions au marché au bétail"
[text]
en = "Two reports speak of threats."
fr = "Deux rapports font état de menaces."
[[options]]
measure = ""
text = "Dialogue between traders"
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "warning.toml"
    path.write_text(HAND_WRITTEN, encoding="utf-8")
    return path


def test_from_a_proposal_to_the_report(quick: None, toguna, monkeypatch: pytest.MonkeyPatch) -> None:
    """One run of the analysis, for time; everything after it reads the ledger."""
    monkeypatch.setattr(rolling, "MOST_ORIGINS", 1)
    monkeypatch.setattr(recur, "ANSWERED", Effort(draws=40, paths=20))
    said = toguna("warn", "--theatre", "mali", "--as-of", AS_OF, "--issue", "--by", "duty officer", "--json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert told["as_of"] == AS_OF
    assert {w["status"] for w in told["warnings"]} == {"raised"}
    assert all(w["warning"]["basis"][0]["digest"] for w in told["warnings"])
    bamako = next(w["id"] for w in told["warnings"] if w["warning"]["kind"] == "recurrence")
    assert toguna("ledger", "verify").code == 0
    listed = json.loads(toguna("ledger", "--json").out)["warnings"]
    assert {w["state"] for w in listed} == {"issued"}
    assert len(listed) == len(told["warnings"])
    for words in (
        ("ack", bamako, "--at", "2015-11-26"),
        ("decide", bamako, "--act", "--reason", "hotels", "--option", "M01", "--at", "2015-12-20"),
        ("act", bamako, "--text", "guards", "--at", "2015-12-21"),
        ("close", bamako, "--outcome", "not-known", "--at", "2016-02-01"),
    ):
        assert toguna("ledger", *words, "--by", "prevention desk").code == 0
    lesson = ("--warning", bamako, "--change", "Ask hotels earlier.", "--by", "desk", "--at", "2016-02-02")
    assert toguna("lessons", "add", *lesson).code == 0
    fit = json.loads(toguna("lessons", "similar", "--warning", bamako, "--json").out)["lessons"]
    assert fit[0]["change"] == "Ask hotels earlier."
    report = json.loads(toguna("ledger", "report", "--to", "2016-03-01", "--json").out)
    assert report["all"]["decided"]["n"] == 1
    assert report["all"]["decided_in_time"]["n"] == 0
    due = json.loads(toguna("ledger", "due", "--on", "2015-12-30", "--json").out)["due"]
    assert len(due) == len(listed) - 1
    assert all(one["escalated"] for one in due if one["by"] < "2015-12-30")
    xml = toguna("ledger", "show", listed[0]["id"], "--format", "cap").out
    assert ET.fromstring(xml.encode()).tag.endswith("alert")
    for form in ("text", "html", "email", "sms", "ics", "hxl"):
        assert toguna("ledger", "show", listed[0]["id"], "--format", form, "--lang", "fr").code == 0


def test_a_warning_by_hand_and_two_persons(written: Path, toguna) -> None:
    assert toguna("ledger", "add", str(written), "--by", "Ana", "--quiet").out.startswith(
        "mali-0001 is draft"
    )
    refused = toguna("ledger", "issue", "mali-0001", "--by", "Bo")
    assert refused.code == 2
    assert "second person must release" in refused.err
    assert toguna("ledger", "release", "mali-0001", "--by", "ana").code == 2
    assert toguna("ledger", "show", "mali-0001", "--format", "cap").code == 2
    assert toguna("ledger", "release", "mali-0001", "--by", "Bo").code == 0
    assert toguna("ledger", "issue", "mali-0001", "--by", "Ana").code == 0
    assert "<circle>15.66,0.5 25.0</circle>" in toguna("ledger", "show", "mali-0001", "--format", "cap").out
    again = toguna("ledger", "correct", "mali-0001", str(written), "--by", "Ana", "--json")
    assert json.loads(again.out)["warning"]["corrects"] == "mali-0001"


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ('level = "watch"', 'level = "loud"', "unknown level"),
        ("start = 2015-11-24\n", "", "start missing"),
        ('kind = "other"', 'knid = "other"', "unknown key 'knid'"),
        ("start = 2015-11-24", 'start = "soon"', "cannot be read as a warning"),
        ('en = "Tension', 'de = "Tension', "'en'"),
        ("[headline]", "[[headline", "not valid TOML"),
        ('areas = ["Gao"', "areas = [7", "0001"),
    ],
)
def test_a_wrong_file_is_named(find: str, put: str, said: str, written: Path, toguna) -> None:
    written.write_text(HAND_WRITTEN.replace(find, put), encoding="utf-8")
    told = toguna("ledger", "add", str(written), "--by", "Ana")
    assert said in told.err + told.out
    assert (told.code == 0) == (said == "0001")


def test_an_edit_from_outside_is_told_with_its_entry(written: Path, tmp_path: Path, toguna) -> None:
    anchor = tmp_path / "anchor.json"
    told = toguna("ledger", "add", str(written), "--by", "Ana")
    assert "Next: toguna ledger release mali-0001 --by ANOTHER" in told.err  # it is restricted
    toguna("ledger", "note", "mali-0001", "--text", "seen", "--by", "Bo")
    assert toguna("ledger", "anchor", "--out", str(anchor)).code == 0
    assert toguna("ledger", "verify", "--anchor", str(anchor)).code == 0
    connection = sqlite3.connect(tmp_path / "home" / "register.sqlite")
    connection.execute("update ledger_entry set by='Somebody' where seq=2")
    connection.commit()
    connection.close()
    told = toguna("ledger", "verify", "--json")
    assert told.code == 1
    assert json.loads(told.out)["first_bad"] == 2
    plain = toguna("ledger", "verify")
    assert "does NOT hold" in plain.out
    assert "First bad entry: 2" in plain.out


def test_an_empty_home_says_so(toguna) -> None:
    assert "No warning is open." in toguna("ledger").out
    assert "No lesson" in toguna("lessons").out
    assert "Nothing is due." in toguna("ledger", "due").out
    assert "No warning was issued" in toguna("ledger", "report", "--quiet").out
    assert toguna("ledger", "verify").code == 0
    assert toguna("ledger", "anchor").code == 3
    unknown = toguna("ledger", "show", "mali-0001")
    assert (unknown.code, "unknown warning" in unknown.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("decide", "x", "--reason", "r", "--by", "b"), "--act or --no-act"),
        (("report", "--from", "2016-01-01", "--to", "2015-01-01"), "lies before"),
        (("ack", "x", "--by", "b", "--at", "yesterday"), "is no moment"),
        (("send", "x", "--by", "b", "--to", "https://e.org", "--secret", "none"), "no file none"),
    ],
)
def test_misuse_is_told(words: tuple[str, ...], said: str, toguna) -> None:
    told = toguna("ledger", *words)
    assert told.code == 2
    assert said in told.err


def test_who_warns_says_so(toguna) -> None:
    told = toguna("warn", "--theatre", "mali", "--as-of", AS_OF, "--issue")
    assert (told.code, "--by NAME" in told.err) == (2, True)
    assert toguna("lessons", "similar").code == 2
    assert toguna("lessons", "add", "--change", "x", "--by", "b", "--theatre", "mali").code == 2
