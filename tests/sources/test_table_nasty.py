"""Tables as offices really send them: cover sheets, merged headers, footers, days in three columns."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from table_files import codes, column, quarantined, taken

from toguna.sources.table import SOURCE, suggest


def proposed(path: Path) -> Path:
    """Take the proposal as it is."""
    said = suggest(path)
    assert tomllib.loads(said.text)
    path.with_name(path.name + ".mapping.toml").write_text(said.text, encoding="utf-8")
    return path


def workbook(path: Path) -> Path:
    """A cover, hidden codes, and data below titles under a header of two merged lines."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Couverture").write_column(0, 0, ["Rapport mensuel", "Cellule de veille"])
        codes = book.add_worksheet("Codes")
        codes.write_column(0, 0, ["id", "A1"])
        codes.hide()
        sheet = book.add_worksheet("Données")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.merge_range(0, 0, 0, 6, "REGISTRE DES INCIDENTS 2015", None)
        sheet.write(1, 0, "Confidentiel")
        for at, name in ((0, "N°"), (1, "Date"), (6, "Localité")):
            sheet.merge_range(3, at, 4, at, name, None)
        sheet.merge_range(3, 2, 3, 3, "Coordonnées", None)
        sheet.merge_range(3, 4, 3, 5, "Victimes", None)
        sheet.write_row(4, 2, ["Latitude", "Longitude", "Tués", "Blessés"])
        for number in range(1, 5):
            sheet.write(4 + number, 0, number)
            sheet.write_datetime(4 + number, 1, datetime(2015, number, 12), day)
            sheet.write_row(4 + number, 2, [14.5, -4.2, number, 0, "Ségou"])
        sheet.write_row(9, 0, ["TOTAL GENERAL", "", "", "", 10])
        sheet.write(11, 0, "Source : cellule de veille")
    return path


def test_a_workbook_with_a_cover_and_merged_headers(tmp_path: Path) -> None:
    path = proposed(workbook(tmp_path / "t.xlsx"))
    said = suggest(path)
    assert said.unsure[0].column == "sheet" and 'sheet = "Données"' in said.text
    raw, parsed, admission = taken(path)
    assert (raw.frame.height, admission.accepted.height) == (6, 4)
    assert parsed.events["date_start"].to_list()[:2] == [date(2015, 1, 12), date(2015, 2, 12)]
    assert parsed.events["best"].to_list()[:4] == [1, 2, 3, 4]
    expected = {"title-rows", "header-of-two-lines", "totals-row", "text-row", "blank-rows"}
    assert expected <= set(codes(raw.findings))


def test_the_first_sheet_that_is_shown_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        first = book.add_worksheet("Secret")
        first.write(0, 0, "words")
        second = book.add_worksheet("Data")
        second.write_row(0, 0, ["id", "date"])
        second.write_row(1, 0, ["a1", "2015-08-07"])
        first.hide()
        second.activate()
    path.with_name("t.xlsx.mapping.toml").write_text('[table]\nid = "id"\n[columns]\ndate_start = "date"\n')
    raw, parsed, _ = taken(path)
    assert parsed.events["date_start"].to_list() == [date(2015, 8, 7)]
    assert "sheet-not-stated" in codes(raw.findings)


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        ("12,1,2015", date(2015, 1, 12)),
        ("7,août,2015", date(2015, 8, 7)),
        ("31,2,2015", None),
        (",2,2015", None),
        ("12,,2015", None),
    ],
)
def test_days_in_three_columns(tmp_path: Path, cells: str, day: date | None) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"jour,mois,année,lat,lon,morts\n{cells},14.5,-4.2,3\n", encoding="utf-8")
    assert 'date_start = ["année", "mois", "jour"]' in suggest(path).text
    raw = SOURCE.read(proposed(path))
    events = SOURCE.parse(raw, theatre=None).events
    assert events["date_start"].to_list() == [day]
    assert (quarantined(path) == {}) == (day is not None)


def test_a_whole_date_goes_before_its_parts(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("date,day,month,year,lat,lon,deaths\n2015-08-07,1,1,2014,14.5,-4.2,3\n")
    assert column(proposed(path), "date_start") == [date(2015, 8, 7)]


FRENCH = """N°;Date;Lieu;Lat;Long;Tués;Observations
1;12 janv. 2015;Ségou;14,45;-6,27;1 200;"attaque; convoi"
2;1er février 2014;Mopti;14,49;-4,19;3;
RÉGION DE GAO;;;;;;
3;3 févr. 2015;Gao;16,27;-0,04;inconnu;
N°;Date;Lieu;Lat;Long;Tués;Observations
4;15 août 2015;Gao;16,27;-0,04;50 %;
Ensemble;;;;;1 206;
Source: presse;;;;;;
* estimation;;;;;;
"""


def test_a_french_export_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(FRENCH.replace("\n", "\r\n").encode("cp1252"))
    assert 'decimal = ","' in suggest(path).text
    _, parsed, _ = taken(proposed(path))
    told: list[Any] = parsed.events["date_start"].to_list()
    assert told[:2] == [date(2015, 1, 12), date(2014, 2, 1)] and parsed.events["best"][0] == 1200
    assert set(quarantined(path)) == {3, 5, 6, 7, 8, 9}
    raw = SOURCE.read(path)
    by_code = {f.row: f.code for f in raw.findings if f.row}
    assert by_code == {3: "text-row", 5: "header-repeated", 7: "totals-row", 8: "text-row", 9: "text-row"}


def test_one_word_alone_in_a_row_is_no_text_row(tmp_path: Path) -> None:
    """An id without anything beside it is a bad event, not a remark."""
    path = tmp_path / "t.csv"
    path.write_text("id,date,lat,lon,deaths\na1,2015-08-07,14.5,-4.2,3\nMLI12,,,,\n")
    assert "text-row" not in codes(SOURCE.read(proposed(path)).findings)


def test_rows_of_acled_are_sent_to_their_own_source(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("event_id_cnty,event_date\nMLI1,2015-08-07\n")
    assert "rows-of-acled" in codes(SOURCE.read(proposed(path)).findings)
