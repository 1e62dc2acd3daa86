"""Proposals of mappings are as recorded, and say what they are unsure of."""

from __future__ import annotations

import os
import tomllib
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from toguna.core.findings import stops
from toguna.sources.table import SOURCE, suggest

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "mapping"
TABLES = {
    "english": """Event ID,Event date,Location,Region,Lat,Long,Fatalities,Injured,Perpetrator,Tactic,URL,Sky
E-1,03/04/2015,Alpha,North,14.5,-4.25,3,1,Group X,Ambush,https://example.org/1,dry
E-2,05/06/2015,Beta,South,15.5,-3.25,dozens,n/a,Group X|Group Y,Airstrike,https://example.org/2,wet
E-3,07/08/2015,Gamma,South,16.5,-2.25,10-15,,,drive-by,https://example.org/3,dry
""",
    "french": """Registre des incidents;;;;;;;;;
N°;Date de l'incident;Localité;Région;Cercle;Lat;Long;Tués;Blessés;Auteur présumé;Type d'incident;Notes
1;25/12/2015;Alpha;Nord;A;14,5;-4,25;3;1;groupe X;Embuscade;rien
2;07/03/2015;Beta;Sud;B;15,5;-3,25;1 200;inconnu;groupe Y;Enlèvement;
2;1er mars 2015;Gamma;Sud;C;16,5;-2,25;une vingtaine;-;;;
TOTAL;;;;;;;1203;1;;;
""",
    "hxl": """Nr,When,Breite,Länge,Tote,Verletzte,Ort,Kreis,Land,Gruppe,Was,Link
#event+id,#date+occurred,#geo+lat,#geo+lon,#affected+killed,#affected+injured,#loc+name,#adm1+name,#country+name,#group+name,#event+type,#meta+url
a1,2015-08-07,14.5,-4.25,3,1,Alpha,North,Senegal,Group X,battle,https://example.org/1
a2,2015-08-08,15.5,-3.25,2,,Beta,South,Senegal,Group Y,battle,https://example.org/2
""",
}  # fmt: skip


def make(folder: Path, name: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(TABLES[name], encoding="utf-8")
    return path


@pytest.mark.parametrize("name", TABLES)
def test_proposal_is_as_recorded(tmp_path: Path, name: str) -> None:
    said = suggest(make(tmp_path, name))
    recorded = GOLDEN / f"{name}.toml"
    if os.environ.get("TOGUNA_RECORD"):
        recorded.write_text(said.text, encoding="utf-8")
    assert said.text == recorded.read_text(encoding="utf-8")
    assert set(tomllib.loads(said.text)) >= {"table", "columns"}


@pytest.mark.parametrize(("name", "rows", "good"), [("french", 4, 2), ("hxl", 2, 2)])
def test_proposal_can_be_used_at_once(tmp_path: Path, name: str, rows: int, good: int) -> None:
    from table_files import taken

    path = make(tmp_path, name)
    path.with_name(path.name + ".mapping.toml").write_text(suggest(path).text, encoding="utf-8")
    raw, _, admission = taken(path)
    assert (raw.frame.height, admission.accepted.height) == (rows, good)


def test_an_unsure_order_of_dates_stops_the_ingest(tmp_path: Path) -> None:
    path = make(tmp_path, "english")
    path.with_name(path.name + ".mapping.toml").write_text(suggest(path).text, encoding="utf-8")
    assert [f.code for f in stops(SOURCE.read(path).findings)] == ["date-order-unstated"]


def reasons(path: Path) -> dict[str, str]:
    return {d.column: d.reason for d in suggest(path).unsure}


def test_what_it_is_unsure_of(tmp_path: Path) -> None:
    english, french = reasons(make(tmp_path, "english")), reasons(make(tmp_path, "french"))
    assert "no figure is above 12" in english["dates"]
    assert "'dozens'" in english["best"]
    assert "'|'" in english["perpetrators"]
    assert "again" in french["id"]
    assert "dates" not in french
    assert reasons(make(tmp_path, "hxl")) == {}


def test_swapped_coordinates_are_suspected(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,date,lat,lon,dead\n1,2015-01-01,107.5,14.5,1\n2,2015-01-02,-100.5,15.5,2\n")
    assert "swapped" in reasons(path)["lat"]


def test_orders_that_contradict_one_another(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,date,lat,lon,dead\n1,25/12/2015,7.5,14.5,1\n2,12/25/2015,-1.5,15.5,2\n")
    assert "no order fits all" in reasons(path)["dates"]
    assert "dates" not in tomllib.loads(suggest(path).text)["table"]


def test_serials_of_a_workbook(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "Date", "Lat", "Long", "Killed"])
    sheet.write_row(1, 0, ["a", 42223, 14.5, -4.25, 3])
    sheet.write_row(2, 0, ["b", 42224, 14.5, -4.25, 3])
    book.close()
    said = suggest(tmp_path / "t.xlsx")
    assert tomllib.loads(said.text)["table"]["dates"] == "excel"
    (tmp_path / "mapping.toml").write_text(said.text)
    events = SOURCE.parse(SOURCE.read(tmp_path / "t.xlsx"), theatre=None).events
    assert events["date_start"].to_list() == [date(2015, 8, 7), date(2015, 8, 8)]


def test_a_column_of_dates_is_found_by_its_values(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,quand,lat,lon,dead\n1,2015-01-01,7.5,14.5,1\n")
    assert suggest(path).columns["date_start"] == "quand"


def test_words_that_would_break_the_toml(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,date,"say ""lat""\\",tactic\n1,2015-01-01,1,"a\x7f\tb"\n', encoding="utf-8")
    assert tomllib.loads(suggest(path).text)["columns"]["date_start"] == "date"


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert [f.code for f in suggest(tmp_path / "none.csv").findings] == ["file-absent"]
