"""``toguna replay`` on the embedded theatre: months that cost little."""

from __future__ import annotations

import json


def test_a_replay_is_written_told_and_resumed(toguna, tmp_path):
    out = tmp_path / "replay"
    words = ("replay", "--theatre", "mali", "--from", "2012-06", "--to", "2012-09", "--out", str(out))
    first = toguna(*words)
    assert first.code == 0, first.err
    assert "2012-09-30" in first.err
    assert "4 of 4 looks computed now" in first.err
    assert "tests of shifts" in first.out
    assert sorted(p.name for p in out.iterdir()) == [
        "lessons.en.html", "lessons.en.md", "lessons.fr.html", "lessons.fr.md", "lessons.json", "looks",
        "replay.json",
    ]  # fmt: skip
    before = {p: p.read_bytes() for p in out.rglob("*.*") if p.is_file()}
    again = toguna(*words, "--json")
    said = json.loads(again.out)
    assert said["computed"] == 0
    assert [look["as_of"] for look in said["looks_list"]] == [
        "2012-06-30",
        "2012-07-31",
        "2012-08-31",
        "2012-09-30",
    ]
    assert {p: p.read_bytes() for p in out.rglob("*.*") if p.is_file()} == before
    french = toguna(*words, "--lang", "fr", "--quiet")
    assert "tests de changement" in french.out
    assert french.err == ""


def test_wrong_words_are_refused(toguna, tmp_path):
    base = ("replay", "--theatre", "mali", "--from", "2012-06", "--out", str(tmp_path / "x"))
    for words in (
        (*base, "--to", "2012-05"),
        (*base, "--to", "soon"),
        (*base, "--to", "2012-07"),
        (*base, "--to", "2012-08", "--every", "week"),
        (*base, "--to", "2012-08", "--runner", "threads"),
        (*base, "--to", "2012-08", "--scheduler", "tcp://127.0.0.1:1"),
        (*base, "--to", "2012-08", "--viewpoint", "mine"),
        (*base, "--to", "2012-08", "--model", "oracle"),
        (*base, "--to", "2012-08", "--cost-loss", "1.5"),
        (*base, "--to", "2012-08", "--column", "deaths"),
        (*base, "--to", "2012-08", "--table", str(tmp_path / "none.csv")),
    ):
        said = toguna(*words)
        assert (said.code, said.out) == (2, ""), words
        assert said.err.startswith("error: "), words
    assert not (tmp_path / "x").exists()


def test_forecasts_of_a_table_are_replayed_at_the_readers_price(toguna, tmp_path):
    path = tmp_path / "made.csv"
    rows = [f"{unit},{300 + t},{(t * k) % 7 // 3}" for k, unit in enumerate("ABC", 1) for t in range(60)]
    path.write_text("\n".join(["country,month,deaths", *rows]) + "\n", encoding="utf-8")
    words = (
        "replay",
        "--table",
        str(path),
        "--from",
        "2008-01",
        "--to",
        "2008-06",
        "--out",
        str(tmp_path / "o"),
    )
    said = toguna(*words, "--cost-loss", "0.2", "--at-least", "2", "--json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert told["methods"] == [] and told["population"] is None
    own = told["forecasts"]["value"]["2"]["own"]
    assert own["ratio"] == 0.2 and set(own["decisions"]) == {"pool", "last_12", "last_240"}
    assert len(own["value"]) == 3
    assert [row["ratio"] for row in told["forecasts"]["value"]["2"]["curve"]][:2] == [0.01, 0.02]
    text = toguna(*words, "--cost-loss", "0.2", "--at-least", "2", "--lang", "fr", "--quiet").out
    assert "À votre prix, une fausse alerte coûtant 20" in text
    assert "0 of 6 looks computed now" in toguna(*words).err
    refused = toguna(*words, "--theatre", "mali")
    assert (refused.code, "by itself" in refused.err) == (2, True)
