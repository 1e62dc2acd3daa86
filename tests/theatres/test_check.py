"""Broken packs: every mistake is said with its table, row and column."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from toguna.core.errors import DataError, UnknownNameError, UsageError
from toguna.events.gather import gather
from toguna.store.check import check_theatre
from toguna.store.scaffold import new_theatre
from toguna.store.theatre import load_theatre

INCIDENT = {
    "id": "E1",
    "date_start": "2014-01-02",
    "date_end": "2014-01-03",
    "date_precision": "day",
    "place": "Town",
    "admin1": "North",
    "country": "SEN",
    "latitude": "14.5",
    "longitude": "-14.5",
    "geo_precision": "1",
    "event_type": "battle",
    "tactic": "clash",
    "target_class": "armed_group",
    "setting": "town",
    "perpetrator": "A;B",
    "claimed_by": "A+B|B",
    "deaths_low": "1",
    "deaths_best": "2",
    "deaths_high": "3",
    "source_urls": "https://example.org",
    "confidence": "high",
}
ACTORS = "id,name,aliases,kind,active_from,active_to,source_urls,note\n"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    new_theatre(folder, "Pack")
    (folder / "actors.csv").write_text(
        ACTORS + "A,Group A,GA,separatist,2012,,x,\nB,Group B,,unknown,2013-02,,x,\n", encoding="utf-8"
    )
    (folder / "regions.csv").write_text("level,name,alt_names\nregion,North,Nord\n", encoding="utf-8")
    (folder / "regions.csv").write_text(
        "level,name,alt_names,iso_3166_2,fips_10_4,parent,capital,capital_lat,capital_lon,area_km2,"
        "population_2009,source_url\nregion,North,Nord,,,,,,,,,\n",
        encoding="utf-8",
    )
    write(folder, {})
    return folder


def write(folder: Path, *changes: dict[str, str]) -> None:
    header = (folder / "incidents.csv").read_text(encoding="utf-8").splitlines()[0]
    lines = [
        ",".join({**INCIDENT, **change}.get(name, "") for name in header.split(",")) for change in changes
    ]
    (folder / "incidents.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def test_scaffold_and_small_pack_are_right(pack: Path, tmp_path: Path) -> None:
    assert check_theatre(pack) == []
    files = new_theatre(tmp_path / "bare", 'Lac "Tchad"')
    assert all(path.exists() for path in files)
    assert all(f.severity == "note" for f in check_theatre(tmp_path / "bare"))
    theatre = load_theatre(tmp_path / "bare")
    assert theatre.name == "lac-tchad"
    assert gather(theatre, as_of=date(2015, 1, 1)).events.is_empty()


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"date_start": "2014-02-30"}, "date-unreadable", "date_start"),
        ({"date_start": "2014"}, "date-unreadable", "date_start"),
        ({"date_end": "2013-12-31"}, "dates-out-of-order", "date_end"),
        ({"date_start": "", "date_end": ""}, "cell-missing", "date_start"),
        ({"source_urls": ""}, "source-missing", "source_urls"),
        ({"perpetrator": "A;C"}, "actor-unknown", "perpetrator"),
        ({"claimed_by": "A|C"}, "actor-unknown", "claimed_by"),
        ({"tactic": "sorcery"}, "word-unknown", "tactic"),
        ({"confidence": "sure"}, "word-unknown", "confidence"),
        ({"country": "Senegal"}, "country-unknown", "country"),
        ({"latitude": "95"}, "number-out-of-range", "latitude"),
        ({"longitude": "west"}, "number-unreadable", "longitude"),
        ({"deaths_best": "two"}, "deaths-not-a-number", "deaths_best"),
        ({"deaths_best": "-2"}, "deaths-not-a-number", "deaths_best"),
        ({"deaths_low": "9"}, "deaths-out-of-order", "deaths_best"),
        ({"within": "E9"}, "within-unknown", "within"),
        ({"id": "E0"}, "row-duplicated", "id"),
        ({"admin1": "South"}, "area-unknown", "admin1"),
        ({"note": "SÃ©gou"}, "text-garbled", "note"),
    ],
)
def test_mistake_in_a_row_is_said_with_its_row(pack: Path, change: dict, code: str, column: str) -> None:
    text = (pack / "theatre.toml").read_text(encoding="utf-8")
    (pack / "theatre.toml").write_text(text + '[areas.adm1]\nregions_level = "region"\n', encoding="utf-8")
    write(pack, {"id": "E0"}, change)
    assert [(f.code, f.table, f.row, f.field) for f in check_theatre(pack)] == [
        (code, "incidents.csv", 2, column)
    ]


def test_vocabulary_can_be_extended(pack: Path) -> None:
    write(pack, {"tactic": "drone"})
    assert [f.code for f in check_theatre(pack)] == ["word-unknown"]
    text = (pack / "theatre.toml").read_text(encoding="utf-8")
    (pack / "theatre.toml").write_text(text + '[vocabulary]\ntactics = ["drone"]\n', encoding="utf-8")
    assert check_theatre(pack) == []


def test_relations_with_unknown_actors_and_kinds(pack: Path) -> None:
    (pack / "relations.csv").write_text(
        "actor_a,relation,actor_b,from_date,to_date,source_urls,note\n"
        "A,alliance,B,2013,,x,\nA,marriage,C,2013-5,,x,\nA,alliance,B,2013,2012,,\n",
        encoding="utf-8",
    )
    assert [(f.row, f.code, f.field) for f in check_theatre(pack)] == [
        (2, "actor-unknown", "actor_b"),
        (2, "date-unreadable", "from_date"),
        (2, "word-unknown", "relation"),
        (3, "row-duplicated", "actor_a"),
        (3, "source-missing", "source_urls"),
        (3, "dates-out-of-order", "to_date"),
    ]


def spoil(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("breakage", "code", "severity"),
    [
        (spoil("actors.csv", b""), "file-empty", "failure"),
        (spoil("places.csv", b"place,admin1\nX,Y\n"), "column-missing", "failure"),
        (
            spoil("responses.csv", b"id;date_start;date_end;kind;place;admin1;actor;note;source_urls\n"),
            None,
            None,
        ),
        (spoil("theatre.toml", b"name = \n"), "settings-unreadable", "stop"),
        (spoil("theatre.toml", b"name = 'x'\n[title]\nen = 'X'\n"), "setting-wrong", "failure"),
        (spoil("theatre.toml", b"\xff\xfe\x00"), "settings-unreadable", "stop"),
        (lambda folder: (folder / "theatre.toml").unlink(), "settings-unreadable", "stop"),
        (lambda folder: (folder / "drivers.csv").unlink(), "table-absent", "note"),
        (spoil("places.csv", b'place,admin1\nX,"never closed\nY,Z\n'), "table-unreadable", "stop"),
        (spoil("places.csv", b"place\n" + b"x" * 200_000 + b"\n"), "table-unreadable", "stop"),
        (shutil.rmtree, "folder-absent", "stop"),
    ],
)
def test_broken_files_are_said_and_never_crash(
    pack: Path, breakage: Callable[[Path], object], code: str | None, severity: str | None
) -> None:
    breakage(pack)
    found = check_theatre(pack)
    if code is None:
        assert found == []
    else:
        assert (code, severity) in {(f.code, f.severity) for f in found}


def test_line_of_a_toml_mistake_is_named(pack: Path) -> None:
    (pack / "theatre.toml").write_text('name = "x"\ncountries = [\n', encoding="utf-8")
    (finding,) = check_theatre(pack)
    assert "line" in finding.found


def test_section_of_a_wrong_setting_is_named(pack: Path) -> None:
    text = (pack / "theatre.toml").read_text(encoding="utf-8")
    text = text.replace("recent_days = 365", "recent_days = 0").replace('["SEN"]', '["Senegal"]')
    text += "[areas.adm1]\nfile = 'none.geojson'\n[vocabulary]\nspells = []\n"
    text += "[[subjects]]\nid = 'x'\nlabel = {en = 'x', fr = 'x'}\nactor_kinds = ['wizard']\ncolour = 1\n"
    (pack / "theatre.toml").write_text(text, encoding="utf-8")
    fields = {f.field for f in check_theatre(pack)}
    assert fields == {
        "windows.recent_days",
        "countries",
        "areas.adm1.file",
        "vocabulary.spells",
        "subjects[2].actor_kinds",
        "subjects[2].colour",
    }


def test_latin_letters_and_ragged_rows_are_read_and_said(pack: Path) -> None:
    (pack / "actors.csv").write_bytes(
        (ACTORS + "A,Armée,,separatist,,,x,\nB,B,,unknown,,,x,a note, with a comma\n").encode("latin-1")
    )
    found = check_theatre(pack)
    assert [(f.code, f.row) for f in found if f.table == "actors.csv"] == [
        ("text-encoding", None),
        ("row-length", 2),
    ]
    assert load_theatre(pack).tables["actors"]["name"][0] == "Armée"


def test_shared_names_are_a_note(pack: Path) -> None:
    (pack / "actors.csv").write_text(
        ACTORS + "A,Group,GA,separatist,,,x,\nB,Groupe,gà,unknown,,,x,\n", encoding="utf-8"
    )
    assert [(f.code, f.severity, f.row) for f in check_theatre(pack)] == [("alias-shared", "note", 2)]


def test_outline_that_crosses_itself(pack: Path) -> None:
    ring = "[[[0,0],[1,1],[1,0],[0,1],[0,0]]]"
    (pack / "adm1.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"North"},'
        f'"geometry":{{"type":"Polygon","coordinates":{ring}}}}}]}}',
        encoding="utf-8",
    )
    text = (pack / "theatre.toml").read_text(encoding="utf-8")
    (pack / "theatre.toml").write_text(text + "[areas.adm1]\nfile = 'adm1.geojson'\n", encoding="utf-8")
    assert [(f.code, f.row) for f in check_theatre(pack)] == [("outline-invalid", 1)]


def test_loading_says_what_is_wrong(pack: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'mali'"):
        load_theatre("maly")
    with pytest.raises(UnknownNameError):
        load_theatre(tmp_path / "nowhere")
    with pytest.raises(UnknownNameError, match="level of areas"):
        load_theatre(pack, areas={"adm9": pack})
    with pytest.raises(DataError, match="named areas"):
        load_theatre(pack, areas={"adm2": pack / "theatre.toml"}).areas("adm2")
    (pack / "theatre.toml").write_text("name = 'x'\n", encoding="utf-8")
    with pytest.raises(DataError, match="needs name, countries"):
        load_theatre(pack)
    with pytest.raises(DataError, match="no theatre"):
        load_theatre(tmp_path)


def test_a_quote_that_is_never_closed_does_not_swallow_rows(pack: Path) -> None:
    header, row = (pack / "incidents.csv").read_text(encoding="utf-8").splitlines()
    broken = row[: -len(row.rsplit(",", 1)[1]) or None] + '"a note'
    (pack / "incidents.csv").write_text("\n".join([header, row, broken, row, row]), encoding="utf-8")
    found = [f for f in check_theatre(pack) if f.code == "table-unreadable"]
    assert [(f.table, f.row, f.severity) for f in found] == [("incidents.csv", 2, "stop")]
    with pytest.raises(DataError, match=r"incidents.csv row 2.*do not match"):
        load_theatre(pack)


def test_line_ends_of_old_macs_are_read(pack: Path) -> None:
    text = (pack / "incidents.csv").read_bytes()
    (pack / "incidents.csv").write_bytes(text.replace(b"\n", b"\r"))
    assert check_theatre(pack) == []
    assert load_theatre(pack).tables["incidents"].height == 1


def test_scaffold_does_not_write_over_anything(pack: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not empty"):
        new_theatre(pack, "again")
    with pytest.raises(UsageError, match="not a name"):
        new_theatre(tmp_path / "x", "???")


def test_marks_for_machines_are_read_as_lost_letters(pack: Path) -> None:
    text = (pack / "actors.csv").read_text(encoding="utf-8")
    (pack / "actors.csv").write_text(text.replace("Group A", "Group\x07\x00A"), encoding="utf-8")
    assert [(f.code, f.row) for f in check_theatre(pack)] == [("text-garbled", 1)]
    assert load_theatre(pack).tables["actors"]["name"][0] == "Group\ufffd\ufffdA"


def test_outline_that_is_no_area(pack: Path) -> None:
    point = '{"type":"Point","coordinates":[1,2]}'
    (pack / "adm1.geojson").write_text(
        f'{{"features":[{{"properties":{{"name":"North"}},"geometry":{point}}}]}}', encoding="utf-8"
    )
    text = (pack / "theatre.toml").read_text(encoding="utf-8")
    (pack / "theatre.toml").write_text(text + "[areas.adm1]\nfile = 'adm1.geojson'\n", encoding="utf-8")
    assert [(f.code, f.row) for f in check_theatre(pack)] == [("outline-invalid", 1)]
