"""What is being done, on the shipped pack: as of a date, of one source, with sensitive rows held back."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date

import pytest

from toguna.core.language import Language
from toguna.room.doing import doing
from toguna.room.doing_words import coverage_said, limits_said, protection_said, threats_said, timing_said
from toguna.room.view import Question, collect, windows_of
from toguna.store.theatre import load_theatre, shipped_folder

DAY = date(2015, 11, 24)


def found_of(theatre, day=DAY):
    question = Question(theatre=theatre, windows=windows_of(theatre, day))
    return doing(question, collect(question))


@pytest.fixture(scope="module")
def found():
    return found_of(load_theatre("mali"))


def test_measures_stand_where_the_record_puts_them(found):
    timed = {t.id: t for t in found.timing.timed}
    assert sum(found.timing.counts.values()) == 47  # 49 rows, two of them recommendations
    assert timed["RSP-046"].when == "after" and timed["RSP-046"].before[0].delay == 0
    assert timed["RSP-036"].area == "Sikasso" and timed["RSP-036"].when == "after"
    assert found.where["RSP-007"] == "Ségou"  # the row says Segou
    assert found.where["RSP-034"] == ""
    assert found.timing.spending == {}


def test_everything_can_be_written_and_said_in_both_languages(found):
    told = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    for code in ("en", "fr"):
        lang = Language(code)
        timing, people = told["response_timing"], told["protection"]
        said = [
            *timing_said(timing, lang),
            *coverage_said(timing["coverage"], lang),
            *threats_said(told["threat_priority"], lang),
            *protection_said(people, lang),
            *limits_said(people, lang),
        ]
        assert len(said) > 15 and all(said)
        assert not any("{" in sentence for sentence in said)


def test_rows_dated_later_change_nothing(found, tmp_path):
    day = date(2014, 12, 31)
    shipped = shipped_folder() / "mali"
    pack = tmp_path / "mali"
    shutil.copytree(shipped, pack)
    for name, column in (("incidents", "date_start"), ("responses", "date_start"), ("forces", "from")):
        with (shipped / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        with (pack / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(r for r in rows if (r[column] or "")[:10] <= "2014-12-31")
    then = found_of(load_theatre("mali"), day).as_dict()
    assert then == found_of(load_theatre(pack), day).as_dict()
    assert then != found.as_dict()


def test_a_pack_with_nothing_in_it_says_so(tmp_path):
    shutil.copytree(shipped_folder() / "mali", tmp_path / "mali")
    for name in ("incidents", "responses", "forces", "road_distances", "regions"):
        path = tmp_path / "mali" / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    told = found_of(load_theatre(tmp_path / "mali")).as_dict()
    lang = Language("en")
    assert told["response_timing"]["source"] is None
    assert timing_said(told["response_timing"], lang) == ["No measure on record can be held against attacks."]
    assert "no ranking" in threats_said(told["threat_priority"], lang)[0]
    assert protection_said(told["protection"], lang)[-1].startswith("No post")
    assert any("no people by area" in s for s in limits_said(told["protection"], lang))
