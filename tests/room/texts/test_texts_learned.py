"""What reviewers decide teaches the reader: as examples, as labels to take out, as weights of the home."""

from __future__ import annotations

import json

import pytest
from drafted import WORDS, accepting, by, read_again, rejecting, taken

from toguna.cli.app import run
from toguna.core.errors import UsageError
from toguna.reading.confidence import read_weights, shipped
from toguna.reading.gold import read_labels
from toguna.room.texts.decide import Verdict, decide
from toguna.room.texts.learned import WEIGHTS, examples_of_drafts, label_of_text, weights_of, write_labels
from toguna.room.texts.shelf import every_text


def decided(home, gazetteer, number=1, why="", **changes):
    """Decide on everything in a text: accept the incident with changes, or reject it."""
    text = taken(home, number, keep_words=changes.pop("keep_words", False))
    incident, tie, measure, _ = text.drafts
    verdict = rejecting(incident, why) if why else accepting(text, incident, gazetteer, **changes)
    decide(home, text, incident, verdict, by())
    decide(home, text, tie, rejecting(tie, "double"), by())
    decide(home, text, measure, Verdict(act="accepted", version=1, decided={}), by())
    return read_again(home, text.id)


def test_a_field_that_was_left_was_right_and_one_that_was_mended_wrong(home, gazetteer):
    text = decided(home, gazetteer, tactic="raid", killed_low="4")
    told = {e.kind: e.right for e in examples_of_drafts(text.drafts)}
    assert {kind for kind, right in told.items() if not right} == {"killed", "tactic"}
    assert {kind for kind, right in told.items() if right} == {
        "incident", "date", "place", "target", "perpetrator", "claimed_by",
    }  # fmt: skip


@pytest.mark.parametrize(("why", "wrong"), [("misread", 1), ("double", 0), ("elsewhere", 0)])
def test_only_what_the_text_does_not_say_was_wrong(home, gazetteer, why, wrong):
    text = decided(home, gazetteer, why=why)
    told = list(examples_of_drafts(text.drafts))
    assert [(e.kind, e.right, sorted(e.features)) for e in told] == [
        ("incident", False, ["toll", "weapon"])
    ] * wrong
    assert label_of_text(text)["negative"] == bool(wrong)


def test_labels_hold_words_only_where_the_licence_allows(home, gazetteer, tmp_path):
    bare, kept = decided(home, gazetteer), decided(home, gazetteer, 2, keep_words=True, killed_high="7")
    taken(home, 3)  # nothing of it is decided: it is no label
    written = write_labels(every_text(home, "mali"), tmp_path / "out")
    assert (written.labels, written.texts) == (2, 1)
    text = (tmp_path / "out" / "labels.jsonl").read_text(encoding="utf-8")
    assert "soldiers" not in text
    first, second = read_labels(tmp_path / "out" / "labels.jsonl")
    assert (first.id, second.id) == (f"mali-{bare.uuid}", f"mali-{kept.uuid}")
    assert (second.events[0]["killed_high"], second.events[0]["place"]) == (7, "Sévaré")
    assert len(first.examples) == 8
    (words,) = (tmp_path / "out" / "texts").iterdir()
    assert words.read_text(encoding="utf-8") == f"DATE: 2015-11-24\n{WORDS}"
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="another folder"):
        write_labels([], tmp_path / "file")


def test_the_command_line_writes_labels_and_trains_on_them(home, gazetteer, tmp_path, capsys):
    at = ["--theatre", "mali", "--home", str(home.path)]
    assert run(["read", "--train", "room", *at]) == 2
    assert "nothing was decided" in capsys.readouterr().err
    for number in range(1, 17):
        decided(home, gazetteer, number, tactic="raid")
    home.register.close()
    assert run(["read", "--examples", str(tmp_path / "out"), "--json", *at]) == 0
    assert json.loads(capsys.readouterr().out)["examples"] == 128
    assert run(["read", "--train", "room", *at]) == 0
    assert "128 drafts and fields" in capsys.readouterr().out
    learned = read_weights(home.path / WEIGHTS)
    assert weights_of(home) == learned
    assert learned.chance("tactic", ["explicit"]) < shipped().chance("tactic", ["explicit"]) - 0.1
    labels, out = tmp_path / "out" / "labels.jsonl", tmp_path / "weights.toml"
    assert run(["read", "--train", str(labels), "--out", str(out), *at]) == 0
    assert read_weights(out).chance("tactic", ["explicit"]) < 0.6
    assert run(["read", *at]) == 2
    assert "name a report" in capsys.readouterr().err


def test_a_home_without_decisions_reads_as_the_program_does(home):
    assert weights_of(home) == shipped()
