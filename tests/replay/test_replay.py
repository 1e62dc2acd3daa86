"""A replay gives the same bytes whoever runs it, goes on where it was, and loses nothing to an accident."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from fake_chains import Dice, Mortal, Refusing

from toguna.core.errors import DataError, TogunaError, UsageError
from toguna.replay.looks import month_ends, seed_of
from toguna.replay.run import replay
from toguna.replay.runners import runner

DATES = month_ends("2015-01", "2015-05")
ASKED = {"theatre": "dice", "seed": 7}


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def files(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def test_months_end_on_their_last_day():
    assert month_ends("2011-12", "2012-03") == (
        date(2011, 12, 31), date(2012, 1, 31), date(2012, 2, 29), date(2012, 3, 31),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2015", "2015-02"),
        ("2015-13", "2015-14"),
        ("x", "2015-01"),
        ("2015-02", "2015-01"),
        ("1000-01", "2015-01"),
    ],
)
def test_months_that_are_none_are_refused(first, last):
    with pytest.raises(UsageError):
        month_ends(first, last)


def test_a_seed_is_of_the_root_and_the_look():
    assert seed_of(7, "2015-01-31") == seed_of(7, "2015-01-31")
    seeds = {seed_of(root, day.isoformat()) for root in range(20) for day in DATES}
    assert len(seeds) == 20 * len(DATES)


@pytest.mark.parametrize("workers", [3])
def test_processes_write_the_same_bytes_as_one(tmp_path, workers):
    chain = Dice(folder(tmp_path / "log"))
    for name, run in (("a", runner("serial")), ("b", runner("processes", workers=workers))):
        replay(chain, DATES, out=tmp_path / name, asked=ASKED, run=run)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert len(files(tmp_path / "a")) == len(DATES) + 1


def test_a_finished_look_is_not_computed_again_and_a_changed_input_is(tmp_path):
    log, out = folder(tmp_path / "log"), tmp_path / "out"
    first = replay(Dice(log), DATES[:3], out=out, asked=ASKED)
    more = replay(Dice(log), DATES, out=out, asked=ASKED)
    assert (first.computed, more.computed) == (3, 2)
    assert Dice(log).computed() == [d.isoformat() for d in DATES]
    assert [k["found"] for k in more.looks[:3]] == [k["found"] for k in first.looks]
    for changed in (Dice(log, data="second"), Dice(log, sides=20)):
        assert replay(changed, DATES, out=out, asked=ASKED).computed == len(DATES)
    assert replay(Dice(log), DATES, out=out, asked=ASKED | {"seed": 8}).computed == len(DATES)
    assert replay(Dice(log), DATES, out=out, asked=ASKED).computed == 0


def test_changed_code_computes_anew(tmp_path, monkeypatch):
    log, out = folder(tmp_path / "log"), tmp_path / "out"
    replay(Dice(log), DATES[:2], out=out, asked=ASKED)
    monkeypatch.setattr("toguna.replay.task.code_version", lambda: {"version": "0", "sha256": "other"})
    assert replay(Dice(log), DATES[:2], out=out, asked=ASKED).computed == 2


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe", None])
def test_a_damaged_result_is_computed_again(tmp_path, damage):
    log, out = folder(tmp_path / "log"), tmp_path / "out"
    whole = replay(Dice(log), DATES[:2], out=out, asked=ASKED)
    before = files(out)
    path = sorted((out / "looks").glob("*.json"))[0]
    path.write_bytes(
        path.read_bytes().replace(b'"thrown": [', b'"thrown": [1,') if damage is None else damage
    )
    again = replay(Dice(log), DATES[:2], out=out, asked=ASKED)
    assert again.computed == 1
    assert again.looks == whole.looks
    assert files(out) == before


def test_an_interrupted_replay_goes_on(tmp_path):
    log, out = folder(tmp_path / "log"), tmp_path / "out"

    def enough(done, count):
        if count == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(Dice(log), DATES, out=out, asked=ASKED, told=enough)
    assert json.loads((out / "replay.json").read_text())["complete"] is False
    assert replay(Dice(log), DATES, out=out, asked=ASKED).computed == len(DATES) - 3
    assert json.loads((out / "replay.json").read_text())["complete"] is True


def test_a_worker_killed_mid_run_loses_nothing(tmp_path):
    fatal, log = DATES[2].isoformat(), folder(tmp_path / "log")
    run = runner("processes", workers=2)
    found = replay(Mortal(log, fatal=fatal), DATES, out=tmp_path / "killed", asked=ASKED, run=run)
    assert found.computed == len(DATES)
    assert Mortal(log).computed().count(fatal) >= 2
    replay(Dice(folder(tmp_path / "calm")), DATES, out=tmp_path / "out", asked=ASKED)
    assert files(tmp_path / "killed") == files(tmp_path / "out")


def test_a_look_that_kills_every_worker_is_named_as_such_and_the_others_are_kept(tmp_path):
    fatal, log, out = DATES[0].isoformat(), folder(tmp_path / "log"), tmp_path / "out"
    chain = Mortal(log, fatal=fatal, lives=99)
    with pytest.raises(DataError, match="memory"):
        replay(chain, DATES[:2], out=out, asked=ASKED, run=runner("processes", workers=1))
    assert len(list((out / "looks").glob("*.json"))) <= 1


@pytest.mark.parametrize("name", ["serial", "processes"])
def test_what_is_refused_on_purpose_comes_back_in_words(tmp_path, name):
    with pytest.raises(
        TogunaError, match=r"look of 2015-01-31: unknown source 'acleed'; did you mean 'acled'"
    ):
        replay(
            Refusing(folder(tmp_path / "log")), DATES[:1], out=tmp_path / "out", asked=ASKED,
            run=runner(name, workers=1),
        )  # fmt: skip


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"replay\.json"):
        replay(Dice(tmp_path), DATES, out=tmp_path, asked=ASKED)
    with pytest.raises(UsageError, match="is a file"):
        replay(Dice(tmp_path), DATES, out=tmp_path / "thesis.txt", asked=ASKED)


@pytest.mark.parametrize(
    ("name", "more"), [("daskk", {}), ("serial", {"workers": 0}), ("processes", {"scheduler": "tcp://x:1"})]
)
def test_runners_that_are_none_are_refused(name, more):
    with pytest.raises(UsageError):
        runner(name, **more)
