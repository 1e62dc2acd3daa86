"""``toguna read`` and the bench: what goes in, what comes out, and how trained weights return."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from datetime import date

import pytest

from bench import reading as bench
from toguna.cli.app import run
from toguna.core.errors import DataError, UnknownNameError
from toguna.reading.confidence import prior, read_weights
from toguna.reading.documents import titled
from toguna.reading.examples import choices_of, learned
from toguna.reading.gold import agreement, pairs, read_labels
from toguna.reading.protocol import known_readers
from toguna.reading.protocol import reader as make
from toguna.reading.training import fitted, weights_text

EN = "DATE: 2015-11-24\nTwo soldiers were killed on Friday in an ambush near Gao, the army said.\n"
FR = "DATE: 2015-11-24\nTrois gendarmes ont été tués vendredi dans l'attaque de leur poste à Ménaka.\n"
NONE = "DATE: 2015-11-24\nThe council of ministers met in Bamako on Monday and adopted the budget.\n"
AMBUSH = {
    "date": "2015-11-20", "place": "Gao", "country": "MLI", "tactic": "ambush",
    "target_class": "national_forces", "killed_low": 2, "killed_high": 2, "perpetrator": "unknown",
    "claimed_by": None, "main": True,
}  # fmt: skip
RAID = {
    "date": "2015-11-20", "place": "Menaka", "country": "MLI", "tactic": "raid", "killed_low": 3,
    "target_class": "police_gendarmerie", "killed_high": 3, "main": True,
}  # fmt: skip
LABELS = [
    {"id": "a", "lang": "en", "pub_date": "2015-11-24", "negative": False, "events": [AMBUSH]},
    {"id": "b", "lang": "fr", "pub_date": "2015-11-24", "negative": False, "events": [RAID]},
    {"id": "c", "lang": "en", "pub_date": "2015-11-24", "negative": True, "events": []},
]


@pytest.fixture
def labelled(tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    for name, text in (("a", EN), ("b", FR), ("c", NONE)):
        (texts / f"{name}.txt").write_text(text, encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps(row) + "\n" for row in LABELS), encoding="utf-8")
    return texts, gold


def test_a_folder_is_read_as_json(labelled, capsys):
    texts, _ = labelled
    assert run(["read", str(texts), "--theatre", "mali", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    by_file = {t["file"]: t for t in told["texts"]}
    assert [by_file[f]["lang"] for f in ("a.txt", "b.txt", "c.txt")] == ["en", "fr", "en"]
    (incident,) = by_file["a.txt"]["incidents"]
    field = incident["fields"]["killed_best"]
    text = EN.split("\n", 1)[1]
    assert field["value"] == 2
    assert [text[a:b] for a, b in field["spans"]] == ["Two soldiers"]
    assert 0 < field["confidence"] < 1
    assert field["rule"]
    assert by_file["c.txt"]["incidents"] == []


def test_a_report_is_said_in_words(labelled, capsys):
    texts, _ = labelled
    assert run(["read", str(texts / "b.txt"), "--theatre", "mali", "--lang", "fr"]) == 0
    out = capsys.readouterr().out
    assert "2015-11-20" in out
    assert "Ménaka" in out
    assert "blessés" in out


def test_standard_input_and_no_day(monkeypatch, capsys):
    data = EN.split("\n", 1)[1].encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert run(["read", "-", "--theatre", "mali", "--json"]) == 0
    got = capsys.readouterr()
    assert "--published" in got.err
    assert "days without a year take the latest year" in got.err
    assert json.loads(got.out)["texts"][0]["notes"] == ["no-day-of-publication"]


def test_what_cannot_be_read_is_told_and_the_rest_is_read(labelled, capsys):
    texts, _ = labelled
    (texts / "d.txt").write_text("DATE: 2015-99-01\nText", encoding="utf-8")
    assert run(["read", str(texts), "--theatre", "mali", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert len(told["texts"]) == 3
    assert [f["file"] for f in told["failed"]] == ["d.txt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["read", "https://example.org/page"], "not allowed"),
        (["read", "nowhere.txt"], "cannot be read"),
        (["read", "nowhere.txt", "--lang", "de"], "language"),
        (["read", "-", "--reader", "oracle"], "reader"),
    ],
)
def test_misuse_is_said(words, said, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert run([*words, "--theatre", "mali"]) in (2, 3)
    assert said in capsys.readouterr().err


def test_train_writes_weights_that_are_used(labelled, tmp_path, capsys):
    texts, gold = labelled
    out = tmp_path / "weights.toml"
    assert (
        run(["read", str(texts), "--theatre", "mali", "--train", str(gold), "--out", str(out), "--json"]) == 0
    )
    assert json.loads(capsys.readouterr().out)["texts"] == 3
    weights = read_weights(out)
    assert weights.made_from == "3 labelled texts of gold.jsonl"
    assert weights.weights.keys() == prior().weights.keys() | {"struck"}  # which has no stated prior
    assert run(["read", str(texts), "--theatre", "mali", "--weights", str(out), "--json"]) == 0


def test_training_moves_towards_what_was_right(reader):
    label = read_labels_of(LABELS[:1])
    wrong = [dict(LABELS[0], events=[dict(LABELS[0]["events"][0], tactic="raid")])]
    texts = {"a": titled(EN)}
    often = [replace(read, weight=30.0) for read in read_labels_of(wrong)]
    after, _ = learned(texts, often, reader.setting, made_from="test")
    assert after.chance("tactic", ["explicit"]) < 0.5 < prior().chance("tactic", ["explicit"])
    assert after.chance("date", ["explicit"]) > prior().chance("date", ["explicit"])
    assert "made_from" in weights_text(after)
    two = titled(EN + "The wounded were flown to Bamako.\n")
    choices = list(choices_of(two, label[0], reader)) * 30
    assert any(choices[0].right) and not all(choices[0].right)
    wrongly = [replace(c, right=tuple(not r for r in c.right)) for c in choices]
    for made, chosen_right in ((choices, True), (wrongly, False)):
        scene = fitted((), prior(), made_from="test", choices=made)
        best = max(range(len(made[0].options)), key=lambda i: scene.score("scene", made[0].options[i]))
        assert choices[0].right[best] is chosen_right
    assert label[0].events[0]["tactic"] == "ambush"


def read_labels_of(rows):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return read_labels(path)


def test_labels_that_are_none_are_named(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "events": []}\n{"id": 3, "events": [5]}\n', encoding="utf-8")
    with pytest.raises(DataError, match="line 2"):
        read_labels(path)


def test_matching_is_by_day_and_place(reader):
    (draft,) = reader.read(titled(EN)).incidents
    near = {"date": "2015-11-21", "place": "Gao", "tactic": "ambush", "killed_low": 2}
    assert pairs([draft], [near], reader.setting) == [(0, 0)]
    agreed = agreement(draft, near, reader.setting)
    assert (agreed["date"], agreed["tactic"], agreed["killed_low"], agreed["wounded"]) == (
        True,
        True,
        True,
        None,
    )
    for wrong in (near | {"date": "2015-11-22"}, near | {"place": "Bamako"}):
        assert pairs([draft], [wrong], reader.setting) == []
    assert agreement(draft, near | {"killed_low": 3}, reader.setting)["killed_low"] is False
    assert agreement(draft, near | {"wounded": 4}, reader.setting)["wounded"] is False
    assert agreement(draft, near | {"perpetrator": "AQIM"}, reader.setting)["perpetrator"] is False


def test_the_bench_counts(labelled, reader):
    texts, gold = labelled
    found = bench.run(texts, read_labels(gold), reader.setting, prior())
    told = found["all"]
    assert told["recall_main"] == {"share": 1.0, "right": 2, "n": 2}
    assert told["precision"] == {"share": 1.0, "right": 2, "n": 2}
    assert told["negatives_clean"] == {"share": 1.0, "right": 1, "n": 1}
    assert told["fields"]["killed_low"] == {"share": 1.0, "right": 2, "n": 2}
    assert found["seconds_per_page"] > 0
    missing = bench.run(texts / "none", read_labels(gold), reader.setting, prior())
    assert missing["missing_texts"] == ["a", "b", "c"]


def test_readers_come_through_one_door(reader):
    assert "rules" in known_readers()
    made = make("rules", reader.setting, prior())
    assert made.read(titled(EN), published=date(2015, 11, 24)).reader == "rules"
    with pytest.raises(UnknownNameError):
        make("oracle", reader.setting, prior())
