"""Every verb does its work, says it on the right stream, and leaves with the right code."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from toguna.cli.app import app, run

AS_OF = ("--theatre", "mali", "--as-of", "2015-11-24")


def test_init_makes_a_home(toguna, tmp_path: Path) -> None:
    said = toguna("init", "--home", str(tmp_path / "h"), "--json")
    assert said.code == 0
    assert json.loads(said.out)["home"] == str(tmp_path / "h")
    assert (tmp_path / "h" / "register.sqlite").is_file()


def test_typer_runner_reaches_the_same_app() -> None:
    from typer.testing import CliRunner

    assert CliRunner().invoke(app, ["--version"]).output.startswith("toguna ")


def test_actors_in_any_spelling(toguna) -> None:
    for spelling in ("MUJAO", "mojwa", "Mujwa"):
        said = toguna("actors", "show", spelling, *AS_OF, "--json")
        assert (said.code, json.loads(said.out)["id"]) == (0, "MUJAO")


def test_actors_list_by_bare_name(toguna) -> None:
    listed, bare = toguna("actors", "list", *AS_OF, "--json"), toguna("actors", *AS_OF, "--json")
    assert listed.code == bare.code == 0
    assert json.loads(listed.out) == json.loads(bare.out)


@pytest.mark.parametrize("form", ["table", "json", "graphml"])
def test_genealogy(form: str, toguna, tmp_path: Path) -> None:
    said = toguna("actors", "genealogy", *AS_OF, "--since", "2014-12-31", "--format", form)
    assert (said.code, bool(said.out.strip())) == (0, True)


def test_statements_of_users_are_kept(toguna) -> None:
    source = ("--source-url", "https://example.org/a")
    assert toguna("actors", "add-name", "MUJAO", "The Example", *source, *AS_OF).code == 0
    assert (
        toguna("actors", "relate", "the example", "alliance", "AQIM", "--from", "2014", *source, *AS_OF).code
        == 0
    )
    card = json.loads(toguna("actors", "show", "the example", *AS_OF, "--json").out)
    assert card["id"] == "MUJAO"
    assert any(
        r["kind"] == "alliance" and r["b"] == "AQIM" and r["start"] == "2014" for r in card["relations"]
    )
    earlier = toguna("actors", "show", "MUJAO", "--theatre", "mali", "--as-of", "2013-01-01", "--json")
    assert not any(r["start"] == "2014" for r in json.loads(earlier.out)["relations"])


def test_theatres(toguna, tmp_path: Path) -> None:
    assert "mali" in toguna("theatre").out
    folder = tmp_path / "elsewhere"
    assert toguna("theatre", "new", "elsewhere", "--in", str(folder)).code == 0
    assert toguna("theatre", "check", str(folder)).code in (0, 1)
    checked = toguna("theatre", "check", "mali", "--json")
    assert checked.code == 0, checked.out


def test_check_counts_rows(toguna) -> None:
    said = toguna("check", *AS_OF, "--json")
    (account,) = json.loads(said.out)["data"]
    assert said.code == 0
    assert account["read"] == account["accepted"] + account["quarantined"] == 160


def test_sources(toguna) -> None:
    names = [source["name"] for source in json.loads(toguna("sources", "--json").out)]
    assert {"chronology", "ucdp"} <= set(names)


def test_shifts_and_claims(quick: None, toguna) -> None:
    shifts = json.loads(toguna("shifts", *AS_OF, "--json", "--quiet").out)["shifts"]
    assert "spread" in {shift["dimension"] for shift in shifts}
    said = toguna("claims", *AS_OF, "--lang", "fr", "--quiet")
    assert said.code == 0
    assert "supported" in said.out


def test_assessment_answers_why(assessed: Path, toguna) -> None:
    assessment = json.loads((assessed / "assessment.json").read_text(encoding="utf-8"))
    ids = [s["id"] for s in assessment["headline"]]
    ids += [assessment[key][0]["id"] for key in ("shifts", "tested", "claims", "responses", "actors")]
    ids += [
        assessment["data"][0]["source"],
        f"area/{assessment['areas'][0]['level']}/{assessment['areas'][0]['name']}",
    ]
    for wanted in ids:
        said = toguna("why", wanted, "--in", str(assessed), "--json")
        assert said.code == 0, said.err
        assert json.loads(said.out)["id"] == wanted


def test_why_ends_at_source_lines(assessed: Path, toguna) -> None:
    said = toguna("why", "where", "--in", str(assessed), "--json")
    leaves, nodes = [], [json.loads(said.out)]
    while nodes:
        node = nodes.pop()
        nodes += node["parts"]
        leaves += [] if node["parts"] else [node]
    assert leaves
    assert {leaf["kind"] for leaf in leaves} == {"line"}


def test_why_finds_the_newest_run(assessed: Path, home: Path, toguna) -> None:
    said = toguna("why", "MLI-20151120-1", "--home", str(home))
    assert said.code == 0, said.err
    assert "siege with hostages" in said.out


def test_brief_writes_the_pages_again(assessed: Path, toguna, monkeypatch: pytest.MonkeyPatch) -> None:
    from toguna.room import briefing

    seen = []
    monkeypatch.setattr(briefing, "render", lambda *given: seen.append(given))
    said = toguna("brief", str(assessed), "--lang", "fr")
    assert (said.code, "briefing.fr.html" in said.out) == (0, True)
    ((assessment, events, theatre, out),) = seen
    assert (assessment["theatre"]["name"], theatre.name, out) == ("mali", "mali", assessed)
    assert events.height >= assessment["events_counted"]


def test_export_writes_the_data_files(quick: None, toguna, tmp_path: Path) -> None:
    said = toguna("export", *AS_OF, "--out", str(tmp_path / "data"), "--json", "--quiet")
    assert said.code == 0, said.err
    assert {"events.csv", "events.geojson", "events.parquet", "shifts.csv"} <= set(
        json.loads(said.out)["files"]
    )


def test_a_date_without_events_is_answered_with_advice(quick: None, toguna) -> None:
    said = toguna("shifts", "--theatre", "mali", "--as-of", "2030-01-01")
    assert said.code == 0
    assert "--as-of 2015-11-24" in said.err


def test_ingest_gives_the_account(shared_data: Path, toguna, tmp_path: Path) -> None:
    file = shared_data / "ucdp" / "ucdp_ged_v23_1_sample1000.parquet"
    words = ("ingest", "ucdp", str(file), "--home", str(tmp_path / "h"), "--json")
    first, again = toguna(*words), toguna(*words)
    account = json.loads(first.out)
    assert {"source", "read", "accepted", "quarantined", "deaths", "findings"} <= set(account)
    assert account["read"] == account["accepted"] + account["quarantined"] == 1000
    assert set(account["deaths"]) >= {"best", "low", "high"}
    assert first.code == int(account["quarantined"] > 0)
    assert "already" in again.err
    assert json.loads(again.out)["read"] == 1000


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["asses"], 2, "Did you mean 'assess'"),
        (["assess", "--as-off", "x"], 2, "did you mean --as-of"),
        (["assess", "--as-of", "24.11.2015"], 2, "YYYY-MM-DD"),
        (["shifts", "--theatre", "mli"], 2, "did you mean 'mali'"),
        (["shifts", "--lang", "de"], 2, "unknown language"),
        (["actors", "show", "mujaoo", *AS_OF], 0, ""),
        (["actors", "show", "zzz", *AS_OF], 2, "unknown actor"),
        (["actors", "--quiet", "list"], 2, "after the verb"),
        (["ingest", "ucpd", "nothing.csv"], 2, "did you mean 'ucdp'"),
        (["ingest", "ucdp", "nothing.csv"], 3, "nothing.csv"),
        (["shifts", *AS_OF, "--areas", "adm2"], 2, "LEVEL=FILE"),
        (["shifts", *AS_OF, "--recent-days", "0"], 2, "--recent-days"),
        (["shifts", *AS_OF, "--recent-from", "2016-01-01"], 2, "before it starts"),
        (["shifts", "--as-of", "0001-01-01"], 2, "calendar"),
        (["shifts", *AS_OF, "--seed", "-1"], 2, "--seed"),
        (["why", "x", "--in", "nowhere"], 2, "assessment.json"),
        (["why", "x"], 2, "no assessment is on record"),
        (["brief", "nowhere"], 2, "assessment.json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_errors_are_clean(words: list[str], code: int, said: str, toguna) -> None:
    plain = toguna(*words)
    assert plain.code == code, plain
    assert said in plain.err
    assert "Traceback" not in plain.err
    if code and "--quiet" not in words:
        told = toguna(*words, "--json")
        assert told.code == code
        assert json.loads(told.out)["error"]["message"]


def test_foreign_folders_are_left_alone(toguna, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    said = toguna("assess", *AS_OF, "--out", str(tmp_path))
    assert said.code == 2
    assert (tmp_path / "mine.txt").read_text() == "keep"


def test_a_crash_leaves_the_previous_assessment(assessed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from toguna.room import folder

    before = (assessed / "assessment.json").read_bytes()
    with pytest.raises(ZeroDivisionError), folder.swapped(assessed) as fresh:
        (fresh / "assessment.json").write_text("half")
        raise ZeroDivisionError
    assert (assessed / "assessment.json").read_bytes() == before
    assert [path.name for path in assessed.parent.iterdir()] == [assessed.name]


def test_the_unexpected_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from toguna.store import theatre

    monkeypatch.setattr(theatre, "known_theatres", lambda: 1 / 0)
    assert run(["theatre"]) == 3
    assert "--debug" in capsys.readouterr().err
    assert run(["theatre", "--debug"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error() -> None:
    line = f"{shlex.quote(sys.executable)} -m toguna.cli actors {' '.join(AS_OF)} --json | head -c 1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[", "")


def test_completion_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"_TOGUNA_COMPLETE": "complete_bash", "COMP_WORDS": "toguna asse", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "toguna.cli"], capture_output=True, text=True, check=False, env=environment
    )
    assert done.stdout.split() == ["assess"]


def test_other_peoples_files_survive_a_new_assessment(tmp_path: Path) -> None:
    from toguna.room import folder

    for words in ("first", "second"):
        with folder.swapped(tmp_path / "out") as fresh:
            (fresh / "data").mkdir()
            for name in ("assessment.json", f"briefing.{words}.html", "data/events.csv", f"data/{words}.csv"):
                (fresh / name).write_text(words)
            listed = [{"path": "events.csv"}, {"path": f"{words}.csv"}]
            (fresh / "data/datapackage.json").write_text(json.dumps({"resources": listed}))
        if words == "first":
            (tmp_path / "out/notes.txt").write_text("mine")
            (tmp_path / "out/data/mine.csv").write_text("mine")
    left = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert left == {
        "assessment.json", "briefing.second.html", "notes.txt",
        "data/events.csv", "data/second.csv", "data/mine.csv", "data/datapackage.json",
    }  # fmt: skip
    assert (tmp_path / "out/data/events.csv").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_windows_said_twice_are_refused(toguna) -> None:
    said = toguna("check", *AS_OF, "--recent-days", "10", "--recent-from", "2015-01-01")
    assert (said.code, "not both" in said.err) == (2, True)


def test_an_interruption_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from toguna.store import theatre

    def stop() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(theatre, "known_theatres", stop)
    assert run(["theatre"]) == 130
    assert capsys.readouterr().err.strip() == "interrupted"


def test_a_user_without_home_is_told(toguna, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOGUNA_HOME")
    monkeypatch.setattr(Path, "home", lambda: Path("~nobody-at-all").expanduser())
    said = toguna("init")
    assert (said.code, "--home DIR" in said.err) == (3, True)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("theatre.toml", "recent_days = 365", 'recent_days = "many"', "windows.recent_days"),
        ("theatre.toml", 'actor_kinds = ["jihadist"]', 'actor_kinds = "jihadist"', "actor_kinds"),
        ("claims.toml", "measure", "measures", "claims.toml"),
    ],
)
def test_a_pack_with_wrong_settings_is_refused_before_anything_runs(
    toguna, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, said: str
) -> None:
    from toguna.store.theatre import shipped_folder

    pack = shutil.copytree(shipped_folder() / "mali", tmp_path / "pack")
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text
    (pack / file).write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr("toguna.room.view.gather", lambda *_, **__: 1 / 0)
    told = toguna("shifts", "--theatre", str(pack), "--as-of", "2015-11-24", "--debug")
    assert (told.code, said in told.err) == (3, True)


@pytest.mark.parametrize("words", [["actors", "list", "--as-of", "2015-11-24"], ["theatre", "list"]])
def test_poor_terminals_stop_nothing(words: list[str], tmp_path: Path) -> None:
    poor = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "TOGUNA_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "toguna.cli", *words]
    plain = subprocess.run(command, capture_output=True, check=False, env=poor)
    assert (plain.returncode, plain.stderr) == (0, b"")
    told = subprocess.run([*command, "--json"], capture_output=True, check=False, env=poor)
    assert json.loads(told.stdout.decode("ascii"))


@pytest.mark.parametrize("line", ["sources >&-", "--help | true", "sources | true"])
def test_closed_outputs_leave_no_trace(line: str) -> None:
    command = f"{shlex.quote(sys.executable)} -m toguna.cli {line}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_languages_are_checked_by_every_verb(toguna) -> None:
    assert toguna("check", *AS_OF, "--lang", "xx").code == 2


def test_export_leaves_the_tables_of_a_pack_alone(toguna, tmp_path: Path) -> None:
    (tmp_path / "actors.csv").write_text("mine")
    said = toguna("export", *AS_OF, "--out", str(tmp_path))
    assert (said.code, (tmp_path / "actors.csv").read_text()) == (2, "mine")
    assert toguna("export", *AS_OF, "--out", str(tmp_path / "actors.csv")).code == 2


def test_genealogy_into_a_file_answers_in_json(toguna, tmp_path: Path) -> None:
    out = str(tmp_path / "tree.json")
    assert json.loads(toguna("actors", "genealogy", *AS_OF, "--out", out, "--json").out) == {"out": out}


def test_several_sources_may_follow_one_flag() -> None:
    from toguna.cli.app import _one_flag_each

    said = ["assess", "--source", "chronology", "ucdp", "table", "--out", "x", "--source", "ucdp"]
    assert _one_flag_each(said) == [
        *("assess", "--source", "chronology", "--source", "ucdp", "--source", "table"),
        *("--out", "x", "--source", "ucdp"),
    ]
    assert _one_flag_each(["why", "where"]) == ["why", "where"]
