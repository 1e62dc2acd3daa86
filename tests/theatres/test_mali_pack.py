"""The shipped pack is whole, sourced, and names nobody."""

from __future__ import annotations

import re

import polars as pl

from toguna.store.check import check_theatre
from toguna.store.tables import TABLES
from toguna.store.theatre import known_theatres, load_theatre, shipped_folder

FOLDER = shipped_folder() / "mali"


def test_pack_passes_its_check() -> None:
    assert "mali" in known_theatres()
    findings = check_theatre(FOLDER)
    assert {(f.code, f.severity) for f in findings} == {("alias-shared", "note")}


def test_rows_are_all_there() -> None:
    heights = {stem: frame.height for stem, frame in load_theatre("mali").tables.items()}
    assert heights == {
        "incidents": 160,
        "actors": 38,
        "relations": 50,
        "responses": 49,
        "places": 92,
        "forces": 55,
        "drivers": 110,
        "regions": 59,
        "road_distances": 28,
        "turning_points": 0,
    }


def test_outlines_are_those_of_the_regions() -> None:
    theatre = load_theatre("mali")
    regions = theatre.tables["regions"].filter(pl.col("level") == "region")["name"]
    areas = theatre.areas("adm1")
    assert {a.name for a in areas} == set(regions)
    assert {a.country for a in areas} == {"MLI"}
    assert "MLI" in {a.country for a in theatre.areas("adm0")}
    assert theatre.areas("adm2") == []


def test_every_file_has_its_terms() -> None:
    terms = (FOLDER / "LICENCES.md").read_text(encoding="utf-8")
    for path in FOLDER.iterdir():
        if path.name not in ("LICENCES.md", "__pycache__"):
            assert f"`{path.name}`" in terms or path.name == "CONVENTIONS.md", path.name


def test_contained_battle_names_its_campaign() -> None:
    incidents = load_theatre("mali").tables["incidents"]
    within = incidents.filter(pl.col("within").is_not_null())
    assert within.select("id", "within").rows() == [("MLI-20130222-2", "MLI-20130218-1")]


def test_figures_are_of_the_years_that_may_inform() -> None:
    years = load_theatre("mali").tables["drivers"]["year"].cast(pl.Int64)
    assert years.min() >= 2009
    assert years.max() <= 2015


def test_texts_name_organisations_only() -> None:
    # Notes speak of "its leader" or "one wing"; words that come before a person's name are absent.
    title = re.compile(r"\b(Mr|Mrs|Gen\.|General|Colonel|Capt\.|Captain|Sheikh|Imam|Emir) [A-Z][a-zé]+")
    theatre = load_theatre("mali")
    for stem in TABLES:
        frame = theatre.tables[stem]
        if "note" in frame.columns:
            for note in frame["note"].drop_nulls():
                assert not title.search(note), note


def test_spellings_of_ucdp_lead_to_an_actor() -> None:
    actors = load_theatre("mali").tables["actors"]
    spellings = {
        name: row["id"]
        for row in actors.iter_rows(named=True)
        for name in (row["name"], *(row["aliases"] or "").split(";"))
    }
    expected = {
        "Government of Mali": "FAMA",
        "AQIM": "AQIM",
        "Ansar Dine": "ANSAR_DINE",
        "MUJAO": "MUJAO",
        "MNLA": "MNLA",
        "FLM": "MLF",
        "al-Murabitun": "MOURABITOUN",
        "Signed-in-Blood Battalion": "MULATHAMUN",
        "Military faction (Red Berets)": "RED_BERETS",
        "CMA": "CMA",
        "GATIA": "GATIA",
        "IS": "ISIL",
    }
    assert {name: spellings.get(name) for name in expected} == expected
    assert "Civilians" not in spellings
