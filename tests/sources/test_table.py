"""Any table: every encoding, wrapping and habit of writing is read as meant, or said."""

from __future__ import annotations

import json
import tomllib
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_files import HEADER, ROW, codes, column, first, quarantined, table, taken, write

from toguna.core.findings import stops
from toguna.core.names import EVENT_SCHEMA
from toguna.sources.table import SOURCE, suggest
from toguna.sources.table.dates import read_day
from toguna.sources.table.numbers import counts, degrees


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, mark: str) -> None:
    path = write(tmp_path / "t.csv", table(ROW).replace(",", mark).encode(encoding))
    raw, parsed, _ = taken(path)
    event = parsed.events.row(0, named=True)
    assert parsed.events.schema == EVENT_SCHEMA
    assert (event["event_id"], event["place"], event["lat"], event["best"]) == (
        "table:a1",
        "Ségou-ville",
        14.5,
        3,
    )
    assert ("text-encoding" in codes(raw.findings)) == (not encoding.startswith("utf-8"))


def test_stated_encoding_and_separator_go_first(tmp_path: Path) -> None:
    content = table("a1,2015-08-07,14.5,-4.2,3,Ñ").replace(",", "|").encode("cp437")
    event = first(write(tmp_path / "t.txt", content, settings='encoding = "cp437"\nseparator = "|"'))
    assert event["place"] == "Ñ"


def test_separator_inside_quotes_and_lines_inside_cells(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.csv", table('a1,2015-08-07,14.5,-4.2,3,"one, two\nthree"', ROW.replace("a1", "a2"))
    )
    assert column(path, "place") == ["one, two\nthree", "Ségou-ville"]


@pytest.mark.parametrize(
    ("text", "orders", "day"),
    [
        ("2015-08-07", [], date(2015, 8, 7)),
        ("2015-08-07T14:30:00Z", [], date(2015, 8, 7)),
        ("2015/8/7", [], date(2015, 8, 7)),
        ("20150807", [], date(2015, 8, 7)),
        ("7 août 2015", [], date(2015, 8, 7)),
        ("1er mars 2015", [], date(2015, 3, 1)),
        ("vendredi 7 août 2015", [], date(2015, 8, 7)),
        ("le 7 Août 2015", [], date(2015, 8, 7)),
        ("7-Aug-2015", [], date(2015, 8, 7)),
        ("Aug 7, 2015", [], date(2015, 8, 7)),
        ("Friday, August 7th, 2015", [], date(2015, 8, 7)),
        ("21 déc. 2015", [], date(2015, 12, 21)),
        ("07/03/2015", ["day-first"], date(2015, 3, 7)),
        ("07/03/2015 14:30", ["day-first"], date(2015, 3, 7)),
        ("07/03/2015", ["month-first"], date(2015, 7, 3)),
        ("7.3.15", ["day-first"], date(2015, 3, 7)),
        ("42223", ["excel"], date(2015, 8, 7)),
        ("42223.75", ["day-first", "excel"], date(2015, 8, 7)),
        ("40761", ["excel-1904"], date(2015, 8, 7)),
    ],
)
def test_dates(text: str, orders: list[str], day: date) -> None:
    assert read_day(text, orders) == (day, day)


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("07/03/2015", []),
        ("31/02/2015", ["day-first"]),
        ("25/12/2015", ["month-first"]),
        ("42223", ["day-first"]),
        ("0", ["excel"]),
        ("2015", ["excel"]),
        ("2015", ["day-first"]),
        ("mi-août 2015", []),
        ("vers le 7 août", []),
        ("2015-13-01", []),
    ],
)
def test_what_is_no_date_is_not_read(text: str, orders: list[str]) -> None:
    assert read_day(text, orders) is None


@pytest.mark.parametrize("text", ["août 2015", "2015-08", "August 2015"])
def test_a_month_is_a_month(tmp_path: Path, text: str) -> None:
    event = first(write(tmp_path / "t.csv", table(ROW.replace("2015-08-07", text))))
    assert (event["date_start"], event["date_end"]) == (date(2015, 8, 1), date(2015, 8, 31))
    assert (event["date_prec"], event["published_at"]) == (4, date(2015, 8, 31))


def test_order_of_dates_must_be_stated(tmp_path: Path) -> None:
    content = table(ROW.replace("2015-08-07", "07/03/2015"))
    raw = SOURCE.read(write(tmp_path / "t.csv", content))
    assert codes(stops(raw.findings)) == ["date-order-unstated"]
    assert first(write(tmp_path / "t.csv", content, settings='dates = "day-first"'))["date_start"] == date(
        2015, 3, 7
    )
    assert first(write(tmp_path / "t.csv", content, settings='dates = "month-first"'))["date_start"] == date(
        2015, 7, 3
    )


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("3", ".", 3), ("3.0", ".", 3), ("1 200", ".", 1200), ("1,200", ".", 1200), ("1.200", ",", 1200),
        ("3,0", ",", 3), ("1'200", ".", 1200), ("+4", ".", 4), ("-4", ".", -4), ("1,234,567", ".", 1_234_567),
        ("1,2", ".", None), ("1.2", ".", None), ("1.2", ",", None), ("dozens", ".", None),
        ("10-15", ".", None),
        ("une vingtaine", ".", None), ("12,00", ".", None), ("1e3", ".", None), ("12 34", ".", None),
        ("9999999999999", ".", None), ("٣", ".", None),
    ],
)  # fmt: skip
def test_counts(text: str, decimal: str, number: int | None) -> None:
    assert counts(pl.Series([text]), decimal).to_list() == [number]


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("14.5", ".", 14.5), ("14,5", ",", 14.5), ("-4", ",", -4.0), ("14,5", ".", None), ("14.5", ",", None),
        ("1.2e-05", ",", 1.2e-05), ("14°30'N", ".", None), ("1,200.5", ".", None), ("+3.5", ".", 3.5),
        ("nan", ".", None),
    ],
)  # fmt: skip
def test_degrees(text: str, decimal: str, number: float | None) -> None:
    assert degrees(pl.Series([text]), decimal).to_list() == [number]


def test_decimal_commas(tmp_path: Path) -> None:
    content = table("a1;7 août 2015;14,5;-4,25;1.200;x", header=HEADER.replace(",", ";"))
    event = first(write(tmp_path / "t.csv", content, settings='decimal = ","'))
    assert (event["lat"], event["lon"], event["best"]) == (14.5, -4.25, 1200)
    assert quarantined(write(tmp_path / "t.csv", content))[1] == {"number-unreadable", "deaths-not-a-number"}


@pytest.mark.parametrize("text", ["dozens", "une vingtaine", "10-15", "au moins 3", "3 ?"])
def test_quantities_in_words_are_not_numbers(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "t.csv", table(f"a1,2015-08-07,14.5,-4.2,{text},x"))
    assert quarantined(path) == ({1: {"deaths-not-a-number"}} if text == "3 ?" else {})
    _, _, admission = taken(path)
    known = admission.accepted.select("best", "low", "high").rows()
    bounds = {"10-15": (None, 10, 15), "au moins 3": (None, 3, None)}
    assert known == ([] if text == "3 ?" else [bounds.get(text, (None, None, None))])
    assert ("count-as-range" in codes(SOURCE.read(path).findings)) == (text == "10-15")


@pytest.mark.parametrize("text", ["n/a", "-", "inconnu", "Inconnu", "", "ND", "unknown"])
def test_words_for_not_known_are_missing_not_zero(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "t.csv", table(f"a1,2015-08-07,14.5,-4.2,{text},x"))
    raw, parsed, admission = taken(path)
    assert parsed.events["best"].to_list() == [None]
    assert admission.accepted.height == 1
    assert ("missing-in-words" in codes(raw.findings)) == bool(text)


def test_further_words_for_missing(tmp_path: Path) -> None:
    content = table("a1,2015-08-07,14.5,-4.2,pas de bilan,x")
    assert column(write(tmp_path / "t.csv", content, settings='missing = ["pas de bilan"]'), "best") == [None]


def test_title_rows_blank_rows_totals_and_repeated_headers(tmp_path: Path) -> None:
    rows = ["Register of incidents,,,,,", ",,,,,", "as of May,,,,,", HEADER, ROW, ",,,,,", "", HEADER]
    rows += [ROW.replace("a1", "a2"), "TOTAL GENERAL,,,,6,", "Sous-total,,,,6,", ",,,,,", ""]
    path = write(tmp_path / "t.csv", "\n".join(rows))
    raw, _, admission = taken(path)
    assert (raw.frame.height, admission.accepted["event_id"].to_list()) == (5, ["table:a1", "table:a2"])
    told = {f.code: f for f in raw.findings}
    assert {"title-rows", "blank-rows", "totals-row", "header-repeated"} <= set(told)
    assert "Register of incidents" in told["title-rows"].found
    assert told["blank-rows"].found == "2 blank rows"
    assert {f.row for f in raw.findings if f.code == "totals-row"} == {4, 5}
    assert told["header-repeated"].row == 2
    assert set(quarantined(path)) == {2, 4, 5}


def test_a_place_called_total_is_an_event(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", table("Total station,2015-08-07,14.5,-4.2,3,x"))
    assert taken(path)[2].accepted.height == 1


def test_rows_longer_than_the_header_are_kept_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", table(ROW, "a2,2015-08-07,14.5,-4.2,3,one, two"))
    assert "row-length" in codes(taken(path)[0].findings)
    assert list(quarantined(path)) == [2]


def test_two_line_header(tmp_path: Path) -> None:
    rows = ["id,date,Position,,Victims,,place", ",,lat,lon,dead,hurt,", "a1,2015-08-07,14.5,-4.2,3,7,x"]
    path = write(tmp_path / "t.csv", "\n".join(rows) + "\n", columns='wounded = "Victims hurt"')
    mapping = path.with_name(path.name + ".mapping.toml")
    text = mapping.read_text().replace('"lat"', '"Position lat"').replace('"lon"', '"Position lon"')
    mapping.write_text(text.replace('"dead"', '"Victims dead"'))
    raw, parsed, _ = taken(path)
    assert "header-of-two-lines" in codes(raw.findings)
    event = parsed.events.row(0, named=True)
    assert (event["lat"], event["lon"], event["best"], event["wounded"]) == (14.5, -4.2, 3, 7)


def test_columns_named_twice(tmp_path: Path) -> None:
    content = table(ROW + ",9", header=HEADER + ",dead")
    path = write(tmp_path / "t.csv", content, columns='wounded = "dead (2)"')
    assert "column-named-twice" in codes(taken(path)[0].findings)
    assert (first(path)["best"], first(path)["wounded"]) == (3, 9)


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    book.add_worksheet("Read me").write(0, 0, "nothing")
    sheet = book.add_worksheet("Data")
    sheet.merge_range("A1:F1", "Register of incidents")
    sheet.write_row(2, 0, HEADER.split(","))
    for row, (name, when) in enumerate(
        [("a1", datetime(2015, 8, 7)), ("a2", 42223), ("a3", "7 août 2015")], start=3
    ):
        sheet.write(row, 0, name)
        if isinstance(when, datetime):
            sheet.write_datetime(row, 1, when, day)
        else:
            sheet.write(row, 1, when)
        sheet.write_row(row, 2, [14.5, -4.25, 3, "x"])
    sheet.write_row(8, 0, ["Total", "", "", "", 9])
    book.close()
    return path


def test_workbook_with_serials_dates_and_words(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.xlsx",
        workbook(tmp_path / "t.xlsx").read_bytes(),
        settings='sheet = "Data"\ndates = "excel"',
    )
    raw, parsed, admission = taken(path)
    assert parsed.events["date_start"].to_list() == [date(2015, 8, 7)] * 3 + [None]
    assert parsed.events["lon"].to_list()[:3] == [-4.25] * 3
    assert (admission.accepted.height, admission.quarantined.height) == (3, 1)
    assert {"title-rows", "totals-row", "blank-rows"} <= set(codes(raw.findings))


def test_sheets_are_chosen_or_told(tmp_path: Path) -> None:
    data = workbook(tmp_path / "t.xlsx").read_bytes()
    raw = SOURCE.read(write(tmp_path / "t.xlsx", data, settings='sheet = "Daten"'))
    assert codes(raw.findings) == ["sheet-absent"]
    assert "'Data'" in raw.findings[0].expected
    assert codes(stops(SOURCE.read(write(tmp_path / "t.xlsx", data)).findings)) == ["file-empty"]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "id": [7.0, 8.0], "date": [date(2015, 8, 7), None], "lat": [14.5, float("nan")],
            "lon": [-4.0, -5.0],
            "dead": pl.Series([3, None], dtype=pl.Int16), "place": ["x", " "], "extra": [[1, 2], None],
        }
    )  # fmt: skip
    frame.write_parquet(tmp_path / "p")
    path = write(tmp_path / "t.parquet", (tmp_path / "p").read_bytes())
    event = first(path)
    assert (event["event_id"], event["date_start"], event["best"]) == ("table:7", date(2015, 8, 7), 3)
    assert quarantined(path) == {2: {"date-missing"}}


def test_geojson_points(tmp_path: Path) -> None:
    told = {"id": "a1", "date": "2015-08-07", "dead": 3, "place": "x", "tags": ["p", "q"]}
    shapes = [
        {"type": "Point", "coordinates": [-4.25, 14.5, 300]},
        {"type": "Polygon", "coordinates": []},
        None,
    ]
    features = [
        {"type": "Feature", "properties": told | {"id": f"a{n}"}, "geometry": g} for n, g in enumerate(shapes)
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    path = write(tmp_path / "t.geojson", content)
    mapping = path.with_name(path.name + ".mapping.toml")
    text = mapping.read_text().replace('"lat"', '"latitude"').replace('"lon"', '"longitude"')
    mapping.write_text(text)
    raw, parsed, _ = taken(path)
    assert parsed.events.select("lat", "lon").rows() == [(14.5, -4.25), (None, None), (None, None)]
    assert "geometry-not-a-point" in codes(raw.findings)


def test_hxl_tags_name_columns(tmp_path: Path) -> None:
    tags = "#event+id,#date+occurred,#geo+lat,#geo + lon,#affected+killed,#loc+name"
    path = write(tmp_path / "t.csv", table(tags, ROW, header="Nr,When,Breite,Länge,Tote,Ort"))
    mapping = path.with_name(path.name + ".mapping.toml")
    mapping.write_text(
        '[table]\nid = "#event+id"\n[columns]\ndate_start = "#date+occurred"\nlat = "#geo+lat"\n'
        'lon = "#geo+lon"\nbest = "#affected+killed"\nplace = "Ort"\n'
    )
    event = first(path)
    assert (event["event_id"], event["lat"], event["lon"], event["best"]) == ("table:a1", 14.5, -4.2, 3)


def test_words_are_translated_and_unknown_ones_told(tmp_path: Path) -> None:
    content = table(
        ROW + ",Embuscade,A / B", ROW.replace("a1", "a2") + ",autre,C", header=HEADER + ",type,who"
    )
    path = write(
        tmp_path / "t.csv", content, settings='list_separator = "/"\nname = "My NGO"',
        columns='tactic = "type"\nperpetrators = "who"',
        more='[values.tactic]\nembuscade = "ambush"\n[values.perpetrators]\na = "ACTOR_A"\n'
        '[constants]\ncountry = "SEN"',
    )  # fmt: skip
    raw, parsed, _ = taken(path)
    assert parsed.events["tactic"].to_list() == ["ambush", "autre"]
    assert parsed.events["perpetrators"].to_list() == [["ACTOR_A", "B"], ["C"]]
    assert parsed.events["country"].to_list() == ["SEN", "SEN"]
    assert parsed.events["event_id"].to_list() == ["table:my-ngo:a1", "table:my-ngo:a2"]
    told = [f for f in raw.findings if f.code == "value-unmapped"]
    assert ["'autre'" in f.found for f in told if f.field == "tactic"] == [True]


def test_words_of_other_scripts_are_told_apart(tmp_path: Path) -> None:
    content = table(ROW + ",كمين", ROW.replace("a1", "a2") + ",قصف", header=HEADER + ",نوع")
    more = '[values.tactic]\n"كمين" = "ambush"\n"قصف" = "rocket_mortar"'
    path = write(tmp_path / "t.csv", content, columns='tactic = "نوع"', more=more)
    assert column(path, "tactic") == ["ambush", "rocket_mortar"]


def test_publication_by_row_by_table_or_by_last_day(tmp_path: Path) -> None:
    header, rows = (
        HEADER + ",end,out",
        [ROW + ",2015-08-09,2015-09-01", ROW.replace("a1", "a2") + ",2015-08-09,"],
    )
    ends = 'date_end = "end"'
    plain, *_ = taken(path := write(tmp_path / "t.csv", table(*rows, header=header), columns=ends))
    assert (plain.published_at, column(path, "published_at")) == (None, [date(2015, 8, 9)] * 2)
    assert "publication-unknown" in codes(plain.findings)
    by_row = write(tmp_path / "t.csv", table(*rows, header=header), columns=ends + '\npublished_at = "out"')
    assert column(by_row, "published_at") == [date(2015, 9, 1), date(2015, 8, 9)]
    assert taken(by_row)[0].published_at == date(2015, 9, 1)
    whole = write(
        tmp_path / "t.csv", table(*rows, header=header), columns=ends, settings="published_at = 2016-01-31"
    )
    assert column(whole, "published_at") == [date(2016, 1, 31)] * 2
    assert taken(whole)[0].published_at == date(2016, 1, 31)


def test_a_day_of_publication_that_cannot_be_read(tmp_path: Path) -> None:
    content = table(ROW + ",soon", header=HEADER + ",out")
    path = write(tmp_path / "t.csv", content, columns='published_at = "out"')
    assert quarantined(path) == {1: {"date-unreadable"}}


def test_terms_come_from_the_mapping(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.csv",
        table(ROW),
        settings='licence = "CC BY 4.0"\ncitation = "We (2016)"\nversion = "3"',
    )
    raw = SOURCE.read(path)
    assert (raw.licence, raw.citation, raw.version) == ("CC BY 4.0", "We (2016)", "3")


def test_without_a_mapping_it_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(table(ROW))
    raw = SOURCE.read(tmp_path / "t.csv")
    assert codes(stops(raw.findings)) == ["mapping-absent"]
    assert "toguna mapping FILE --write" in raw.findings[0].sentence()


def test_mapping_of_the_folder_and_row_numbers(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(table(ROW, ROW))
    (tmp_path / "mapping.toml").write_text('[table]\nid = "row numbers"\n[columns]\ndate_start = "date"\n')
    raw, parsed, _ = taken(tmp_path / "t.csv")
    assert parsed.events["event_id"].to_list() == ["table:1", "table:2"]
    assert "ids-by-row" in codes(raw.findings)
    assert SOURCE.companions(tmp_path / "t.csv") == [tmp_path / "mapping.toml"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[table", "mapping"),
        ("[colums]\ndate_start = 'date'", "columns"),
        ("[columns]\ndate_strat = 'date'", "date_start"),
        ("[columns]\nlat = 'lat'", "date_start"),
        ("[table]\ndecimal = ';'\n[columns]\ndate_start = 'date'", "decimal"),
        ("[table]\ndates = 'dayfirst'\n[columns]\ndate_start = 'date'", "day-first"),
        ("[table]\npublished_at = 'May'\n[columns]\ndate_start = 'date'", "YYYY-MM-DD"),
        ("[table]\nencoding = 'utf-99'\n[columns]\ndate_start = 'date'", "utf-8"),
        ("[table]\nencoding = 'hex'\n[columns]\ndate_start = 'date'", "utf-8"),
        ("[table]\nheader_row = true\n[columns]\ndate_start = 'date'", "line number"),
        ("[columns]\ndate_start = ['a', 'b']", "year, month and day"),
        ("[columns]\ndate_start = 'date'\nlat = ['a', 'b']", "between quotes"),
        ("[columns]\ndate_start = 'date'\n[values]\ntactic = 'x'", "values.tactic"),
        ("[columns]\ndate_start = 'date'\n[constants]\nbest = '0'", "constants.best"),
        ("columns = 3", "columns"),
    ],
)
def test_wrong_mappings_are_refused_in_words(tmp_path: Path, text: str, hint: str) -> None:
    (tmp_path / "t.csv").write_text(table(ROW))
    (tmp_path / "t.csv.mapping.toml").write_text(text)
    findings = SOURCE.read(tmp_path / "t.csv").findings
    assert codes(stops(findings)) == ["mapping-wrong"]
    assert any(hint in f.sentence() for f in findings), [f.sentence() for f in findings]


def test_absent_columns_are_named_with_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", table(ROW), columns='wounded = "plaice"')
    findings = SOURCE.read(path).findings
    assert codes(findings) == ["mapping-column-absent"]
    assert "Did you mean 'place'?" in findings[0].repair


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b" \n\n", "file-empty"),
        (b"id,date,lat,lon,dead,place\n", "file-empty"),
        (b"<!DOCTYPE html><html></html>", "file-is-a-page"),
        (b"PAR1 no", "file-unreadable"),
        (b"PK\x03\x04 no", "file-unreadable"),
        (b"\x00\x01\x02\x03" * 500, "file-unreadable"),
        (b'{"type": "FeatureCollection"', "file-unreadable"),
        (b'{"type": "Topology"}', "file-unreadable"),
        (b'{"type": "FeatureCollection", "features": []}', "file-empty"),
        (b"," * 5000 + b"\n", "file-unreadable"),
        (b'id,date,place\na1,2015-08-07,"open\na2,2015-08-07,x\n', "file-unreadable"),
        (b'id,date,place\na1,2015-08-07,"open\na2,2015-08-07,"x\n', "file-unreadable"),
        (b'id,"' + b"x" * 200_000 + b'"\n', "file-unreadable"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, code: str) -> None:
    findings = stops(SOURCE.read(write(tmp_path / "t.csv", content)).findings)
    assert [f.code for f in findings] == [code]


CELL = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters='"\r\n\x00'), max_size=8
) | st.sampled_from(
    [
        "2015-08-07",
        "07/03/2015",
        "1er mars 2015",
        "42223",
        "1 200",
        "10-15",
        "Total",
        "n/a",
        "14,5",
        "dozens",
        "#date",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=8), min_size=1, max_size=8))
def test_every_row_of_any_small_table_is_accounted_for(tmp_path: Path, rows: list[list[str]]) -> None:
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    path = write(tmp_path / "t.csv", table(*lines), settings='dates = ["day-first", "excel"]')
    raw = SOURCE.read(path)
    filled = [row for row in rows if any(c.strip("\ufeff\u00a0\u202f\u2007").strip() for c in row)]
    if not stops(raw.findings):
        taken(path)
        tagged = any(c.startswith("#") for row in rows for c in row)
        assert raw.frame.height == len(filled) or tagged


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from([b"", HEADER.encode() + b"\n", b"PAR1", b"PK\x03\x04", b'{"features": [']),
    data=st.binary(max_size=200),
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, head: bytes, data: bytes) -> None:
    path = write(tmp_path / "t.csv", head + data, settings='dates = "day-first"')
    raw = SOURCE.read(path)
    if not stops(raw.findings):
        taken(path)
    suggest(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=6), min_size=1, max_size=6))
def test_any_grid_gets_a_proposal_that_is_toml(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n", encoding="utf-8")
    tomllib.loads(suggest(path).text)
