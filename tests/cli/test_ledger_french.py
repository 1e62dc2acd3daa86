"""In French nothing of the ledger stays English but names, commands and what people wrote."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

from test_ledger_verb import HAND_WRITTEN

ENGLISH = re.compile(
    r"\b(the|is|of|and|not|none|no|next|draft|issued|decided|acknowledged|closed|warning|watch|number|state|"
    r"level|what|where|when|by day|days|over|tell|kind|entry|entries|ledger holds|broken|resumed|because|"
    r"expected|unknown|share|shares|hit|false|never|answered|half|quarter|act|came)\b",
    re.IGNORECASE,
)
COMMANDS = re.compile(
    r"`?toguna [a-z]+( [a-z]+)?( (--[a-z-|]+|mali-[\w-]+|[A-Z]{2,}|\.\.\.|WORD|ID))*`?|\[[a-z-]+\]"
)


def french(told) -> str:
    text = told.out + told.err
    rest = COMMANDS.sub("", text).replace("ledger_entry", "")
    found = [(m[0], rest[max(0, m.start() - 40) : m.end() + 40]) for m in ENGLISH.finditer(rest)]
    assert found == []
    return text


def test_from_draft_to_lesson_in_french(tmp_path: Path, toguna) -> None:
    file = tmp_path / "warning.toml"
    file.write_text(HAND_WRITTEN.replace("restricted", "addressees"), encoding="utf-8")
    assert "Aucune alerte n’est ouverte." in french(toguna("ledger", "--lang", "fr"))
    assert "Aucune leçon" in french(toguna("lessons", "--lang", "fr"))
    assert "Rien n’est dû." in french(toguna("ledger", "due", "--lang", "fr"))
    who = ("--by", "Ana", "--lang", "fr")
    steps = [
        ("add", str(file)), ("issue", "mali-0001", "--at", "2015-11-25"),
        ("ack", "mali-0001", "--at", "2015-11-26"),
        ("decide", "mali-0001", "--no-act", "--reason", "faute de moyens", "--at", "2015-12-20"),
        ("extend", "mali-0001", "--deadline", "2016-01-05", "--reason", "pluies", "--at", "2015-12-21"),
    ]  # fmt: skip
    at = ("--at", "2015-11-24")
    for step in steps:
        told = toguna("ledger", *step, *(at if step[0] == "add" else ()), *who)
        assert told.code == 0, told.err
        french(told)
    assert "décidée" in french(toguna("ledger", "--lang", "fr"))
    assert "clôture" in french(toguna("ledger", "due", "--on", "2016-03-01", "--lang", "fr"))
    assert "accusé de réception" in french(toguna("ledger", "show", "mali-0001", "--lang", "fr"))
    french(toguna("ledger", "escalate", "mali-0001", *who))
    french(toguna("ledger", "close", "mali-0001", "--outcome", "did-not-come", "--at", "2016-03-01", *who))
    lesson = ("lessons", "add", "--warning", "mali-0001", "--change", "Demander des moyens plus tôt.")
    french(toguna(*lesson, *who))
    assert "ne pas agir" in french(toguna("lessons", "similar", "--warning", "mali-0001", "--lang", "fr"))
    french(toguna("lessons", "--lang", "fr"))
    report = french(toguna("ledger", "report", "--to", "2016-04-01", "--lang", "fr"))
    assert "alertes émises" in report


def test_refusals_and_conflicts_in_french_with_their_field(tmp_path: Path, toguna) -> None:
    file = tmp_path / "warning.toml"
    file.write_text(HAND_WRITTEN, encoding="utf-8")
    toguna("ledger", "add", str(file), "--by", "Ana")
    version = json.loads(toguna("ledger", "list", "--json").out)["warnings"][0]["version"]
    told = toguna("ledger", "release", "mali-0001", "--by", "ana", "--lang", "fr", "--json")
    error = json.loads(told.out)["error"]
    assert (told.code, error["field"]) == (2, "by")
    assert "une seconde personne" in error["message"]
    french(toguna("ledger", "release", "mali-0001", "--by", "Bo", "--seen", version, "--lang", "fr"))
    late = toguna("ledger", "release", "mali-0001", "--by", "Cé", "--seen", version, "--lang", "fr", "--json")
    error = json.loads(late.out)["error"]
    assert (late.code, error["kind"]) == (3, "ConflictError")
    assert error["now"] == json.loads(toguna("ledger", "list", "--json").out)["warnings"][0]["version"]
    assert "n’est plus telle qu’elle a été lue" in error["message"]


def test_a_break_is_resumed_on_the_command_line(tmp_path: Path, toguna) -> None:
    file = tmp_path / "warning.toml"
    file.write_text(HAND_WRITTEN, encoding="utf-8")
    toguna("ledger", "add", str(file), "--by", "Ana")
    toguna("ledger", "note", "mali-0001", "--text", "vu", "--by", "Bo")
    resume = ("ledger", "resume", "--reason", "essai de SQL", "--by", "Cé")
    assert "there is nothing to resume" in toguna(*resume).err
    connection = sqlite3.connect(tmp_path / "home" / "register.sqlite")
    connection.execute("update ledger_entry set by='Somebody' where seq=2")
    connection.commit()
    connection.close()
    assert toguna("ledger", "verify").code == 1
    said = toguna(*resume, "--lang", "fr")
    assert said.code == 0, said.err
    assert "Rompu à l’entrée 2 ; repris avec l’entrée 3 par Cé" in said.out.replace("\u202f", " ")
    told = toguna("ledger", "verify", "--lang", "fr")
    assert told.code == 0
    assert "tient à partir de l’entrée 3, pas avant" in told.out
    assert "essai de SQL" in told.out
    plain = json.loads(toguna("ledger", "verify", "--json").out)
    assert (plain["holds"], plain["holds_from"], plain["breaks"][0]["first_bad"]) == (False, 3, 2)
    assert "rompu une fois" in toguna("ledger", "list", "--lang", "fr").out
