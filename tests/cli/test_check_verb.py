"""``toguna check``: a page that ends with what holds, what does not, and what the files cannot tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toguna.core.language import Language

AS_OF = ("--as-of", "2015-11-24")
GED = (
    "id,date_start,date_end,type_of_violence,side_a,side_b,latitude,longitude,country,best,low,high\n"
    "1,2015-01-02,2015-01-02,1,Government of X,Y,14.1,-4.2,Senegal,3,3,4\n"
    "2,2015-01-03,2015-01-04,3,Y,Civilians,14.2,-4.3,Senegal,1200,5,6\n"
)


@pytest.fixture
def home(toguna, tmp_path: Path) -> Path:
    path = tmp_path / "GEDEvent_v17_1.csv"
    path.write_text(GED, encoding="utf-8")
    assert toguna("ingest", "ucdp", str(path), "--home", str(tmp_path / "kit"), "--quiet").code == 0
    return tmp_path / "kit"


def test_a_home_in_plain_text(toguna, home: Path) -> None:
    said = toguna("check", "--home", str(home), "--quiet")
    assert said.code == 0
    assert "2 read = 2 accepted + 0 quarantined" in said.out
    assert "1,203 in rows read = 1,203 in accepted + 0 in quarantined" in said.out
    assert "deaths-range-widened" in said.out
    assert "CC BY 4.0; rows may be passed on with the citation" in said.out
    assert said.out.index("Verdict") < said.out.index("Holds") < said.out.index("Cannot be known")
    assert "Does not hold" not in said.out
    assert max(map(len, said.out.splitlines()[1:])) <= 80  # the first names the folder
    assert "\x1b" not in said.out


def test_a_home_in_json_and_french(toguna, home: Path) -> None:
    told = json.loads(toguna("check", "--home", str(home), "--json", "--quiet").out)
    (release,) = told["releases"]
    assert (release["read"], release["accepted"], release["quarantined"]) == (2, 2, 0)
    assert release["deaths_read"]["best"] == release["deaths_accepted"]["best"] == 1203
    assert (release["proof"], release["problem"]) == (None, "")
    assert (told["data"], told["verdict"]["exit_code"]) == ([], 0)
    said = toguna("check", "--home", str(home), "--lang", "fr", "--quiet")
    assert Language("fr")("Cannot be known from the files") in said.out
    assert "2 lues = 2 acceptées + 0 en quarantaine" in said.out


def test_a_damaged_release_does_not_hold(toguna, home: Path) -> None:
    next(home.rglob("*.parquet")).write_bytes(b"PAR1")
    said = toguna("check", "--home", str(home), "--quiet")
    assert said.code == 1
    assert "DOES NOT HOLD" in said.out
    assert "damaged" in said.out.split("Does not hold")[1]
    assert json.loads(toguna("check", "--home", str(home), "--json").out)["verdict"]["exit_code"] == 1


def test_quarantined_rows_do_not_hold(toguna, tmp_path: Path) -> None:
    path = tmp_path / "GEDEvent_v17_1.csv"
    path.write_text(GED.replace("3,3,4", "3,4,2"), encoding="utf-8")
    toguna("ingest", "ucdp", str(path), "--home", str(tmp_path / "kit"))
    said = toguna("check", "--home", str(tmp_path / "kit"))
    assert (said.code, "1 row is in quarantine" in said.out) == (1, True)


def test_an_empty_home(toguna, tmp_path: Path) -> None:
    said = toguna("check", "--home", str(tmp_path / "none"))
    assert (said.code, "nothing to check" in said.out) == (0, True)
    assert not (tmp_path / "none").exists()


def test_a_theatre_conserves_deaths_from_event_to_area_to_country(toguna, home: Path) -> None:
    told = json.loads(toguna("check", *AS_OF, "--home", str(home), "--json", "--quiet").out)
    (ground,) = told["theatre"]["areas"]
    parts = [*ground["areas"], ground["unplaced"], ground["elsewhere"]]
    (account,) = told["data"]
    assert ground["conserved"]
    assert sum(part["events"] for part in parts) == account["events"] == 159
    for name in ("best", "low", "high", "unknown"):
        assert sum(part["deaths"][name] for part in parts) == account["deaths"][name]
    said = toguna("check", *AS_OF, "--quiet")
    assert said.code == 0
    assert "Timbuktu" in said.out or "Tombouctou" in said.out
    assert "in no area" in said.out


def test_a_table_is_named_and_its_missing_terms_are_told(toguna, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,date,dead\n1,2015-08-07,3\n", encoding="utf-8")
    mapping = '[table]\nid = "id"\nname = "desk"\n[columns]\ndate_start = "date"\nbest = "dead"\n'
    path.with_name("t.csv.mapping.toml").write_text(mapping, encoding="utf-8")
    toguna("ingest", "table", str(path), "--home", str(tmp_path / "kit"))
    reports = tmp_path / "r.csv"
    head = "_id,_submission_time,incident_date,region,place,event_type,killed,sensitivity,reliability"
    more = "credibility,description,date_known,place_known,tactic,target,setting,consent"
    row = (
        "1,2015-08-08T10:00:00,2015-08-07,Gao,Gao,armed_attack,3,low,B,2,x,day,exact,raid,civilians,town,yes"
    )
    reports.write_text(f"{head},{more}\n{row}\n", encoding="utf-8")
    assert toguna("ingest", "reports", str(reports), "--home", str(tmp_path / "kit")).code == 0
    said = toguna("check", "--home", str(tmp_path / "kit"), "--quiet").out
    assert "\ntable:desk " in said
    assert said.count("no licence stated: do not pass rows on") == 1  # of reports the class decides
    assert "rows may be passed on" not in said
    told = toguna("check", *AS_OF, "--home", str(tmp_path / "kit"), "--source", "table", "--json").out
    (account,) = json.loads(told)["data"]
    assert (account["source"], account["licence"], account["citation"]) == ("table:desk", "not stated", "")


def test_a_file_in_the_place_of_a_home_is_told(toguna, tmp_path: Path) -> None:
    (tmp_path / "kit").write_text("no folder", encoding="utf-8")
    said = toguna("check", "--home", str(tmp_path / "kit"), "--json")
    assert (said.code, "no folder" in json.loads(said.out)["error"]["message"]) == (2, True)
